"""The life of a license: facts come and go, and the state shown is the strongest of them.

What a license shows is worked out here a second time, from the sentence in the rules: the
strongest of suspended, expired, inactive, locked, active.
"""

from dataclasses import replace
from itertools import product

import pytest

from tests.workflows.making import EVERYBODY, NOW
from workflows import license as licenses
from workflows.effects import AccountAction, Action, Mail, Recipient
from workflows.engine import Attempt, Party, Refused, Undeclared
from workflows.license import CHANGES, HELD, STATES, WORKFLOW, LicenseFacts, after, strongest

BY_STRENGTH = ("suspended", "expired", "inactive", "locked")
EVERY_FACTS = [
    LicenseFacts(**dict(zip(BY_STRENGTH, bits, strict=True)))
    for bits in product((False, True), repeat=4)
]
WHAT_HAPPENS = {
    "lock": ({"locked"}, set()),
    "unlock": (set(), {"locked"}),
    "inactivate": ({"inactive"}, set()),
    "reactivate": (set(), {"inactive"}),
    "expire": ({"expired"}, set()),
    "lapse": ({"expired"}, set()),
    "extend": (set(), {"expired", "inactive"}),
    "suspend": ({"suspended"}, set()),
    "lift": (set(), {"suspended"}),
    "depart": ({"inactive"}, set()),
    "take_leave": ({"inactive"}, set()),
    "note_renewal": (set(), {"expired"}),
    "note_inactive": ({"inactive"}, set()),
    "note_lock": ({"locked"}, set()),
}
MOVERS = {Party.STAFF, Party.SYSTEM}
REPORTERS = {Party.AGENCY, Party.STAFF, Party.SYSTEM}
WHO: dict[str, Party | set[Party]] = {
    "plan_departure": REPORTERS,
    "plan_leave": REPORTERS,
    "cancel_departure": REPORTERS,
    "cancel_leave": REPORTERS,
    "depart": REPORTERS,
    "take_leave": REPORTERS,
    "end_leave": Party.SYSTEM,
    "request": Party.SYSTEM,
    "refuse": Party.SYSTEM,
    "create": Party.SYSTEM,
    "adopt": Party.SYSTEM,
    "warn_deletion": Party.SYSTEM,
    "propose_deletion": Party.SYSTEM,
    "confirm_deletion": Party.STAFF,
    "keep": Party.STAFF,
    "delete": Party.SYSTEM,
    "move": MOVERS,
    "plan_move": Party.STAFF,
    "cancel_move": Party.STAFF,
    "miss_move": Party.SYSTEM,
    "note_deletion": Party.SYSTEM,
    "disown": Party.SYSTEM,
    "take_back": Party.SYSTEM,
    "note_roster": Party.SYSTEM,
    "note_renewal": Party.SYSTEM,
    "note_inactive": Party.SYSTEM,
    "note_lock": Party.SYSTEM,
    "miss_log_in": Party.SYSTEM,
    "remind": Party.SYSTEM,
    "notice_idle": Party.SYSTEM,
    "lock": Party.SYSTEM,
    "unlock": Party.SYSTEM,
    "inactivate": Party.SYSTEM,
    "reactivate": Party.SYSTEM,
    "expire": Party.SYSTEM,
    "lapse": Party.SYSTEM,
    "extend": Party.SYSTEM,
    "suspend": Party.STAFF,
    "lift": Party.MANAGER,
}


PLANNED = {"cancel_departure": {"leaving": True}, "cancel_leave": {"going": True},
           "cancel_move": {"moving": True}, "miss_move": {"moving": True}}  # fmt: skip
"""What has to be so before it is taken back."""


def holding(facts: LicenseFacts) -> set[str]:
    return {name for name in BY_STRENGTH if getattr(facts, name)}


def shown(held: set[str]) -> str:
    return next((name for name in BY_STRENGTH if name in held), "active")


