"""Who has signed a ticket's worksheet, by a mailed link or otherwise, and who is still asked, for
`partials/signatures.html`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from helpdesk.actor import Actor
from helpdesk.models.document import Document
from helpdesk.models.reading import How
from helpdesk.models.signature_request import SignatureRequest
from helpdesk.services import waiting
from helpdesk.services.signature_requests import left_office
from helpdesk.services.words import short_moment
from helpdesk.services.worksheets import replaced as replaced_worksheets
from helpdesk.views.show import pieces
from helpdesk.views.show.ticket_base import Seen, can, question, step_url
from workflows.common import WAITING
from workflows.signing import ADMIN, ON_PAGE, SIGNATURE, SIGNED_BY, says, signers, title_of, where
from workflows.signing_steps import ASK_AGAIN, UNSIGNED


@dataclass(frozen=True)
class SignatureShown:
    """`look`: signed, asked or declined; left, who was asked as the admin and is none any more;
    here or paper, without a link. `address`: where the link went; empty where none did. `reason`:
    why they said that they can’t sign. `ask_url`: where they are asked again, by who may do that.
    `replaced`: what they signed is not the worksheet that counts. `mine`: it is the reader who is
    asked. `movable`: another address can be typed. `how`: they signed at the page itself."""

    title: str
    name: str
    address: str
    typed: bool
    look: str
    when: pieces.When | None = None
    reason: str = ""
    ask_url: str = ""
    replaced: bool = False
    mine: bool = False
    movable: bool = False
    how: str = ""


def signatures_shown(seen: Seen) -> list[SignatureShown]:
    url = step_url(seen.ticket, ASK_AGAIN) if can(seen, ASK_AGAIN) else ""
    earlier = replaced_worksheets(seen.people.documents)
    rows = [row for row in seen.people.signers if row.ended_at is None]
    shown = [_shown(row, url, seen.me, replaced=row.document_id in earlier) for row in rows]
    left = _left(seen, rows)
    shown = [replace(line, look="left", ask_url="", mine=False) if row.id in left else line
             for row, line in zip(rows, shown, strict=True)]  # fmt: skip
    sheets = (each for each in seen.people.documents if each.id not in earlier and not each.gone)
    return [*(line for each in sheets for line in _without_link(each)), *shown]


def _left(seen: Seen, rows: Iterable[SignatureRequest]) -> set[int]:
    """The ids of those that ask for the signature of somebody who is no admin any more."""
    asked = [row for row in rows if row.outstanding and row.who == ADMIN]
    gone = left_office(seen.session, asked, seen.ticket.agency_id)
    return {row.id for row in asked if row.person_id in gone}


def _without_link(document: Document) -> Iterator[SignatureShown]:
    """Of a worksheet that was filled in on its page: who signed there, or on paper."""
    reading = document.reading
    if reading is None or reading.how is not How.WEB or reading.sheet is None:
        return
    texts = reading.texts
    for who in signers(reading.sheet):
        place, name = texts.get(where(who), ""), texts.get(f"{who}{SIGNATURE}", "")
        if place == ON_PAGE:
            yield SignatureShown(title_of(who), "", "", typed=False, look="paper")
        elif name and place not in SIGNED_BY:
            yield SignatureShown(title_of(who), name, "", typed=False, look="here",
                                 how=texts.get(says(who), ""))  # fmt: skip


def _shown(row: SignatureRequest, url: str, reader: Actor, *, replaced: bool) -> SignatureShown:
    title = title_of(row.who)
    look = "signed" if row.signed_at else "declined" if row.declined_at else "asked"
    at = row.signed_at or row.declined_at or row.sent_at or row.asked_at
    again = f"{url}?who={row.who}" if url and row.signed_at is None else ""
    mailed_to = row.address if row.sent else ""
    return SignatureShown(title, row.name, mailed_to, row.typed, look, pieces.when(at),
                          row.declined, again, replaced, mine=look == "asked"
                          and row.person_id == reader.person_id,
                          movable=row.person_id is None)  # fmt: skip


def unsigned_in_words(rows: Sequence[SignatureRequest], reader: int | None) -> str:
    """Whose move it is, of a request that waits for these signatures."""
    if any(row.person_id == reader and not row.declined for row in rows):
        return "Your signature is needed."
    refused = [row.name for row in rows if row.declined]
    if refused:
        return f"{' and '.join(refused)} can’t sign. Fill in the worksheet anew, or ask again."
    has = "have" if len(rows) > 1 else "has"
    return f"{' and '.join(row.name for row in rows)} {has} still to sign."


def refusals(seen: Seen) -> list[SignatureRequest]:
    """Of a request that waits for signatures: who said that they can’t sign, the latest first."""
    rows = [row for row in seen.people.signers if row.outstanding and row.declined_at]
    return list(reversed(rows)) if awaits_signatures(seen) else []


def awaits_signatures(seen: Seen) -> bool:
    """Whether it waits for nothing but them."""
    return seen.ticket.state == WAITING and question(seen).trigger == UNSIGNED


def whose_turn(seen: Seen, signatures: Sequence[SignatureShown]) -> str:
    """Of a request that waits on whoever filed it."""
    state = seen.kind.workflow.state(seen.ticket.state)
    ends = short_moment(waiting.ends(question(seen).at))
    if refused := refusals(seen):
        return f"{refused[0].name} can’t sign. Your turn: answer by {ends}, or it is closed."
    if not awaits_signatures(seen):
        return f"{state.says} Please answer by {ends}; after that it is closed."
    if any(each.look == "left" for each in signatures):
        return f"Another admin has to sign. Your turn: answer by {ends}, or it is closed."
    return f"Others have still to sign: by {ends}, or it is closed. They are reminded."
