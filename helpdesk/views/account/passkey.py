"""Adding a passkey: the browser makes it, its owner unlocks it, the desk keeps its public half."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db
from helpdesk.forms.account import AddPasskey
from helpdesk.forms.manage import clash
from helpdesk.models.person import Person
from helpdesk.services.factors import held, passkeys
from helpdesk.services.factors.passkeys import NoProof
from helpdesk.views.account.app import TOO_MANY, after_adding
from helpdesk.views.account.blueprint import me, my_session, pages
from helpdesk.views.guard import actor

NOT_MADE = "No passkey arrived that fits this page. Press the button once more."


@pages.route("/security/passkey", methods=["GET", "POST"])
def passkey_add() -> ResponseReturnValue:
    form = AddPasskey(name="My device")
    if form.validate_on_submit() and _added(form):
        flash("Done. You can sign in with this passkey alone, without your password.", "success")
        return redirect(after_adding())
    if "credential" in form.errors:
        form.credential.errors = [NOT_MADE]
    asked = passkeys.ask_for_new(db.session.get_one(Person, me()))
    return render_template("account/passkey_add.html", form=form, asked=asked)


def _added(form: AddPasskey) -> bool:
    sealed, answer = form.challenge.data or "", form.credential.data or ""
    try:
        passkeys.add(sealed, answer, form.name.data or "", actor(), my_session().id)
    except NoProof:
        clash(form.credential, NOT_MADE)
        return False
    except held.TooMany:
        clash(form.name, TOO_MANY)
        return False
    return True
