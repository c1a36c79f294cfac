"""A worksheet filled in on a page, on the way through a request's form and back to it.

The request's answers ride along as they were typed. So both pages have one address, and what is
typed on either is lost on neither.
"""

from dataclasses import dataclass
from functools import cached_property

from flask import render_template, request
from werkzeug.datastructures import FileStorage

from helpdesk.access import NotForYou
from helpdesk.documents.errors import NotAllowed
from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.forms.base import RequestForm
from helpdesk.forms.signatures import PREFIX, judge, on_pages
from helpdesk.forms.steps import Answer
from helpdesk.forms.worksheet import PAGES, Asking, WorksheetForm, worksheet_form
from helpdesk.models.document import Document
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import drafts
from helpdesk.services import web_worksheets as service
from helpdesk.services.drafts import Upload
from helpdesk.services.facts import today
from helpdesk.services.filing_facts import Brought
from helpdesk.services.web_worksheets import Filled, Page
from helpdesk.views import worksheet_texts as between
from helpdesk.views.show.documents import downloads
from helpdesk.views.show.web_worksheet import parts_shown
from helpdesk.views.uploads import Arrived
from helpdesk.views.web_signers import signers_of, texts_of
from workflows.checking import Check, Verdict
from workflows.papers import OTHER
from workflows.requirements import COURSE_FIELD
from workflows.signing import SIGNED_ON, SIGNERS, says, signers
from workflows.ticket_type import TicketType
from workflows.training import Course
from workflows.worksheets import NEW_USER, Sheet, newest

FILL_IN, DONE, BACK = "fill-in", f"{PREFIX}done", f"{PREFIX}back"
"""Buttons: on the request’s form, where the value is a paper; and on the worksheet’s page."""

PAPER = f"{PREFIX}paper"


def is_asked_for() -> bool:
    return any(button in request.form for button in (FILL_IN, DONE, BACK))


@dataclass
class Filling:
    """`form`: the request's, or of an answer, as it is filled in; `kept`: documents that are there
    already, or of an earlier one. `ticket` None: it is not filed yet."""

    kind: TicketType
    about: About
    form: RequestForm | Answer
    kept: list[Document]
    arrived: Arrived
    ticket: Ticket | None = None

    @cached_property
    def sheet(self) -> Sheet:
        """Raises `NotForYou` for what is no worksheet of this request."""
        paper = request.form.get(PAPER) or request.form.get(FILL_IN, "")
        sheet = newest(paper) if paper in self.kind.papers else None
        if sheet is None:
            raise NotForYou
        return sheet

    @cached_property
    def page(self) -> Page:
        return Page(self.about.actor, self.form.key.data or "", self.sheet)

    @cached_property
    def mine(self) -> str | None:
        return between.part_of(self.about.actor, self.about)

    @cached_property
    def others(self) -> list[str]:
        """Who else has to sign."""
        return [who for who in signers(self.sheet) if who != self.mine]

    @cached_property
    def filer(self) -> Person | None:
        """On whose behalf staff file, once that is chosen; or who has filed it."""
        if self.ticket is not None:
            return db.session.get(Person, self.ticket.filer_id)
        chosen = self.form["caller"].data if "caller" in self.form else None
        return next((each for each in self.about.callers if each.id == chosen), None)

    @cached_property
    def asking(self) -> Asking:
        about, sheet = self.about, self.sheet
        known = between.facts(sheet, about, self.form)
        level = None if sheet is NEW_USER or about.license is None else about.license.access_level
        grid, purpose = about.grid, sheet.purpose
        courses = grid.asked(purpose) if sheet is NEW_USER else grid.required(level, purpose)
        agencies = {} if "agency" in known else about.agencies
        return Asking(sheet, known, courses, level, self.mine, about.actor.name, agencies,
                      signers_of(about, self.mine, self.others, self.filer))  # fmt: skip

    def level(self, sheet_form: WorksheetForm) -> str | None:
        """That of the license, or the one that is asked for."""
        chosen = sheet_form.text_of("level") if self.sheet is NEW_USER else ""
        return chosen or self.asking.level

    def required(self, sheet_form: WorksheetForm) -> list[Course]:
        return self.about.grid.required(self.level(sheet_form), self.sheet.purpose)


def answer(filling: Filling) -> str | None:
    """The worksheet's page; None where the request's form comes next, with what was filled in."""
    if FILL_IN in request.form:
        return _shown(filling, _as_it_was_left(filling))
    sheet_form = worksheet_form(filling.asking)
    between.take_over(filling.form, sheet_form)
    service.remember(filling.page, sheet_form.typed())
    _take_pages(filling, sheet_form)
    if DONE in request.form and not _is_put_to_form(filling, sheet_form):
        return _shown(filling, sheet_form)
    return None


def _as_it_was_left(filling: Filling) -> WorksheetForm:
    """The request may have been answered since."""
    empty = worksheet_form(filling.asking, {})
    told = between.answered(filling.form, empty)
    before = service.typed_before(filling.page) or _on_the_earlier(filling)
    return worksheet_form(filling.asking, before | told)


def _on_the_earlier(filling: Filling) -> dict[str, str]:
    """What HAND has seen on the worksheet that is done again."""
    sheets = [each for each in filling.kept if each.kind == filling.sheet.paper and each.reading]
    found = sheets[-1].reading if sheets and filling.ticket else None
    return between.as_inputs(found.texts, filling.asking.courses) if found else {}


