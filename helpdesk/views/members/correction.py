"""Putting right the name or email on file, for an agency's admins and HAND's staff."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou, get_on_file_for
from helpdesk.extensions import db
from helpdesk.forms.correction import Correct
from helpdesk.models.correction import corrections_of, version_of
from helpdesk.models.license import License
from helpdesk.models.person import Person, named
from helpdesk.services import corrections
from helpdesk.services.accounts import Known
from helpdesk.services.corrections import AddressBarred, NoAddress, OnFile
from helpdesk.services.gateway import Stale
from helpdesk.services.roles import NotPossible
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.members.blueprint import pages
from helpdesk.views.show import member
from helpdesk.views.show.corrections import correction_event


@pages.route("/<int:person_id>/correct", methods=["GET", "POST"])
def correct(person_id: int) -> ResponseReturnValue:
    me = actor()
    person, row = get_on_file_for(me, person_id)
    form = Correct(obj=person, seen=str(version_of(db.session(), person_id)))
    if not form.validate_on_submit():
        barred = corrections.barred(db.session(), person, me)
        return _page(person, row, form, refused=[barred] if barred else [])
    try:
        done = corrections.correct(
            person_id, _told(form), form.seen_version(), me, form.reason.data or ""
        )
    except (NotPossible, Known, NoAddress, AddressBarred, Stale) as why:
        release()
        return _not_done(person_id, form, why)
    flash(_done_words(person_id, done), "success")
    return redirect(_back(person_id, row))


def _told(form: Correct) -> OnFile:
    return OnFile(form.first_name.data or "", form.last_name.data or "", form.email.data or None)


def _not_done(person_id: int, form: Correct, why: Exception) -> ResponseReturnValue:
    person, row = get_on_file_for(actor(), person_id)
    if isinstance(why, NotPossible):
        return _page(person, row, form, refused=[str(why)]), 409
    if isinstance(why, Stale):
        return _overtaken(person, row, form), 409
    known = None
    if isinstance(why, Known):
        known = named(db.session(), {why.person_id or 0}).get(why.person_id or 0)
        words = f"This email is on file for {known.name if known else 'somebody else'}."
    else:
        words = str(why)
    form.email.errors = [*form.email.errors, words]
    return _page(person, row, form, known=known)


def _overtaken(person: Person, row: License | None, form: Correct) -> str:
    """What somebody else has put on file meanwhile; what was typed is ready to be sent again."""
    found = corrections_of(db.session(), person.id)
    seen, form.seen.data = form.seen_version(), str(len(found))
    changes = [correction_event(each) for each in found if each.version > max(seen, 0)]
    return _page(person, row, form, changes=changes[::-1])


def _done_words(person_id: int, done: bool) -> str:
    person = named(db.session(), {person_id})[person_id]
    if not done:
        return f"This is on file for {person.name} already."
    words = f"What is on file for {person.name} is corrected."
    if not corrections_of(db.session(), person_id)[-1].says_something:
        return words
    told = f"{person.name} is told by email." if person.email else "There is no email on file now."
    return f"{words} {told}"


def _back(person_id: int, row: License | None) -> str:
    """The page the reader came from: without a license only managers have one of the person."""
    endpoint = "people.show" if row else "manage.person"
    return url_for(endpoint, person_id=person_id)


def _page(person: Person, row: License | None, form: Correct, **more: Any) -> str:
    known = more.pop("known", None)
    return render_template(
        "people/correct.html",
        person=member.head(person, row) | {"url": _back(person.id, row)},
        form=form,
        known_url=_url_of(known) if known else None,
        **more,
    )


def _url_of(known: Person) -> str | None:
    """None: the reader has no page of them, as staff have none of whoever has no license."""
    try:
        get_on_file_for(actor(), known.id)
    except NotForYou:
        return None
    return url_for("people.correct", person_id=known.id)
