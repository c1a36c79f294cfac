"""What HAND has to look at, above everything else on its home."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.sweep_hold import waiting_hold
from helpdesk.services import deletions, log_ins
from helpdesk.services.straight import rules
from helpdesk.services.words import day_in_words


@dataclass(frozen=True)
class Notice:
    words: str
    label: str
    url: str


def notices(session: Session, me: Actor) -> list[Notice]:
    return [*_for_managers(session, me), *_for_staff(session, me)]


def _for_managers(session: Session, me: Actor) -> Iterator[Notice]:
    hold = waiting_hold(session) if me.manager else None
    if hold is not None and hold.released_at is None:
        words = f"{hold.changes} of {hold.held} licenses would change at once, so the sweep waits."
        yield Notice(words, "See who it would be", url_for("manage.deadlines"))
    for kind in rules.stopped(session) if me.manager else ():
        words = (f"People found too many faults in samples of {kind.label}, so the desk has "
                 "stopped approving any by itself.")  # fmt: skip
        url = url_for("manage.straight_rule", type_name=kind.name)
        yield Notice(words, "See the rule", url)


def _for_staff(session: Session, me: Actor) -> Iterator[Notice]:
    if not me.staff:
        return
    if to_delete := deletions.count(session):
        many = "1 license waits" if to_delete == 1 else f"{to_delete} licenses wait"
        words = f"{many} for your word whether to delete or keep."
        yield Notice(words, "Licenses to delete", url_for("deletions.index"))
    as_of = log_ins.too_old()
    if as_of is not None:
        words = (f"Log-ins are known up to {day_in_words(as_of)} only, so nobody is made inactive "
                 "for want of one. A manager can import newer ones.")  # fmt: skip
        yield Notice(words, "Imports", url_for("manage.imports"))
