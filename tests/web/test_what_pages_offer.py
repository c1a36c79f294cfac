"""Small things that pages offer or say: the right one, once, where it is of use."""

from urllib.parse import urlsplit

from helpdesk import links
from helpdesk.extensions import db
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.models.ticket import Ticket
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW
from workflows.guards import NEW_PASSWORD, NEW_USER


def navigation(page: Answer) -> str:
    """The header as it was sent."""
    return page.text.partition("</header>")[0]


def test_the_queue_offers_only_what_nobody_has_taken(cast: Cast, visit: Visit) -> None:
    mine, free = factories.ticket(by=cast), factories.ticket(by=cast)
    with transaction():
        db.session.get_one(Ticket, mine.id).assignee_id = cast.sam.person_id
    page = visit(cast.sam).get("/queue")
    assert mine.number in page.words
    assert f"/tickets/{mine.id}/take" not in page.text
    assert f"/tickets/{free.id}/take" in page.text


def test_somebody_new_need_not_be_found_on_the_list(cast: Cast, visit: Visit) -> None:
    dana = visit(cast.admin)
    page = dana.fill("/requests/new", "what", what=NEW_USER, go="1")
    assert page.path == f"/requests/new/{NEW_USER}"
    assert "first_name" in page.form_with("access_level").fields
    others = dana.fill("/requests/new", "what", what=NEW_PASSWORD, go="1")
    assert "Choose who it is about." in others.words


def test_who_asks_is_chosen_and_not_taken_for_granted(cast: Cast, visit: Visit) -> None:
    person = factories.licensee(of=cast.agency)
    sam = visit(cast.sam)
    path = f"/requests/new/{NEW_PASSWORD}?person={person.id}"
    caller = sam.get(path).form_with("caller").fields["caller"]
    assert caller.options[:2] == ["", str(person.id)]
    assert caller.value == ""
    page = sam.fill(path, "caller", happened="locked", vouched="y")
    assert "Choose who asks for it." in page.words
    assert db.session.query(Ticket).count() == 0
    junk = sam.fill(path, "caller", happened="locked", vouched="y", caller="x")
    assert "Choose one of those that are offered." in junk.words
    sent = sam.fill(path, "caller", happened="locked", vouched="y", caller=str(person.id))
    assert "HD-" in sent.title


def test_where_there_is_one_choice_it_is_made(cast: Cast, visit: Visit) -> None:
    page = visit(cast.admin).get(f"/requests/new/{NEW_USER}")
    agency = page.form_with("agency").fields["agency"]
    assert (agency.options, agency.value) == ([str(cast.agency.id)], str(cast.agency.id))


def test_a_note_of_hand_bears_its_own_mark(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    factories.step(ticket, "note", cast)
    factories.step(ticket, "comment", cast)
    page = visit(cast.sam).get(f"/tickets/{ticket.id}")
    assert page.words.count("HAND only") == 1
    assert page.text.count("ev ev-note") == 1
    assert "HAND only" not in visit(cast.admin).get(f"/tickets/{ticket.id}").words


def test_agency_admins_find_their_people_in_the_navigation(cast: Cast, visit: Visit) -> None:
    assert "My people" in navigation(visit(cast.admin).get("/people"))
    assert "My people" not in navigation(visit(cast.sam).get("/queue"))


def test_nobody_has_more_than_five_places_to_go(cast: Cast, visit: Visit) -> None:
    head = factories.staff(manager=True)
    assert head.person_id is not None
    person = db.session.get_one(Person, head.person_id)
    factories.grant(person, Role.AGENCY_ADMIN, cast.agency.id)
    factories.grant(db.session.get_one(Person, cast.sam.person_id), Role.AGENCY_ADMIN,
                    cast.agency.id)  # fmt: skip
    for actor in (head, cast.sam, cast.admin):
        header = navigation(visit(actor).get("/"))
        tabs = header.partition('aria-label="Main"')[2].partition("</nav>")[0]
        assert 0 < tabs.count("<a ") <= 5


def test_a_mailed_link_leads_to_no_one_type_of_request(cast: Cast, stranger: Visitor) -> None:
    person = factories.licensee(of=cast.agency)
    with transaction() as session:
        address = links.mint(session, links.Purpose.ACCESS, person.id, "a key")
    page = stranger.get(urlsplit(address).path)
    assert "You can then file a request" in page.words
    assert "new password" not in page.words
