"""Worksheets as people send them: filled in, flattened, shrunk to another paper, scanned."""

from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
from pypdf import PageObject, Transformation
from pypdf.constants import AnnotationFlag
from reportlab.pdfgen.canvas import Canvas

from helpdesk.worksheets.code import Made, check_code
from helpdesk.worksheets.layout import HEIGHT, WIDTH, lay_out
from helpdesk.worksheets.make import Filled, make
from workflows.checking import Known
from workflows.training import STANDARD, Course, Purpose
from workflows.worksheets import NEW_USER, RECERTIFICATION, Kind, Sheet

LACKING = (
    "山田 花子", "김민준", "محمد علي", "דוד כהן", "प्रिया", "A\u200fB", "Mary 😀", "Q\u0332ed",
)  # fmt: skip
"""Names that want more than a font of separate letters, as most of the desk's people's do not."""

KEY = "a key for worksheets of the tests"
TODAY = date(2026, 11, 25)
LEVEL = "case_manager_2"
A4 = (595.0, 842.0)


def courses_of(purpose: Purpose) -> tuple[Course, ...]:
    return tuple(STANDARD.required(LEVEL, purpose))


def known(purpose: Purpose, **changed: Any) -> Known:
    """Whom the worksheets of the tests are about, as the register has them."""
    facts: dict[str, Any] = {
        "name": "María Łukaszewicz", "today": TODAY, "username": "maria.l",
        "email": "maria.l@harbor.example", "agency": "Harbor House", "level": LEVEL,
        "courses": courses_of(purpose), "code_right": True,
    }  # fmt: skip
    return Known(**facts | changed)


PRINTED = {
    RECERTIFICATION.number: {
        "name": "María Łukaszewicz", "username": "maria.l", "email": "maria.l@harbor.example",
        "agency": "Harbor House", "level": "Case Manager II", "expires_on": "12/31/2026",
    },
    NEW_USER.number: {"agency": "Harbor House"},
}  # fmt: skip

SIGNED = {
    "user.signature": "Maria Lukaszewicz", "user.signed_on": "11/20/2026",
    "admin.signature": "Dana Price", "admin.signed_on": "11/21/2026",
}  # fmt: skip

ANSWERS: dict[str, dict[str, str]] = {
    RECERTIFICATION.number: {
        "course1.day": "10/01/2026", "course1.score": "92",
        "course2.day": "Oct 2, 2026", "course2.score": "100",
        "course3.day": "2026-10-03", "course3.score": "80 %",
        "admin.name": "Dana Price", **SIGNED,
    },
    NEW_USER.number: {
        "first_name": "María", "last_name": "Lukaszewicz", "email": "maria.l@harbor.example",
        "phone": "313-555-0100", "title": "Case manager", "employment.employee": "x",
        "supervisor": "Sol Ray", "supervisor_email": "sol.ray@harbor.example",
        "provider": "Harbor House ES", f"level.{LEVEL}": "x",
        **{f"course{line}.day": "10/01/2026" for line in range(1, 6)},
        **{f"course{line}.score": "92" for line in range(1, 6)},
        "agreement_on": "11/01/2026", "ethics_on": "11/01/2026",
        "director.signature": "Ed Moss", "director.signed_on": "11/22/2026", **SIGNED,
    },
}  # fmt: skip


def fillable(sheet: Sheet, *, code: str | None = None) -> bytes:
    """As it is downloaded. `code`: another check code than the right one."""
    courses = [course.label for course in courses_of(sheet.purpose)]
    right = check_code(KEY, Made(sheet.number, sheet.version, "maria.l", LEVEL))
    return make(sheet, Filled(PRINTED[sheet.number], courses, right if code is None else code))


def filled(sheet: Sheet, changed: Mapping[str, str] | None = None, **made: Any) -> bytes:
    """Filled in as a viewer does: the fields have their values, and pictures of them."""
    answers = ANSWERS[sheet.number] | dict(changed or {})
    return filled_in(sheet, fillable(sheet, **made), answers)


def filled_in(sheet: Sheet, data: bytes, answers: Mapping[str, str]) -> bytes:
    """A worksheet that was downloaded, with these answers."""
    ticks = {blank.name for blank in sheet.blanks if blank.kind is Kind.TICK}
    values = {name: _tick(text) if name in ticks else text for name, text in answers.items()}
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    return _bytes(writer)


def flattened(data: bytes) -> bytes:
    """Printed to a PDF: no field is left, the text stands on the page."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    for page in document:
        page.flatten()
    target = BytesIO()
    document.save(target)
    document.close()
    return target.getvalue()


def shrunk(data: bytes) -> bytes:
    """Flattened, and fitted to A4 with a margin, as a print dialog does."""
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(BytesIO(flattened(data))).pages:
        paper = PageObject.create_blank_page(width=A4[0], height=A4[1])
        paper.merge_transformed_page(page, Transformation().scale(0.9).translate(22, 60))
        writer.add_page(paper)
    return _bytes(writer)


def scanned(data: bytes) -> bytes:
    """Printed on paper and scanned: pictures of pages, without text."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    pictures = [page.render(scale=1.5).to_pil() for page in document]
    target = BytesIO()
    pictures[0].save(target, "PDF", save_all=True, append_images=pictures[1:])
    document.close()
    return target.getvalue()


def signed_by_hand(sheet: Sheet, data: bytes) -> bytes:
    """A stroke of a pen across each place for a signature."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    for number, page in enumerate(writer.pages):
        target = BytesIO()
        pen = Canvas(target, pagesize=(WIDTH, HEIGHT))
        for place in lay_out(sheet).places:
            if place.page == number and place.blank.kind is Kind.SIGNATURE:
                box = place.box
                pen.bezier(box.x + 20, box.y + 2, box.x + 60, box.y + 40, box.x + 80, box.y - 20,
                           box.x + 200, box.y + 14)  # fmt: skip
        pen.showPage()
        pen.save()
        page.merge_page(pypdf.PdfReader(target).pages[0])
    return _bytes(writer)


def read_only(data: bytes) -> bytes:
    """Filled in, then locked by its sender: fields that nobody can change are fields still."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    for page in writer.pages:
        for widget in page.annotations or ():
            widget.get_object()[pypdf.generic.NameObject("/F")] = pypdf.generic.NumberObject(
                AnnotationFlag.PRINT | AnnotationFlag.READ_ONLY
            )
    return _bytes(writer)


def encrypted(data: bytes, password: str) -> bytes:
    """With a password to open it; without one, with one for changes alone."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    writer.encrypt(password, "an owner's password")
    return _bytes(writer)


def without_our_name(data: bytes) -> bytes:
    """The form alone, on blank pages."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    for page in writer.pages:
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(
            pypdf.generic.DecodedStreamObject()
        )
    return _bytes(writer)


Way = Callable[[bytes], bytes]

WAYS: dict[str, Way] = {
    "filled": bytes, "flattened": flattened, "shrunk": shrunk, "read only": read_only,
}  # fmt: skip


def _tick(text: str) -> str:
    return "/Yes" if text else "/Off"


def _bytes(writer: pypdf.PdfWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()
