"""A license that HAND takes out of use after a breach of the code of ethics, and gives back.

Staff suspend, a manager lifts. The reason stays among HAND; the words for the person and the
agency's admins, if any, are in their mail.
"""

from dataclasses import dataclass

from helpdesk.actor import Actor
from helpdesk.models.license import License
from helpdesk.services import licenses


@dataclass(frozen=True)
class Why:
    """`reason` is for HAND's history; `said` is mailed."""

    reason: str
    said: str = ""

    @property
    def data(self) -> dict[str, str | None]:
        return {"message": self.reason, "said": self.said or None}


def suspend(license_id: int, why: Why, actor: Actor) -> License:
    """Sessions and links end at once, and the account is shut where it lives. Raises `Refused`."""
    return licenses.act(license_id, "suspend", actor, why.data)


def lift(license_id: int, why: Why, actor: Actor) -> License:
    """What else is so about the license shows again; the account opens if nothing is. Raises
    `Refused`."""
    return licenses.act(license_id, "lift", actor, why.data)
