"""The training grid as a CSV file: out and in again the same, and what is wrong with which line."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.services.grid_csv import LARGEST, Uploaded, as_csv, from_csv
from helpdesk.services.imports.lines import Fault
from helpdesk.services.imports.sources import CannotRead
from workflows.training import ACCESS_LEVELS, STANDARD, Course, Grid
from workflows.written import plain

KNOWN = {course.name: course.label for course in STANDARD.courses}
HEADER, PRIVACY, *_REST = as_csv(STANDARD).splitlines()
CODE, LABEL = "basic_privacy", "Basic Privacy & Security"


def read(data: str | bytes) -> tuple[list[Course], list[Fault]]:
    content = data.encode() if isinstance(data, str) else data
    return from_csv(Uploaded("Grid.csv", io.BytesIO(content)), KNOWN)


def said(*rows: str) -> list[str]:
    """What is wrong with these rows."""
    _courses, wrong = read("\n".join([HEADER, *rows]))
    return [f"{fault.lines[0]} {fault.sentence}" for fault in wrong]


def test_each_course_has_a_line_that_says_who_needs_it_when() -> None:
    assert HEADER.split(",")[:5] == ["Code", "Course", "Pass mark", "Months", "Everybody"]
    assert HEADER.split(",")[5:] == list(ACCESS_LEVELS.values())
    assert f"{CODE},{LABEL},80,,both,,,,,,," == PRIVACY
    assert "intake,Intake Staff,80,,,new,new,new,,,new," in as_csv(STANDARD)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_what_goes_out_comes_in_the_same_however_a_spreadsheet_saved_it(
    encoding: str, ends: str, between: str
) -> None:
    grid = Grid((replace(STANDARD.courses[0], label="Café & Müll"), *STANDARD.courses[1:]))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=between, lineterminator=ends)
    writer.writerows(csv.reader(as_csv(grid).splitlines()))
    assert read(out.getvalue().encode(encoding)) == (list(grid.courses), [])


levels = st.none() | st.frozensets(st.sampled_from(sorted(ACCESS_LEVELS)), min_size=1)
marks, months = st.none() | st.integers(1, 100), st.none() | st.integers(1, 60)
letters = st.characters(codec="cp1252", categories=("L", "N", "P", "S"))
labels = st.text(letters, min_size=1, max_size=60).filter(plain)


@given(labels, levels, levels, marks, months)
def test_any_course_comes_back_as_it_was(
    label: str, new: frozenset[str] | None, yearly: frozenset[str] | None,
    mark: int | None, span: int | None,
) -> None:  # fmt: skip
    course = Course(CODE, label, new, yearly, mark, span)
    assert read("\ufeff" + as_csv(Grid((course,)))) == ([course], [])


@pytest.mark.parametrize("label", ["=1+1", "+49", "-x", "@cmd"])
def test_no_spreadsheet_takes_a_label_for_a_formula(label: str) -> None:
    course = replace(STANDARD.courses[0], label=label)
    assert f",'{label}," in as_csv(Grid((course,)))


def test_a_new_course_has_no_code_and_columns_may_stand_anywhere() -> None:
    text = (
        "Read-only,Course,Notes,Pass mark,Months,Everybody,Agency Staff,Case Manager I,"
        "Case Manager II,Agency Administrator,Executive Director,Volunteer\n"
        ",Code of Ethics,new in 2027,90 %,24,,Both,YEARLY,new,,,\n\n"
    )
    courses, wrong = read(text)
    assert wrong == []
    assert courses == [
        Course("code_of_ethics", "Code of Ethics", frozenset({"agency_staff", "case_manager_2"}),
               frozenset({"agency_staff", "case_manager_1"}), 90, 24)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (f"{CODE},{LABEL},eighty,,both", "“eighty” is no pass mark."),
        (f"{CODE},{LABEL},800,,both", "A pass mark is between 1 and 100 %."),
        (f"{CODE},{LABEL},-5,,both", "“-5” is no pass mark."),
        (f"{CODE},{LABEL},80,x,both", "“x” is no number of months."),
        (f"{CODE},{LABEL},80,,sometimes", "Under Everybody stands “sometimes”."),
        (f"{CODE},{LABEL},80,,", f"Say who needs {LABEL}, or end it."),
        (f"{CODE},,80,,both", "Name the course."),
        (f"wizardry,{LABEL},80,,both", "There is no course with the code “wizardry”."),
        ('"never closed', "Its quotation marks do not pair up."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(row: str, sentence: str) -> None:
    (found,) = said("policy_procedure,Policy & Procedure,80,,both", row)
    assert found.startswith(f"3 {sentence}")


def test_a_course_twice_is_wrong_and_so_is_none_at_all() -> None:
    assert said(PRIVACY, PRIVACY) == [
        f"1 The course {CODE} is in it 2 times.",
        f"3 There is another course called {LABEL}.",
    ]
    assert said() == ["1 A grid has at least one course."]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "has no header"),
        (b"Code,Course\n", "lacks these columns: Pass mark, Months, Everybody"),
        (b"x" * (LARGEST + 1), "is larger than"),
        (HEADER.encode() + b"\n" * 300, "has more than"),
    ],
)
def test_a_file_of_no_use_is_refused_as_a_whole(data: bytes, why: str) -> None:
    with pytest.raises(CannotRead, match=why):
        read(data)
