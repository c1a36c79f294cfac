"""How many files a request takes, and how much a person may send that is not filed yet."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from helpdesk.documents.errors import NotAllowed
from helpdesk.extensions import now, settings
from helpdesk.models.document import Document
from helpdesk.services.words import size_in_words

TAKEN = select(
    func.count().filter(Document.form_key == bindparam("form_key")),
    func.sum(Document.size).filter(Document.created_at > bindparam("since")),
).where(Document.owner_id == bindparam("owner_id"), Document.ticket_id.is_(None))
"""How many files a form has, and how many bytes its owner has sent lately for all forms."""


@dataclass
class Room:
    """What there is already: documents the request `held` before, `drafts` on its form, and bytes
    its sender has `used` lately."""

    held: int
    drafts: int
    used: int

    def take(self, size: int) -> None:
        """For one more file. Raises `NotAllowed` when a form has all it can take, or a person has
        sent very much."""
        if sentence := too_many(self.held, self.drafts + 1):
            raise NotAllowed(sentence)
        quota = settings().DRAFTS_MAX_BYTES
        if self.used + size > quota:
            raise NotAllowed(
                f"You have added {size_in_words(quota)} within a day to requests that are not sent"
                " yet, and that is all we keep. Please send them, or try again tomorrow."
            )
        self.drafts += 1
        self.used += size


def room_on(session: Session, owner_id: int, form_key: str, held: int) -> Room:
    since = now() - settings().DRAFTS_KEPT
    asked = {"owner_id": owner_id, "form_key": form_key, "since": since}
    drafts, used = session.connection().execute(TAKEN, asked).one()
    return Room(held, drafts, used or 0)


def too_many(held: int, new: int) -> str | None:
    """Why a request that has `held` documents cannot take `new` ones more; None if it can."""
    most = settings().DOCUMENTS_PER_TICKET
    if held + new <= most:
        return None
    if held == 0:
        return f"A request takes {most} files. Please remove one before adding another."
    if held >= most:
        return f"This request has {held} files, and takes no more. Ask HAND how to send the rest."
    room = most - held
    return f"A request takes {most} files, and this one has {held}. Please add {room} at most."
