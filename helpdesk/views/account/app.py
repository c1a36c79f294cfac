"""Setting up an authenticator app: scan the code, type what the app shows."""

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db
from helpdesk.forms.account import AddApp
from helpdesk.forms.manage import clash
from helpdesk.models.person import Person
from helpdesk.services.factors import apps, held, recovery
from helpdesk.services.factors.apps import Offer, OfferEnded, WrongCode
from helpdesk.views.account.blueprint import me, my_session, pages
from helpdesk.views.guard import actor

NOT_RIGHT = "This is not the code. Type the one that the app shows now."
TOO_OLD = "This page was open for a long time. Scan the new code, and type what the app shows."
TOO_MANY = f"There are {held.MOST} already. Remove one that you no longer use."


@pages.route("/security/app", methods=["GET", "POST"])
def app_add() -> ResponseReturnValue:
    form = AddApp(name="My phone")
    try:
        offer = apps.offered(me(), form.sealed.data or "")
    except OfferEnded:
        if form.is_submitted():
            form.form_errors.append(TOO_OLD)
        return _page(form, apps.offer(me()))
    if form.validate_on_submit() and _added(form, offer):
        flash("Done. From now on, signing in takes a code of this app, too.", "success")
        return redirect(after_adding())
    return _page(form, offer)


def after_adding() -> str:
    """Whoever has no recovery codes yet is led to them: without, a lost phone locks them out."""
    page = "security" if recovery.left(db.session(), me()) else "recovery_codes"
    return url_for(f"account.{page}")


def _added(form: AddApp, offer: Offer) -> bool:
    try:
        apps.add(offer, form.name.data or "", form.code.data or "", actor(), my_session().id)
    except WrongCode:
        clash(form.code, NOT_RIGHT)
        return False
    except held.TooMany:
        clash(form.name, TOO_MANY)
        return False
    return True


def _page(form: AddApp, offer: Offer) -> str:
    person = db.session.get_one(Person, me())
    form.sealed.data, form.code.data = offer.sealed, ""
    uri = offer.uri(person.username or person.name)
    return render_template(
        "account/app_add.html",
        form=form,
        uri=uri,
        picture=segno.make_qr(uri).svg_data_uri(scale=4, border=3, light="#fff"),
        secret=" ".join(offer.secret[at : at + 4] for at in range(0, len(offer.secret), 4)),
    )
