"""The part of a form that takes documents: what is needed, what has arrived, what was wrong."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.forms.steps import StepForm
from helpdesk.models.document import Document
from helpdesk.models.ticket import Ticket
from helpdesk.services import drafts
from helpdesk.services.worksheets import is_worksheet
from helpdesk.views.brought import Judge, judge_for
from helpdesk.views.show.documents import DocumentBox, document_box, downloads
from workflows.facts import TicketFacts
from workflows.registry import ticket_type


def attaching(
    me: Actor,
    form_key: str,
    papers: Collection[str],
    kept: Collection[Document] = (),
    errors: Mapping[str, list[str]] | None = None,
    judge: Judge | None = None,
) -> DocumentBox:
    """`kept` is attached already, or comes along from elsewhere; `errors` are sentences by kind."""
    assert me.person_id is not None, "the desk itself sees no pages"
    came = drafts.on_form(db.session(), me.person_id, form_key)
    sheets = judge(came) if judge and any(is_worksheet(draft.kind) for draft in came) else ()
    kinds = [document.kind for document in kept if not document.gone]
    return document_box(papers, came, errors or {}, kinds, sheets)


def wanted_anew(ticket: Ticket, facts: TicketFacts) -> Collection[str]:
    """What HAND asked for; or the worksheet, where somebody can’t sign the one that is there."""
    if not facts.awaits_signatures:
        return facts.asked_for
    refused = any(each.declined for each in facts.asked_to_sign)
    return [paper for paper in ticket_type(ticket.type).papers if is_worksheet(paper) and refused]


def answering(
    me: Actor,
    form: StepForm,
    ticket: Ticket,
    attached: Collection[Document],
    asked_for: Collection[str] = (),
    errors: Mapping[str, list[str]] | None = None,
) -> DocumentBox:
    """The place for the papers that are wanted anew; else for any."""
    papers = asked_for or ticket_type(ticket.type).papers
    kept = () if asked_for else attached
    box = attaching(me, form.form_key or "", papers, kept, errors, judge_for(ticket, me, form))
    lacking = any(paper in asked_for for paper in errors or ())
    found = downloads(ticket.type, asked_for, ticket.person_id, ticket.fields.get("access_level"))
    return replace(
        box, ticket_id=ticket.id, held=len(attached), incomplete=lacking, downloads=found
    )
