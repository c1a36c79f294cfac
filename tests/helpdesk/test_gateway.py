"""Nobody writes a state around the gateway: the model, the session and the database each refuse."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from helpdesk.extensions import db, now
from helpdesk.models.event import Event
from helpdesk.models.license import License, StateIsTheGateways
from helpdesk.models.ticket import Ticket
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Dump
from workflows import common
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")

DumpNow = Callable[[], Dump]


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return factories.ticket(common.IN_REVIEW, by=cast)


@pytest.fixture
def license_row(ticket: Ticket) -> License:
    return db.session.query(License).filter_by(person_id=ticket.person_id).one()


@pytest.mark.parametrize("column", ["state", "version"])
def test_setting_the_attribute_raises(
    ticket: Ticket, license_row: License, column: str
) -> None:
    for row in (ticket, license_row):
        with pytest.raises(StateIsTheGateways, match="services"):
            setattr(row, column, getattr(row, column))


@pytest.mark.parametrize("table", [Ticket, License])
def test_making_a_row_in_another_state_raises(table: type[Ticket] | type[License]) -> None:
    with pytest.raises(StateIsTheGateways):
        table(state="completed")


@pytest.mark.parametrize(
    "change",
    [{"state": "completed"}, {"version": 99}, {"state": "completed", "version": 3}],
    ids=str,
)
def test_an_update_statement_is_refused_by_the_database(
    ticket: Ticket, dump: DumpNow, change: dict[str, object]
) -> None:
    before = dump()
    with pytest.raises(DBAPIError, match="no event explains this state of a ticket"):
        write(update(Ticket).where(Ticket.id == ticket.id).values(**change))
    assert dump() == before


def test_raw_sql_is_refused_by_the_database(ticket: Ticket, dump: DumpNow) -> None:
    before = dump()
    with pytest.raises(DBAPIError, match="no event explains this state of a license"):
        write(text("UPDATE license SET state = 'active', version = version + 1"))
    assert dump() == before


def test_an_event_of_another_step_explains_nothing(ticket: Ticket, dump: DumpNow) -> None:
    """The event has to be of this very change: version, from and to."""
    before = dump()
    lie = insert(Event).values(
        ticket_id=ticket.id, version=3, trigger="approve", from_state=common.IN_REVIEW,
        to_state=common.APPROVED, actor_name="?", channel="web", at=now(), data={},
    )  # fmt: skip
    change = update(Ticket).where(Ticket.id == ticket.id)
    with pytest.raises(DBAPIError, match="no event explains"):
        write(lie, change.values(state=common.COMPLETED, version=3))
    assert dump() == before


def test_a_row_that_begins_elsewhere_is_refused(cast: Cast, dump: DumpNow) -> None:
    somebody = factories.person()
    before = dump()
    for columns in ({"state": life.ACTIVE}, {"version": 1}):
        with pytest.raises(DBAPIError, match="begins as absent, at version 0"):
            write(insert(License).values(person_id=somebody.id, **columns))
    assert dump() == before


@pytest.mark.parametrize(
    "statement",
    [update(Event).values(actor_name="Nobody"), update(Event).values(data={}), delete(Event)],
    ids=["name", "data", "row"],
)
def test_history_is_never_changed(ticket: Ticket, dump: DumpNow, statement: object) -> None:
    before = dump()
    with pytest.raises(DBAPIError, match="history is never changed"):
        write(statement)
    assert dump() == before


def test_one_version_has_one_event(ticket: Ticket, dump: DumpNow) -> None:
    before = dump()
    with pytest.raises(DBAPIError, match=r"(?i)unique"), transaction() as session:
        session.add(
            Event(ticket_id=ticket.id, version=2, trigger="take", from_state="submitted",
                  to_state="in_review", actor_name="?", channel="web", at=now(), data={})
        )  # fmt: skip
    assert dump() == before


def write(*statements: object) -> None:
    """As a program would that knows nothing of the gateway: a connection of its own."""
    with db.engine.connect().execution_options(writes=True) as link:
        run(link, statements)
        link.commit()


def run(link: Connection, statements: tuple[object, ...]) -> None:
    for statement in statements:
        link.execute(statement)  # type: ignore[call-overload]
