"""User names made from names: plain, short, unique, whatever script and however many at once."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.person import Person
from helpdesk.services import usernames
from helpdesk.services.usernames import LONGEST, free_username, made_of
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Race
from tests.support.fakes import FakeClock, FakeDirectory, FakeMailer
from workflows import common
from workflows.guards import NEW_USER

NAMES = [
    ("Ann", "Lee", "ann.lee"),
    ("ANN", "LEE", "ann.lee"),
    ("José", "O’Neil-Smith", "jose.oneilsmith"),
    ("José", "O'Neil", "jose.oneil"),
    ("Mary Jane", "van der Berg", "mary.vanderberg"),
    ("  Ann ", " Lee ", "ann.lee"),
    ("Łukasz", "Żółć", "lukasz.zolc"),
    ("Søren", "Ærø", "soren.aero"),
    ("Jürgen", "Groß", "jurgen.gross"),
    ("Þór", "Đỗ", "thor.do"),
    ("ﬁona", "Lee", "fiona.lee"),
    ("Ann", "Lee 3rd", "ann.lee3rd"),
    ("李", "小龙", "user"),
    ("Мария", "Иванова", "user"),
    ("محمد", "Lee", "lee"),
    ("Ann", "李", "ann"),
    ("", "", "user"),
    (" ", "'-'", "user"),
    ("😀", "Lee", "lee"),
    ("Ann\u200b", "Lee\0", "ann.lee"),
    ("a" * 40, "b", "a" * 32),
    ("a" * 31, "b", "a" * 31),
    ("Ann", "b" * 90, "ann." + "b" * 28),
]


@pytest.mark.parametrize(("first", "last", "made"), NAMES)
def test_a_user_name_is_plain_letters_of_both_names(first: str, last: str, made: str) -> None:
    found = made_of(first, last)
    assert found == made
    assert found.isascii()
    assert len(found) <= LONGEST


def unnamed(first: str, last: str) -> Person:
    with transaction() as session:
        person = Person(first_name=first, last_name=last, email=None)
        session.add(person)
    return person


def ensure(person_id: int) -> str:
    with transaction() as session:
        return usernames.ensure(session, session.get_one(Person, person_id))


def test_the_next_of_a_name_gets_a_number(app_context: AppContext) -> None:
    made = [ensure(unnamed("Ann", "Lee").id) for _ in range(12)]
    assert made == ["ann.lee", *(f"ann.lee{number}" for number in range(2, 13))]


def test_a_number_that_is_free_again_is_used(app_context: AppContext) -> None:
    for name in ("ann.lee", "ann.lee3", "ann.leeson"):
        factories.person(name)
    assert free_username(db.session(), unnamed("Ann", "Lee")) == "ann.lee2"


def test_a_long_name_keeps_room_for_its_number(app_context: AppContext) -> None:
    long = "a" * 20, "b" * 20
    made = [ensure(unnamed(*long).id) for _ in range(11)]
    assert len(set(made)) == 11
    assert all(len(name) <= LONGEST for name in made)
    assert made[1].endswith("2")
    assert made[10].endswith("11")


def test_signs_that_a_search_takes_for_wild_cards_are_none(app_context: AppContext) -> None:
    for number in range(3):
        factories.person(f"userx{number}")
    assert ensure(unnamed("李", "%_").id) == "user"


def test_whoever_has_a_user_name_keeps_it(app_context: AppContext) -> None:
    ann = factories.person("somebody.else")
    assert ensure(ann.id) == "somebody.else"


def test_two_at_once_get_two_names_or_one_of_them_tries_again(
    app_context: AppContext, race: Race
) -> None:
    ids = [unnamed("Ann", "Lee").id for _ in range(2)]
    made = race(*[lambda person_id=person_id: ensure(person_id) for person_id in ids])
    names = [name for name in made if isinstance(name, str)]
    assert "ann.lee" in names
    for person_id in ids:
        ensure(person_id)
    found = set(db.session.scalars(select(Person.username).where(Person.id.in_(ids))))
    assert found == {"ann.lee", "ann.lee2"}


def test_two_accounts_of_one_name_made_at_once_are_both_made_in_the_end(
    cast: Cast, race: Race, clock: FakeClock, mailer: FakeMailer, directory: FakeDirectory
) -> None:
    tickets = []
    for _ in range(2):
        person = unnamed("José", "O'Neil")
        factories.give_license(person, "absent", cast.agency)
        tickets.append(factories.ticket(common.APPROVED, by=cast, about=person, owing=True,
                                        type=NEW_USER))  # fmt: skip
    race(lambda: drain(Kind.ACCOUNT), lambda: drain(Kind.ACCOUNT))
    clock.pass_by(timedelta(hours=1))
    drain(Kind.ACCOUNT)
    assert sorted(directory.deeds) == [("create", "jose.oneil"), ("create", "jose.oneil2")]
    left = db.session.scalars(select(Effect.status).where(Effect.kind == Kind.ACCOUNT))
    assert set(left) == {Status.DONE}
