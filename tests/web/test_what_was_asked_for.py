"""The answer to HAND: what was asked for and is not there is pointed out before it is sent."""

import io

import pytest

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.document import documents_of
from helpdesk.models.event import history
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.models.web_session import Proof
from helpdesk.services import tickets
from tests import factories
from tests.factories import Cast
from tests.support.papers import pdf
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW, WAITING
from workflows.guards import NEW_PASSWORD, NEW_USER, RECERTIFY
from workflows.license import ACTIVE
from workflows.papers import AGREEMENT_AND_ETHICS, CODE_OF_ETHICS, USER_AGREEMENT

MISSING = "HAND asked for the User Agreement, and it is not attached."
WITHOUT = "I can’t give it now. My answer says why, and when it comes."


@pytest.fixture
def asked(cast: Cast) -> Ticket:
    """HAND wants two papers anew."""
    ticket = factories.ticket(IN_REVIEW, by=cast, type=NEW_USER)
    papers = [USER_AGREEMENT, CODE_OF_ETHICS]
    words = {"message": "Both are unsigned.", "papers": papers}
    return tickets.act(ticket.id, "ask_for_more", cast.sam, words)


def answer(dana: Visitor, page: Answer, kind: str | None = None, **typed: str) -> Answer:
    form = page.form_with("message", "key")
    data = {**form.values(), **typed}
    files = {f"document-{kind}": [(io.BytesIO(pdf()), "new.pdf")]} if kind else {}
    return dana.ask("POST", form.action or page.path, data=data | files,
                    origin="http://localhost", follow_redirects=True)  # fmt: skip


def state(ticket: Ticket) -> str:
    db.session.refresh(ticket)
    return ticket.state


def test_a_paper_that_is_not_attached_is_pointed_out_and_nothing_is_sent(
    cast: Cast, asked: Ticket, visit: Visit
) -> None:
    dana = visit(cast.admin)
    page = answer(dana, dana.get(f"/tickets/{asked.id}"), CODE_OF_ETHICS, message="Here it is.")
    assert page.status == 200
    assert f"Documents are missing {MISSING}" in page.words
    assert page.text.count("autofocus") == 1
    assert "asked for the Code of Ethics" not in page.words
    assert page.form_with("message").fields["message"].value == "Here it is."
    assert WITHOUT in page.words
    assert state(asked) == WAITING
    sent = answer(dana, page, USER_AGREEMENT)
    assert "You answered." in sent.words
    assert state(asked) == IN_REVIEW
    kinds = [document.kind for document in documents_of(db.session(), asked.id)]
    assert kinds[-2:] == [CODE_OF_ETHICS, USER_AGREEMENT]


def test_one_file_may_bring_both(cast: Cast, asked: Ticket, visit: Visit) -> None:
    dana = visit(cast.admin)
    page = dana.get(f"/tickets/{asked.id}")
    assert WITHOUT not in page.words
    sent = answer(dana, page, AGREEMENT_AND_ETHICS, message="Both in one.")
    assert "You answered." in sent.words


def test_what_was_asked_for_is_the_answer(cast: Cast, asked: Ticket, visit: Visit) -> None:
    dana = visit(cast.admin)
    sent = answer(dana, dana.get(f"/tickets/{asked.id}"), AGREEMENT_AND_ETHICS, message=" ")
    assert "You answered." in sent.words
    assert history(db.session(), asked.id)[-1].data["message"] == "Here is what you asked for."


def test_whoever_cannot_attach_it_says_why(cast: Cast, asked: Ticket, visit: Visit) -> None:
    dana = visit(cast.admin)
    page = answer(dana, dana.get(f"/tickets/{asked.id}"), message="She signs on Monday.")
    assert "HAND asked for the Code of Ethics, and it is not attached." in page.words
    silent = answer(dana, page, without="y", message="  ")
    assert "Write your message." in silent.words
    assert state(asked) == WAITING
    answer(dana, silent, without="y", message="She signs on Monday.")
    assert state(asked) == IN_REVIEW
    last = history(db.session(), asked.id)[-1]
    assert last.data == {"message": "She signs on Monday.", "without": True}


def test_where_words_were_asked_for_words_are_enough(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(WAITING, by=cast, type=NEW_USER)
    dana = visit(cast.admin)
    answer(dana, dana.get(f"/tickets/{ticket.id}"), message="At the one on Woodward.")
    assert state(ticket) == IN_REVIEW


@pytest.fixture
def maria(cast: Cast) -> Person:
    return factories.licensee(ACTIVE, of=cast.agency)


def turned(cast: Cast, maria: Person) -> Ticket:
    """A Recertification that turns out to be about a password."""
    first = factories.ticket(IN_REVIEW, by=cast, about=maria, type=RECERTIFY)
    return tickets.act(first.id, "convert", cast.sam, {"to": NEW_PASSWORD})


def test_the_papers_of_a_request_that_changed_its_type_are_asked_for_alike(
    cast: Cast, maria: Person, visit: Visit
) -> None:
    first = factories.ticket(IN_REVIEW, by=cast, about=maria, type=NEW_PASSWORD)
    new = tickets.act(first.id, "convert", cast.sam, {"to": RECERTIFY})
    dana = visit(cast.admin)
    page = dana.get(f"/tickets/{new.id}")
    assert page.words.count("Attach the User License Recertification Worksheet.") == 2
    assert "Needed: User License" not in page.words
    page = answer(dana, page, message="What do you need?")
    worksheet = "HAND asked for the User License Recertification Worksheet"
    assert f"{worksheet}, and it is not attached." in page.words
    assert state(new) == WAITING


def test_an_admin_completes_who_asks_and_what_happened(
    cast: Cast, maria: Person, visit: Visit
) -> None:
    ticket = turned(cast, maria)
    dana = visit(cast.admin)
    page = dana.get(f"/tickets/{ticket.id}")
    vouched = f"I know that it is {maria.name} who asks, and {maria.email} is still the right"
    assert vouched in page.words
    answer(dana, page, message="Locked.", happened="locked", vouched="y")
    assert state(ticket) == IN_REVIEW
    assert (ticket.fields["happened"], ticket.fields["identity"]) == ("locked", "agency")
    assert "The agency’s admin says" in visit(cast.sam).get(f"/tickets/{ticket.id}").words


@pytest.mark.parametrize("proof", [proof for proof in Proof if proof is not Proof.HALF])
def test_a_licensee_who_answers_is_the_one_who_asks(
    cast: Cast, maria: Person, visit: Visit, proof: Proof
) -> None:
    ticket = turned(cast, maria)
    herself = visit(Actor(maria.id, maria.name, cast.admin.channel)).sign_in(maria.id, proof)
    page = herself.get(f"/tickets/{ticket.id}")
    assert "who asks" not in page.form_with("message").fields
    answer(herself, page, message="I forgot it.", happened="forgotten")
    assert state(ticket) == IN_REVIEW
    assert ticket.fields["identity"] == ("link" if proof is Proof.LINK else "self")


def test_whoever_does_not_vouch_leaves_it_open_for_hand_to_check(
    cast: Cast, maria: Person, visit: Visit
) -> None:
    ticket = turned(cast, maria)
    dana = visit(cast.admin)
    answer(dana, dana.get(f"/tickets/{ticket.id}"), message="I could not reach her.")
    assert state(ticket) == IN_REVIEW
    assert "identity" not in ticket.fields
