"""The decision table of filing: type, state of the license, who, and by which way.

The table is HAND's, written out; the expected answer is read from it, never from a definition.
"""

from dataclasses import replace

import pytest

from helpdesk.actor import THE_DESK, Actor, Channel
from tests.workflows.fitting import FITTING, filing
from tests.workflows.making import NOW, ticket_facts
from workflows.engine import Attempt, Reason, Refused
from workflows.registry import ticket_types

NEW_USER, PASSWORD = "new_user_license", "request_new_password"
REACTIVATE, RECERTIFY = "reactivate_license", "recertification"

ALLOWED = {
    NEW_USER: {"absent", "not_issued", "deleted"},
    PASSWORD: {"active", "locked"},
    REACTIVATE: {"inactive"},
    RECERTIFY: {"active", "expired"},
}
INSTEAD = {
    "absent": NEW_USER, "not_issued": NEW_USER, "deleted": NEW_USER, "requested": None,
    "active": PASSWORD, "locked": PASSWORD, "inactive": REACTIVATE, "expired": RECERTIFY,
    "suspended": None,
}  # fmt: skip

HARBOR, OTHER = 1, 2
ANN, DANA, SAM = 1, 2, 3
WHO = {
    "the agency's admin": Actor(DANA, "Dana", Channel.WEB, agencies={HARBOR: "Harbor"}),
    "an admin for themselves": Actor(ANN, "Ann", Channel.WEB, agencies={HARBOR: "Harbor"},
                                     licensee=True),
    "the licensee": Actor(ANN, "Ann", Channel.WEB, licensee=True),
    "the licensee by a mailed link": Actor(ANN, "Ann", Channel.LINK, licensee=True),
    "staff": Actor(SAM, "Sam", Channel.WEB, staff=True),
    "a manager": Actor(SAM, "Morgan", Channel.WEB, staff=True, manager=True),
    "staff for themselves": Actor(ANN, "Ann", Channel.WEB, staff=True, licensee=True),
    "nobody but a manager": Actor(SAM, "Morgan", Channel.WEB, manager=True),
    "another agency's admin": Actor(DANA, "Dana", Channel.WEB, agencies={OTHER: "Other"}),
    "another licensee": Actor(DANA, "Dana", Channel.WEB, licensee=True),
    "another licensee by a link": Actor(DANA, "Dana", Channel.LINK, licensee=True),
    "the desk itself": THE_DESK,
}  # fmt: skip
FOR_OTHERS = {"the agency's admin", "staff", "a manager"}
FOR_THEMSELVES = {
    "an admin for themselves", "the licensee", "the licensee by a mailed link",
    "staff for themselves",
}  # fmt: skip
MAY = {
    NEW_USER: FOR_OTHERS,
    PASSWORD: FOR_OTHERS | FOR_THEMSELVES,
    REACTIVATE: FOR_OTHERS,
    RECERTIFY: FOR_OTHERS | FOR_THEMSELVES,
}
NOT_FOR_THEMSELVES = {"an admin for themselves", "staff for themselves"}
"""They have the right to file it, and not for themselves."""


def reasons(name: str, state: str, actor: Actor) -> tuple[Reason, ...]:
    """Why Ann's request is not filed by the one who acts; nothing if it is."""
    filers = frozenset() if actor.person_id is None else frozenset({actor.person_id})
    facts = ticket_facts(
        **filing(name, license_state=state),
        actor_id=actor.person_id, filer_ids=filers, assignee_id=None,
    )  # fmt: skip
    attempt = Attempt(actor.parties(HARBOR, ANN), NOW, facts)
    try:
        move = ticket_types()[name].workflow.fire("new", "submit", attempt)
    except Refused as refused:
        return refused.reasons
    assert move.dest == "submitted"
    return ()


def test_the_table_is_about_every_type_and_every_state() -> None:
    assert set(ALLOWED) == set(MAY) == set(ticket_types()) == set(FITTING)
    assert all(states < set(INSTEAD) for states in ALLOWED.values())
    assert len(INSTEAD) == 9


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("state", INSTEAD)
@pytest.mark.parametrize("name", ALLOWED)
def test_it_is_filed_or_refused_as_the_table_says(name: str, state: str, who: str) -> None:
    found = reasons(name, state, WHO[who])
    fits, may = state in ALLOWED[name], who in MAY[name]
    if fits and may:
        assert found == ()
    elif may:
        assert [reason.instead for reason in found] == [INSTEAD[state]]
    elif who in NOT_FOR_THEMSELVES:
        assert found[-1].sentence == (
            "Nobody files this for themselves. Ask HAND to file it for you."
        )
        assert [r.instead for r in found[:-1]] == ([] if fits else [INSTEAD[state]])
    else:
        (reason,) = found  # and not a word about the license
        assert reason.sentence.startswith("“Send request to HAND” is for ")


@pytest.mark.parametrize("name", [NEW_USER, REACTIVATE])
def test_not_even_on_behalf_of_the_licensee_is_it_their_own_request(name: str) -> None:
    """Staff enter it, Ann asks: it would still be Ann's word for Ann."""
    facts = ticket_facts(**filing(name), actor_id=SAM, filer_ids=frozenset({SAM, ANN}))
    attempt = Attempt(WHO["staff"].parties(HARBOR, ANN), NOW, facts)
    with pytest.raises(Refused, match="Nobody files this for themselves"):
        ticket_types()[name].workflow.fire("new", "submit", attempt)


@pytest.mark.parametrize("name", ALLOWED)
def test_a_person_who_is_several_things_may_what_each_of_them_may(name: str) -> None:
    agencies = {HARBOR: "Harbor", OTHER: "Other"}
    both = replace(WHO["another agency's admin"], agencies=agencies, staff=True)
    assert reasons(name, min(ALLOWED[name]), both) == ()
