"""Recertifying many people at once: begun with some of them, filled in and sent on one page, which
afterwards tells what became of it."""

from itertools import islice

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import (
    NotForYou,
    bulk_agencies,
    get_agency_for,
    get_bulk_for,
    get_draft_for,
)
from helpdesk.actor import Actor
from helpdesk.documents.errors import NotAllowed
from helpdesk.extensions import db
from helpdesk.forms.bulk import BeginBulk, posted_row
from helpdesk.models.bulk import Bulk
from helpdesk.models.role import admins_of
from helpdesk.services import drafts, grids
from helpdesk.services.bulks import keeping, lines, lists, people, sending
from helpdesk.services.facts import today
from helpdesk.services.imports.sources import CannotRead
from helpdesk.views.guard import actor
from helpdesk.views.numbers import row_id
from helpdesk.views.show.bulk import FILES_AT_ONCE, Filled, Given, Start, begin_page, page
from helpdesk.views.uploads import REMOVE
from workflows.training import Purpose

pages = Blueprint("bulk", __name__, url_prefix="/recertifications")

STACK, WHOSE = "stack", "whose-"
"""Names of inputs: worksheets of anybody, and whose one is that nobody could tell."""
LONGEST_ID = 12  # digits


@pages.route("", methods=["GET", "POST"])
def start() -> ResponseReturnValue:
    me, agency_id = actor(), request.args.get("agency", type=row_id)
    if me.staff and agency_id is None:
        return begin_page(Start(me, BeginBulk()))
    if agency_id is not None:
        get_agency_for(me, agency_id)
    shown = _start(me, agency_id if me.staff else None)
    if request.method == "POST" and shown.form.validate():
        bulk_id = _begin(me, shown)
        if bulk_id is not None:
            return redirect(url_for("bulk.show", bulk_id=bulk_id))
    return begin_page(shown)


def _start(me: Actor, agency_id: int | None) -> Start:
    form, session = BeginBulk(), db.session()
    agencies = bulk_agencies(me, agency_id)
    if me.staff:
        admins = admins_of(session, agency_id)
        first = {"": "Choose…"} if len(admins) > 1 else {}
        form.caller.choices = first | {str(each.id): each.name for each in admins}
    else:
        del form.caller
    return Start(me, form, agency_id, people.due(session, agencies),
                 frozenset(request.form.getlist("person", type=row_id)),
                 all_ticked="all" in request.args)  # fmt: skip


def _begin(me: Actor, shown: Start) -> int | None:
    """None where the list is of no use, or there are too many: then the form says so."""
    assert me.person_id is not None, "the desk itself files nothing"
    form, told = shown.form, lists.List()
    held = people.members(db.session(), bulk_agencies(me, shown.agency_id))
    there = {person.id for person, _ in held}
    try:
        if form.list.data:
            source = lists.InHand(form.list.data.filename or "The list", form.list.data.read())
            grid = grids.in_force(db.session(), today())
            told = lists.read_list(source, held, grid.asked(Purpose.YEARLY))
        days = {each: dict[str, str]() for each in shown.ticked & there} | told.days
        if not days and not told.notes:
            shown.problems.append("Choose at least one person, or a list.")
            return None
        filer_id = form.caller.data if "caller" in form else me.person_id
        return keeping.set_up(keeping.Asked(me.person_id, filer_id, shown.agency_id), days,
                             told.notes)  # fmt: skip
    except CannotRead as why:
        form.list.errors = [str(why)]
    except keeping.TooMany as many:
        shown.problems.append(many.sentence)
    return None


@pages.route("/<int:bulk_id>", methods=["GET", "POST"])
def show(bulk_id: int) -> ResponseReturnValue:
    me = actor()
    bulk = get_bulk_for(me, bulk_id)
    if request.method != "POST":
        return page(_given(me, bulk))
    filled = _keep_typed(me, bulk)
    problems = [*_take_off(me, bulk), *_match(me, bulk), *_take_files(me, bulk)]
    if problems or filled.unsound:
        filled.problems.extend(problems)
        return page(_given(me, get_bulk_for(me, bulk_id)), filled)
    if "send" in request.form:
        _send(me, get_bulk_for(me, bulk_id))
    return redirect(url_for("bulk.show", bulk_id=bulk_id))


