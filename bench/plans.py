"""Who asks for what, and when: the tickets of a filled database before they are written down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bench.people import Someone, Town
from bench.scale import ROWS, Scale
from bench.ways import DONE, ENDED, OPEN, TYPES, WATCHED, Turn, draw, draw_type, taken_by, turns
from workflows.engine import Party
from workflows.guards import NEW_PASSWORD, NEW_USER, RECERTIFY
from workflows.license import HELD, REQUESTED

YEARS = timedelta(days=3 * 365)
LATELY = timedelta(days=6)
SETTLED = timedelta(days=2)
STEP_EVERY = timedelta(hours=3)
FIRST_EVENT = 1 << 20
"""The events of licenses have smaller ids."""


@dataclass(frozen=True)
class Plan:
    """A ticket about to be written down; ids of its events begin after `first_event`."""

    id: int
    type: str
    way: tuple[str, ...]
    about: Someone
    filer: Someone
    assignee: Someone
    began: datetime
    first_event: int

    @property
    def turns(self) -> list[Turn]:
        return turns(self.type, self.way)

    def actor(self, turn: Turn) -> Someone | None:
        party = taken_by(turn.step)
        return {Party.AGENCY: self.filer, Party.STAFF: self.assignee}.get(party)

    def at(self, version: int) -> datetime:
        return self.began + STEP_EVERY * (version - 1)


def plans(town: Town, scale: Scale, moment: datetime, dice: Random) -> Iterator[Plan]:
    """Ended ones first, oldest first; then the open ones, the watched ones at the end."""
    first_event = FIRST_EVENT
    newcomers = (s for s in town.licensees[scale.watched :] if town.states[s.id] in HELD)
    for number in range(1, scale.tickets + 1):
        asked = (
            _ended(number, town, scale, dice, newcomers)
            if number <= scale.ended
            else _open(number - scale.ended - 1, town, scale, dice)
        )
        if asked.type == NEW_USER:
            town.admitted[asked.about.id] = number
        yield Plan(
            id=number,
            type=asked.type,
            way=asked.way,
            about=asked.about,
            filer=town.admins[asked.about.agency_id],
            assignee=dice.choice(town.staff[:-1]),
            began=_began(number, scale, moment),
            first_event=first_event,
        )
        first_event += len(asked.way)


def _began(number: int, scale: Scale, moment: datetime) -> datetime:
    """Spread evenly: the ended ones over the years, the open ones over the last days."""
    if number <= scale.ended:
        return moment - LATELY - SETTLED - YEARS * (1 - number / scale.ended)
    return moment - timedelta(days=1) - LATELY * (1 - (number - scale.ended) / scale.open)


@dataclass(frozen=True)
class Asked:
    type: str
    way: tuple[str, ...]
    about: Someone


def _ended(
    number: int, town: Town, scale: Scale, dice: Random, newcomers: Iterator[Someone]
) -> Asked:
    """The first ones are the watched licensees' earlier tickets. Nobody is new twice."""
    if number <= scale.watched * ROWS:
        about = town.licensees[number % scale.watched]
        return Asked(NEW_PASSWORD, draw(ENDED, dice), about)
    type_name = draw_type(dice)
    if type_name != NEW_USER:
        return Asked(type_name, draw(ENDED, dice), dice.choice(town.licensees))
    newcomer = next(newcomers, None)
    if newcomer is None:
        return Asked(RECERTIFY, draw(ENDED, dice), dice.choice(town.licensees))
    return Asked(NEW_USER, ("submit", "take", *DONE), newcomer)


def _open(place: int, town: Town, scale: Scale, dice: Random) -> Asked:
    """Nobody has two; the first agency has the watched ones alone. Whose license is asked for by
    now is a newcomer."""
    from_end = scale.open - 1 - place
    if from_end < scale.watched:
        about = town.licensees[from_end]
        type_name = NEW_USER if town.states[about.id] == REQUESTED else list(TYPES)[from_end % 3]
        return Asked(type_name, WATCHED, about)
    others = [s for s in town.licensees[scale.watched :] if s.agency_id != 1]
    about = others[place]
    if town.states[about.id] == REQUESTED:
        return Asked(NEW_USER, draw(OPEN, dice), about)
    return Asked(dice.choice([t for t in TYPES if t != NEW_USER]), draw(OPEN, dice), about)
