"""One person: who they are, the license, the roles, the sign-in account, their tickets."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.extensions import db
from helpdesk.forms.manage import UserName, clash
from helpdesk.models.account import Account
from helpdesk.models.correction import corrections_of
from helpdesk.models.license import License
from helpdesk.models.ticket import Ticket
from helpdesk.services import accounts, invitations, overview, people, roles
from helpdesk.services.factors import held as factors
from helpdesk.views.guard import actor
from helpdesk.views.home import row as ticket_row
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.show import ROLES, person_row
from helpdesk.views.show import pieces
from helpdesk.views.show.license_events import license_events

TICKETS = 20


@pages.get("/people/<int:person_id>")
def person(person_id: int) -> str:
    session, line = db.session(), the_person(person_id)
    account = invitations.account_of(session, person_id)
    held = roles.held(session, person_id)
    return render_template(
        "manage/person.html",
        person=line.person,
        row=person_row(line),
        facts=_facts(line),
        dates=_dates(line.license) if line.license else [],
        roles=[_role(person_id, each) for each in held],
        account=_account(account, line, bool(held)),
        second_step=factors.has_any(session, person_id),
        myself=person_id == actor().person_id,
        tickets=_tickets(person_id),
        events=license_events(session, line.license, corrections_of(session, person_id)),
    )


def the_person(person_id: int) -> people.Line:
    line = people.line(db.session(), person_id)
    if line is None:
        raise NotForYou
    return line


def _facts(line: people.Line) -> list[tuple[str, str | None]]:
    who = line.person
    facts = [("Username", who.username), ("Work email", who.email), ("Phone", who.phone)]
    return facts + ([("HMIS UserID", who.hmis_id)] if who.hmis_id else [])


def _dates(row: License) -> list[tuple[str, pieces.When]]:
    moments = {
        "Issued": row.issued_at,
        "Last log-in": row.last_login_at,
        "Locked since": row.locked_at,
        "Inactive since": row.inactive_at,
        "Expired since": row.expired_at,
        "Suspended since": row.suspended_at,
        "Deleted": row.deleted_at,
    }
    dates = [(label, pieces.when(moment)) for label, moment in moments.items() if moment]
    return dates + ([("Expires", pieces.day(row.expires_on))] if row.expires_on else [])


def _role(person_id: int, held: roles.Held) -> dict[str, Any]:
    return {
        "label": ROLES[held.grant.role],
        "agency": held.agency,
        "in_force": held.in_force,
        "revoke_url": url_for("manage.role_revoke", person_id=person_id, grant_id=held.grant.id),
    }


def _account(account: Account | None, line: people.Line, has_role: bool) -> dict[str, Any] | None:
    """None: there is nothing to sign in with."""
    if account is None:
        return None
    waiting = account.password_hash is None and has_role and not account.disabled
    return {
        "disabled": account.disabled,
        "password": account.password_hash is not None,
        "may_invite": waiting and bool(line.person.email and line.person.username),
        "no_email": waiting and line.person.email is None,
    }


def _tickets(person_id: int) -> list[Any]:
    session, about = db.session(), Ticket.person_id == person_id
    found = overview.recent(session, about, open_ones=True, limit=TICKETS)
    found += overview.recent(session, about, open_ones=False, limit=TICKETS)
    return [ticket_row(ticket, who.name) for ticket, who in found]


@pages.route("/people/<int:person_id>/username", methods=["GET", "POST"])
def person_username(person_id: int) -> ResponseReturnValue:
    line, form, known = the_person(person_id), UserName(), None
    if line.person.username is not None:
        raise NotForYou
    if form.validate_on_submit():
        try:
            accounts.set_username(person_id, form.username.data or "", actor())
        except accounts.Known as taken:
            clash(form.username, "Somebody on file has this username already.")
            known = taken.person_id
        else:
            flash(f"The username of {line.person.name} is on file now.", "success")
            return redirect(url_for("manage.person", person_id=person_id))
    known_url = url_for("manage.person", person_id=known) if known else None
    return render_template("manage/person_username.html", row=person_row(line), form=form,
                           known_url=known_url)  # fmt: skip