TOLD = {"on": "2026-11-30", "agency_id": "7", "message": "As told by phone."}
"""What a form brings, whichever it is."""


def attempt(facts: LicenseFacts, *by: Party) -> Attempt[LicenseFacts]:
    return Attempt(frozenset(by) if by else EVERYBODY, NOW, facts, TOLD)


@pytest.mark.parametrize(
    "facts", EVERY_FACTS, ids=lambda facts: "+".join(sorted(holding(facts))) or "none"
)
@pytest.mark.parametrize("trigger", WHAT_HAPPENS)
def test_every_step_leads_to_what_the_facts_then_show(trigger: str, facts: LicenseFacts) -> None:
    if (trigger, facts.suspended) in {("suspend", True), ("lift", False)}:
        return  # nothing is suspended twice, nor lifted that is not suspended
    gained, lost = WHAT_HAPPENS[trigger]
    expected = (holding(facts) | gained) - lost
    assert holding(after(trigger, facts)) == expected
    move = WORKFLOW.fire(strongest(facts), trigger, attempt(facts))
    assert move.dest == shown(expected) == strongest(after(trigger, facts))


@pytest.mark.parametrize(
    "facts", EVERY_FACTS, ids=lambda facts: "+".join(sorted(holding(facts))) or "none"
)
def test_of_the_ways_of_a_step_exactly_one_applies(facts: LicenseFacts) -> None:
    for trigger in CHANGES:
        here = [s for s in WORKFLOW.steps if s.trigger == trigger and strongest(facts) in s.source]
        assert sum(step.applies(facts) for step in here) == bool(here)


def test_the_steps_that_change_facts_are_the_ones_the_rules_name() -> None:
    assert set(CHANGES) == set(WHAT_HAPPENS)


def test_each_fact_outranks_all_weaker_ones() -> None:
    for place, strong in enumerate(BY_STRENGTH):
        for weak in BY_STRENGTH[place:]:
            assert strongest(LicenseFacts(**{strong: True, weak: True})) == strong
    assert strongest(LicenseFacts()) == "active"


def test_taking_the_strongest_fact_away_shows_the_next() -> None:
    facts = LicenseFacts(locked=True, inactive=True, expired=True, suspended=True)
    seen = [strongest(facts)]
    for trigger in ("lift", "extend", "unlock"):
        seen.append(WORKFLOW.fire(seen[-1], trigger, attempt(facts)).dest)
        facts = after(trigger, facts)
    assert seen == ["suspended", "expired", "locked", "active"]


def test_reactivating_an_idle_license_that_was_locked_before_shows_the_lock() -> None:
    facts = LicenseFacts(locked=True, inactive=True)
    assert WORKFLOW.fire("inactive", "reactivate", attempt(facts)).dest == "locked"


def test_recertification_clears_expiry_and_idleness_and_nothing_else() -> None:
    everything = LicenseFacts(locked=True, inactive=True, expired=True, suspended=True)
    assert after("extend", everything) == LicenseFacts(locked=True, suspended=True)


def test_a_step_without_an_effect_on_facts_leaves_them() -> None:
    facts = LicenseFacts(locked=True, expired=True)
    for trigger in ("request", "refuse", "adopt", "miss_log_in", "nonsense"):
        assert after(trigger, facts) == facts


def test_what_was_deleted_and_is_refused_anew_is_deleted_as_before() -> None:
    facts = after("delete", LicenseFacts(expired=True))
    assert facts == LicenseFacts(expired=True, deleted=True)
    assert WORKFLOW.fire("deleted", "request", attempt(facts)).dest == "requested"
    assert WORKFLOW.fire("requested", "refuse", attempt(facts)).dest == "deleted"
    assert WORKFLOW.fire("requested", "refuse", attempt(LicenseFacts())).dest == "not_issued"
    assert not after("create", facts).deleted