def _given(me: Actor, bulk: Bulk) -> Given:
    agencies = bulk_agencies(me, bulk.agency_id)
    whole = lines.read(db.session(), bulk, agencies, me)
    held = people.members(db.session(), agencies) if whole.loose else []
    return Given(me, bulk, whole, held)


def _keep_typed(me: Actor, bulk: Bulk) -> Filled:
    """What is no day stays on the page as it was typed."""
    agencies, days = bulk_agencies(me, bulk.agency_id), dict[int, dict[str, str]]()
    filled = Filled()
    for line in lines.read(db.session(), bulk, agencies, me, judged=False).unsent:
        form = posted_row(line.person.id, line.courses)
        if form.shown.name not in request.form:
            continue  # somebody came into it while this page was open
        if form.validate():
            days[line.person.id] = form.touched()
        else:
            filled.unsound[line.person.id] = form
    keeping.save(bulk.id, days)
    return filled


def _take_off(me: Actor, bulk: Bulk) -> list[str]:
    """A person, or a worksheet; what is gone already need not be taken off."""
    person_id = request.form.get("leave-out", type=row_id)
    if person_id is not None and person_id not in lines.sent_of(db.session(), bulk):
        keeping.leave_out(bulk.id, person_id)
    document_id = request.form.get(REMOVE, type=row_id)
    try:
        if document_id is not None:
            drafts.remove(get_draft_for(me, document_id))
    except NotForYou:
        return []
    return []


def _match(me: Actor, bulk: Bulk) -> list[str]:
    """Worksheets are whose somebody says they are."""
    held = people.members(db.session(), bulk_agencies(me, bulk.agency_id))
    there, bulk_id = {person.id for person, _ in held}, bulk.id
    chosen = {name.removeprefix(WHOSE): request.form.get(name, type=row_id)
              for name in request.form if name.startswith(WHOSE)}  # fmt: skip
    try:
        for document, person_id in chosen.items():
            if document.isdecimal() and person_id in there:
                keeping.give(bulk_id, int(document[:LONGEST_ID]), person_id)
    except keeping.TooMany as many:
        return [many.sentence]
    return []


def _take_files(me: Actor, bulk: Bulk) -> list[str]:
    """What is wrong with those that were not kept."""
    held = people.members(db.session(), bulk_agencies(me, bulk.agency_id))
    whose = {f"worksheet-{person.id}": person.id for person, _ in held}
    came = [(name, file) for name, file in request.files.items(multi=True) if file.filename]
    problems = []
    for name, file in islice(came, FILES_AT_ONCE):
        try:
            if name == STACK or name in whose:
                keeping.take(bulk, held, file.filename or "", file.stream, whose.get(name))
        except (NotAllowed, keeping.TooMany) as why:
            problems.append(why.sentence)
    if len(came) > FILES_AT_ONCE:
        left = ", ".join(f"“{file.filename}”" for _, file in came[FILES_AT_ONCE:])
        problems.append(f"{FILES_AT_ONCE} worksheets are read in one go. Choose again: {left}.")
    return problems


def _send(me: Actor, bulk: Bulk) -> None:
    outcome = sending.send(bulk, bulk_agencies(me, bulk.agency_id), me)
    for name, why in outcome.refused.items():
        flash(f"{name} was not sent: {why}", "warning")
    if outcome.left:
        flash(f"There was no time for {outcome.left} of them. Please send once more.", "warning")


@pages.post("/<int:bulk_id>/worksheets")
def add(bulk_id: int) -> ResponseReturnValue:
    """Answers the script: 201 and whose it is (empty: nobody can tell), or 422 and why not."""
    me = actor()
    bulk, file = get_bulk_for(me, bulk_id), request.files.get("file")
    if file is None or not file.filename:
        return jsonify(sentence="Please choose a file."), 422
    held = people.members(db.session(), bulk_agencies(me, bulk.agency_id))
    names = {person.id: person.name for person, _ in held}
    person_id = request.form.get("person", type=row_id)
    try:
        found = keeping.take(bulk, held, file.filename, file.stream,
                             person_id if person_id in names else None)  # fmt: skip
    except (NotAllowed, keeping.TooMany) as why:
        return jsonify(sentence=why.sentence), 422
    return jsonify(whose=names.get(found or 0, "")), 201
