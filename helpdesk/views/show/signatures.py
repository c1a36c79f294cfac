"""Who has signed a ticket's worksheet by a mailed link, and who is still asked, for
`partials/signatures.html`."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.models.signature_request import SignatureRequest
from helpdesk.services.worksheets import replaced as replaced_worksheets
from helpdesk.views.show import pieces
from helpdesk.views.show.ticket_base import Seen, can, question, step_url
from workflows.common import WAITING
from workflows.signing import title_of
from workflows.signing_steps import ASK_AGAIN, UNSIGNED


@dataclass(frozen=True)
class SignatureShown:
    """`look`: signed, asked or declined. `address`: where the link went. `reason`: why they said
    that they can’t sign. `ask_url`: where they are asked again, by who may do that. `replaced`:
    what they signed is not the worksheet that counts."""

    title: str
    name: str
    address: str
    typed: bool
    look: str
    when: pieces.When
    reason: str = ""
    ask_url: str = ""
    replaced: bool = False


def signatures_shown(seen: Seen) -> list[SignatureShown]:
    url = step_url(seen.ticket, ASK_AGAIN) if can(seen, ASK_AGAIN) else ""
    earlier = replaced_worksheets(seen.people.documents)
    return [_shown(row, url, replaced=row.document_id in earlier)
            for row in seen.people.signers if row.ended_at is None]  # fmt: skip


def _shown(row: SignatureRequest, url: str, *, replaced: bool) -> SignatureShown:
    title = title_of(row.who)
    look = "signed" if row.signed_at else "declined" if row.declined_at else "asked"
    at = row.signed_at or row.declined_at or row.sent_at or row.asked_at
    again = f"{url}?who={row.who}" if url and row.signed_at is None else ""
    return SignatureShown(title, row.name, row.address, row.typed, look, pieces.when(at),
                          row.declined, again, replaced)  # fmt: skip


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
