"""Account security: what there is for the second step, and where one is signed in."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.models.second_factor import FactorKind, SecondFactor
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import digests, sessions
from helpdesk.services.factors import held, recovery
from helpdesk.views.account.blueprint import me, my_session, pages
from helpdesk.views.show import pieces

KINDS = {FactorKind.APP: "Authenticator app", FactorKind.PASSKEY: "Passkey"}
PROOFS = {
    Proof.PASSWORD: "with the password",
    Proof.TWO_STEPS: "in two steps",
    Proof.PASSKEY: "with a passkey",
    Proof.LINK: "by a link from an email",
    Proof.WAY_BACK: "to renew an expired license",
}


@pages.get("/security")
def security() -> str:
    session = db.session()
    live = sessions.all_live(session, me())
    return render_template(
        "account/security.html",
        factors=[_factor(each) for each in held.of(session, me())],
        room=held.MOST,
        codes_left=recovery.left(session, me()),
        codes_made=recovery.CODES,
        sessions=[_session(each) for each in live],
        weekly=digests.wanted(session, me()),
    )


@pages.post("/security/sign-out-others")
def sign_out_others() -> ResponseReturnValue:
    sessions.sign_out_others(me(), my_session().id)
    flash("You are signed out everywhere but here.", "success")
    return redirect(url_for("account.security"))


@pages.post("/weekly-email/<any(on, off):wanted>")
def weekly_email(wanted: str) -> ResponseReturnValue:
    if digests.wanted(db.session(), me()) is None:
        raise NotForYou
    digests.switch(me(), wanted == "on")
    again = "You get the weekly email again. It comes on Mondays."
    says = again if wanted == "on" else "You get no weekly email now."
    flash(says, "success")
    return redirect(url_for("account.security"))


def _factor(factor: SecondFactor) -> dict[str, Any]:
    return {
        "name": factor.name,
        "kind": KINDS[factor.kind],
        "added": pieces.when(factor.created_at),
        "used": pieces.when(factor.used_at) if factor.used_at else None,
        "rename_url": url_for("account.factor_rename", factor_id=factor.id),
        "remove_url": url_for("account.factor_remove", factor_id=factor.id),
    }


def _session(row: WebSession) -> dict[str, Any]:
    return {
        "here": row.id == my_session().id,
        "how": PROOFS[row.proof],
        "began": pieces.when(row.created_at),
        "seen": pieces.when(row.seen_at),
    }