def _take_pages(filling: Filling, sheet_form: WorksheetForm) -> None:
    files = [each for each in sheet_form[PAGES].data or () if _is_file(each)]
    uploads = [Upload(OTHER, each.filename or "", each.stream) for each in files]
    page = filling.page
    kept = drafts.add_all(page.owner_id, page.form_key, uploads, len(filling.kept))
    filling.arrived.errors[OTHER] = [end.sentence for end in kept if isinstance(end, NotAllowed)]


def _is_file(each: object) -> bool:
    return isinstance(each, FileStorage) and bool(each.filename)


def _is_put_to_form(filling: Filling, sheet_form: WorksheetForm) -> bool:
    """Else what is wrong stands at the inputs."""
    sound = sheet_form.validate()
    sound = judge(sheet_form, filling.asking.signers) and sound
    filled = _filled(filling, sheet_form)
    faults = [each for each in _checks(filling, filled) if each.verdict is Verdict.FAIL]
    for fault in faults:
        _place(sheet_form, fault)
    lacking = _lacking(filling, sheet_form)
    if not sound or faults or lacking:
        return False
    return _kept(filling, filled)


def _checks(filling: Filling, filled: Filled) -> list[Check]:
    about, form = filling.about, filling.form
    if isinstance(form, RequestForm):
        brought = Brought(form.answers(about.actor), (), filled.texts.get("agency"))
        return service.checks(filling.kind, about.person, filling.page, filled, brought)
    assert filling.ticket is not None, "an answer is to a ticket"
    fields = form.brought().get("fields") or {}
    return service.checks_for(filling.ticket, filling.page, filled, fields)


def _kept(filling: Filling, filled: Filled) -> bool:
    named = " ".join(filled.texts.get(n, "") for n in ("name", "first_name", "last_name"))
    name = " ".join(f"{filling.sheet.title} {named}".split())
    try:
        service.put_to_form(filling.page, filled, f"{name}.pdf", len(filling.kept))
    except NotAllowed as refused:
        filling.arrived.errors.setdefault(filling.sheet.paper, []).append(refused.sentence)
    else:
        filling.arrived.done = "The worksheet is attached."
    return True


def _filled(filling: Filling, sheet_form: WorksheetForm) -> Filled:
    courses = filling.required(sheet_form)
    texts = between.texts(filling.sheet, filling.asking.facts, sheet_form, courses)
    if "agency" in sheet_form and sheet_form.text_of("agency").isdecimal():
        texts["agency"] = filling.about.agencies[int(sheet_form.text_of("agency"))]
    if filling.mine is not None:
        texts[f"{filling.mine}{SIGNED_ON}"] = today().isoformat()
        texts[says(filling.mine)] = service.how_signed(db.session(), filling.about.actor)
    texts |= texts_of(sheet_form, filling.asking.signers)
    person = filling.about.person
    username = person.username if person else None
    code = service.code_for(filling.sheet, username, filling.level(sheet_form))
    return Filled(texts, code)


def _place(sheet_form: WorksheetForm, fault: Check) -> None:
    """At the input that it is about, unless there is something else to mend there."""
    name = _input_of(fault)
    if name not in sheet_form:
        sheet_form.form_errors = [*sheet_form.form_errors, fault.sentence]
    elif not sheet_form[name].errors:
        sheet_form[name].errors = [fault.sentence]


def _input_of(fault: Check) -> str:
    blank = fault.blank or ""
    group, _, part = blank.partition(".")
    if fault.name.startswith(COURSE_FIELD):
        return f"{fault.name}.{part or 'day'}"
    return group if group == "level" else blank


def _lacking(filling: Filling, sheet_form: WorksheetForm) -> bool:
    """Whether a page that others signed is still to come, or one was not taken."""
    page, refused = filling.page, filling.arrived.errors.get(OTHER)
    came = drafts.on_form(db.session(), page.owner_id, page.form_key)
    there = any(document.kind == OTHER for document in (*came, *filling.kept))
    on_paper = on_pages(sheet_form, filling.asking.signers)
    if refused or (on_paper and not there):
        who = " and ".join(SIGNERS[each] for each in on_paper)
        sheet_form[PAGES].errors = refused or [f"Add the page that {who} signed."]
        return True
    return False


def _shown(filling: Filling, sheet_form: WorksheetForm) -> str:
    page = filling.page
    came = drafts.on_form(db.session(), page.owner_id, page.form_key)
    return render_template(
        "requests/web_worksheet.html",
        title=filling.sheet.title,
        person=filling.about.person.name if filling.about.person else None,
        form=sheet_form,
        parts=parts_shown(filling.asking, sheet_form),
        pages=[document.name for document in (*came, *filling.kept) if document.kind == OTHER],
        others=[SIGNERS[who] for who in filling.others],
        download=_download(filling, sheet_form),
        buttons={"done": DONE, "back": BACK},
        carried=_carried(),
        paper=(PAPER, filling.sheet.paper),
    )


def _download(filling: Filling, sheet_form: WorksheetForm) -> str:
    """The same on paper, for those who sign there."""
    person, paper = filling.about.person, filling.sheet.paper
    level = filling.level(sheet_form) if filling.sheet is NEW_USER else None
    return downloads(filling.kind.name, [paper], person.id if person else None, level)[paper]


def _carried() -> list[tuple[str, str]]:
    """The request's answers, as they were typed."""
    return [(name, value) for name, value in request.form.items(multi=True)
            if not name.startswith(PREFIX) and name not in {FILL_IN, "csrf_token"}]  # fmt: skip
