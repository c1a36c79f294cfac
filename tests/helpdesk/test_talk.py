"""Messages, notes and answers on a ticket: what each changes, who is told, and who sees it."""

from typing import Any

import pytest

from helpdesk.actor import THE_DESK, Actor
from helpdesk.extensions import db
from helpdesk.models.document import documents_of
from helpdesk.models.event import history
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.filing import SentBefore
from helpdesk.services.gateway import Stale
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import WORDS, Cast
from tests.filings import answers, upload
from tests.helpdesk.owed import effects, mails_of
from workflows import common
from workflows.engine import Refused, Undeclared
from workflows.guards import NEW_USER, RECERTIFY
from workflows.papers import OTHER, RECERTIFICATION_WORKSHEET

pytestmark = pytest.mark.usefixtures("clock")

KEY = "answer-of-the-agency"
TEXT = {"message": "We are on it."}
OPEN = [common.SUBMITTED, common.IN_REVIEW, common.WAITING, common.APPROVED, common.BEING_SET_UP]


def act(ticket: Ticket, trigger: str, actor: Actor, **more: Any) -> Ticket:
    return tickets.act(ticket.id, trigger, actor, WORDS[trigger], **more)


@pytest.mark.parametrize("state", OPEN)
def test_a_message_of_hands_goes_to_both_and_moves_nothing(cast: Cast, state: str) -> None:
    ticket = factories.ticket(state, by=cast)
    version, waits_on = ticket.version, ticket.waits_on
    act(ticket, "comment", cast.sam)
    assert (ticket.state, ticket.version, ticket.waits_on) == (state, version + 1, waits_on)
    assert mails_of(ticket) == [
        ("message", ticket.person_id), ("message", cast.admin.person_id),
    ]  # fmt: skip
    assert history(db.session(), ticket.id)[-1].data == WORDS["comment"]


def test_a_message_of_the_agency_goes_to_the_one_who_has_the_ticket(cast: Cast) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    act(ticket, "write", cast.admin)
    assert mails_of(ticket) == [("written", cast.sam.person_id)]


def test_where_nobody_has_it_nobody_is_written_to(cast: Cast) -> None:
    ticket = factories.ticket(by=cast)
    act(ticket, "write", cast.admin)
    assert mails_of(ticket) == []


def test_another_agencys_admin_writes_nothing(cast: Cast) -> None:
    ticket = factories.ticket(by=cast)
    for trigger in ("write", "comment", "note"):
        with pytest.raises(Refused):
            act(ticket, trigger, factories.admin(factories.agency()))


@pytest.mark.parametrize("state", factories.TICKET_STEPS)
def test_a_note_is_kept_in_any_state_and_nobody_is_told(cast: Cast, state: str) -> None:
    ticket = factories.ticket(state, by=cast)
    owed = len(effects())
    columns = (ticket.state, ticket.open, ticket.due_at, ticket.assignee_id)
    act(ticket, "note", cast.joan)
    assert (ticket.state, ticket.open, ticket.due_at, ticket.assignee_id) == columns
    assert len(effects()) == owed
    event = history(db.session(), ticket.id)[-1]
    assert (event.trigger, event.data) == ("note", WORDS["note"])


@pytest.mark.parametrize("who", ["admin", "licensee", "desk"])
def test_only_staff_take_notes(cast: Cast, who: str) -> None:
    about = factories.licensee(of=cast.agency)
    ticket = factories.ticket(by=cast, about=about)
    actor = {"admin": cast.admin, "licensee": factories.as_licensee(about), "desk": THE_DESK}[who]
    with pytest.raises(Refused):
        act(ticket, "note", actor)


@pytest.mark.parametrize("trigger", ["comment", "write"])
@pytest.mark.parametrize(
    "state", [common.COMPLETED, common.REJECTED, common.WITHDRAWN, common.CLOSED, common.CONVERTED]
)
def test_a_ticket_that_has_ended_takes_no_message(cast: Cast, state: str, trigger: str) -> None:
    ticket = factories.ticket(state, by=cast)
    with pytest.raises(Undeclared):
        act(ticket, trigger, cast.sam if trigger == "comment" else cast.admin)


def test_a_note_does_not_make_the_agencys_open_form_stale_and_a_message_does(cast: Cast) -> None:
    ticket = factories.ticket(common.WAITING, by=cast)
    seen = ticket.version
    act(ticket, "note", cast.sam)
    act(ticket, "note", cast.joan)
    assert act(ticket, "write", cast.admin, version=seen).version == seen + 3
    seen = ticket.version
    act(ticket, "note", cast.sam)
    act(ticket, "comment", cast.sam)
    with pytest.raises(Stale):
        act(ticket, "answer", cast.admin, version=seen)
    assert ticket.state == common.WAITING


def test_for_a_colleague_a_note_is_news(cast: Cast) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    seen = ticket.version
    act(ticket, "note", cast.joan)
    with pytest.raises(Stale):
        act(ticket, "ask_for_more", cast.sam, version=seen)


def test_a_version_that_is_yet_to_come_is_stale_for_everybody(cast: Cast) -> None:
    ticket = factories.ticket(common.WAITING, by=cast)
    for actor in (cast.admin, cast.sam):
        with pytest.raises(Stale):
            act(ticket, "answer", actor, version=ticket.version + 1)


