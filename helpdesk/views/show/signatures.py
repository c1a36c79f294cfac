"""Who has signed a ticket's worksheet by a mailed link, and who is still asked, for
`partials/signatures.html`."""

from dataclasses import dataclass

from helpdesk.models.signature_request import SignatureRequest, signature_requests
from helpdesk.views.show import pieces
from helpdesk.views.show.ticket_base import Seen, can, question, step_url
from workflows.common import WAITING
from workflows.signing import SIGNED_BY, SIGNERS, where
from workflows.signing_steps import ASK_AGAIN, UNSIGNED


@dataclass(frozen=True)
class SignatureShown:
    """`look`: signed, asked or declined. `address`: where the link went. `reason`: why they said
    that they can’t sign. `ask_url`: where they are asked again, by who may do that."""

    title: str
    name: str
    address: str
    typed: bool
    look: str
    when: pieces.When
    reason: str = ""
    ask_url: str = ""


def signatures_shown(seen: Seen) -> list[SignatureShown]:
    """Nothing is looked up where nobody was asked."""
    if not any(_asks(document.reading.texts) for document in seen.people.documents
               if document.reading):  # fmt: skip
        return []
    rows = signature_requests(seen.session, seen.ticket.id)
    url = step_url(seen.ticket, ASK_AGAIN) if can(seen, ASK_AGAIN) else ""
    return [_shown(row, url) for row in rows if row.ended_at is None]


def _asks(texts: dict[str, str]) -> bool:
    return any(texts.get(where(who)) in SIGNED_BY for who in SIGNERS)


def _shown(row: SignatureRequest, url: str) -> SignatureShown:
    title = SIGNERS[row.who].removeprefix("the ").capitalize()
    look = "signed" if row.signed_at else "declined" if row.declined_at else "asked"
    at = row.signed_at or row.declined_at or row.sent_at or row.asked_at
    again = f"{url}?who={row.who}" if url and row.signed_at is None else ""
    return SignatureShown(title, row.name, row.address, row.typed, look, pieces.when(at),
                          row.declined, again)  # fmt: skip


def awaits_signatures(seen: Seen) -> bool:
    """Whether it waits for nothing but them."""
    return seen.ticket.state == WAITING and question(seen).trigger == UNSIGNED
