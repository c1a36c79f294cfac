"""Failed effects on staff's screen: what, why, for whom; Retry, or Give up with a reason."""

import pytest
from sqlalchemy import select

from helpdesk.extensions import db, now
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.transaction import transaction
from tests import factories
from tests.web.conftest import Visit
from tests.web.markup import Answer, Form
from workflows.license import LOCKED


@pytest.fixture
def mail_without_ticket(cast: factories.Cast) -> int:
    """“Your license is locked”, refused by its server."""
    about = factories.licensee(LOCKED, of=cast.agency, owing=True)
    with transaction() as session:
        effect = session.scalars(select(Effect).where(Effect.person_id == about.id)).one()
        effect.status, effect.settled_at, effect.attempts = Status.DEAD, now(), 1
        effect.error = "The mail server refused this address for good (550 5.1.1)."
        return effect.id


def retrying(page: Answer) -> Form:
    return next(form for form in page.forms if form.action.endswith("/retry"))


def effect(effect_id: int) -> Effect:
    return db.session.get_one(Effect, effect_id, populate_existing=True)


def test_an_account_action_that_failed_is_shown_with_its_ticket(
    cast: factories.Cast, visit: Visit
) -> None:
    ticket = factories.failed_ticket(cast)
    sam = visit(cast.sam)
    page = sam.get("/effects")
    assert "Unlock the account of" in page.words
    assert "No such account." in page.words
    assert f'href="/tickets/{ticket.id}"' in page.text
    assert "The account could not be changed." in sam.get(f"/tickets/{ticket.id}").words


def test_a_failure_is_the_desks_own_concern(cast: factories.Cast, visit: Visit) -> None:
    ticket = factories.failed_ticket(cast)
    dana, sam = visit(cast.admin), visit(cast.sam)
    for path in ("/", f"/tickets/{ticket.id}"):
        page = dana.get(path)
        assert "Approved" in page.words
        assert "attention" not in page.words
        assert "No such account" not in page.words
    assert "Needs attention" in sam.get("/").words
    assert "Needs attention" in sam.get(f"/tickets/{ticket.id}").words


def test_a_mail_that_belongs_to_no_ticket_is_shown_retried_and_given_up(
    mail_without_ticket: int, cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    page = sam.get("/effects")
    assert "Belongs to no request" in page.words
    assert "550 5.1.1" in page.words
    asked = sam.get(f"/effects/{mail_without_ticket}/give-up")
    assert "Belongs to no request" in asked.words
    done = sam.send(asked, asked.form_with("reason"), reason="She was called.")
    assert "Given up. The reason is kept." in done.words
    given_up = effect(mail_without_ticket)
    assert (given_up.status, given_up.closed_reason) == (Status.GIVEN_UP, "She was called.")
    assert given_up.closed_by_id == cast.sam.person_id


def test_retry_makes_it_due_again_once(
    mail_without_ticket: int, cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    page = sam.get("/effects")
    assert "It will be tried again right away." in sam.send(page, retrying(page)).words
    assert effect(mail_without_ticket).status is Status.DUE
    again = sam.send(page, retrying(page))
    assert "Somebody has dealt with that one already." in again.words


def test_giving_up_needs_a_reason(
    mail_without_ticket: int, cast: factories.Cast, visit: Visit
) -> None:
    page = visit(cast.sam).fill(f"/effects/{mail_without_ticket}/give-up", "reason", reason="")
    assert page.title.startswith("Error: ")
    assert "Say why; it is kept in the history." in page.words
    assert effect(mail_without_ticket).status is Status.DEAD


def test_what_is_not_dead_cannot_be_retried_or_given_up(cast: factories.Cast, visit: Visit) -> None:
    factories.ticket(by=cast, owing=True)
    pending = db.session.scalars(select(Effect.id).where(Effect.kind == Kind.MAIL)).first()
    sam = visit(cast.sam)
    assert sam.get(f"/effects/{pending}/give-up").status == 404


def test_more_than_a_page_of_them_are_all_reachable(cast: factories.Cast, visit: Visit) -> None:
    with transaction():
        for _ in range(53):
            factories.failed_ticket(cast)
    sam = visit(cast.sam)
    first = sam.get("/effects")
    older = next(part for part in first.text.split('"') if part.startswith("/effects?before="))
    both = [first, sam.get(older)]
    found = [form.action for page in both for form in page.forms if form.action.endswith("/retry")]
    assert len(set(found)) == len(found) == 53


def test_blanks_are_no_reason_to_give_up(
    mail_without_ticket: int, cast: factories.Cast, visit: Visit
) -> None:
    page = visit(cast.sam).fill(f"/effects/{mail_without_ticket}/give-up", "reason", reason=" \n ")
    assert page.status == 200
    assert "reason-error" in page.read().ids
    assert effect(mail_without_ticket).status is Status.DEAD
