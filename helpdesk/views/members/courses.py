"""Courses that staff enter for somebody, and wrong ones that they take back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou, get_member_for
from helpdesk.extensions import db
from helpdesk.forms.completions import EnterCourse, TakeBackCourse
from helpdesk.forms.desk_form import DeskForm
from helpdesk.forms.manage import clash
from helpdesk.models.completion import Completion
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import completions, grids
from helpdesk.services.completions import Done
from helpdesk.services.facts import today
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.members.blueprint import pages
from helpdesk.views.show import member
from helpdesk.views.show.member_courses import completion_in_words
from workflows.engine import Refused

GONE = "Somebody has taken it back already."


@pages.route("/<int:person_id>/courses", methods=["GET", "POST"])
def course_enter(person_id: int) -> ResponseReturnValue:
    person, row = get_member_for(actor(), person_id)
    form = EnterCourse()
    form.prepare(grids.in_force(db.session(), today()), today())
    if not form.validate_on_submit():
        return _page(person, row, "enter_course", form)
    assert form.on.data is not None, "the form asks for it"
    try:
        done = Done(form.course.data, form.on.data, form.score.data)
        completions.enter(person_id, done, actor())
    except completions.OnFile as known:
        release()
        score = f" with {known.score} %" if known.score is not None else ""
        clash(form.on, f"This course is on file for that day already{score}.")
        return _page(person, row, "enter_course", form)
    except Refused as refused:
        release()
        return _page(person, row, "enter_course", form, str(refused)), 409
    flash(f"It is on file for {person.name} now.", "success")
    return redirect(url_for("people.show", person_id=person_id))


@pages.route("/<int:person_id>/courses/<int:completion_id>/take-back", methods=["GET", "POST"])
def course_take_back(person_id: int, completion_id: int) -> ResponseReturnValue:
    person, row = get_member_for(actor(), person_id)
    completion = db.session.get(Completion, completion_id)
    if completion is None or completion.person_id != person_id:
        raise NotForYou
    form, words = TakeBackCourse(), completion_in_words(db.session(), completion)
    if not form.validate_on_submit():
        return _page(person, row, "take_back_course", form, what=words)
    reason = (form.reason.data or "").strip()
    try:
        done = completions.take_back(person_id, completion_id, reason, actor())
    except Refused as refused:
        release()
        return _page(person, row, "take_back_course", form, str(refused), what=words), 409
    flash(f"{words} is taken back." if done else GONE, "success" if done else "info")
    return redirect(url_for("people.show", person_id=person_id))


def _page(
    person: Person, row: License, name: str, form: DeskForm, refused: str | None = None,
    what: str | None = None,
) -> str:  # fmt: skip
    why = refused or completions.barred(person.id, actor())
    return render_template(
        f"people/{name}.html",
        person=member.head(person, row),
        form=form,
        refused=[why] if why else [],
        what=what,
    )
