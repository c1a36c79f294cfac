"""What must hold of a training grid, what a new course is named, and what is said of a change."""

from dataclasses import replace
from typing import Any

import pytest

from workflows.grid_changes import changes
from workflows.grid_rules import GridFault, faults, name_of
from workflows.training import NOBODY, STANDARD, Course, Grid

PRIVACY, POLICY, *REST = STANDARD.courses
ETHICS = Course("ethics", "Code of Ethics")


def changed(**parts: Any) -> list[str]:
    return changes(STANDARD, Grid((replace(PRIVACY, **parts), POLICY, *REST)))


def test_the_standard_grid_is_sound() -> None:
    assert faults(STANDARD.courses) == []


@pytest.mark.parametrize(
    ("parts", "part", "sentence"),
    [
        ({"label": ""}, "label", "Name the course."),
        ({"label": "…!"}, "label", "Name the course."),
        ({"label": "x" * 61}, "label", "Name it with at most 60 characters, on one line."),
        ({"label": "A\u2028B"}, "label", "Name it with at most 60 characters, on one line."),
        ({"label": "Privacy – データ"}, "label",
         "Worksheets can’t print “デ”: name it with other letters."),
        ({"pass_mark": 0}, "pass_mark", "A pass mark is between 1 and 100 %."),
        ({"pass_mark": 101}, "pass_mark", "A pass mark is between 1 and 100 %."),
        ({"months": 0}, "months", "A course counts for 1 to 60 months."),
        ({"months": 61}, "months", "A course counts for 1 to 60 months."),
        ({"new_user": NOBODY, "yearly": NOBODY}, "new_user",
         "Say who needs Basic Privacy & Security, or end it."),
    ],
)  # fmt: skip
def test_a_fault_of_a_course_is_told_at_its_part(
    parts: dict[str, Any], part: str, sentence: str
) -> None:
    assert faults([POLICY, replace(PRIVACY, **parts)]) == [GridFault(sentence, 1, part)]


@pytest.mark.parametrize("parts", [{"pass_mark": None}, {"months": None}, {"pass_mark": 100},
                                   {"months": 60}, {"yearly": NOBODY}])  # fmt: skip
def test_no_quiz_no_span_of_its_own_and_the_bounds_are_fine(parts: dict[str, Any]) -> None:
    assert faults([replace(PRIVACY, **parts)]) == []


def test_two_courses_of_one_name_cannot_be_told_apart() -> None:
    again = replace(ETHICS, label="basic privacy – security")
    assert faults([PRIVACY, again]) == [
        GridFault("There is another course called basic privacy – security.", 1)
    ]
    assert [fault.row for fault in faults([PRIVACY, replace(PRIVACY, label="Other")])] == [None]


def test_a_grid_has_a_course_and_no_more_than_a_worksheet_has_lines() -> None:
    assert [fault.sentence for fault in faults([])] == ["A grid has at least one course."]
    many = [Course(f"c{n}", f"Course {n}", yearly=NOBODY) for n in range(13)]
    assert faults(many[:12]) == []
    found = faults(many)
    assert len(found) == 7  # access levels
    assert found[0].sentence == (
        "Agency Staff would need 13 courses as a new user. A worksheet has room for 12."
    )


@pytest.mark.parametrize(
    ("label", "taken", "name"),
    [
        ("Code of Ethics", (), "code_of_ethics"),
        ("  Ética & más!  ", (), "etica_mas"),
        ("研修", (), "course"),
        ("Intake!", (), "intake_2"),  # another one bears that name
        ("intake staff", (), "intake"),  # it ended, and is back
        ("Intake Staff", ("intake",), "intake_staff"),
    ],
)
def test_a_new_course_is_named_after_its_label_and_one_that_ended_comes_back(
    label: str, taken: tuple[str, ...], name: str
) -> None:
    known = {course.name: course.label for course in STANDARD.courses}
    assert name_of(label, known, taken) == name


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"label": "Privacy"}, "Basic Privacy & Security is now called Privacy."),
        ({"pass_mark": 90}, "Basic Privacy & Security, pass mark: 90 % (was: 80 %)."),
        ({"pass_mark": None}, "Basic Privacy & Security, pass mark: no quiz (was: 80 %)."),
        ({"months": 1}, "Basic Privacy & Security, counts for: 1 month (was: as set for all)."),
        ({"yearly": NOBODY}, "Basic Privacy & Security, each year: nobody (was: everybody)."),
        ({"new_user": frozenset({"volunteer", "agency_staff"})},
         "Basic Privacy & Security, as a new user: Agency Staff, Volunteer (was: everybody)."),
    ],
)  # fmt: skip
def test_a_change_is_said_in_a_sentence(parts: dict[str, Any], sentence: str) -> None:
    assert changed(**parts) == [sentence]


def test_what_comes_what_ends_and_another_order_are_said() -> None:
    assert changes(STANDARD, STANDARD) == []
    assert changes(Grid((PRIVACY,)), Grid((ETHICS,))) == [
        ("Code of Ethics is new. As a new user: everybody. Each year: everybody. "
         "Pass mark: 80 %. Counts for: as set for all."),
        "Basic Privacy & Security ends.",
    ]
    assert changes(Grid((PRIVACY, POLICY)), Grid((POLICY, PRIVACY))) == [
        "The courses stand in another order."
    ]
