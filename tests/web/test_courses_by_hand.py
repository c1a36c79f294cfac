"""A person's courses on their page: where each is known from, entered and taken back by staff."""

from datetime import timedelta

import pytest

from helpdesk.extensions import db
from helpdesk.models.completion import Completion, Source, completions_of
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import completions
from helpdesk.services.completions import Done
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from workflows import license as life
from workflows.dates import in_words, months_after

PRIVACY = "Basic Privacy & Security"


@pytest.fixture
def ann(cast: Cast) -> Person:
    return factories.licensee(life.ACTIVE, of=cast.agency)


def learned(about: Person, course: str, ago: int, score: int | None, source: Source) -> None:
    with transaction() as session:
        day = today() - timedelta(days=ago)
        session.add(Completion(person_id=about.id, course=course, completed_on=day, score=score,
                               source=source))  # fmt: skip


def lately() -> str:
    return (today() - timedelta(days=5)).isoformat()


def test_each_course_tells_its_source_and_until_when_it_counts(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    learned(ann, "basic_privacy", 400, 95, Source.IMPORT)
    learned(ann, "basic_privacy", 10, 70, Source.WORKSHEET)
    learned(ann, "policy_procedure", 20, None, Source.HAND)
    learned(ann, "juggling", 20, None, Source.IMPORT)
    page = visit(cast.admin).get(f"/people/{ann.id}")
    day = today()
    ran_out = months_after(day - timedelta(days=400), 12)
    until = months_after(day - timedelta(days=20), 12)
    assert f"95 % Learning Center Ran out {in_words(ran_out)}" in page.words
    assert "70 % Worksheet Not passed" in page.words
    assert f"By hand Until {in_words(until)}" in page.words
    assert "Not asked for any more" in page.words
    assert f"Still needed for the next recertification: {PRIVACY} ." in page.words
    assert "Enter a course" not in page.words
    assert "Take back" not in page.words


def test_staff_enter_a_course_and_the_page_tells_who_did(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    page = sam.fill(f"/people/{ann.id}/courses", course="basic_privacy", on=lately(), score="92")
    assert f"It is on file for {ann.name} now." in page.words
    assert f"92 % By hand, {cast.sam.name}" in page.words
    assert f"entered {PRIVACY}, completed" in page.words
    admins = visit(cast.admin).get(f"/people/{ann.id}")
    assert f"By hand, {cast.sam.name}" in admins.words
    assert "took back" not in admins.words


def test_a_wrong_one_is_taken_back_with_a_reason_that_staff_read(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    completions.enter(ann.id, Done("basic_privacy", today()), cast.sam)
    (row,) = completions_of(db.session(), [ann.id])
    sam, path = visit(cast.sam), f"/people/{ann.id}/courses/{row.id}/take-back"
    unsaid = sam.fill(path, reason=" ")
    assert "Say why; it is kept in the history." in unsaid.words
    page = sam.fill(path, reason="It was her sister’s.")
    assert "is taken back." in page.words
    assert f"took back {PRIVACY}, completed {in_words(today())}" in page.words
    assert "It was her sister’s." in page.words
    assert "None is on file" in page.words
    assert sam.get(path).status == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"course": ""}, "Choose the course."),
        ({"course": "juggling"}, "Choose one of those that are offered."),
        ({"on": ""}, "Say when it was completed."),
        ({"on": "2999-01-01"}, "Type a day from Jan 1, 2000 to today."),
        ({"on": "1999-12-31"}, "Type a day from Jan 1, 2000 to today."),
        ({"score": "101"}, "It must be between 0 and 100."),
        ({"score": "good"}, "Write a whole number"),
    ],
)
def test_what_does_not_fit_is_said_at_its_input_and_kept(
    ann: Person, cast: Cast, visit: Visit, typed: dict[str, str], said: str
) -> None:
    sent = {"course": "basic_privacy", "on": lately(), "score": "92"} | typed
    page = visit(cast.sam).fill(f"/people/{ann.id}/courses", **sent)
    assert said in page.words
    kept = page.form_with("on").values()
    assert {name: kept[name] for name in ("on", "score")} == {
        name: sent[name] for name in ("on", "score")}  # fmt: skip
    assert completions_of(db.session(), [ann.id]) == []


def test_one_that_is_on_file_already_is_said_with_its_score(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    learned(ann, "basic_privacy", 5, 88, Source.IMPORT)
    page = visit(cast.sam).fill(f"/people/{ann.id}/courses", course="basic_privacy", on=lately())
    assert "This course is on file for that day already with 88 %." in page.words


def test_staff_with_a_license_do_not_enter_their_own(cast: Cast, visit: Visit) -> None:
    own = factories.staff("sam.own")
    assert own.person_id is not None
    with transaction() as session:
        session.add(License(person_id=own.person_id))
    sam = visit(own)
    assert "Enter a course" not in sam.get(f"/people/{own.person_id}").words
    assert "These are your own courses." in sam.get(f"/people/{own.person_id}/courses").words