def test_a_suspension_outlives_a_deletion_and_a_new_license() -> None:
    facts = after("delete", LicenseFacts(suspended=True))
    assert WORKFLOW.fire("requested", "create", attempt(facts)).dest == "suspended"


@pytest.mark.parametrize("trigger", WHO)
@pytest.mark.parametrize("party", Party)
def test_each_step_belongs_to_its_parties(trigger: str, party: Party) -> None:
    starts = [
        (state, facts)
        for step in WORKFLOW.steps
        if step.trigger == trigger
        for state in step.source
        for facts in EVERY_FACTS
        if step.applies(facts) and (state not in HELD or strongest(facts) == state)
    ]
    assert starts
    wanted = WHO[trigger]
    for state, bare in starts:
        on_its_way_out = {"proposed": True, "confirmed": trigger == "delete"}
        facts = replace(bare, **on_its_way_out, **PLANNED.get(trigger, {}))
        if state not in HELD:
            facts = replace(facts, suspended=True)
        if party in (wanted if isinstance(wanted, set) else {wanted}):
            assert WORKFLOW.fire(state, trigger, attempt(facts, party)).step.trigger == trigger
            continue
        with pytest.raises(Refused) as refused:
            WORKFLOW.fire(state, trigger, attempt(facts, party))
        assert not isinstance(refused.value, Undeclared)


def test_every_step_is_somebodys_by_the_table() -> None:
    assert {step.trigger for step in WORKFLOW.steps} == set(WHO)


def test_a_license_is_born_asked_for_and_made_or_not_issued() -> None:
    no_facts = LicenseFacts()

    def fire(state: str, trigger: str) -> str:
        return WORKFLOW.fire(state, trigger, attempt(no_facts)).dest

    assert WORKFLOW.initial == "absent"
    assert fire("absent", "request") == "requested"
    assert fire("absent", "adopt") == "active"
    assert fire("requested", "create") == "active"
    assert fire("requested", "refuse") == "not_issued"
    assert fire("not_issued", "request") == "requested"
    assert fire("deleted", "request") == "requested"


@pytest.mark.parametrize("state", ["absent", "requested", "not_issued", "deleted"])
def test_a_license_that_nobody_holds_can_neither_lock_nor_expire(state: str) -> None:
    for trigger in ({*CHANGES} - {"lift"} | {"delete", "note_deletion", "miss_log_in"}):
        with pytest.raises(Undeclared):
            WORKFLOW.fire(state, trigger, attempt(LicenseFacts()))


@pytest.mark.parametrize("state", HELD)
def test_only_what_is_absent_can_be_taken_over(state: str) -> None:
    facts = LicenseFacts() if state == "active" else LicenseFacts(**{state: True})
    with pytest.raises(Undeclared):
        WORKFLOW.fire(state, "adopt", attempt(facts))


@pytest.mark.parametrize("state", HELD)
def test_every_license_that_exists_can_be_deleted_and_only_asked_for_anew(state: str) -> None:
    facts = LicenseFacts() if state == "active" else LicenseFacts(**{state: True})
    confirmed = replace(facts, proposed=True, confirmed=True)
    assert WORKFLOW.fire(state, "delete", attempt(confirmed, Party.SYSTEM)).dest == "deleted"
    assert WORKFLOW.fire(state, "note_deletion", attempt(facts, Party.SYSTEM)).dest == "deleted"
    onward = {step.trigger for step in WORKFLOW.steps if "deleted" in step.source and step.dest}
    assert onward == {"request", "disown", "take_back"}


