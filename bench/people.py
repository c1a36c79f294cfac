"""Agencies, people, their accounts, roles and licenses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import Connection

from bench.rows import Row, insert, move
from bench.scale import Scale
from helpdesk.actor import THE_DESK
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person, email_key
from helpdesk.models.role import Grant, Role
from helpdesk.models.ticket import number_of
from helpdesk.services import passwords
from workflows import license as life

CROWDED = 3
"""The agency that most people are of."""

PASSWORD = "nine quiet herons cross the ice"
FIRST = ("Ana", "Bo", "Chidi", "Dolores", "Emeka", "Fatima", "Gwen", "Henrique", "Ines", "Jamal")
LAST = ("Abernathy", "Boyd", "Castellanos", "Diaz", "Ellsworth", "Fontaine", "Grigoryan", "Hughes")
AGENCIES = ("Harbor House", "Cass Shelter", "Northside Outreach", "Woodward Housing", "New Doors")
LEVELS = ("agency_staff", "case_manager_1", "case_manager_2", "volunteer", "read_only")

WAYS: dict[str, tuple[tuple[str, ...], int]] = {
    life.ACTIVE: (("request", "create"), 70),
    life.LOCKED: (("request", "create", "lock"), 8),
    life.INACTIVE: (("request", "create", "inactivate"), 8),
    life.EXPIRED: (("request", "create", "expire"), 8),
    life.SUSPENDED: (("request", "create", "suspend"), 1),
    life.REQUESTED: (("request",), 3),
    life.DELETED: (("request", "create", "note_deletion"), 2),
}
"""How a license came to its state, and how many of a hundred are in it."""

FACTS = {"lock": "locked_at", "inactivate": "inactive_at", "expire": "expired_at",
         "suspend": "suspended_at", "note_deletion": "deleted_at",
         "create": "issued_at"}  # fmt: skip


@dataclass(frozen=True)
class Someone:
    id: int
    name: str
    agency_id: int


@dataclass(frozen=True)
class Town:
    """Everybody there is. `admins` by agency; `states` are those of the licensees' licenses;
    `admitted`: the ticket that asked for a license, by the person who was new."""

    licensees: list[Someone]
    admins: dict[int, Someone]
    staff: list[Someone]
    states: dict[int, str]
    agencies: dict[int, str]
    admitted: dict[int, int] = field(default_factory=dict)


def settle_town(link: Connection, scale: Scale, moment: datetime, dice: Random) -> Town:
    town = _town(scale, dice)
    everybody = [*town.licensees, *town.admins.values(), *town.staff]
    insert(link, Agency, [{"id": i, "name": name, "active": True}
                          for i, name in town.agencies.items()])  # fmt: skip
    insert(link, Person, [_person(someone, moment) for someone in everybody])
    hashed = passwords.hash_password(PASSWORD)
    insert(link, Account, [_account(s, hashed, town.states.get(s.id)) for s in everybody])
    insert(link, Grant, list(_grants(town)))
    insert(link, License, [_license(s, town.states[s.id], moment, dice) for s in town.licensees])
    return town


def tell_lives(link: Connection, town: Town, moment: datetime) -> None:
    """The histories of the licenses, once it is known which tickets began them."""
    insert(link, Event, list(_events(town, moment)))
    move(link, License)


def username(person_id: int) -> str:
    return f"person.{person_id}"


def _town(scale: Scale, dice: Random) -> Town:
    """The watched ones come first, all of the first agency and with a license that can be used."""
    agencies = {i: f"{AGENCIES[i % len(AGENCIES)]} {i}" for i in range(1, scale.agencies + 1)}
    licensees = [_someone(i, _agency_of(i, scale)) for i in range(1, scale.people + 1)]
    first = scale.people + 1
    admins = {i: _someone(first + i, i) for i in agencies}
    first += scale.agencies + 1
    states, weights = list(WAYS), [weight for _way, weight in WAYS.values()]
    drawn = dice.choices(states, weights, k=scale.people)
    return Town(
        licensees,
        admins,
        [_someone(first + i, 0) for i in range(scale.staff)],
        {s.id: _watched_state(s.id) if s.id <= scale.watched else state
         for s, state in zip(licensees, drawn, strict=True)},
        agencies,
    )  # fmt: skip


def _agency_of(number: int, scale: Scale) -> int:
    if number <= scale.watched:
        return 1
    return CROWDED if number > scale.people - scale.crowd else 1 + number % scale.agencies


def _watched_state(number: int) -> str:
    """One of four is new, so that each type is among the watched ones' tickets."""
    return life.REQUESTED if number % 4 == 0 else life.ACTIVE


def _someone(number: int, agency_id: int) -> Someone:
    name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
    return Someone(number, name, agency_id)


def _person(someone: Someone, moment: datetime) -> Row:
    first, last = someone.name.split()
    address = f"{username(someone.id)}@agency{someone.agency_id}.example"
    return {
        "id": someone.id,
        "username": username(someone.id),
        "first_name": first,
        "last_name": last,
        "email": address,
        "email_key": email_key(address),
        "phone": "313 555 0100",
        "created_at": moment - timedelta(days=1500),
    }


def _account(someone: Someone, hashed: str, state: str | None) -> Row:
    return {
        "person_id": someone.id,
        "password_hash": hashed,
        "disabled": False,
        "hmis_access": state in life.HELD,
        "bad_attempts": 3 if state == life.LOCKED else 0,
    }


def _grants(town: Town) -> Iterator[Row]:
    for agency_id, admin in town.admins.items():
        yield {"person_id": admin.id, "role": Role.AGENCY_ADMIN, "agency_id": agency_id}
    for place, someone in enumerate(town.staff):
        role = Role.STAFF if place else Role.MANAGER
        yield {"person_id": someone.id, "role": role, "agency_id": None}


def _license(someone: Someone, state: str, moment: datetime, dice: Random) -> Row:
    way = WAYS[state][0]
    facts = {column: moment - timedelta(days=20) if trigger in way else None
             for trigger, column in FACTS.items()}  # fmt: skip
    held = state in life.HELD
    days = -20 if state == life.EXPIRED else dice.randrange(5, 300)
    return {
        "id": someone.id,
        "person_id": someone.id,
        "agency_id": someone.agency_id,
        "access_level": dice.choice(LEVELS) if held else None,
        "last_login_at": moment - timedelta(days=dice.randrange(1, 30)) if held else None,
        "expires_on": (moment + timedelta(days=days)).date() if held else None,
        **facts,
    }


def _events(town: Town, moment: datetime) -> Iterator[Row]:
    ids = count(1)
    for someone in town.licensees:
        state = life.ABSENT
        for version, trigger in enumerate(WAYS[town.states[someone.id]][0], 1):
            reached = _reached(state, trigger)
            yield {
                "id": next(ids),
                "ticket_id": None,
                "license_id": someone.id,
                "version": version,
                "trigger": trigger,
                "from_state": state,
                "to_state": reached,
                "actor_id": None,
                "actor_name": THE_DESK.name,
                "channel": THE_DESK.channel,
                "at": moment - timedelta(days=21 - version),
                "data": _data(town, someone, trigger),
            }
            state = reached


def _data(town: Town, someone: Someone, trigger: str) -> Row:
    number = town.admitted.get(someone.id)
    return {"ticket": number_of(number)} if number and trigger == "request" else {}


def _reached(state: str, trigger: str) -> str:
    facts = life.after(trigger, life.LicenseFacts())
    if trigger in life.CHANGES:
        return life.strongest(facts)
    step = life.WORKFLOW.step_from(state, trigger)
    assert step is not None, f"{trigger} from {state}"
    return step.dest or state
