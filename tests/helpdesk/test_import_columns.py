"""How files of many makes are read: encodings, delimiters, dates, and which column is which."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.services.imports.columns import Layout, beginning, guess, likely_orders
from helpdesk.services.imports.days import Order, orders, read
from helpdesk.services.imports.lines import Fault, records
from helpdesk.services.imports.roster_rows import FIELDS
from helpdesk.services.imports.shapes import shape_of
from helpdesk.services.imports.sources import CannotRead, OnDisk

ROWS = "Login;Name;Email\nzoë;Zoë Ångström;zoe@agency.example\n"


def written(folder: Path, content: bytes | str) -> OnDisk:
    path = folder / "Roster.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return OnDisk(path)


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_is_read_however_it_is_written(
    tmp_path: Path, delimiter: str, encoding: str, line_end: str
) -> None:
    text = ROWS.replace(";", delimiter).replace("\n", line_end)
    found = beginning(written(tmp_path, text.encode(encoding)))
    assert found.header == ("Login", "Name", "Email")
    assert found.rows == [("zoë", "Zoë Ångström", "zoe@agency.example")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty."),
        (b"\n \n", "is empty."),
        (b"\xff\xfe", "is empty."),
        (b"Login\nann\n", "has one column only. Save it as CSV."),
        (b"L\0ogin,Email\n", "Line 1 should be the header. It holds a character"),
        (b"a," * 4_000, "has more than 200 columns."),
        (b"a," * 10_000, "Line 1 should be the header. It is longer than"),
        (b'"Login,Email\n', "Line 1 should be the header. Its quotation marks"),
        (b"PK\x03\x04\x14\0\x06\0", "Line 1 should be the header."),
        ("Login,Email\n".encode("utf-16-le"), "Line 1 should be the header."),
    ],
    ids=range(10),
)
def test_a_file_without_a_header_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(CannotRead) as refused:
        beginning(written(tmp_path, content))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Login,Email\nann\x81,x\n", "It is not in Windows-1252."),
        ("Login,Email\n".encode("utf-16") + b"\x00\xd8\n\x00", "It is not in UTF-16."),
        (b'Login,Email\n"ann,x\n', "Its quotation marks do not pair up."),
        (b"Login,Email\nann\0,x\n", "It holds a character that no text has, such as NUL."),
        (b"Login,Email\n" + b"x" * 20_000, "It is longer than 10000 characters."),
    ],
    ids=range(5),
)
def test_a_line_that_cannot_be_read_is_a_fault_of_its_own(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    source = written(tmp_path, content)
    _header, fault = records(source, shape_of(source))
    assert fault == Fault((2,), sentence)


@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_be_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = written(Path(folder), content)
        try:
            beginning(source)
        except CannotRead:
            return
        list(records(source, shape_of(source)))


@pytest.mark.parametrize(
    ("text", "order", "told"),
    [
        ("3/4/2026", Order.MDY, "2026-03-04 None"),
        ("3/4/2026", Order.DMY, "2026-04-03 None"),
        ("03/04/26 3:05 PM", Order.MDY, "2026-03-04 15:05:00"),
        ("3/4/2026 12:00 a.m.", Order.MDY, "2026-03-04 00:00:00"),
        ("2026-03-04T23:59:59.120", Order.YMD, "2026-03-04 23:59:59"),
        ("Mar 4, 2026", Order.DMY, "2026-03-04 None"),
        ("4-March-2026", Order.MDY, "2026-03-04 None"),
        ("4.3.2026", Order.DMY, "2026-03-04 None"),
    ],
)
def test_a_day_is_read_in_the_order_of_its_file(text: str, order: Order, told: str) -> None:
    found = read(text, order)
    assert found is not None
    assert f"{found.day} {found.at}" == told


@pytest.mark.parametrize(
    "text",
    ["", "soon", "13/13/2026", "2/30/2026", "3/4/1066", "3/4", "3/4/2026 25:00", "1" + " " * 9_000,
     "Foo 4, 2026", "٣/٤/٢٠٢٦"],
)  # fmt: skip
def test_what_is_no_day_is_none(text: str) -> None:
    assert [read(text, order) for order in Order] == [None] * 3


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["3/4/2026", "12/31/2026", "oops"], [Order.MDY]),
        (["3/4/2026", "31/12/2026"], [Order.DMY]),
        (["2026-03-04", "Never", ""], [Order.YMD]),
        (["3/4/2026"], [Order.MDY, Order.DMY]),
        ([], list(Order)),
    ],
)
def test_the_order_is_the_one_in_which_most_are_days(texts: list[str], first: list[Order]) -> None:
    assert orders(texts) == first


@pytest.mark.parametrize(
    ("header", "places"),
    [
        ("User Name,Login,Email,Provider,Role,Last Login,Expires",
         {"name": 0, "username": 1, "email": 2, "agency": 3, "level": 4, "last_login": 5,
          "expires": 6}),
        ("USERNAME,First-Name,last_name,E-Mail", {"username": 0, "first_name": 1, "last_name": 2,
                                                  "email": 3}),
        ("Shoe size,Favorite color", {}),
        ("Email,Email,Login", {"email": 0, "username": 2}),
    ],
)  # fmt: skip
def test_columns_are_guessed_from_the_header(
    tmp_path: Path, header: str, places: dict[str, int]
) -> None:
    assert guess(FIELDS, beginning(written(tmp_path, f"{header}\n"))).columns == places


def test_files_with_the_same_columns_are_alike_and_others_are_not(tmp_path: Path) -> None:
    def signature(text: str) -> str:
        return beginning(written(tmp_path, text)).signature

    assert signature("Login,E-Mail\nx,y\n") == signature("login;Email\r\n")
    assert signature("Login,Email\n") != signature("Email,Login\n")


def test_a_layout_survives_being_kept() -> None:
    layout = Layout({"username": 3, "email": 0}, Order.DMY)
    assert Layout.from_json(layout.as_json()) == layout


def test_the_order_is_looked_for_in_the_columns_of_days(tmp_path: Path) -> None:
    found = beginning(written(tmp_path, "Login,Expires,Note\nann,31/12/2026,12/31/2026\n"))
    assert likely_orders(FIELDS, {"expires": 1}, found) == [Order.DMY]
