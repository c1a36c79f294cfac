"""Files that come with a form: how much may come, and what is kept before the form is judged."""

from collections.abc import Collection
from dataclasses import dataclass, field

from flask import Flask, jsonify, request, session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from helpdesk.access import NotForYou, get_draft_for
from helpdesk.actor import Actor
from helpdesk.documents.errors import NotAllowed
from helpdesk.documents.types import ALLOWED, SUFFIXES
from helpdesk.extensions import settings
from helpdesk.services import drafts
from helpdesk.services.drafts import Upload
from helpdesk.services.words import size_in_words
from helpdesk.views.errors import error_page
from helpdesk.views.guard import TOKEN
from helpdesk.views.numbers import HIGHEST
from workflows.papers import kinds_for

FILES = "document-"
"""Begins the name of a file input; the kind follows."""

ADD, REMOVE = "add-documents", "remove-document"
"""Buttons that send a form for the sake of its files alone. The value of REMOVE is a draft's id."""

ONE, MANY = "documents.add", {"requests.file", "tickets.step"}
"""Endpoints that take one file, and those that take all files of a request."""

ONE_OF_BULK, BULK = "bulk.add", "bulk.show"
"""The same for the worksheets of many people. All of one day fit, since no more are kept."""

IMPORT = "manage.import_add"
"""The endpoint that takes a file of people."""

MOST_INPUTS = 10_000
"""On the page of a bulk, which has a few for each person."""

ROOM = 1024 * 1024
"""Bytes for what else is in the form."""


def register(app: Flask) -> None:
    """The limit has to stand before the form is read, which the check of its token does first."""
    app.url_value_preprocessor(_make_room)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.jinja_env.globals["upload_words"] = words


def _make_room(endpoint: str | None, _values: object) -> None:
    """Nobody without a cookie of ours can send much."""
    if TOKEN not in session:
        return
    if endpoint in {ONE, ONE_OF_BULK}:
        request.max_content_length = settings().DOCUMENT_MAX_BYTES + ROOM
    elif endpoint in MANY:
        config = settings()
        most = config.DOCUMENT_MAX_BYTES * config.DOCUMENTS_PER_TICKET
        request.max_content_length = most + ROOM
    elif endpoint == BULK:
        request.max_content_length = settings().DRAFTS_MAX_BYTES + ROOM
        request.max_form_parts = MOST_INPUTS
    elif endpoint == IMPORT:
        request.max_content_length = settings().IMPORT_MAX_BYTES + ROOM


def words() -> dict[str, object]:
    """What a form says of the files it takes, and what its script has to know."""
    config = settings()
    most = size_in_words(config.DOCUMENT_MAX_BYTES)
    return {
        "allowed": f"{ALLOWED}, up to {most} each, {config.DOCUMENTS_PER_TICKET} at most.",
        "accept": ",".join((*SUFFIXES, "image/png", "image/jpeg")),
        "max_bytes": config.DOCUMENT_MAX_BYTES,
        "too_large": f"is larger than {most}. Please save it smaller, or in two parts.",
        "files": FILES,
        "add": ADD,
        "remove": REMOVE,
    }


def _too_large(_error: RequestEntityTooLarge) -> Response:
    if request.endpoint == IMPORT:
        return error_page(413, what=f"This is larger than we take. {import_limits()}")
    if request.endpoint not in {ONE, ONE_OF_BULK, BULK, *MANY}:
        return error_page(413)
    config = settings()
    most = size_in_words(config.DOCUMENT_MAX_BYTES)
    sentence = f"A file can have {most}, and a request {config.DOCUMENTS_PER_TICKET} files."
    if request.endpoint in {ONE, ONE_OF_BULK}:
        answer = jsonify(sentence=f"That is larger than we take. {sentence}")
        answer.status_code = 413
        return answer
    return error_page(
        413,
        what=f"What you chose is larger than we take in one go. {sentence}",
        next="Go back: what you typed is still there. Choose fewer or smaller files.",
    )


def import_limits() -> str:
    """How large a file of people may be."""
    most = size_in_words(settings().IMPORT_MAX_BYTES)
    return f"A file can have {most} and {settings().IMPORT_MAX_LINES:,} lines."


@dataclass
class Arrived:
    """`errors`: sentences by the name of the kind. `files_only`: the form itself was not sent, a
    button asked to add or remove files; show it again as it is. `done`: what has come in a page’s
    stead, in words."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    files_only: bool = False
    done: str = ""


def take_files(form_key: str, me: Actor, papers: Collection[str], held: int = 0) -> Arrived:
    """Keeps every file that came with the form as a draft of it, whatever else is wrong there.
    `held`: how many documents the request has already."""
    assert me.person_id is not None, "the desk itself sends no files"
    arrived = Arrived(files_only=ADD in request.form or REMOVE in request.form)
    uploads = [
        Upload(kind.name, file.filename, file.stream)
        for kind in kinds_for(papers)
        for file in request.files.getlist(FILES + kind.name)
        if file.filename  # else nothing was chosen there
    ]
    kept = drafts.add_all(me.person_id, form_key, uploads, held) if uploads else []
    for upload, end in zip(uploads, kept, strict=True):
        if isinstance(end, NotAllowed):
            arrived.errors.setdefault(upload.kind, []).append(end.sentence)
    _remove(me, request.form.get(REMOVE, ""))
    return arrived


def _remove(me: Actor, draft_id: str) -> None:
    """What is gone already need not be removed."""
    if not (draft_id.isascii() and draft_id.isdecimal() and int(draft_id[:12]) <= HIGHEST):
        return
    try:
        drafts.remove(get_draft_for(me, int(draft_id)))
    except NotForYou:
        return
