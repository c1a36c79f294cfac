"""Worksheets that are filled in on a page: kept while they are, and put to the form as a document.

The document is a PDF for people. What programs know of it comes from the page, not from the PDF.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.actor import Actor, Channel
from helpdesk.documents.errors import NotAllowed
from helpdesk.extensions import db, now, settings
from helpdesk.models.document import Document
from helpdesk.models.person import Person
from helpdesk.models.reading import How
from helpdesk.models.sheet_draft import SheetDraft, sheet_draft
from helpdesk.models.ticket import Ticket
from helpdesk.services import drafts
from helpdesk.services.drafts import FORM_KEY, Upload
from helpdesk.services.facts import people_of, ticket_facts
from helpdesk.services.filing_facts import Brought, filing_facts
from helpdesk.services.words import clock_in_words, day_in_words
from helpdesk.services.worksheets import web_reading
from helpdesk.transaction import hold, transaction
from helpdesk.worksheets.code import Made, check_code
from workflows.checking import Check
from workflows.signing import BY_LINK, BY_TYPED_LINK, ON_PAGE, SIGNERS, says, where
from workflows.ticket_type import TicketType
from workflows.worksheets import MOST_COURSES, Sheet


@dataclass(frozen=True)
class Page:
    """Which worksheet of which form is filled in, and whose form it is."""

    owner: Actor
    form_key: str
    sheet: Sheet

    @property
    def owner_id(self) -> int:
        assert self.owner.person_id is not None, "the desk itself fills nothing in"
        return self.owner.person_id


@dataclass(frozen=True)
class Filled:
    """`texts` by the names of the blanks, with the courses on their lines."""

    texts: Mapping[str, str]
    code: str


def typed_before(page: Page) -> dict[str, str]:
    """What was typed when the worksheet was left, by the names of the inputs."""
    draft = sheet_draft(db.session(), page.owner_id, page.form_key, page.sheet.paper)
    return dict(draft.typed) if draft else {}


def remember(page: Page, typed: Mapping[str, str]) -> None:
    """Nothing of a form whose key was lost: nobody could find it again."""
    if not FORM_KEY.fullmatch(page.form_key):
        return
    with transaction() as session:
        hold(session, Person.id, page.owner_id)
        draft = sheet_draft(session, page.owner_id, page.form_key, page.sheet.paper)
        if draft is None:
            draft = SheetDraft(
                owner_id=page.owner_id, form_key=page.form_key, paper=page.sheet.paper
            )
            session.add(draft)
        draft.typed = dict(typed)


def code_for(sheet: Sheet, username: str | None, level: str | None) -> str:
    made = Made(sheet.number, sheet.version, username or "", level or "")
    return check_code(settings().SECRET_KEY, made)


def how_signed(session: Session, actor: Actor) -> str:
    """What the paper says beside a name that was typed."""
    username = session.get_one(Person, actor.person_id).username
    came = f"signed in as {username}" if username else "signed in"
    if actor.channel is Channel.LINK:
        came = "by a link that was mailed to them"
    moment = now()
    return f"Signed electronically, {came}, {day_in_words(moment)}, {clock_in_words(moment)}."


def checks(
    kind: TicketType, person: Person | None, page: Page, filled: Filled, brought: Brought
) -> list[Check]:
    """What would be said of the worksheet if it came with the request as it stands."""
    reading = web_reading(page.sheet, filled.texts, filled.code)
    unkept = Document(id=0, kind=page.sheet.paper, reading=reading)
    brought = replace(brought, documents=[unkept])
    facts = filing_facts(db.session(), kind, person, page.owner, brought)
    return [check for judged in facts.worksheets for check in judged.checks]


def checks_for(
    ticket: Ticket, page: Page, filled: Filled, brought: Mapping[str, Any]
) -> list[Check]:
    """The same where it comes with an answer, which brings these fields anew."""
    reading = web_reading(page.sheet, filled.texts, filled.code)
    unkept = Document(id=0, kind=page.sheet.paper, reading=reading)
    people = people_of(db.session(), ticket, [unkept])
    facts = ticket_facts(db.session(), ticket, people, page.owner, brought)
    return [check for judged in facts.worksheets for check in judged.checks]


def put_to_form(page: Page, filled: Filled, name: str, held: int) -> None:
    """The finished worksheet, in place of one that was filled in before. `held`: how many documents
    the request has already. Raises `NotAllowed`; what was typed is kept all the same."""
    data = io.BytesIO(drawn(page.sheet, filled.texts, filled.code))
    for draft in drafts.on_form(db.session(), page.owner_id, page.form_key):
        if draft.kind == page.sheet.paper and draft.reading and draft.reading.how is How.WEB:
            drafts.remove(draft)
    reading = web_reading(page.sheet, filled.texts, filled.code)
    upload = Upload(page.sheet.paper, name, data, reading)
    (kept,) = drafts.add_all(page.owner_id, page.form_key, [upload], held)
    if isinstance(kept, NotAllowed):
        raise kept


def drawn(sheet: Sheet, texts: Mapping[str, str], code: str) -> bytes:
    """The worksheet as PDF, with how each has signed, or where their signature is."""
    # A web process that nobody fills in a worksheet on does without what draws it.
    from helpdesk.worksheets.render import Written, render  # noqa: PLC0415

    signed = {who: texts.get(says(who)) or PRINTED.get(texts.get(where(who), ""), "")
              for who in SIGNERS}  # fmt: skip
    names = (texts.get(f"course{line}.name", "") for line in range(1, MOST_COURSES + 1))
    return render(sheet, Written(texts, [name for name in names if name], code, signed))


PRINTED = {
    ON_PAGE: "On a page that is attached.",
    BY_LINK: "Asked by email.",
    BY_TYPED_LINK: "Asked by email.",
}
"""What the paper says of a signature that is not there."""
