"""The pages of a bulk: whom to begin with; then a row for each person, with what is still needed,
what is wrong, or the request it has become."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, url_for
from sqlalchemy import select

from helpdesk.actor import Actor
from helpdesk.extensions import db, now, settings
from helpdesk.forms.bulk import BeginBulk, BulkRow, row_form
from helpdesk.forms.inputs import COURSE
from helpdesk.models.agency import Agency
from helpdesk.models.bulk import Bulk
from helpdesk.models.document import Document
from helpdesk.models.person import Person
from helpdesk.services import clock
from helpdesk.services.bulks.lines import Line, Whole
from helpdesk.services.bulks.people import Held
from helpdesk.services.words import moment_in_words
from helpdesk.views.show import pieces
from helpdesk.views.show.documents import DocumentShown, draft_shown
from workflows.checking import ENCRYPTED
from workflows.engine import Reason
from workflows.guards import RECERTIFY
from workflows.registry import ticket_type
from workflows.requirements import DOCUMENT
from workflows.training import ACCESS_LEVELS

FILES_AT_ONCE = 20
"""So many worksheets are read with one form, at three in a second. The script sends each alone."""


@dataclass(frozen=True)
class Start:
    """`ticked`: ids of people. `problems`: sentences that are about no input."""

    me: Actor
    form: BeginBulk
    agency_id: int | None = None
    due: Sequence[Held] = ()
    ticked: frozenset[int] = frozenset()
    all_ticked: bool = False
    problems: list[str] = field(default_factory=list)


def begin_page(start: Start) -> str:
    ready = start.agency_id is not None or not start.me.staff
    return render_template(
        "bulk/start.html",
        form=start.form,
        ready=ready,
        agencies=_agencies() if start.me.staff else [],
        agency_id=start.agency_id,
        people=[_candidate(person, held, start) for person, held in start.due],
        problems=start.problems,
        all_url=url_for("bulk.start", agency=start.agency_id, all=1),
        most=settings().BULK_PEOPLE,
        earlier=_earlier(start.me),
    )


def _agencies() -> list[tuple[int, str]]:
    query = select(Agency.id, Agency.name).where(Agency.active).order_by(Agency.name)
    return [(number, name) for number, name in db.session.execute(query)]


def _candidate(person: Person, held: Any, start: Start) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "about": _about(person, held.access_level),
        "license": pieces.license_named(held.state),
        "expires": pieces.day(held.expires_on) if held.expires_on else None,
        "picked": start.all_ticked or person.id in start.ticked,
    }


def _about(person: Person, level: str | None) -> list[str]:
    return [words for words in (person.username, ACCESS_LEVELS.get(level or "")) if words]


SHOWN, LONGEST_NAME = 5, 80


def _earlier(me: Actor) -> list[dict[str, Any]]:
    """The last ones that somebody has begun, to go on with or to look up."""
    query = select(Bulk).where(Bulk.owner_id == me.person_id).order_by(Bulk.id.desc()).limit(SHOWN)
    return [
        {"url": url_for("bulk.show", bulk_id=bulk.id), "when": pieces.when(bulk.created_at),
         "sent": len(bulk.told)}
        for bulk in db.session.scalars(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class Given:
    """What the page is about. `people`: whose a worksheet can be that nobody could match."""

    me: Actor
    bulk: Bulk
    whole: Whole
    people: Sequence[Held] = ()


@dataclass(frozen=True)
class Filled:
    """What was sent and is not right: rows by the person's id, and sentences about files."""

    unsound: dict[int, BulkRow] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RowShown:
    """`stops`: why no papers help; `needs`: what is still to come; `wrong`: what is not right on
    the worksheet. `rival`: number and address of a request that is open already."""

    id: int
    name: str
    url: str
    about: list[str]
    expires: pieces.When | None
    form: BulkRow
    files: list[DocumentShown]
    ready: bool
    by_hand: bool
    stops: list[str]
    rival: tuple[str, str] | None
    needs: list[str]
    wrong: list[str]


