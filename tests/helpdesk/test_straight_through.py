"""Which requests for a new password the desk approves by a rule, and which go to a person."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.actor import Channel
from helpdesk.extensions import db, now
from helpdesk.models.correction import Correction
from helpdesk.models.effect import Effect, Kind
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.models.second_factor import FactorKind, SecondFactor
from helpdesk.models.straight import Outcome
from helpdesk.models.ticket import Ticket
from helpdesk.services import licenses, tickets
from helpdesk.services.straight import decide, rules
from helpdesk.services.straight.known import drawn
from helpdesk.services.straight.rules import Terms
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.straight import ON, approvals, by_link, case_of, judged, switch
from tests.support.fakes import FakeClock
from workflows import license as life
from workflows.common import APPROVED, IN_REVIEW, SUBMITTED
from workflows.guards import REACTIVATE
from workflows.papers import OTHER

pytestmark = pytest.mark.usefixtures("clock")

APPROVES, SAMPLES, LEAVES = Outcome.APPROVED, Outcome.SAMPLED, Outcome.PERSON


def nothing(_cast: Cast, _person: Person) -> None:
    """Nothing out of the ordinary."""


def moved(days: int, by: str = "import") -> Callable[[Cast, Person], None]:
    def happen(cast: Cast, person: Person) -> None:
        names = {"first_name": person.first_name, "last_name": person.last_name}
        with transaction() as session:
            session.add(Correction(
                person_id=person.id, version=1, before={**names, "email": "old@agency.example"},
                after={**names, "email": person.email}, reason=None, actor_name=by,
                actor_id=cast.sam.person_id if by == "staff" else None,
                channel=Channel.WEB, at=now() - timedelta(days=days),
            ))  # fmt: skip

    return happen


def has_role(cast: Cast, person: Person) -> None:
    factories.grant(person, Role.AGENCY_ADMIN, cast.agency.id)


def has_second_step(_cast: Cast, person: Person) -> None:
    with transaction() as session:
        session.add(SecondFactor(person_id=person.id, kind=FactorKind.APP, name="Phone", key="k",
                                 counter=0, created_at=now()))  # fmt: skip


def leaves_soon(_cast: Cast, person: Person) -> None:
    row = license_of(db.session(), person.id)
    assert row is not None
    day = (now() + timedelta(days=3)).date().isoformat()
    licenses.act(row.id, "plan_departure", factories.ANY_STAFF, {"on": day})


@dataclass(frozen=True)
class Line:
    """`terms`: the rule; `filed`: how the request differs; `before`: what happened earlier."""

    outcome: Outcome
    terms: Terms | None = ON
    filed: dict[str, Any] = field(default_factory=dict)
    before: Callable[[Cast, Person], None] = nothing
    state: str = life.LOCKED


ALL_DRAWN = replace(ON, share=100)
UNTRIED = replace(ON, least=1)

TABLE = {
    "on, proved": Line(APPROVES),
    "on, proved, an active license": Line(APPROVES, state=life.ACTIVE),
    "on, proved, forgotten": Line(APPROVES, filed={"fields": {"happened": "forgotten"}}),
    "no rule yet": Line(SAMPLES, terms=None),
    "switched off": Line(SAMPLES, terms=replace(ON, active=False)),
    "not tried enough": Line(SAMPLES, terms=UNTRIED),
    "drawn": Line(SAMPLES, terms=ALL_DRAWN),
    "the form claims a link, the session was none": Line(LEAVES, filed={"channel": Channel.WEB}),
    "a link, and the form says otherwise": Line(LEAVES, filed={"fields": {"identity": "self"}}),
    "a note": Line(LEAVES, filed={"fields": {"note": "Please call me."}}),
    "something else happened": Line(LEAVES, filed={"fields": {"happened": "other"}}),
    "moved yesterday by staff": Line(LEAVES, before=moved(1, "staff")),
    "moved yesterday by an import": Line(LEAVES, before=moved(1)),
    "moved long ago": Line(APPROVES, before=moved(40)),
    "a role at the desk": Line(LEAVES, before=has_role),
    "two steps at sign-in": Line(LEAVES, before=has_second_step),
    "about to leave": Line(LEAVES, before=leaves_soon),
    "a note, and drawn": Line(LEAVES, ALL_DRAWN, {"fields": {"note": "Please call me."}}),
    "a note, and off": Line(LEAVES, None, {"fields": {"note": "Please call me."}}),
    "moved lately, and drawn": Line(LEAVES, terms=ALL_DRAWN, before=moved(1)),
    "moved lately, and off": Line(LEAVES, terms=None, before=moved(1)),
}  # fmt: skip


@pytest.mark.parametrize("line", TABLE.values(), ids=TABLE)
def test_the_rule_approves_what_is_proved_and_ordinary_and_nothing_else(
    cast: Cast, line: Line
) -> None:
    person = factories.licensee(line.state, of=cast.agency)
    line.before(cast, person)
    if line.terms is not None:
        switch(line.terms)
    row = by_link(cast, person, **line.filed)

    assert decide.run() == 1

    case = case_of(row)
    assert case is not None
    assert case.outcome is line.outcome
    assert case.reasons
    assert db.session.get_one(Ticket, row.id).state == (
        APPROVED if line.outcome is APPROVES else SUBMITTED
    )


def test_what_an_admin_files_goes_to_a_person(cast: Cast) -> None:
    switch()
    row = factories.ticket(by=cast)
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.outcome is LEAVES


def test_a_suspension_or_an_end_that_comes_between_filing_and_the_rule_goes_to_a_person(
    cast: Cast,
) -> None:
    switch()
    row = by_link(cast)
    held = license_of(db.session(), row.person_id)
    assert held is not None
    licenses.act(held.id, "suspend", factories.ANY_STAFF, {"message": "Shared."})
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.outcome is LEAVES
    assert any("suspended" in sentence for sentence in case.reasons)


def test_a_type_without_the_step_is_none_of_the_rules_concern(cast: Cast) -> None:
    row = factories.ticket(by=cast, type=REACTIVATE)
    assert decide.run() == 0
    assert case_of(row) is None
    assert not rules.has_rule(REACTIVATE)


def test_an_approval_says_by_which_rule_and_for_which_reasons(cast: Cast) -> None:
    version = switch().version
    row = by_link(cast)
    decide.run()
    (event,) = approvals(row)
    assert (event.actor_id, event.actor_name) == (None, "The help desk")
    assert event.data["rule"] == version
    assert "The licensee filed it through a link mailed to the address on file." in (
        event.data["reasons"]
    )
    assert "The address on file has not changed lately." in event.data["reasons"]


def test_an_approval_owes_what_a_persons_would_each_thing_once(cast: Cast) -> None:
    switch()
    row = by_link(cast)
    decide.run()
    decide.run()
    (event,) = approvals(row)
    owed = db.session.query(Effect).filter_by(event_id=event.id).all()
    assert sorted(effect.kind for effect in owed) == [Kind.ACCOUNT, Kind.MAIL]


def test_whoever_takes_it_first_has_it(cast: Cast) -> None:
    switch()
    row = by_link(cast)
    factories.step(row, "take", cast)
    assert decide.run() == 0
    assert db.session.get_one(Ticket, row.id).state == IN_REVIEW
    assert case_of(row) is None


def test_a_request_to_which_something_was_added_is_for_people(cast: Cast) -> None:
    switch()
    row = by_link(cast)
    tickets.act(row.id, "write", factories.as_licensee(db.session.get_one(Person, row.person_id)),
                {"message": "It was not me who locked it."})  # fmt: skip
    assert decide.run() == 0
    assert db.session.get_one(Ticket, row.id).state == SUBMITTED


def test_a_letter_that_comes_with_it_goes_to_a_person(cast: Cast) -> None:
    switch()
    row = by_link(cast, papers=(OTHER,))
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.reasons == ["A document is attached that a person should see."]


def test_the_same_person_passes_once_in_a_while(cast: Cast, clock: FakeClock) -> None:
    switch()
    person = factories.licensee(of=cast.agency)
    first = by_link(cast, person)
    decide.run()
    with transaction() as session:
        for trigger in ("setup_started", "provisioned"):
            factories.step(first, trigger, cast)
        factories.settle(session, ticket_id=first.id)
    clock.pass_by(timedelta(days=2))
    again = by_link(cast, person)
    decide.run()
    case = case_of(again)
    assert case is not None
    assert case.outcome is LEAVES
    assert case.reasons == ["The rule has approved one of theirs lately."]


def test_a_share_is_drawn_by_the_server_key_and_always_the_same(cast: Cast) -> None:
    numbers = [f"HD-{number}" for number in range(1000, 5000)]
    samples = [number for number in numbers if drawn(number, 20)]
    assert 700 < len(samples) < 900
    assert samples == [number for number in numbers if drawn(number, 20)]
    assert set(samples) <= {number for number in numbers if drawn(number, 30)}
    assert not any(drawn(number, 0) for number in numbers)
    assert all(drawn(number, 100) for number in numbers)


def test_nothing_is_approved_before_people_have_judged_enough(cast: Cast) -> None:
    switch(replace(ON, least=2))
    for _ in range(2):
        judged(cast, "approve")
    row = by_link(cast)
    decide.run()
    case = case_of(row)
    assert case is not None
    assert case.outcome is APPROVES


def test_something_unexpected_leaves_it_to_people_and_the_next_has_its_turn(cast: Cast) -> None:
    switch()
    odd, sound = by_link(cast), by_link(cast)
    with transaction() as session:
        session.get_one(Ticket, odd.id).fields = {"happened": ["locked"]}
    assert decide.run() == 2
    left, passed = case_of(odd), case_of(sound)
    assert left is not None
    assert (left.outcome, left.reasons) == (LEAVES, [decide.UNEXPECTED])
    assert passed is not None
    assert passed.outcome is APPROVES