def test_an_answer_brings_documents_and_dates_and_the_ticket_has_them(cast: Cast) -> None:
    ticket = factories.ticket(common.WAITING, by=cast, type=RECERTIFY)
    upload(cast.admin, KEY, OTHER)
    courses = ticket.fields["courses"] | {"basic_privacy": "2026-11-20"}
    data = {"message": "Here.", "fields": {"courses": courses}}
    tickets.act(ticket.id, "answer", cast.admin, data, form_key=KEY)
    assert ticket.fields == {**answers(RECERTIFY), "courses": courses}
    attached = documents_of(db.session(), ticket.id)
    assert [document.kind for document in attached] == [RECERTIFICATION_WORKSHEET, OTHER]
    event = history(db.session(), ticket.id)[-1]
    assert event.data == data | {"documents": ["other.pdf"], "kinds": [OTHER]}


def test_an_answer_that_is_refused_attaches_nothing(cast: Cast) -> None:
    ticket = factories.ticket(common.WAITING, by=cast, type=RECERTIFY)
    upload(cast.admin, KEY, OTHER)
    with pytest.raises(Refused):
        tickets.act(ticket.id, "answer", cast.admin, {"message": " "}, form_key=KEY)
    assert len(documents_of(db.session(), ticket.id)) == 1


def test_somebody_elses_drafts_are_not_attached(cast: Cast) -> None:
    ticket = factories.ticket(common.WAITING, by=cast, type=RECERTIFY)
    upload(cast.joan, KEY, OTHER)
    tickets.act(ticket.id, "answer", cast.admin, TEXT, form_key=KEY)
    assert len(documents_of(db.session(), ticket.id)) == 1
    assert history(db.session(), ticket.id)[-1].data == TEXT


@pytest.mark.parametrize("trigger", ["comment", "write", "note", "take", "ask_for_more"])
def test_no_step_but_an_answer_changes_what_was_asked(cast: Cast, trigger: str) -> None:
    state = common.SUBMITTED if trigger == "take" else common.IN_REVIEW
    ticket = factories.ticket(state, by=cast, type=RECERTIFY)
    asked = dict(ticket.fields)
    actor = cast.admin if trigger == "write" else cast.sam
    tickets.act(ticket.id, trigger, actor, TEXT | {"fields": {"courses": {}}})
    assert ticket.fields == asked


def test_a_rejected_request_is_filed_again_with_the_documents_that_were_kept(cast: Cast) -> None:
    first = factories.ticket(common.REJECTED, by=cast, type=NEW_USER)
    whose = db.session.get_one(Person, first.person_id)
    kept = documents_of(db.session(), first.id)
    again = factories.request(
        whose, cast.admin, type=NEW_USER, papers=(), fields=first.fields,
        keep=tuple(document.id for document in kept),
    )  # fmt: skip
    second = tickets.open_ticket(again, cast.admin)
    assert (second.id != first.id, second.state) == (True, common.SUBMITTED)
    copies = documents_of(db.session(), second.id)
    assert [d.sha256 for d in copies] == [d.sha256 for d in kept]
    assert {d.id for d in documents_of(db.session(), first.id)} == {d.id for d in kept}
    with pytest.raises(SentBefore):
        tickets.open_ticket(again, cast.admin)
    assert len(documents_of(db.session(), second.id)) == len(kept)


def test_without_the_kept_ones_it_lacks_them(cast: Cast) -> None:
    first = factories.ticket(common.REJECTED, by=cast, type=NEW_USER)
    whose = db.session.get_one(Person, first.person_id)
    one = documents_of(db.session(), first.id)[0].id
    again = factories.request(whose, cast.admin, type=NEW_USER, papers=(), keep=(one,))
    with pytest.raises(Refused) as refused:
        tickets.open_ticket(again, cast.admin)
    assert [reason.sentence for reason in refused.value.reasons] == [
        "Attach the User Agreement.", "Attach the Code of Ethics.",
    ]  # fmt: skip


def test_a_manager_approves_against_the_rules_and_the_history_says_why(cast: Cast) -> None:
    morgan = factories.staff(manager=True)
    ticket = factories.ticket(common.IN_REVIEW, by=cast, type=RECERTIFY)
    with transaction():
        ticket.fields = {}
    with pytest.raises(Refused):
        tickets.act(ticket.id, "approve", morgan)
    for actor, data in ((cast.sam, WORDS["override"]), (morgan, {"message": " "})):
        with pytest.raises(Refused):
            tickets.act(ticket.id, "override", actor, data)
    tickets.act(ticket.id, "override", morgan, WORDS["override"])
    event = history(db.session(), ticket.id)[-1]
    assert (event.trigger, event.actor_id, event.data) == (
        "override", morgan.person_id, WORDS["override"],
    )  # fmt: skip
    (action,) = effects(ticket, kind="account")
    assert action.payload == {"action": "extend", "terms": {"until": "2027-11-23"}}


def test_not_even_a_manager_overrides_for_what_they_filed_themselves(cast: Cast) -> None:
    morgan = factories.staff(manager=True)
    about = factories.licensee(of=cast.agency)
    sent = factories.request(about, cast.admin, sender=morgan)
    ticket = tickets.open_ticket(sent, morgan)
    tickets.act(ticket.id, "take", morgan)
    with pytest.raises(Refused, match="You filed this request"):
        tickets.act(ticket.id, "override", morgan, WORDS["override"])