def page(given: Given, filled: Filled | None = None) -> str:
    filled, whole = filled or Filled(), given.whole
    rows = [_row(given, line, filled.unsound.get(line.person.id)) for line in whole.unsent]
    ready = [row for row in rows if row.ready]
    due = clock.business_hours().add(now(), clock.target(ticket_type(RECERTIFY)))
    return render_template(
        "bulk/show.html",
        bulk_id=given.bulk.id,
        agency=_agency(given),
        begun=pieces.when(given.bulk.created_at),
        filer=_filer(given),
        notes=given.bulk.notes,
        problems=filled.problems,
        parts=[("Not ready", [row for row in rows if not row.ready]), ("Ready", ready)],
        ready=len(ready),
        left=len(rows) - len(ready),
        loose=[_loose(document) for document in whole.loose],
        people=[(person.id, person.name) for person, _ in given.people],
        sent=[_sent(line) for line in whole.sent],
        at_once=FILES_AT_ONCE,
        due_words=moment_in_words(due),
        kept_until=pieces.when(given.bulk.created_at + settings().DRAFTS_KEPT),
    )


def _agency(given: Given) -> str:
    if given.bulk.agency_id is not None:
        agency = db.session.get(Agency, given.bulk.agency_id)
        return agency.name if agency else ""
    return " and ".join(sorted(given.me.agencies.values()))


def _filer(given: Given) -> str | None:
    """Whom somebody files for; None: for themselves."""
    if given.bulk.filer_id == given.bulk.owner_id:
        return None
    return db.session.get_one(Person, given.bulk.filer_id).name


def _row(given: Given, line: Line, unsound: BulkRow | None) -> RowShown:
    form = unsound or row_form(line.person.id, line.courses, line.days)
    stops = [reason.sentence for reason in line.reasons if not reason.field]
    needs, wrong = ([], []) if stops else _judged(line, form)
    return RowShown(
        id=line.person.id,
        name=line.person.name,
        url=url_for("people.show", person_id=line.person.id),
        about=_about(line.person, line.license.access_level),
        expires=pieces.day(line.license.expires_on) if line.license.expires_on else None,
        form=form,
        files=[draft_shown(document) for document in line.documents],
        ready=line.ready and unsound is None,
        by_hand=bool(line.documents) and line.counting is None,
        stops=stops,
        rival=_rival(given, line),
        needs=needs,
        wrong=wrong,
    )


def _rival(given: Given, line: Line) -> tuple[str, str] | None:
    """One that another agency filed is not told of."""
    first = line.rival
    if first is None or not (given.me.staff or first.agency_id in given.me.agencies):
        return None
    return first.number, url_for("tickets.show", ticket_id=first.id)


def _is_read(document: Document) -> bool:
    return document.reading is not None and document.reading.fault is None


def _judged(line: Line, form: BulkRow) -> tuple[list[str], list[str]]:
    """Nobody is reproached for what they have not come to yet: without a worksheet, an empty input
    is something to do."""
    needs, wrong, said = [], [], set[str]()
    for reason in line.reasons:
        if _is_to_come(reason, line):
            needs.append(_still(reason, form))
        elif _course(reason) in said:
            continue
        elif _is_on_paper(reason, line) or not form.place(reason):
            wrong.append(reason.sentence)
        said |= {_course(reason)} - {""}
    return needs, wrong


def _is_on_paper(reason: Reason, line: Line) -> bool:
    """A worksheet that was read is mended there: whatever is typed has to be the same as on it."""
    course = _course(reason)
    return line.counting is not None and course != "" and course not in line.counting


def _course(reason: Reason) -> str:
    """The one that it is about, by name."""
    name = reason.field or ""
    return name.removeprefix(COURSE) if name.startswith(COURSE) else ""


def _is_to_come(reason: Reason, line: Line) -> bool:
    name = reason.field or ""
    if line.documents:
        return False
    course = _course(reason)
    return name.startswith(DOCUMENT) or (course != "" and course not in line.days)


def _still(reason: Reason, form: BulkRow) -> str:
    name = reason.field or ""
    return f"Date of {form[name].label.text}" if name in form else "Worksheet"


def _loose(document: Document) -> dict[str, Any]:
    """A worksheet of nobody, with what it says of itself."""
    reading = document.reading
    said = reading.texts.get("name", "").strip()[:LONGEST_NAME] if reading else ""
    words = "A program can’t read it." if not _is_read(document) else "It names nobody."
    if reading is not None and reading.fault == ENCRYPTED:
        words = "It asks for a password, so HAND can’t open it. Bring it without one."
    return {"file": draft_shown(document), "words": f"It says “{said}”." if said else words}


def _sent(line: Line) -> dict[str, Any]:
    assert line.ticket is not None, "it was sent"
    return {
        "name": line.person.name,
        "number": line.ticket.number,
        "url": url_for("tickets.show", ticket_id=line.ticket.id),
        "state": pieces.state_of(line.ticket),
    }
