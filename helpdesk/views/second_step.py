"""The second step of signing in, for whoever has typed the right password."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db
from helpdesk.forms.account import PasskeyAnswer, SecondStep
from helpdesk.models.second_factor import FactorKind
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services.admission import SignedIn, Unusable
from helpdesk.services.factors import held, passkeys, second_step
from helpdesk.services.factors.second_step import Over, WrongCode
from helpdesk.services.sign_in import Slowed
from helpdesk.views.guard import remember, source
from helpdesk.views.sign_in import after_sign_in, turned_back, wait_words

pages = Blueprint("second_step", __name__)

TOO_LATE = "That took too long. Please sign in again."
NO_PASSKEY = "This is none of your passkeys, or the page had been open for too long. Try again."
TOO_OFTEN = "There were too many wrong codes. Please sign in again."


@pages.route("/sign-in/second-step", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    half = _half()
    if half is None:
        return _from_the_start(TOO_LATE) if g.actor is None else redirect(url_for("home.home"))
    answer = PasskeyAnswer()
    if answer.answered():
        return _by_passkey(half, answer)
    form = SecondStep(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return _page(half, form)
    return _answer(half, form, second_step.by_code(half, form.code.data or "", source()))


def _by_passkey(half: WebSession, answer: PasskeyAnswer) -> ResponseReturnValue:
    form = SecondStep(formdata=None, next=answer.next.data)
    try:
        if not answer.validate_on_submit():
            raise passkeys.NoProof
        return _answer(half, form, second_step.by_passkey(
            half, answer.challenge.data or "", answer.credential.data or "", source()
        ))  # fmt: skip
    except passkeys.NoProof:
        return _page(half, form, NO_PASSKEY), 403


def _half() -> WebSession | None:
    found: WebSession | None = g.web_session
    return found if found is not None and found.proof is Proof.HALF else None


def _answer(
    half: WebSession, form: SecondStep, outcome: second_step.Outcome
) -> ResponseReturnValue:
    if isinstance(outcome, SignedIn):
        remember(outcome.token)
        return redirect(after_sign_in(form.next.data))
    if isinstance(outcome, Over):
        return _from_the_start(TOO_OFTEN)
    if isinstance(outcome, Slowed):
        words, headers = wait_words(outcome)
        return _page(half, form, words), 429, headers
    if isinstance(outcome, Unusable):
        return turned_back(outcome)
    return _page(half, form, _wrong_words(outcome)), 403


def _from_the_start(why: str) -> ResponseReturnValue:
    flash(why, "warning")
    return redirect(url_for("sign_in.sign_in", next=request.values.get("next") or None))


def _page(half: WebSession, form: SecondStep, advice: str | None = None) -> str:
    kinds = {factor.kind for factor in held.of(db.session(), half.person_id)}
    form.code.data = ""
    if FactorKind.APP not in kinds:
        form.code.label.text = "Recovery code"
    return render_template(
        "second_step.html",
        form=form,
        advice=advice,
        app=FactorKind.APP in kinds,
        passkey=passkeys.ask(half.person_id) if FactorKind.PASSKEY in kinds else None,
    )


def _wrong_words(outcome: WrongCode) -> str:
    tries = "One try is left" if outcome.left == 1 else f"{outcome.left} tries are left"
    return (
        "That code does not work: it is mistyped, too old, or was used before. "
        f"Wait for the next one. {tries}, then signing in begins anew."
    )
