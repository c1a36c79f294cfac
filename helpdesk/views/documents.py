"""Documents: what is attached can be downloaded, and looked at page by page; a form's script adds
and removes drafts."""

import io

from flask import Blueprint, Response, jsonify, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou, get_document_for, get_draft_for, get_ticket_for
from helpdesk.actor import Actor
from helpdesk.documents.drawing import CannotDraw
from helpdesk.documents.errors import NotAllowed
from helpdesk.extensions import db
from helpdesk.models.document import Document, documents_of
from helpdesk.models.ticket import Ticket
from helpdesk.services import documents, drafts
from helpdesk.services.page_images import NoSuchPage, page_image
from helpdesk.transaction import release
from helpdesk.views.arrived_worksheet import days_told, news_of
from helpdesk.views.guard import actor
from helpdesk.views.numbers import row_id
from helpdesk.views.show.document_page import document_page
from helpdesk.views.show.documents import draft_shown
from helpdesk.views.words import asset

pages = Blueprint("documents", __name__, url_prefix="/documents")

POLICY = "default-src 'none'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""Whatever a browser makes of a file, it may do nothing with it."""


@pages.get("/<int:document_id>")
def show(document_id: int) -> ResponseReturnValue:
    return as_download(get_document_for(actor(), document_id))


def as_download(document: Document) -> Response:
    """For somebody who may have it."""
    documents.judge_servable(document)
    sha256, size = document.sha256, document.size
    name, content_type = document.name, document.content_type
    release()
    response = send_file(
        documents.store().open(sha256),
        mimetype=content_type,
        as_attachment=True,
        download_name=name,
        conditional=False,
        etag=False,
    )
    response.content_length = size
    response.headers["Content-Security-Policy"] = POLICY
    return response


@pages.get("/<int:document_id>/view")
def view(document_id: int) -> ResponseReturnValue:
    """All pages as pictures, or why there are none."""
    document = get_document_for(actor(), document_id)
    documents.judge_servable(document)
    of = document.ticket_id
    context = document_page(document, db.session.get(Ticket, of) if of else None)
    return render_template("documents/view.html", **context)


@pages.get("/<int:document_id>/pages/<int:number>.png")
def page(document_id: int, number: int) -> ResponseReturnValue:
    """A page, counted from 1. One that can't be drawn is a picture that says so."""
    document = get_document_for(actor(), document_id)
    documents.judge_servable(document)
    sha256, content_type = document.sha256, document.content_type
    release()
    try:
        png = page_image(sha256, content_type, number - 1)
    except NoSuchPage:
        raise NotForYou from None
    except CannotDraw:
        return redirect(asset("no-page.svg"))
    response = send_file(io.BytesIO(png), mimetype="image/png", etag=False)
    response.set_etag(f"{sha256}-{number}")
    return response.make_conditional(request)


@pages.post("/drafts")
def add() -> ResponseReturnValue:
    """Answers the script: 201 and the draft, or 422 and the sentence why not."""
    me = actor()
    assert me.person_id is not None, "the desk itself sends no files"
    file = request.files.get("file")
    if file is None or not file.filename:
        return jsonify(sentence="Please choose a file."), 422
    key, kind, held = request.form.get("key", ""), request.form.get("kind", ""), _held(me)
    try:
        draft = drafts.add(me.person_id, key, kind, file.filename, file.stream, held)
    except NotAllowed as refused:
        return jsonify(sentence=refused.sentence), 422
    return jsonify(vars(draft_shown(draft)) | news_of(me, draft)), 201


def _held(me: Actor) -> int:
    """How many documents there are on the ticket that the form answers, if it answers one."""
    ticket_id = request.args.get("ticket", type=row_id)
    if ticket_id is None:
        return 0
    return len(documents_of(db.session(), get_ticket_for(me, ticket_id).id))


@pages.post("/drafts/<int:document_id>/remove")
def remove(document_id: int) -> ResponseReturnValue:
    me = actor()
    drafts.remove(get_draft_for(me, document_id))
    return jsonify({"removed": document_id} | days_told(me))