def test_nothing_is_deleted_unless_it_is_proposed_and_somebody_else_has_confirmed_it() -> None:
    idle = LicenseFacts(inactive=True)
    proposed = replace(idle, proposed=True)
    for facts, trigger, sentence in (
        (idle, "confirm_deletion", "Nobody proposes to delete it any more."),
        (idle, "keep", "Nobody proposes to delete it any more."),
        (replace(proposed, own=True), "confirm_deletion", "It is your own license."),
        (replace(proposed, own=True), "keep", "It is your own license."),
        (replace(proposed, confirmed=True), "confirm_deletion", "It is being deleted already."),
        (proposed, "delete", "Nobody at HAND has confirmed its deletion."),
    ):
        with pytest.raises(Refused, match=sentence):
            WORKFLOW.fire("inactive", trigger, attempt(facts))
    with pytest.raises(Refused, match="Say why the license is kept"):
        WORKFLOW.fire("inactive", "keep", Attempt(EVERYBODY, NOW, proposed, {}))


def test_a_suspension_needs_its_reason_and_somebody_else_and_so_does_its_end() -> None:
    shut = LicenseFacts(suspended=True)
    tries = (("active", "suspend", LicenseFacts()), ("suspended", "lift", shut),
             ("deleted", "lift", shut))  # fmt: skip
    for state, trigger, facts in tries:
        with pytest.raises(Refused, match="Say why"):
            WORKFLOW.fire(state, trigger, Attempt(EVERYBODY, NOW, facts, {}))
        with pytest.raises(Refused, match="your own license"):
            WORKFLOW.fire(state, trigger, attempt(replace(facts, own=True)))


def test_a_suspension_is_lifted_from_a_deleted_license_so_that_it_can_be_asked_for() -> None:
    facts = LicenseFacts(suspended=True, deleted=True)
    assert WORKFLOW.fire("deleted", "lift", attempt(facts)).dest == "deleted"
    assert after("lift", facts) == LicenseFacts(deleted=True)
    with pytest.raises(Refused, match="It is not suspended"):
        WORKFLOW.fire("deleted", "lift", attempt(LicenseFacts(deleted=True)))


def both(name: str) -> tuple[Mail, Mail]:
    return Mail(name, Recipient.LICENSEE), Mail(name, Recipient.ADMINS)


def all_three(name: str) -> tuple[Mail, ...]:
    to = (Recipient.LICENSEE, Recipient.FORMER_ADMINS, Recipient.NEW_ADMINS)
    return tuple(Mail(name, each) for each in to)


def test_each_step_tells_those_whom_it_concerns_and_the_suspended_no_advice() -> None:
    off = AccountAction(Action.DEACTIVATE)
    told = {
        "lock": (Mail("locked", Recipient.LICENSEE),),
        "miss_log_in": (
            Mail("log_in_missed", Recipient.ADMINS),
            Mail("log_in_missed", Recipient.STAFF),
        ),
        "plan_departure": both("departure_planned"),
        "cancel_departure": both("departure_canceled"),
        "depart": (off, *both("departed")),
        "plan_leave": both("leave_planned"),
        "cancel_leave": both("leave_canceled"),
        "take_leave": (off, *both("on_leave")),
        "end_leave": both("leave_over"),
        "warn_deletion": both("deletion_warning"),
        "confirm_deletion": (AccountAction(Action.DELETE),),
        "plan_move": all_three("move_planned"),
        "cancel_move": all_three("move_canceled"),
        "miss_move": (Mail("move_missed", Recipient.STAFF),),
        "suspend": (off, *both("suspended")),
    }
    advice = {"expire": "expired", "inactivate": "inactivated", "remind": "expires_soon",
              "notice_idle": "idle"}  # fmt: skip
    for step in WORKFLOW.steps:
        if step.trigger == "move":
            assert step.effects in {(), all_three("moved")}  # judged below
        elif step.trigger == "lift":
            on = (AccountAction(Action.REACTIVATE),) if step.dest in {"active", "locked"} else ()
            assert step.effects == (*on, *both("lifted"))
        elif step.trigger not in advice:
            assert step.effects == told.get(step.trigger, ())
        elif step.source == (licenses.SUSPENDED,):
            assert step.effects == ()
        else:
            assert step.effects == both(advice[step.trigger])


