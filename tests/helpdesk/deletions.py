"""What tests of deletions begin with: licenses long unused, and the steps to their end."""

from datetime import timedelta

from helpdesk.extensions import now
from helpdesk.models.effect import Effect, Kind
from helpdesk.models.person import Person
from helpdesk.services import deletions
from tests.factories import Cast
from tests.helpdesk.calendar import DAY, change, license_row, someone
from tests.helpdesk.owed import effects
from workflows import license as life

A_WEEK = timedelta(days=7)
PROPOSED = ["warn_deletion", "propose_deletion"]
CONFIRMED = [*PROPOSED, "confirm_deletion"]


def unused(cast: Cast, days: int, state: str = life.INACTIVE) -> Person:
    """Somebody whose license has been inactive or expired for so long."""
    who = someone(cast, state, idle=days + 36)
    change(who, **{f"{state}_at": now() - days * DAY})
    return who


def confirm(who: Person, cast: Cast) -> list[str]:
    return deletions.confirm([license_row(who).id], cast.sam)[1]


def action(who: Person) -> Effect:
    return effects(person_id=who.id, kind=Kind.ACCOUNT)[-1]
