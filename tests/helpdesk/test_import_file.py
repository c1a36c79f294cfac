"""Reading HUD's `User.csv`: what is sound is taken, what is not is told with its line."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.services.imports import lines
from helpdesk.services.imports.sources import CannotRead, OnDisk
from helpdesk.services.imports.user_file import UserFile, read_users
from tests.helpdesk.user_csv import GONE_SINCE, HEADER, text_of, user, write, written

TODAY = date(2026, 11, 23)
HEAD = text_of().rstrip()


def read(folder: Path, content: bytes | str) -> UserFile:
    return read_users(OnDisk(write(folder, content)), TODAY)


def told(file: UserFile) -> list[tuple[tuple[int, ...], str]]:
    return [(fault.lines, fault.sentence) for fault in file.faults]


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    rows = [user(27, FirstName="María", LastName="  de  la Cruz ", Extension="201"),
            user(28, DateDeleted=GONE_SINCE)]  # fmt: skip
    maria, deleted = read_users(OnDisk(written(tmp_path, *rows)), TODAY).rows
    assert (maria.line, maria.hmis_id, maria.name) == (2, "27", "María de la Cruz")
    assert (maria.email, maria.phone) == ("user.27@agency.example", "3135550101 ext. 201")
    assert (maria.deleted_on, deleted.deleted_on) == (None, date(2026, 3, 16))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(
    tmp_path: Path, line_end: str, mark: str
) -> None:
    text = text_of(user(27), user(28)).replace("\r\n", line_end)
    file = read(tmp_path, mark + text)
    assert [(row.line, row.hmis_id) for row in file.rows] == [(2, "27"), (3, "28")]
    assert file.faults == []


def test_blank_lines_and_a_missing_last_line_end_do_no_harm(tmp_path: Path) -> None:
    first, second = text_of(user(27), user(28)).splitlines()[1:]
    file = read(tmp_path, f"{HEAD}\n\n{first}\n,,,,,,,,,\n\n{second}")
    assert [(row.line, row.hmis_id) for row in file.rows] == [(3, "27"), (6, "28")]


def test_columns_come_in_any_order_and_further_ones_are_passed_over(tmp_path: Path) -> None:
    header = ("Site", *reversed(HEADER), "Note")
    file = read(tmp_path, text_of(user(27) | {"Note": "x"}, header=header).upper())
    assert [row.hmis_id for row in file.rows] == ["27"]


def test_blank_fields_are_blank_and_no_fault(tmp_path: Path) -> None:
    (row,) = read(tmp_path, f"{HEAD}\n27,,,,,,,,,\n").rows
    assert (row.name, row.email, row.phone, row.deleted_on) == ("", "", "", None)


def test_the_same_row_again_counts_once(tmp_path: Path) -> None:
    file = read(tmp_path, text_of(user(27), user(28), user(27) | {"ExportID": "7"}))
    assert [row.line for row in file.rows] == [2, 3]
    assert (file.repeated, file.faults) == (1, [])


def test_rows_of_one_id_that_contradict_each_other_are_all_left_out(tmp_path: Path) -> None:
    rows = user(27), user(28), user(27, LastName="Other"), user(27)
    file = read_users(OnDisk(written(tmp_path, *rows)), TODAY)
    assert [row.hmis_id for row in file.rows] == ["28"]
    sentence = "UserID “27” is there more than once, with different content."
    assert told(file) == [((2, 4, 5), sentence)]
    assert file.ids == {"27", "28"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ID": ""}, "UserID is blank."),
        ({"ID": "x" * 33}, f"UserID is longer than 32 characters: “{'x' * 33}”."),
        ({"FirstName": "x" * 51}, f"UserFirstName is longer than 50 characters: “{'x' * 51}”."),
        ({"Phone": "13135550101"}, "UserPhone is longer than 10 characters: “13135550101”."),
        ({"Extension": "123456"}, "UserExtension is longer than 5 characters: “123456”."),
        ({"Email": "nobody"}, "UserEmail “nobody” is not an email address."),
        ({"Email": "a b@x.example"}, "UserEmail “a b@x.example” is not an email address."),
        ({"DateDeleted": "yesterday"}, "DateDeleted “yesterday” is not a date."),
        ({"DateCreated": "2026-02-30"}, "DateCreated “2026-02-30” is not a date."),
        ({"DateUpdated": "2026-11-23 25:00"}, "DateUpdated “2026-11-23 25:00” is not a date."),
        ({"DateDeleted": "٢٠٢٦-01-01"}, "DateDeleted “٢٠٢٦-01-01” is not a date."),
        ({"DateDeleted": "2027-01-01"}, "DateDeleted 2027-01-01 lies in the future."),
    ],
)  # fmt: skip
def test_a_bad_field_is_named_with_its_line(
    tmp_path: Path, change: dict[str, str], sentence: str
) -> None:
    file = read_users(OnDisk(written(tmp_path, user(26), user(27, **change), user(28))), TODAY)
    assert told(file) == [((3,), sentence)]
    assert [row.line for row in file.rows] == [2, 4]


def test_everything_wrong_with_a_row_is_told_at_once(tmp_path: Path) -> None:
    file = read_users(OnDisk(written(tmp_path, user(27, Email="x", DateCreated="y"))), TODAY)
    (fault,) = file.faults
    assert fault.sentence == "UserEmail “x” is not an email address. DateCreated “y” is not a date."


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"27,Ann,Lee", "It has 3 values, and the header has 10."),
        (b"27,Ann,Lee,,,,,,,1036,more", "It has 11 values, and the header has 10."),
        (b'"27,Ann,Lee,,,,,,,1036', "Its quotation marks do not pair up."),
        (b'"27"x,Ann,Lee,,,,,,,1036', "Its quotation marks do not pair up."),
        (b"27,Jos\xe9,Lee,,,,,,,1036", "It is not in UTF-8."),
        (b"27,A\0nn,Lee,,,,,,,1036", "It holds a character that no text has, such as NUL."),
        (b"27,\x1b[2J,Lee,,,,,,,1036", "It holds a character that no text has, such as NUL."),
        (b"x" * 200_000, "It is longer than 10000 characters."),
        (b'27,"' + b'""' * 4000, "Its quotation marks do not pair up."),
    ],
)
def test_a_broken_line_spoils_no_other(tmp_path: Path, line: bytes, sentence: str) -> None:
    good = text_of(user(28)).splitlines()[1].encode()
    file = read(tmp_path, b"\n".join([HEAD.encode(), good, line, good.replace(b"28", b"29")]))
    assert told(file) == [((3,), sentence)]
    assert [(row.line, row.hmis_id) for row in file.rows] == [(2, "28"), (4, "29")]


def test_lines_whose_id_nobody_can_tell_are_counted(tmp_path: Path) -> None:
    file = read(tmp_path, HEAD + '\n"27,Ann\n28,Bob\n,Eve,,,,,,,,\n')
    assert (file.unread, file.ids) == (2, {"28"})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty."),
        (b"\n\r\n  \n", "is empty."),
        (b"\xff\xfeU\0s\0e\0r\0", "is in UTF-16. Save it as CSV UTF-8."),
        (b"Name,Email\nAnn,a@b.example\n", "This is not HUD’s User.csv: line 1 names no UserID, "),
        (text_of(header=HEADER[:-1]).encode(), "line 1 names no ExportID."),
        (text_of(header=(*HEADER, "userid")).encode(), "Line 1 names UserID more than once."),
        (b"PK\x03\x04\x14\0\x06\0", "Line 1 should be the header. It holds a character"),
        ("Üser\n".encode("latin-1"), "Line 1 should be the header. It is not in UTF-8."),
    ],
)
def test_a_file_that_is_no_user_csv_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(CannotRead) as refused:
        read(tmp_path, content)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.csv", "cannot be read: No such file or directory."),
        (".", "is not a file."),
        ("missing/User.csv", "cannot be read: No such file or directory."),
        ("a\0b", "cannot be read: that is not a name of a file."),
        ("x" * 5000, "cannot be read: File name too long."),
    ],
)
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(CannotRead) as refused:
        read_users(OnDisk(tmp_path / name), TODAY)
    assert str(refused.value).endswith(sentence)


def test_a_file_beyond_all_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LARGEST", 1024**2)
    with pytest.raises(CannotRead, match="is larger than 1 MB"):
        read(tmp_path, HEAD + "\n" * 1024**2)


CELLS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["", "27", "28", '"', '"a', "a@b.example", GONE_SINCE, "\ufeff", "\0", "\r"]),
)
RAGGED = st.lists(st.lists(CELLS, max_size=12).map(",".join), max_size=12)


def read_or_refuse(content: bytes) -> UserFile | None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read(Path(folder), content)
        except CannotRead:
            return None


@given(st.binary(max_size=400))
def test_no_bytes_do_worse_than_be_refused(content: bytes) -> None:
    read_or_refuse(content)


@given(st.binary(max_size=400))
def test_no_bytes_below_a_header_do_worse_than_be_faulty(content: bytes) -> None:
    file = read_or_refuse(HEAD.encode() + b"\n" + content)
    assert file is not None


@given(RAGGED)
def test_every_line_is_a_row_a_fault_a_repetition_or_blank(ragged: list[str]) -> None:
    content = "\n".join([HEAD, *ragged]).encode("utf-8", "surrogatepass")
    file = read_or_refuse(content)
    assert file is not None
    good = {row.line for row in file.rows}
    bad = {line for fault in file.faults for line in fault.lines}
    assert not good & bad
    assert all(line > 1 for line in good | bad)
    ids = [row.hmis_id for row in file.rows]
    assert len(ids) == len(set(ids))
    assert set(ids) <= file.ids