def test_only_who_can_still_renew_is_reminded_and_only_the_active_can_be_idle() -> None:
    sources = {s.trigger: set(s.source) for s in WORKFLOW.steps if s.dest is None}
    assert sources["remind"] == {"active", "locked", "inactive"}
    assert sources["notice_idle"] == {"active"}


@pytest.mark.parametrize("state", [state.name for state in STATES])
def test_a_move_to_another_agency_leaves_the_license_as_it_is(state: str) -> None:
    facts = LicenseFacts()
    assert WORKFLOW.fire(state, "move", attempt(facts, Party.STAFF)).dest == state
    assert after("move", facts) == facts


@pytest.mark.parametrize("trigger", ["move", "plan_move"])
def test_nobody_moves_to_where_no_license_is_left(trigger: str) -> None:
    with pytest.raises(Refused, match="may have are in use"):
        WORKFLOW.fire("active", trigger, attempt(LicenseFacts(full_there=True), Party.STAFF))


def test_somebody_either_leaves_or_moves() -> None:
    with pytest.raises(Refused, match="A departure is reported"):
        WORKFLOW.fire("active", "plan_move", attempt(LicenseFacts(leaving=True), Party.STAFF))
    with pytest.raises(Refused, match="HAND can take that back"):
        WORKFLOW.fire("active", "plan_departure", attempt(LicenseFacts(moving=True), Party.STAFF))
    with pytest.raises(Refused, match="no move to take back"):
        WORKFLOW.fire("active", "cancel_move", attempt(LicenseFacts(), Party.STAFF))


def test_that_a_license_is_given_to_its_first_agency_is_told_to_nobody() -> None:
    given = WORKFLOW.fire("active", "move", attempt(LicenseFacts(unassigned=True), Party.STAFF))
    moved = WORKFLOW.fire("active", "move", attempt(LicenseFacts(), Party.STAFF))
    assert given.step.effects == ()
    assert [effect.to for effect in moved.step.effects if isinstance(effect, Mail)] == [
        Recipient.LICENSEE, Recipient.FORMER_ADMINS, Recipient.NEW_ADMINS
    ]  # fmt: skip


def refusal(trigger: str, facts: LicenseFacts, told: dict[str, str]) -> str:
    attempt = Attempt(frozenset({Party.AGENCY}), NOW, facts, told)
    with pytest.raises(Refused) as refused:
        WORKFLOW.fire(strongest(facts), trigger, attempt)
    return str(refused.value)


def test_who_has_left_neither_leaves_again_nor_goes_on_leave() -> None:
    gone = LicenseFacts(inactive=True, left=True)
    for trigger in ("depart", "plan_departure", "take_leave", "plan_leave"):
        assert "left is on file already" in refusal(trigger, gone, TOLD)


def test_a_report_needs_its_day_and_only_what_is_to_come_is_taken_back() -> None:
    for trigger in ("depart", "plan_departure", "take_leave", "plan_leave"):
        assert refusal(trigger, LicenseFacts(), {}) == "Say from which day on."
    assert "no departure to take back" in refusal("cancel_departure", LicenseFacts(going=True), {})
    assert "no leave to take back" in refusal("cancel_leave", LicenseFacts(leaving=True), {})
    assert "on leave already" in refusal("plan_leave", LicenseFacts(inactive=True, away=True), TOLD)


@pytest.mark.parametrize("state", HELD)
def test_a_missing_log_in_changes_no_license(state: str) -> None:
    facts = LicenseFacts() if state == "active" else LicenseFacts(**{state: True})
    assert WORKFLOW.fire(state, "miss_log_in", attempt(facts)).dest == state
    assert after("miss_log_in", facts) == facts


def test_the_states_are_those_of_the_rules_and_only_deletion_is_an_end() -> None:
    assert [state.name for state in STATES] == [
        "absent", "requested", "not_issued", "active", "locked", "inactive", "expired",
        "suspended", "deleted",
    ]  # fmt: skip
    assert [state.name for state in STATES if state.final] == [licenses.DELETED]
