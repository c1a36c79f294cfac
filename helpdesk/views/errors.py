"""When something goes wrong: what happened, what next, and what was typed, to send again."""

import errno
import logging
from collections.abc import Iterable

from flask import Flask, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from helpdesk.access import NotForYou
from helpdesk.documents.errors import NotThere
from helpdesk.services.documents import Withheld
from helpdesk.transaction import release
from helpdesk.views.guard import SessionEnded, SetUpFirst, is_known
from helpdesk.views.show.documents import why_gone

log = logging.getLogger(__name__)

RETRY_AFTER = 5  # seconds
SECRET_FIELDS = {"password", "password_again", "proof_password", "proof_code", "csrf_token"}
WRITTEN_FIELDS = {"message", "note", "reason", "username"}
UNTYPED = {"key", "version", "next"}
OURS = 500  # from this code on, the fault is ours
LONG = 80  # characters, from which on a text gets a box


def register(app: Flask) -> None:
    app.register_error_handler(NotForYou, lambda _error: error_page(404))
    app.register_error_handler(SessionEnded, _session_ended)
    app.register_error_handler(SetUpFirst, _set_up_first)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(PoolTimeout, _busy)
    app.register_error_handler(NotThere, _lost)
    app.register_error_handler(Withheld, _withheld)
    app.register_error_handler(OSError, _no_room)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def typed_again(label: str, hidden: Iterable[tuple[str, str]] = ()) -> dict[str, object] | None:
    """What was posted, as a form to send once more; None when there is nothing to keep.

    Words that a person wrote can be read and changed, choices are carried along. `hidden`
    replaces fields of the same name, such as a version that is no longer right.
    """
    kept = list(hidden)
    replaced = {name for name, _value in kept} | SECRET_FIELDS
    posted = [(n, v) for n, v in request.form.items(multi=True) if n not in replaced]
    fields = [_written(name, value) for name, value in posted if name in WRITTEN_FIELDS]
    kept += [(name, value) for name, value in posted if name not in WRITTEN_FIELDS]
    if not posted and not kept:
        return None
    url = request.full_path if request.query_string else request.path
    more = sum(1 for name, value in posted if name not in WRITTEN_FIELDS | UNTYPED and value)
    return {"url": url, "label": label, "fields": fields, "hidden": kept, "more": more}


def _written(name: str, value: str) -> dict[str, object]:
    long = len(value) > LONG or "\n" in value
    return {"name": name, "label": name.capitalize(), "value": value, "long": long}


def error_page(code: int, **more: object) -> Response:
    """With the menu for somebody who is signed in, unless the fault is ours: then nothing is asked
    of the database."""
    release()
    g.menu = code < OURS and is_known()
    context: dict[str, object] = {"code": code, "what": None, "next": None, **more}
    return make_response(render_template("error.html", **context), code)


def _session_ended(_error: SessionEnded) -> Response:
    return error_page(
        403,
        title="You are signed out",
        what="You are not signed in any more, so this was not sent.",
        next="Sign in in another tab, then come back to this page and send it again.",
        typed=typed_again("Send again"),
    )


def _set_up_first(_error: SetUpFirst) -> Response:
    return error_page(
        403,
        what="HAND’s staff sign in in two steps. Yours are not set up, so this was not sent.",
        next="Set them up under Account security in another tab, then send this again.",
        typed=typed_again("Send again"),
    )


def _form_too_old(_error: CSRFError) -> Response:
    """The typed text is given back only if the browser says that one of our own pages sent it:
    with a fresh token around it, another site's words could be sent on by an honest click."""
    ours = request.origin == request.host_url.rstrip("/")
    return error_page(
        400,
        what="This page had been open for a long time, so nothing was sent.",
        next="Please send it again." if ours else "Go back, load the page anew, and try again.",
        typed=typed_again("Send again") if ours else None,
    )


def _busy(error: Exception) -> Response:
    """The database is locked or restarting, and a bounded wait lies behind us."""
    log.error("the database did not answer", exc_info=error)
    page = error_page(503, wait=f"{RETRY_AFTER} seconds", typed=typed_again("Send again"))
    page.headers["Retry-After"] = str(RETRY_AFTER)
    return page


def _lost(error: Exception) -> Response:
    log.error("a document's file is missing or damaged", exc_info=error)
    return error_page(
        500,
        what="This document is on our list, but its file is missing or damaged.",
        next="Nothing else is touched by it. Please tell HAND, or ask for the document once more.",
    )


def _withheld(error: Withheld) -> Response:
    document = error.document
    if document.held:
        return error_page(
            409,
            title="It is being checked",
            what=f"“{document.name}” is being checked for viruses. Nobody can open it until then.",
            next="That takes some minutes as a rule. Nothing else has to wait for it.",
        )
    return error_page(
        410,
        title="This document is deleted",
        what=f"“{document.name}”: {why_gone(document)}",
        next="The request is still there, with everything else.",
    )


def _no_room(error: OSError) -> Response:
    """The disk is full before a page could say so itself: a large form waits there, too."""
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        return _unforeseen(error)
    log.error("the disk is full", exc_info=error)
    what = "We have no room for what you sent just now. Nothing of it was kept."
    page = error_page(503, what=what, wait=f"{RETRY_AFTER} seconds")
    page.headers["Retry-After"] = str(RETRY_AFTER)
    return page


def _http(error: HTTPException) -> Response:
    """Redirects and ready answers pass as they are."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    return error_page(error.code)


def _unforeseen(error: Exception) -> Response:
    log.exception("unforeseen", exc_info=error)
    return error_page(500)
