"""A request whose worksheet others sign by mailed links, and the links as they were mailed."""

import io
from typing import Any

from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.support.papers import pdf
from tests.support.signatures import mails_with_links, token_of
from tests.web.markup import Answer
from tests.web.visitor import Visitor
from tests.web.worksheet_page import (
    DONE,
    SEND,
    courses,
    lately,
    opened,
    opened_for_newcomer,
    press,
)
from workflows import license as life
from workflows.papers import AGREEMENT_AND_ETHICS

NAME = "sheet-admin.signature"
ED = {"sheet-director.asked_name": "Ed Moss", "sheet-director.asked_email": "ed@harbor.example"}
NILS = {
    "sheet-first_name": "Nils", "sheet-last_name": "Acker", "sheet-title": "Case manager",
    "sheet-email": "nils.acker@harbor.example", "sheet-employment": "employee",
    "sheet-supervisor": "Robin Ames", "sheet-supervisor_email": "robin@harbor.example",
    "sheet-provider": "Harbor House – Shelter", "sheet-level": "case_manager_1",
    "sheet-earlier_access": "No",
}  # fmt: skip


def expired(cast: Cast) -> Person:
    """Somebody whose license can be renewed."""
    found = factories.licensee(life.EXPIRED, of=cast.agency)
    with transaction() as session:
        held = session.query(License).filter_by(person_id=found.id).one()
        held.access_level = "case_manager_1"
    return found


def renewal(visitor: Visitor, about: Person, name: str, **typed: str) -> Answer:
    """The Recertification of somebody on file, sent by their admin, who signs here."""
    page = opened(visitor, about)
    form = press(visitor, page, DONE, **{**courses(page), NAME: name, **typed})
    return press(visitor, form, SEND)


def for_newcomer(visitor: Visitor, name: str, **typed: str) -> Answer:
    """The worksheet of somebody new, put to the request; or its page, with what is wrong."""
    page = opened_for_newcomer(visitor)
    dates = {"sheet-agreement_on": lately(), "sheet-ethics_on": lately()}
    return press(visitor, page, DONE, **{**courses(page), **NILS, **dates, **ED, NAME: name,
                                         **typed})  # fmt: skip


def newcomer_filed(visitor: Visitor, name: str) -> Answer:
    agreement: Any = {f"document-{AGREEMENT_AND_ETHICS}": (io.BytesIO(pdf()), "agreement.pdf")}
    return press(visitor, for_newcomer(visitor, name), SEND, **agreement)


def links_mailed() -> dict[str, list[str]]:
    """The paths of links to sign, oldest first, by the address they went to."""
    found: dict[str, list[str]] = {}
    for effect in mails_with_links():
        path = f"/sign/{token_of(effect.key)}"
        found.setdefault(effect.payload["to"]["address"], []).append(path)
    return found


def newest_link(address: str) -> str:
    return links_mailed()[address][-1]


def sign(visitor: Visitor, path: str, name: str) -> Answer:
    return visitor.fill(path, "signature", signature=name)
