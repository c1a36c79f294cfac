"""Failed effects: account actions and mails that wait for a person's decision."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.forms.repairs import GiveUp
from helpdesk.services import repairs
from helpdesk.views.guard import actor
from helpdesk.views.numbers import row_id
from helpdesk.views.show import pieces
from helpdesk.views.show.fates import what_of

pages = Blueprint("effects", __name__, url_prefix="/effects")

PAGE = 50


@pages.get("")
def index() -> str:
    found = repairs.failures(db.session(), PAGE + 1, request.args.get("before", type=row_id))
    last = found[PAGE - 1][0].id if len(found) > PAGE else None
    older = url_for("effects.index", before=last) if last else None
    return render_template(
        "effects/index.html", rows=[_shown(*row) for row in found[:PAGE]], older_url=older
    )


@pages.post("/<int:effect_id>/retry")
def retry(effect_id: int) -> ResponseReturnValue:
    try:
        why_not = repairs.retry(effect_id)
        if why_not is None:
            flash("It will be tried again right away.", "success")
        else:
            flash(f"Not tried again: {why_not}", "info")
    except repairs.NotDead:
        flash("Somebody has dealt with that one already.", "info")
    return redirect(url_for("effects.index"))


@pages.route("/<int:effect_id>/give-up", methods=["GET", "POST"])
def give_up(effect_id: int) -> ResponseReturnValue:
    found = repairs.failure(db.session(), effect_id)
    if found is None:
        raise NotForYou
    form, shown = GiveUp(), _shown(*found)
    if not form.validate_on_submit():
        return render_template("effects/give_up.html", effect=shown, form=form)
    try:
        repairs.give_up(effect_id, actor(), (form.reason.data or "").strip())
        flash("Given up. The reason is kept.", "success")
    except repairs.NotDead:
        flash("Somebody has dealt with that one already.", "info")
    return redirect(url_for("effects.index"))


def _shown(effect: Any, person: Any, ticket: Any) -> dict[str, Any]:
    return {
        "id": effect.id,
        "what": what_of(effect, person),
        "kind": effect.kind.value,
        "why": effect.error,
        "tries": effect.attempts,
        "when": pieces.when(effect.settled_at),
        "ticket": ticket and {
            "number": ticket.number,
            "url": url_for("tickets.show", ticket_id=ticket.id),
            "type": pieces.type_label(ticket),
            "person": person.name,
        },
        "retry_url": url_for("effects.retry", effect_id=effect.id),
        "give_up_url": url_for("effects.give_up", effect_id=effect.id),
    }  # fmt: skip
