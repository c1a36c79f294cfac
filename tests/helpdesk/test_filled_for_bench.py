"""The database that `make bench` fills is one that the desk could have written."""

from flask.ctx import AppContext

from bench.fill import fill
from bench.scale import Scale
from helpdesk.extensions import db
from helpdesk.models.ticket import Ticket
from helpdesk.services import queue
from helpdesk.services.queue import Filters, View
from tests.helpdesk.replay import check_everything
from workflows.common import STATES

SMALL = Scale(tickets=60, people=60, agencies=4, staff=3, watched=4, least_open=30,
              crowd=20)  # fmt: skip
QUEUEFUL = Scale(tickets=200, people=300, agencies=6, staff=3, watched=4, least_open=150,
                 crowd=20)  # fmt: skip


def test_every_history_explains_its_row(app_context: AppContext) -> None:
    fill(SMALL)
    check_everything(db.session())
    assert db.session.query(Ticket).count() == SMALL.tickets


def test_every_state_of_an_open_ticket_is_there(app_context: AppContext) -> None:
    fill(QUEUEFUL)
    found = {state for (state,) in db.session.query(Ticket.state).filter(Ticket.open).distinct()}
    assert found == {state.name for state in STATES if state.name != "new" and not state.final}


def test_the_one_who_looks_has_no_ticket_and_a_full_queue(app_context: AppContext) -> None:
    town = fill(QUEUEFUL)
    viewer = town.staff[-1].id
    assert queue.counts(db.session(), viewer)[View.MINE] == "0"
    page = queue.read_page(db.session(), View.OPEN, Filters(), viewer)
    assert len(page.lines) == queue.PAGE
