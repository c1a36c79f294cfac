"""Finding people, and adding one with a role. What is typed to find somebody is posted."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db
from helpdesk.forms.manage import AddPerson, FindPeople, clash
from helpdesk.services import accounts, agencies
from helpdesk.services import people as found_people
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.manage.show import person_row
from helpdesk.views.numbers import row_id

KNOWN = "Somebody on file has this {} already."
VIEWS = {"": "Everybody", "roles": "With a role here", "unassigned": "Without an agency"}


@pages.route("/people", methods=["GET", "POST"])
def people() -> str:
    form = FindPeople(show=request.args.get("show", ""))
    valid = form.validate_on_submit()
    words = (form.q.data or "") if valid else ""
    show = form.show.data if form.show.data in VIEWS else ""
    which = found_people.Which(words, unassigned=show == "unassigned", with_role=show == "roles")
    after = _after(form.after.data or request.args.get("after"))
    page = found_people.page(db.session(), which, after)
    return render_template(
        "manage/people.html",
        form=form,
        words=words,
        show=show,
        views=_views(show),
        people=[person_row(line) for line in page.lines],
        more=_more(words, show, page.following),
        first_url=_url(show) if after and not words else None,
    )


def _url(show: str, **more: int) -> str:
    return url_for("manage.people", show=show or None, **more)  # type: ignore[arg-type]


def _after(text: str | None) -> int | None:
    try:
        return row_id(text or "")
    except ValueError:
        return None


def _views(show: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": _url(name), "current": name == show}
        for name, label in VIEWS.items()
    ]


def _more(words: str, show: str, following: int | None) -> dict[str, Any] | None:
    """The next page: by its address, or with the words in a form of their own."""
    if following is None:
        return None
    if not words:
        return {"url": _url(show, after=following)}
    return {"url": None, "words": words, "show": show, "after": following}


@pages.route("/people/new", methods=["GET", "POST"])
def person_add() -> ResponseReturnValue:
    form, known_url = AddPerson(), None
    form.offer([(agency.id, agency.name) for agency in agencies.active(db.session())])
    if form.validate_on_submit():
        try:
            person = accounts.add(_newcomer(form), actor())
        except accounts.Known as known:
            clash(form[known.field], KNOWN.format(known.field))
            known_url = _page_of(known.person_id)
        else:
            flash(f"{person.name} is added and gets a link to choose a password by email.",
                  "success")  # fmt: skip
            return redirect(url_for("manage.person", person_id=person.id))
    return render_template("manage/person_add.html", form=form, known_url=known_url)


def _page_of(person_id: int | None) -> str | None:
    return url_for("manage.person", person_id=person_id) if person_id else None


def _newcomer(form: AddPerson) -> accounts.Newcomer:
    return accounts.Newcomer(
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        username=form.username.data or "",
        email=form.email.data or "",
        role=form.role_chosen(),
        agency_id=form.agency_chosen(),
    )
