"""Filing: the same form is one ticket, one request of a type is open at a time, or nothing."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from helpdesk.extensions import db
from helpdesk.models.event import history
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.filing import AlreadyOpen, Request, SentBefore
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.owed import mails_of
from workflows import common
from workflows import license as life
from workflows.engine import Refused
from workflows.guards import NEW_USER, REACTIVATE, RECERTIFY
from workflows.registry import UnknownType

pytestmark = pytest.mark.usefixtures("clock")

DumpNow = Callable[[], Dump]


def all_tickets() -> list[Ticket]:
    return list(db.session.scalars(select(Ticket).order_by(Ticket.id)))


def test_a_request_is_filed_and_submitted_in_one_go(cast: Cast) -> None:
    maria = factories.licensee(of=cast.agency)
    ticket = tickets.open_ticket(factories.request(maria, cast.admin), cast.admin)
    assert (ticket.state, ticket.version, ticket.open) == (common.SUBMITTED, 1, True)
    assert (ticket.person_id, ticket.agency_id) == (maria.id, cast.agency.id)
    assert (ticket.filer_id, ticket.entered_by_id) == (cast.admin.person_id, None)
    (event,) = history(db.session(), ticket.id)
    assert (event.trigger, event.from_state, event.to_state) == ("submit", "new", "submitted")
    assert (event.actor_id, event.actor_name, event.channel) == (
        cast.admin.person_id, cast.admin.name, "web",
    )  # fmt: skip
    assert mails_of(ticket) == [("received", maria.id), ("received", cast.admin.person_id)]


def test_the_licensee_files_by_a_link_and_gets_one_receipt(cast: Cast) -> None:
    maria = factories.licensee(of=cast.agency)
    herself = factories.as_licensee(maria)
    ticket = tickets.open_ticket(factories.request(maria, herself), herself)
    assert ticket.channel == "link"
    assert mails_of(ticket) == [("received", maria.id)]


def test_staff_file_on_behalf_and_the_ticket_says_so(cast: Cast) -> None:
    maria = factories.licensee(of=cast.agency)
    ticket = tickets.open_ticket(factories.request(maria, cast.admin), cast.sam)
    assert (ticket.filer_id, ticket.entered_by_id) == (cast.admin.person_id, cast.sam.person_id)


def test_one_form_sent_twice_is_one_ticket(cast: Cast, dump: DumpNow) -> None:
    form = factories.request(factories.licensee(of=cast.agency), cast.admin)
    first = tickets.open_ticket(form, cast.admin)
    before = dump()
    with pytest.raises(SentBefore) as told:
        tickets.open_ticket(form, cast.admin)
    assert (told.value.ticket_id, told.value.differs) == (first.id, False)
    assert dump() == before


@pytest.mark.parametrize("what", ["fields", "person"])
def test_the_same_form_with_other_content_leads_to_the_first(
    cast: Cast, dump: DumpNow, what: str
) -> None:
    maria, omar = factories.licensee(of=cast.agency), factories.licensee(of=cast.agency)
    first = tickets.open_ticket(factories.request(maria, cast.admin, "one form"), cast.admin)
    other = {
        "fields": factories.request(maria, cast.admin, "one form", fields={"note": "Hurry"}),
        "person": factories.request(omar, cast.admin, "one form"),
    }[what]
    before = dump()
    with pytest.raises(SentBefore) as told:
        tickets.open_ticket(other, cast.admin)
    assert (told.value.ticket_id, told.value.differs) == (first.id, True)
    assert dump() == before


def test_a_form_sent_again_finds_its_ticket_even_after_it_ended(cast: Cast) -> None:
    form = factories.request(factories.licensee(of=cast.agency), cast.admin)
    first = tickets.open_ticket(form, cast.admin)
    factories.step(first, "withdraw", cast)
    with pytest.raises(SentBefore, match=str(first.id)):
        tickets.open_ticket(form, cast.admin)


def test_nobody_elses_form_can_stand_in_the_way(cast: Cast) -> None:
    maria, omar = factories.licensee(of=cast.agency), factories.licensee(of=cast.agency)
    himself = factories.as_licensee(omar)
    tickets.open_ticket(factories.request(maria, cast.admin, "a guessed key"), cast.admin)
    tickets.open_ticket(factories.request(omar, himself, "a guessed key"), himself)
    assert len(all_tickets()) == 2


def test_a_second_request_leads_to_the_open_one(cast: Cast, dump: DumpNow) -> None:
    maria = factories.licensee(of=cast.agency)
    first = factories.ticket(common.WAITING, by=cast, about=maria)
    before = dump()
    with pytest.raises(AlreadyOpen) as told:
        tickets.open_ticket(factories.request(maria, cast.admin), cast.admin)
    assert told.value.ticket_id == first.id
    assert dump() == before


@pytest.mark.parametrize(
    "ended", [common.COMPLETED, common.REJECTED, common.WITHDRAWN, common.CLOSED]
)
def test_once_the_first_has_ended_another_can_be_filed(cast: Cast, ended: str) -> None:
    maria = factories.licensee(of=cast.agency)
    factories.ticket(ended, by=cast, about=maria)
    again = tickets.open_ticket(factories.request(maria, cast.admin), cast.admin)
    assert again.state == common.SUBMITTED


@pytest.mark.parametrize(
    ("state", "instead"),
    [
        (life.ABSENT, NEW_USER),
        (life.NOT_ISSUED, NEW_USER),
        (life.DELETED, NEW_USER),
        (life.REQUESTED, None),
        (life.INACTIVE, REACTIVATE),
        (life.EXPIRED, RECERTIFY),
        (life.SUSPENDED, None),
    ],
)
def test_a_license_in_another_state_is_refused_and_led_to_the_right_form(
    cast: Cast, dump: DumpNow, state: str, instead: str | None
) -> None:
    somebody = factories.licensee(state, of=cast.agency)
    before = dump()
    with pytest.raises(Refused) as no:
        tickets.open_ticket(factories.request(somebody, cast.admin), cast.admin)
    (reason,) = no.value.reasons
    assert reason.instead == instead
    assert somebody.name in reason.sentence
    assert dump() == before


def test_another_agencys_admin_is_refused(cast: Cast, dump: DumpNow) -> None:
    stranger = factories.admin(factories.agency())
    maria = factories.licensee(of=cast.agency)
    before = dump()
    with pytest.raises(Refused, match="agency’s admin"):
        tickets.open_ticket(factories.request(maria, stranger), stranger)
    assert dump() == before


def test_a_claimed_agency_gives_no_right(cast: Cast) -> None:
    """The ticket belongs to the license's agency, whatever the request says."""
    stranger = factories.admin(elsewhere := factories.agency())
    maria = factories.licensee(of=cast.agency)
    with pytest.raises(Refused):
        tickets.open_ticket(
            factories.request(maria, stranger, agency_id=elsewhere.id), stranger
        )


