"""The wrong form: one ticket ends, a linked one of the right type opens, in one commit or not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.models.document import documents_of
from helpdesk.models.event import history
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket, number_of
from helpdesk.services import licenses, opening, tickets
from helpdesk.services.filing import AlreadyOpen
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.filings import answers, upload
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.owed import mails_of
from workflows import common
from workflows import license as life
from workflows.engine import Refused
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY
from workflows.papers import RECERTIFICATION_WORKSHEET

pytestmark = pytest.mark.usefixtures("clock")

DumpNow = Callable[[], Dump]
TO_RECERTIFY = {"to": RECERTIFY, "message": "It runs out in a week."}


@pytest.fixture
def maria(cast: Cast) -> Person:
    return factories.licensee(life.ACTIVE, of=cast.agency)


def taken(cast: Cast, about: Person, kind: str = NEW_PASSWORD, **changes: Any) -> Ticket:
    sent = factories.request(about, cast.admin, type=kind, **changes)
    return factories.step(tickets.open_ticket(sent, cast.admin), "take", cast)


def converted(ticket: Ticket, cast: Cast, **data: Any) -> Ticket:
    return tickets.act(ticket.id, "convert", cast.sam, TO_RECERTIFY | data)


def kinds(ticket: Ticket) -> list[str]:
    return [document.kind for document in documents_of(db.session(), ticket.id)]


def all_ids() -> list[int]:
    return list(db.session.scalars(select(Ticket.id).order_by(Ticket.id)))


def test_one_ticket_ends_and_the_other_goes_on_with_all_that_is_known(
    cast: Cast, maria: Person
) -> None:
    fields = answers(RECERTIFY)
    first = taken(cast, maria, fields=fields, papers=(RECERTIFICATION_WORKSHEET,))
    new = converted(first, cast)
    assert (first.state, first.open) == (common.CONVERTED, False)
    assert (new.type, new.state, new.open) == (RECERTIFY, common.IN_REVIEW, True)
    assert new.converted_from_id == first.id
    assert (new.filer_id, new.entered_by_id, new.assignee_id) == (
        cast.admin.person_id, None, cast.sam.person_id,
    )  # fmt: skip
    assert (new.person_id, new.agency_id, new.fields) == (maria.id, cast.agency.id, first.fields)
    assert kinds(new) == kinds(first) == [RECERTIFICATION_WORKSHEET]
    (event,) = history(db.session(), new.id)
    assert (event.trigger, event.actor_id, event.data["from"]) == (
        "take_in", cast.sam.person_id, first.number,
    )  # fmt: skip


@pytest.mark.parametrize("whole", [True, False])
def test_nobody_has_to_take_it_once_more(cast: Cast, maria: Person, whole: bool) -> None:
    more: dict[str, Any] = {"fields": answers(RECERTIFY), "papers": (RECERTIFICATION_WORKSHEET,)}
    sent = factories.request(maria, cast.admin, **(more if whole else {}))
    unread = tickets.open_ticket(sent, cast.admin)
    new = tickets.act(unread.id, "convert", cast.joan, TO_RECERTIFY)
    assert new.assignee_id == cast.joan.person_id
    assert new.state == (common.IN_REVIEW if whole else common.WAITING)
    labels = {option.step.label for option in tickets.options(db.session(), new, cast.sam)}
    assert "Take it over" in labels
    assert "Take it" not in labels


def test_a_colleague_who_has_it_keeps_it(cast: Cast, maria: Person) -> None:
    first = taken(cast, maria)
    new = tickets.act(first.id, "convert", cast.joan, TO_RECERTIFY)
    assert new.assignee_id == cast.sam.person_id


def test_what_is_missing_is_named_and_waited_for(cast: Cast, maria: Person) -> None:
    new = converted(taken(cast, maria), cast)
    assert new.state == common.WAITING
    (event,) = history(db.session(), new.id)
    assert event.data["papers"] == [RECERTIFICATION_WORKSHEET]
    assert event.data["message"].splitlines() == [
        "It runs out in a week.",
        "Attach the User License Recertification Worksheet.",
        "Basic Privacy & Security is required: say when it was completed.",
        "Policy & Procedure is required: say when it was completed.",
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_one_mail_to_each_tells_it(cast: Cast, maria: Person, whole: bool) -> None:
    more: dict[str, Any] = {"fields": answers(RECERTIFY), "papers": (RECERTIFICATION_WORKSHEET,)}
    first = taken(cast, maria, **(more if whole else {}))
    before = mails_of(first)
    new = converted(first, cast)
    assert mails_of(first) == before
    assert mails_of(new) == [("converted", maria.id), ("converted", cast.admin.person_id)]


def test_the_one_who_entered_it_is_kept_and_may_still_not_approve(
    cast: Cast, maria: Person
) -> None:
    sent = factories.request(maria, cast.admin, sender=cast.joan,
                             fields=answers(RECERTIFY),
                             papers=(RECERTIFICATION_WORKSHEET,))  # fmt: skip
    first = tickets.open_ticket(sent, cast.joan)
    new = converted(first, cast)
    assert (new.filer_id, new.entered_by_id) == (cast.admin.person_id, cast.joan.person_id)
    with pytest.raises(Refused, match="You filed this request"):
        tickets.act(new.id, "approve", cast.joan)
    assert tickets.act(new.id, "approve", cast.sam).state == common.APPROVED


def test_the_answer_with_what_was_missing_lets_it_go_on(cast: Cast, maria: Person) -> None:
    new = converted(taken(cast, maria), cast)
    upload(cast.admin, "answer-of-the-agency", RECERTIFICATION_WORKSHEET)
    fields = {"courses": answers(RECERTIFY)["courses"]}
    data = {"message": "Here it is.", "fields": fields}
    tickets.act(new.id, "answer", cast.admin, data, form_key="answer-of-the-agency")
    assert (new.state, kinds(new)) == (common.IN_REVIEW, [RECERTIFICATION_WORKSHEET])
    assert new.fields == {**answers(NEW_PASSWORD), **fields}
    assert factories.step(new, "approve", cast).state == common.APPROVED


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"to": NEW_PASSWORD}, "Choose the right type"),
        ({"to": "wish"}, "Choose the right type"),
        ({"to": ""}, "Choose the right type"),
        ({"to": REACTIVATE}, "has an active license"),
        ({"to": NEW_USER}, "has an active license"),
    ],
)
def test_a_change_that_is_refused_changes_nothing(
    cast: Cast, maria: Person, dump: DumpNow, data: dict[str, Any], words: str
) -> None:
    first = taken(cast, maria)
    before = dump()
    with pytest.raises(Refused, match=words):
        converted(first, cast, **data)
    assert dump() == before


def test_nor_does_one_to_a_type_that_is_open_for_the_person_already(
    cast: Cast, maria: Person, dump: DumpNow
) -> None:
    other = factories.ticket(by=cast, about=maria, type=RECERTIFY)
    first = taken(cast, maria)
    before = dump()
    with pytest.raises(Refused, match=f"{other.number} is of that type"):
        converted(first, cast)
    assert dump() == before


def test_outside_its_window_a_license_is_not_taken_in_for_recertification(
    cast: Cast, maria: Person, dump: DumpNow
) -> None:
    with transaction():
        row = license_of(db.session(), maria.id)
        assert row is not None
        row.expires_on = date(2027, 8, 1)
    first = taken(cast, maria)
    before = dump()
    with pytest.raises(Refused, match="can be recertified from"):
        converted(first, cast)
    assert dump() == before


def test_only_staff_change_the_type(cast: Cast, maria: Person) -> None:
    first = taken(cast, maria)
    for actor in (cast.admin, factories.as_licensee(maria)):
        with pytest.raises(Refused, match="is for HAND staff"):
            tickets.act(first.id, "convert", actor, TO_RECERTIFY)


def test_a_request_for_a_license_that_turns_into_another_lets_it_go(cast: Cast) -> None:
    """Somebody who had no license is given one meanwhile in no way: the change is refused whole."""
    first = factories.ticket(common.IN_REVIEW, by=cast, type=NEW_USER)
    with pytest.raises(Refused, match="was never given a license"):
        converted(first, cast)
    row = license_of(db.session(), first.person_id)
    assert row is not None
    assert (first.state, row.state) == (common.IN_REVIEW, life.REQUESTED)


def test_a_license_that_was_deleted_meanwhile_is_asked_for_in_the_same_commit(
    cast: Cast, maria: Person
) -> None:
    first = taken(cast, maria)
    row = license_of(db.session(), maria.id)
    assert row is not None
    licenses.act(row.id, "note_deletion", THE_DESK)
    new = converted(first, cast, to=NEW_USER)
    db.session.refresh(row)
    assert (new.type, new.state, row.state) == (NEW_USER, common.WAITING, life.REQUESTED)


def test_of_two_who_change_it_at_once_one_does(cast: Cast, maria: Person, race: Race) -> None:
    first = taken(cast, maria)
    outcomes = race(*[lambda: converted(first, cast).id] * 2)
    assert sorted(isinstance(outcome, int) for outcome in outcomes) == [False, True]
    assert len(all_ids()) == 2


def test_of_a_change_and_a_filing_at_once_one_is_told_of_the_other(
    cast: Cast, maria: Person, race: Race
) -> None:
    first = taken(cast, maria)
    sent = factories.request(maria, cast.admin, type=RECERTIFY)
    outcomes = race(
        lambda: converted(first, cast).id, lambda: tickets.open_ticket(sent, cast.admin).id
    )
    (ticket_id,) = (outcome for outcome in outcomes if isinstance(outcome, int))
    (told,) = (outcome for outcome in outcomes if not isinstance(outcome, int))
    assert isinstance(told, Refused | AlreadyOpen), told
    assert number_of(ticket_id) in str(told) or str(ticket_id) in str(told)
    assert len(all_ids()) == 2


def test_one_that_is_filed_in_the_very_moment_is_named(
    cast: Cast, maria: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the other had come between the look and the leap."""
    first, other = taken(cast, maria), factories.ticket(by=cast, about=maria, type=RECERTIFY)
    looks = iter([None, other.id])
    monkeypatch.setattr(opening, "open_one", lambda *_about: next(looks))
    with pytest.raises(Refused, match=f"{other.number} is of that type"):
        converted(first, cast)
    assert (first.state, len(all_ids())) == (common.IN_REVIEW, 2)


def test_nothing_of_the_first_is_deleted(cast: Cast, maria: Person) -> None:
    first = taken(cast, maria, papers=(RECERTIFICATION_WORKSHEET,))
    events = [event.id for event in history(db.session(), first.id)]
    new = converted(first, cast)
    assert [event.id for event in history(db.session(), first.id)][:-1] == events
    one, other = documents_of(db.session(), first.id) + documents_of(db.session(), new.id)
    assert (one.sha256, one.id != other.id, other.sha256) == (one.sha256, True, one.sha256)
