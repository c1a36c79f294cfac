"""Licenses to delete: proposed by the desk, decided by staff, one by one or several at once."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db, settings
from helpdesk.forms.deletions import Keep
from helpdesk.forms.desk_form import DeskForm
from helpdesk.services import deletions
from helpdesk.services.deletions import Proposal
from helpdesk.services.words import day_in_words
from helpdesk.views.guard import actor
from helpdesk.views.numbers import row_id
from workflows.dates import in_words
from workflows.engine import Refused

pages = Blueprint("deletions", __name__, url_prefix="/deletions")


@pages.get("")
def index() -> str:
    found = deletions.page(db.session(), request.args.get("after", type=row_id))
    shown = found[: deletions.PAGE]
    last = shown[-1].license.id if len(found) > len(shown) else None
    more = url_for("deletions.index", after=last) if last else None
    return render_template(
        "deletions/index.html",
        rows=[_shown(each) for each in shown],
        choice=any(_free(each) for each in shown),
        more_url=more,
        under_way=[_shown(each) for each in deletions.under_way(db.session())],
        after_days=settings().DELETION_AFTER_DAYS,
    )


@pages.route("/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    ids = request.values.getlist("license", type=row_id)[: deletions.PAGE]
    found = deletions.chosen(db.session(), ids)
    if not found:
        decided = "A colleague has decided on that already."
        flash(decided if ids else "Choose the licenses to delete first.", "info")
        return redirect(url_for("deletions.index"))
    form = DeskForm()
    if not form.validate_on_submit():
        rows = [_shown(each) for each in found]
        return render_template("deletions/confirm.html", rows=rows, form=form)
    _tell(*deletions.confirm([each.license.id for each in found], actor()))
    return redirect(url_for("deletions.index"))


def _tell(done: int, reasons: list[str]) -> None:
    if done:
        what = "1 license is" if done == 1 else f"{done} licenses are"
        flash(f"{what} being deleted: gone once the account is.", "success")
    for reason in reasons:
        flash(reason, "warning")


@pages.route("/<int:license_id>/keep", methods=["GET", "POST"])
def keep(license_id: int) -> ResponseReturnValue:
    found = deletions.one(db.session(), license_id)
    if found is None:
        raise NotForYou
    form, shown = Keep(), _shown(found)
    if not form.validate_on_submit():
        days = settings().DELETION_AFTER_DAYS
        return render_template("deletions/keep.html", row=shown, form=form, after_days=days)
    try:
        deletions.keep(license_id, (form.reason.data or "").strip(), actor())
        flash(f"{shown['name']}’s license is kept. The reason is in its history.", "success")
    except Refused as refused:
        flash(str(refused), "info")
    return redirect(url_for("deletions.index"))


def _free(proposal: Proposal) -> bool:
    """Whether it can be decided here and now by the one who looks."""
    return proposal.asked_for is None and proposal.person.id != actor().person_id


def _shown(proposal: Proposal) -> dict[str, Any]:
    row, person = proposal.license, proposal.person
    return {
        "id": row.id,
        "name": person.name,
        "url": url_for("people.show", person_id=person.id),
        "agency": proposal.agency or "No agency",
        "why": _why(proposal),
        "seen": day_in_words(row.last_login_at) if row.last_login_at else "unknown",
        "ticket": _ticket(proposal),
        "mine": person.id == actor().person_id,
        "decided_by": proposal.decided_by,
        "keep_url": url_for("deletions.keep", license_id=row.id),
    }


def _ticket(proposal: Proposal) -> dict[str, str] | None:
    ticket = proposal.asked_for
    if ticket is None:
        return None
    return {"number": ticket.number, "url": url_for("tickets.show", ticket_id=ticket.id)}


def _why(proposal: Proposal) -> str:
    row = proposal.license
    if row.departed_on is not None:
        return f"Left {in_words(row.departed_on)}"
    if row.on_leave_since is not None:
        return f"On leave since {in_words(row.on_leave_since)}"
    began = [(at, word) for at, word in ((row.inactive_at, "Inactive"), (row.expired_at, "Expired"))
             if at is not None]  # fmt: skip
    at, word = min(began)
    return f"{word} since {day_in_words(at)}"
