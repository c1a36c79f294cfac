"""Every way out of a lock is a request: the license's history tells of it, and so does a mail."""

import pytest

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.event import license_history
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock, FakeMailer
from workflows import license as licenses
from workflows.effects import AccountAction, Action, Mail, Recipient
from workflows.registry import ticket_types
from workflows.request_new_password import PROVED

LINK, ADMIN, STAFF = "the licensee, by a mailed link", "the agency admin", "HAND on behalf"


def filed(how: str, about: Person, cast: Cast) -> int:
    """The ticket; HAND files for the admin who has called."""
    filer: Actor = factories.as_licensee(about) if how == LINK else cast.admin
    sender = cast.joan if how == STAFF else filer
    fields = {"identity": {LINK: PROVED, ADMIN: "agency", STAFF: "staff"}[how]}
    request = factories.request(about, filer, sender=sender, fields=fields)
    return tickets.open_ticket(request, sender).id


@pytest.mark.parametrize("how", [LINK, ADMIN, STAFF])
def test_however_it_was_asked_for_an_unlocking_is_in_the_history_and_told_to_its_owner(
    how: str, cast: Cast, mailer: FakeMailer, clock: FakeClock
) -> None:
    maria = factories.licensee(licenses.LOCKED, of=cast.agency)
    ticket_id = filed(how, maria, cast)
    tickets.act(ticket_id, "take", cast.sam)
    tickets.act(ticket_id, "approve", cast.sam, {"identity_checked": True})
    drain(Kind.ACCOUNT)
    drain(Kind.MAIL)
    row = license_of(db.session(), maria.id)
    assert row is not None
    assert row.state == licenses.ACTIVE
    last = license_history(db.session(), row.id)[-1]
    number = db.session.get_one(Ticket, ticket_id).number
    assert (last.trigger, last.data["ticket"]) == ("unlock", number)
    told = [mail for mail in mailer.to(maria.email) if "is unlocked" in mail.text]
    assert len(told) == 1
    assert number in told[0].text


def test_nobody_unlocks_a_license_but_the_desk_itself_for_a_finished_request() -> None:
    steps = [step for step in licenses.WORKFLOW.steps if step.trigger == "unlock"]
    assert steps
    assert {step.who for step in steps} == {licenses.SYSTEM}


def test_every_request_that_unlocks_tells_its_licensee() -> None:
    unlocking = [
        kind for kind in ticket_types().values()
        if any(AccountAction(Action.UNLOCK) in step.effects for step in kind.workflow.steps)
    ]  # fmt: skip
    assert unlocking
    for kind in unlocking:
        done = [step for step in kind.workflow.steps if step.trigger == "provisioned"]
        assert any(
            isinstance(effect, Mail) and effect.to is Recipient.LICENSEE
            for step in done for effect in step.effects
        )  # fmt: skip
