"""Settings that managers changed, laid over what the environment says.

Each process keeps the result and looks for changes now and then; the one that saves a change has
it at once. A row that makes no sense is left aside and logged: nothing here may keep the desk
shut.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from config import BadSetting, Config
from helpdesk.actor import Actor
from helpdesk.extensions import db, now
from helpdesk.models.person import Person
from helpdesk.models.setting import Setting
from helpdesk.services import trace
from helpdesk.services.changeable import CHANGEABLE, ENTRIES, LONGEST, TOGETHER, Changeable
from helpdesk.settings.reading import parse
from helpdesk.settings.sense import check
from helpdesk.transaction import release, transaction

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds
SENSELESS = "Together with the other settings this makes no sense."

Rows = Sequence[tuple[str, str]]


class Unfit(Exception):
    """A value that cannot be taken; the sentence says why."""


@dataclass
class Watch:
    """When this process looked last, by the monotonic clock, and what it found."""

    every: float = LOOK_EVERY
    looked_at: float = float("-inf")
    rows: Rows = ()


@dataclass(frozen=True)
class Standing:
    """A setting as it is. `default`: what it would be without the change; `row`: the change."""

    entry: Changeable
    value: Any
    default: Any
    row: Setting | None
    changed_by: str | None

    @property
    def from_environment(self) -> bool:
        return self.row is None and self.default != self.entry.default


def standings() -> list[Standing]:
    query = select(Setting, Person).outerjoin(Person, Person.id == Setting.changed_by_id)
    rows = {row.name: (row, who) for row, who in db.session.execute(query)}
    base = environment()
    present = laid_over(base, [(row.name, row.value) for row, _who in rows.values()])
    return [_standing(entry, present, base, *rows.get(entry.name, (None, None)))
            for entry in ENTRIES]  # fmt: skip


def _standing(
    entry: Changeable, present: Config, base: Config, row: Setting | None, who: Person | None
) -> Standing:
    value, default = getattr(present, entry.name), getattr(base, entry.name)
    return Standing(entry, value, default, row, who.name if who else None)


def save(name: str, text: str, actor: Actor) -> None:
    """Takes a value, written as in the environment. Raises `Unfit`."""
    with transaction() as session:
        rows = {row.name: row.value for row in session.scalars(_rows())}
        _refuse_unfit({**rows, name: text}, name)
        session.merge(Setting(name=name, value=text, changed_at=now(),
                              changed_by_id=actor.person_id))  # fmt: skip
    refresh()
    trace.changed(actor, f"setting {name}", rows.get(name), text)


def reset(name: str, actor: Actor) -> None:
    """Back to what the environment says. Raises `Unfit` if the others no longer go with that."""
    with transaction() as session:
        rows = {row.name: row.value for row in session.scalars(_rows())}
        before = rows.pop(name, None)
        _refuse_unfit(rows, name)
        row = session.get(Setting, name)
        if row is not None:
            session.delete(row)
    refresh()
    trace.changed(actor, f"setting {name}", before, None)


def _refuse_unfit(texts: dict[str, str], judged: str) -> None:
    """Raises `Unfit` unless this one goes with the rest; bad rows of old stand in nobody's way."""
    values = {}
    for name, text in texts.items():
        try:
            values[name] = read(name, text)
        except Unfit:
            if name == judged:
                raise
    fault = _fault(replace(environment(), **values))
    if fault:
        raise Unfit(fault)


def read(name: str, text: str) -> Any:
    """The value of a text. Raises `Unfit`."""
    entry = CHANGEABLE.get(name)
    if entry is None:
        raise Unfit("This setting cannot be changed here.")
    try:
        value = parse(name, text)
    except BadSetting:
        raise Unfit("This cannot be read.") from None
    fault = _text_fault(entry, value) if isinstance(value, str) else _out_of_bounds(entry, value)
    fault = fault or (entry.check(value) if entry.check else None)
    if fault:
        raise Unfit(fault)
    return value


def _out_of_bounds(entry: Changeable, value: Any) -> str | None:
    if entry.least is None or entry.least <= value <= entry.most:
        return None
    least, most = entry.in_words(entry.least), entry.in_words(entry.most)
    return f"Choose between {least} and {most}."


def _text_fault(entry: Changeable, text: str) -> str | None:
    if not text.strip() and not entry.blank:
        return "This cannot be left blank."
    if len(text) > LONGEST or not text.isprintable():
        return f"Write at most {LONGEST} characters, on one line."
    return None


def laid_over(base: Config, rows: Rows) -> Config:
    """The settings with these rows over them, as far as they make sense."""
    values = {}
    for name, text in rows:
        try:
            values[name] = read(name, text)
        except Unfit as why:
            log.warning("the changed setting %s is left aside: %s", name, why)
    together = replace(base, **values)
    return together if not values or _fault(together) is None else _one_by_one(base, values)


def _one_by_one(base: Config, values: dict[str, Any]) -> Config:
    """Those that go together, oldest first."""
    for name, value in values.items():
        candidate = replace(base, **{name: value})
        if fault := _fault(candidate):
            log.warning("the changed setting %s is left aside: %s", name, fault)
        else:
            base = candidate
    return base


def _fault(candidate: Config) -> str | None:
    for holds, sentence in TOGETHER:
        if not holds(candidate):
            return sentence
    try:
        check(candidate)
    except BadSetting:
        return SENSELESS
    return None


def environment() -> Config:
    """The settings without any change of a manager's."""
    return cast(Config, current_app.extensions["environment"])


def refresh() -> None:
    """Looks now."""
    watch = _watch()
    watch.looked_at = time.monotonic()
    rows = [(row.name, row.value) for row in db.session.scalars(_rows())]
    if rows != list(watch.rows):
        current_app.extensions["settings"] = laid_over(environment(), rows)
        watch.rows = rows


def refresh_if_due() -> None:
    """Looks unless this process did a moment ago. A database that is away changes nothing."""
    watch = _watch()
    if time.monotonic() - watch.looked_at < watch.every:
        return
    try:
        refresh()
    except SQLAlchemyError:
        log.warning("the changed settings could not be read", exc_info=True)
        release()


def _watch() -> Watch:
    return cast(Watch, current_app.extensions.setdefault("overlay", Watch()))


def _rows() -> Any:
    return select(Setting).order_by(Setting.changed_at, Setting.name)
