"""Straight through: by which rules the desk approves by itself, and how they fare."""

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.forms.manage import clash
from helpdesk.forms.straight import Rule
from helpdesk.services.straight import rules
from helpdesk.services.straight.rules import Terms
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.show.straight import shown
from workflows.ticket_type import TicketType

OVERTAKEN = "The rule was changed while you had this page open. See what holds now, and save again."


@pages.get("/straight-through")
def straight() -> str:
    found = [shown(db.session(), kind) for kind in rules.straight_types()]
    return render_template("manage/straight.html", rules=found)


@pages.route("/straight-through/<type_name>", methods=["GET", "POST"])
def straight_rule(type_name: str) -> ResponseReturnValue:
    kind, form = _kind(type_name), Rule()
    if not form.is_submitted():
        _fill(form, kind)
        return _page(kind, form)
    if not form.validate():
        return _page(kind, form)
    try:
        why = (form.reason.data or "").strip()
        rules.change(type_name, _terms(form), why, _seen(form), actor())
    except rules.Overtaken:
        release()
        form.seen.data = str(rules.standing(db.session(), type_name).version)
        return _page(kind, form, OVERTAKEN), 409
    except rules.TooManyFaults as too_many:
        release()
        clash(form.active, _too_many(too_many, form))
        return _page(kind, form), 409
    flash(f"The rule for {kind.label} is {form.active.data} and saved. It holds now.", "success")
    return redirect(url_for("manage.straight"))


def _kind(type_name: str) -> TicketType:
    kind = next((kind for kind in rules.straight_types() if kind.name == type_name), None)
    if kind is None:
        raise NotForYou
    return kind


def _fill(form: Rule, kind: TicketType) -> None:
    now = rules.standing(db.session(), kind.name)
    form.seen.data = str(now.version)
    for name, value in asdict(now.terms).items():
        form[name].data = value
    form.active.data = "on" if now.terms.active else "off"


def _terms(form: Rule) -> Terms:
    numbers = {name: form[name].data for name in asdict(Terms()) if name != "active"}
    return Terms(active=form.active.data == "on", **numbers)


def _seen(form: Rule) -> int:
    """Nonsense counts as a page that is too old."""
    told = form.seen.data or ""
    return int(told) if told.isdecimal() and len(told) < 10 else -1


def _too_many(found: rules.TooManyFaults, form: Rule) -> str:
    measure = found.measure
    return (f"It would stop at once: people found a fault in {measure.faulted} of the latest "
            f"{measure.judged} samples, more than {form.fault_limit.data} %. Leave it off until "
            "better ones are judged, or allow more.")  # fmt: skip


def _page(kind: TicketType, form: Rule, refused: str | None = None) -> str:
    rule = shown(db.session(), kind, with_history=True)
    return render_template("manage/straight_rule.html", rule=rule, form=form, refused=refused)