def test_an_unknown_type_is_not_filed(cast: Cast, dump: DumpNow) -> None:
    maria = factories.licensee(of=cast.agency)
    before = dump()
    with pytest.raises(UnknownType):
        tickets.open_ticket(factories.request(maria, cast.admin, type="wish"), cast.admin)
    assert dump() == before


def test_one_form_sent_by_many_threads_at_once_is_one_ticket(cast: Cast, race: Race) -> None:
    form = factories.request(factories.licensee(of=cast.agency), cast.admin)
    outcomes = race(*[file(form, cast)] * 8)
    (ticket,) = all_tickets()
    assert [one for one in outcomes if isinstance(one, int)] == [ticket.id]
    losers = [one for one in outcomes if not isinstance(one, int)]
    assert all(isinstance(one, SentBefore) and one.ticket_id == ticket.id for one in losers)
    assert len(history(db.session(), ticket.id)) == 1
    assert len(mails_of(ticket)) == 2


def test_different_requests_for_one_person_at_once_open_one_ticket(
    cast: Cast, race: Race
) -> None:
    maria = factories.licensee(of=cast.agency)
    forms = [factories.request(maria, cast.admin) for _ in range(8)]
    outcomes = race(*(file(form, cast) for form in forms))
    (ticket,) = all_tickets()
    losers = [one for one in outcomes if one != ticket.id]
    assert len(losers) == 7
    assert all(isinstance(one, AlreadyOpen) and one.ticket_id == ticket.id for one in losers)


def file(form: Request, cast: Cast) -> Callable[[], int]:
    return lambda: tickets.open_ticket(form, cast.admin).id
