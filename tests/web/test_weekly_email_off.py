"""Turning the weekly email off: on the account page, and by the link in it, without sign-in."""

from datetime import timedelta

from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.services import digests
from helpdesk.transaction import transaction
from tests.factories import Cast
from tests.web.conftest import Visit
from tests.web.visitor import Visitor


def on(cast: Cast) -> bool:
    account = db.session.query(Account).filter_by(person_id=cast.admin.person_id).one()
    return account.weekly_email


def test_the_link_asks_first_so_that_a_scanner_changes_nothing(
    cast: Cast, stranger: Visitor
) -> None:
    path = digests.off_path(cast.admin.person_id or 0)
    page = stranger.get(path)
    assert stranger.ask("HEAD", path).status == 200
    assert on(cast)
    assert "Turn the weekly email off?" in page.words
    assert cast.admin.name not in page.text
    done = stranger.confirm(page)
    assert "The weekly email is off" in done.words
    assert not on(cast)
    assert "The weekly email is off" in stranger.get(path).words
    assert stranger.get("/people").path.startswith("/sign-in")


def test_a_link_that_is_none_says_what_helps(cast: Cast, stranger: Visitor) -> None:
    page = stranger.get("/weekly-email/made-up")
    assert page.status == 410
    assert "turn the email off under Account security" in page.words


def test_the_account_page_turns_it_off_and_on_for_admins_alone(cast: Cast, visit: Visit) -> None:
    dana = visit(cast.admin)
    page = dana.get("/account/security")
    for words, wanted in (("You get no weekly email now.", False), ("It comes on Mondays.", True)):
        form = next(form for form in page.forms if "/weekly-email/" in form.action)
        page = dana.send(page, form)
        assert words in page.words
        assert on(cast) is wanted
    assert "Weekly email" not in visit(cast.sam).get("/account/security").words


def test_a_link_from_before_it_was_turned_on_again_ends(
    cast: Cast, stranger: Visitor
) -> None:
    path = digests.off_path(cast.admin.person_id or 0)
    open_since = stranger.get(path)
    for wanted in (False, True):
        digests.switch(cast.admin.person_id or 0, wanted)
    for page in (stranger.get(path), stranger.confirm(open_since)):
        assert page.status == 410
        assert "turned on again since" in page.words
    assert on(cast)
    with transaction() as session:
        account = session.query(Account).filter_by(person_id=cast.admin.person_id).one()
        account.weekly_since = digests.week() - timedelta(days=7)
    done = stranger.confirm(stranger.get(digests.off_path(cast.admin.person_id or 0)))
    assert "The weekly email is off" in done.words
