"""The way from a request's form to its worksheet and back, as somebody without scripts takes it."""

import io
from datetime import timedelta
from typing import Any

from helpdesk.models.person import Person
from helpdesk.services.facts import today
from tests.support.papers import png
from tests.web.markup import Answer
from tests.web.visitor import OURS, Visitor
from workflows.guards import NEW_USER, RECERTIFY
from workflows.papers import NEW_USER_WORKSHEET, RECERTIFICATION_WORKSHEET

FILL_IN, DONE, BACK, SEND = "fill-in", "sheet-done", "sheet-back", ""
BUTTONS = {FILL_IN, DONE, BACK, "add-documents", "remove-document"}


def lately(ago: int = 20) -> str:
    return (today() - timedelta(days=ago)).isoformat()


def press(visitor: Visitor, page: Answer, button: str, value: str = "1", **typed: Any) -> Answer:
    """Sends the page's form with one of its buttons, and with files among what is typed."""
    form = page.form_with("key", "csrf_token")
    standing = {name: text for name, text in form.values().items() if name not in BUTTONS}
    pressed = {button: value} if button else {}
    return visitor.ask("POST", form.action or page.path, data={**standing, **typed, **pressed},
                       origin=OURS, follow_redirects=True)  # fmt: skip


def opened(visitor: Visitor, about: Person, **typed: str) -> Answer:
    """The worksheet's page of a Recertification."""
    form = visitor.get(f"/requests/new/{RECERTIFY}?person={about.id}")
    return press(visitor, form, FILL_IN, RECERTIFICATION_WORKSHEET, **typed)


def opened_for_newcomer(visitor: Visitor, **typed: str) -> Answer:
    return press(visitor, visitor.get(f"/requests/new/{NEW_USER}"), FILL_IN, NEW_USER_WORKSHEET,
                 **typed)  # fmt: skip


def courses(page: Answer, ago: int = 20) -> dict[str, str]:
    names = [name for name in page.form_with("key").fields if name.startswith("sheet-course_")]
    days = {name: lately(ago) for name in names if name.endswith(".day")}
    return days | {name: "92" for name in names if name.endswith(".score")}


def signed_page() -> tuple[io.BytesIO, str]:
    return io.BytesIO(png()), "signed.png"
