"""A step of a ticket: state, event and effects together, or nothing at all."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from helpdesk.actor import THE_DESK, Actor, Channel
from helpdesk.extensions import db
from helpdesk.models.effect import Status
from helpdesk.models.event import history
from helpdesk.models.ticket import Ticket
from helpdesk.services import gateway, tickets
from helpdesk.services.gateway import Stale
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import WORDS, Cast
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.owed import actions_of, effects, mails_of
from workflows import common
from workflows.engine import Move, Needs, Refused, Undeclared
from workflows.registry import ticket_type

pytestmark = pytest.mark.usefixtures("clock")

DumpNow = Callable[[], Dump]
FULL_PATH = [
    ("submit", "new", "submitted"),
    ("take", "submitted", "in_review"),
    ("ask_for_more", "in_review", "waiting"),
    ("answer", "waiting", "in_review"),
    ("approve", "in_review", "approved"),
    ("setup_started", "approved", "being_set_up"),
    ("provisioned", "being_set_up", "completed"),
]


def path_of(ticket: Ticket) -> list[tuple[str, str, str]]:
    events = history(db.session(), ticket.id)
    return [(event.trigger, event.from_state, event.to_state) for event in events]


def test_the_whole_way_leaves_one_event_a_step_with_versions_in_a_row(cast: Cast) -> None:
    ticket = factories.ticket(by=cast)
    for trigger, _, _ in FULL_PATH[1:]:
        factories.step(ticket, trigger, cast)
    assert path_of(ticket) == FULL_PATH
    assert [event.version for event in history(db.session(), ticket.id)] == [1, 2, 3, 4, 5, 6, 7]
    assert (ticket.version, ticket.open, ticket.due_at) == (7, False, None)


def test_an_approval_owes_two_mails_and_the_account_action(cast: Cast) -> None:
    ticket = factories.ticket(common.APPROVED, by=cast, owing=True)
    assert mails_of(ticket) == [
        ("approved", ticket.person_id),
        ("approved", cast.admin.person_id),
    ]
    assert actions_of(ticket) == [("unlock", Status.DUE)]
    approval = history(db.session(), ticket.id)[-1]
    owed = effects(ticket, status=Status.DUE)
    assert [effect.key for effect in owed] == [f"ticket:{ticket.id}:3:{n}" for n in range(3)]
    assert {effect.event_id for effect in owed} == {approval.id}


def test_no_mail_says_ready_before_the_account_is_changed(cast: Cast) -> None:
    ticket = factories.ticket(common.BEING_SET_UP, by=cast, owing=True)
    names = [name for name, _ in mails_of(ticket, status=None)]
    assert "completed" not in names
    factories.step(ticket, "provisioned", cast)
    assert [name for name, _ in mails_of(ticket)] == ["completed", "completed"]


def test_what_the_form_brought_is_in_the_history(cast: Cast) -> None:
    ticket = factories.ticket(common.WAITING, by=cast)
    assert history(db.session(), ticket.id)[-1].data == WORDS["ask_for_more"]


def test_somebody_without_an_address_is_owed_no_mail(cast: Cast) -> None:
    gail = factories.licensee(of=cast.agency, email=factories.NO_EMAIL)
    ticket = factories.ticket(by=cast, about=gail, owing=True)
    assert mails_of(ticket) == [("received", cast.admin.person_id)]


@pytest.mark.parametrize("state", factories.TICKET_STEPS)
def test_undeclared_steps_change_nothing(cast: Cast, dump: DumpNow, state: str) -> None:
    ticket = factories.ticket(state, by=cast)
    workflow = ticket_type(ticket.type).workflow
    declared = {step.trigger for step in workflow.steps if state in step.source}
    everybody = Actor(
        cast.joan.person_id, "Everybody", Channel.WEB, staff=True, manager=True,
        agencies=cast.admin.agencies,
    )  # fmt: skip
    before = dump()
    others = {step.trigger for step in workflow.steps} - declared | {"to_completed", "", "SUBMIT"}
    for trigger in sorted(others):
        actor = THE_DESK if trigger in factories.SYSTEM_STEPS else everybody
        with pytest.raises(Undeclared):
            tickets.act(ticket.id, trigger, actor, WORDS.get(trigger))
    assert dump() == before


@pytest.mark.parametrize(
    ("state", "trigger", "words"),
    [
        (common.IN_REVIEW, "ask_for_more", {"message": " \n "}),
        (common.IN_REVIEW, "reject", {"code": "because", "message": "No."}),
        (common.IN_REVIEW, "reject", {"code": "duplicate"}),
        (common.IN_REVIEW, "approve", {}),
        (common.IN_REVIEW, "hand_over", {}),
        (common.IN_REVIEW, "take", {}),
        (common.WAITING, "answer", {"message": 7}),
    ],
)
def test_a_guard_that_is_not_met_changes_nothing(
    cast: Cast, dump: DumpNow, state: str, trigger: str, words: dict[str, object]
) -> None:
    ticket = factories.ticket(state, by=cast)
    before = dump()
    with pytest.raises(Refused) as no:
        tickets.act(ticket.id, trigger, cast.sam, words)
    assert not isinstance(no.value, Undeclared)
    assert no.value.reasons
    assert dump() == before


@pytest.mark.parametrize("who", ["filer", "licensee", "enterer"])
def test_the_approver_is_neither_filer_nor_licensee_nor_who_typed_it(
    cast: Cast, dump: DumpNow, who: str
) -> None:
    """Being a manager as well does not help."""
    maria = factories.licensee(of=cast.agency)
    ticket = tickets.open_ticket(factories.request(maria, cast.admin), cast.joan)
    factories.step(ticket, "take", cast)
    known = {"filer": cast.admin, "licensee": factories.as_licensee(maria), "enterer": cast.joan}
    approver = Actor(known[who].person_id, "Both", Channel.WEB, staff=True, manager=True)
    before = dump()
    with pytest.raises(Refused, match=cast.sam.name):
        tickets.act(ticket.id, "approve", approver, WORDS["approve"])
    assert dump() == before


def test_a_version_seen_before_the_last_step_is_stale(cast: Cast, dump: DumpNow) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    seen = ticket.version
    tickets.act(ticket.id, "take", cast.joan, version=seen)
    before = dump()
    with pytest.raises(Stale) as stale:
        tickets.act(ticket.id, "approve", cast.sam, WORDS["approve"], version=seen)
    assert (stale.value.subject_id, stale.value.seen_version) == (ticket.id, seen)
    assert dump() == before


def test_of_many_racing_approvers_exactly_one_wins(cast: Cast, race: Race) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    seen, ticket_id = ticket.version, ticket.id
    actors = [cast.sam, cast.joan] * 4
    outcomes = race(
        *(
            lambda actor=actor: tickets.act(
                ticket_id, "approve", actor, WORDS["approve"], version=seen
            ).version
            for actor in actors
        )
    )
    assert outcomes.count(seen + 1) == 1
    assert sum(isinstance(one, Stale) for one in outcomes) == 7
    assert path_of(ticket).count(("approve", "in_review", "approved")) == 1
    assert actions_of(ticket) == [("unlock", Status.DUE)]


def test_approve_and_reject_at_once_end_as_one_of_them(cast: Cast, race: Race) -> None:
    """Even without the version that a page brings along: the gateway itself looks again."""
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    ticket_id = ticket.id
    outcomes = race(
        lambda: tickets.act(ticket_id, "approve", cast.joan, WORDS["approve"]).state,
        lambda: tickets.act(ticket_id, "reject", cast.sam, WORDS["reject"]).state,
    )
    refused = [one for one in outcomes if isinstance(one, Refused)]
    (won,) = [one for one in outcomes if isinstance(one, str)]
    assert len(refused) == 1
    assert len(path_of(ticket)) == 3
    assert bool(actions_of(ticket)) == (won == common.APPROVED)


def test_the_guarded_update_refuses_a_row_that_moved_behind_our_back(
    cast: Cast, dump: DumpNow
) -> None:
    """The last line of defense: state and version are in the UPDATE, not in memory alone."""
    ticket = factories.ticket(by=cast)
    with transaction() as session:
        session.execute(select(Ticket).where(Ticket.id == ticket.id))
        factories.step(ticket, "take", cast)
    before = dump()
    workflow = ticket_type(ticket.type).workflow
    taken = workflow.step_from(common.SUBMITTED, "withdraw")
    assert taken is not None
    old = Move(taken, common.SUBMITTED, common.WITHDRAWN)
    with pytest.raises(Stale), transaction() as session:
        gateway.write(session, session.get_one(Ticket, ticket.id), gateway.Change(old, cast.admin))
    assert dump() == before


def test_taking_and_handing_over_change_the_assignee_alone(cast: Cast) -> None:
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    assert ticket.assignee_id == cast.sam.person_id
    tickets.act(ticket.id, "take", cast.joan)
    assert (ticket.assignee_id, ticket.state) == (cast.joan.person_id, common.IN_REVIEW)
    tickets.act(ticket.id, "hand_over", cast.joan, {"assignee": cast.sam.person_id})
    assert (ticket.assignee_id, ticket.state) == (cast.sam.person_id, common.IN_REVIEW)
    assert [event.actor_id for event in history(db.session(), ticket.id)[1:]] == [
        cast.sam.person_id, cast.joan.person_id, cast.joan.person_id,
    ]  # fmt: skip


def test_an_answer_is_told_to_the_one_who_asked(cast: Cast) -> None:
    ticket = factories.ticket(common.WAITING, by=cast)
    factories.step(ticket, "answer", cast)
    assert mails_of(ticket) == [("answered", cast.sam.person_id)]


@pytest.mark.parametrize(
    ("state", "needs"),
    [
        (common.SUBMITTED, Needs.STAFF),
        (common.WAITING, Needs.AGENCY),
        (common.APPROVED, Needs.SYSTEM),
        (common.COMPLETED, Needs.NOBODY),
    ],
)
def test_a_ticket_knows_whose_turn_it_is(cast: Cast, state: str, needs: Needs) -> None:
    assert factories.ticket(state, by=cast).waits_on == needs


def test_a_failed_set_up_waits_on_staff_and_a_new_start_clears_that(cast: Cast) -> None:
    ticket = factories.failed_ticket(cast)
    assert (ticket.state, ticket.needs_attention, ticket.waits_on) == (
        common.APPROVED, True, Needs.STAFF,
    )  # fmt: skip
    factories.step(ticket, "setup_started", cast)
    assert (ticket.needs_attention, ticket.waits_on) == (False, Needs.SYSTEM)


def test_an_approved_ticket_can_be_rejected_only_after_a_failure(cast: Cast) -> None:
    ticket = factories.ticket(common.APPROVED, by=cast)
    with pytest.raises(Refused, match="being changed right now"):
        factories.step(ticket, "reject", cast)


def test_rejecting_after_a_failure_recalls_the_action_that_had_not_left(cast: Cast) -> None:
    ticket = factories.failed_ticket(cast)
    factories.step(ticket, "reject", cast)
    assert actions_of(ticket) == [("unlock", Status.RECALLED)]
    assert [name for name, _ in mails_of(ticket)] == ["rejected", "rejected"]
    assert (ticket.open, ticket.needs_attention) == (False, False)
