"""Before a sensitive act: whoever sits here shows again who they are, and what was sent goes on.

The answer comes back with all that was sent, to the same address. So nothing has to be kept here,
and the page behind it never knows. A form of such an act carries no files.
"""

from flask import Flask, g, make_response, render_template, request
from werkzeug.wrappers import Response

from helpdesk.extensions import db
from helpdesk.forms.account import ProveAgain
from helpdesk.models.second_factor import FactorKind
from helpdesk.models.web_session import WebSession
from helpdesk.routes import wants_fresh
from helpdesk.services import sessions
from helpdesk.services.factors import confirming, held, passkeys
from helpdesk.services.factors.confirming import Ended, Wrong
from helpdesk.services.factors.passkeys import NoProof
from helpdesk.views.guard import SessionEnded


def register(app: Flask) -> None:
    app.before_request(_stand)


def _stand() -> Response | None:
    """After the guard: whoever may not ask at all has been turned away."""
    here: WebSession | None = g.web_session
    if here is None or g.actor is None or request.method != "POST":
        return None
    if not wants_fresh(request.endpoint, request.view_args) or sessions.is_fresh(here):
        return None
    form = ProveAgain()
    form.two_steps = form.proof_code.flags.required = held.has_any(db.session(), here.person_id)
    if not form.answered() or not (form.by_passkey or form.validate()):
        return _ask(here, form)
    fault = _by_passkey(here, form) if form.by_passkey else _by_password(here, form)
    return _ask(here, form, fault) if fault else None


def _by_passkey(here: WebSession, form: ProveAgain) -> str | None:
    """What is wrong with it; None: it is them."""
    try:
        confirming.by_passkey(
            here, form.proof_challenge.data or "", form.proof_credential.data or ""
        )
    except NoProof:
        return "This is none of your passkeys, or the page had been open for too long. Try again."
    return None


def _by_password(here: WebSession, form: ProveAgain) -> str | None:
    outcome = confirming.by_password(
        here, form.proof_password.data or "", form.proof_code.data or ""
    )
    if isinstance(outcome, Ended):
        raise SessionEnded
    return _wrong_words(outcome) if isinstance(outcome, Wrong) else None


def _ask(here: WebSession, form: ProveAgain, advice: str | None = None) -> Response:
    own = set(form.data) | {"csrf_token"}
    kinds = {factor.kind for factor in held.of(db.session(), here.person_id)}
    page = render_template(
        "fresh.html",
        form=form,
        advice=advice,
        passkey=passkeys.ask(here.person_id) if FactorKind.PASSKEY in kinds else None,
        url=request.full_path if request.query_string else request.path,
        carried=[(n, v) for n, v in request.form.items(multi=True) if n not in own],
    )
    return make_response(page, 403)


def _wrong_words(outcome: Wrong) -> str:
    tries = "One try is left" if outcome.left == 1 else f"{outcome.left} tries are left"
    return f"That is not right. {tries}, then you are signed out."
