"""What is asked of a desk, and of the floor beneath it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from secrets import token_urlsafe

from sqlalchemy import select

from bench.client import Client, Unexpected, Visitor, form, sign_in
from bench.database import Filled
from bench.load import Target
from bench.papers import UPLOAD, multipart, paper
from bench.people import CROWDED, PASSWORD, username
from bench.servers import Server
from helpdesk.extensions import db, now
from helpdesk.models.ticket import Ticket
from workflows.common import IN_REVIEW
from workflows.guards import NEW_USER, RECERTIFY
from workflows.papers import AGREEMENT_AND_ETHICS, NEW_USER_WORKSHEET
from workflows.training import STANDARD

QUEUE, FILTERED, PAGE_2 = "queue", "queue, filtered", "queue, page 2"
TICKET, AGENCY_TICKET, HOME = "ticket, staff", "ticket, agency", "home, agency"
PEOPLE = "my people, of 2,000"
FILE, STEP = "filing, 100 KB", "step, comment"
FLOOR_QUEUE, FLOOR_UPLOAD = "floor: 50 rows", "floor: upload, 100 KB"

OLDER = re.compile(r'href="(/queue\?[^"]*after=[^"]*)"')
FILTER = f"/queue?view=open&type={RECERTIFY}"
FILERS_AGENCY = 2


@dataclass(frozen=True)
class Visitors:
    """`staff` is nobody's assignee: what is in the queue is for them alike at any size.

    `admin` has the watched tickets; `filer` files for another agency, so that theirs stay few;
    `of_many` is the admin of the agency with the most people.
    """

    staff: Visitor
    admin: Visitor
    filer: Visitor
    of_many: Visitor


def sign_everybody_in(filled: Filled, port: int) -> Visitors:
    town = filled.town
    people = (town.staff[-1], *(town.admins[i] for i in (1, FILERS_AGENCY, CROWDED)))
    return Visitors(*(sign_in(port, username(someone.id), PASSWORD) for someone in people))


def targets(filled: Filled, desk: Server, floor: Server, visitors: Visitors) -> list[Target]:
    extra = [filled.postmaster] if filled.postmaster else []

    def on(server: Server, name: str, act: Callable[[Client, int], object],
           visitor: Visitor) -> Target:  # fmt: skip
        return Target(name, server, [server.pid, *extra], act, visitor)

    staff, admin, watched = visitors.staff, visitors.admin, watched_ids(filled)
    older = page_2(desk.port, staff)
    ticket = rotating(watched)
    return [
        on(floor, FLOOR_QUEUE, getting("/queue"), Visitor()),
        on(desk, QUEUE, getting("/queue"), staff),
        on(desk, FILTERED, getting(FILTER), staff),
        on(desk, PAGE_2, getting(older), staff),
        on(desk, TICKET, ticket, staff),
        on(desk, AGENCY_TICKET, ticket, admin),
        on(desk, HOME, getting("/"), admin),
        on(desk, PEOPLE, getting("/people"), visitors.of_many),
        on(floor, FLOOR_UPLOAD, upload, Visitor()),
        on(desk, FILE, Filing(filled, visitors.filer.token), visitors.filer),
        on(desk, STEP, Commenting(filled, staff.token), staff),
    ]


def getting(path: str) -> Callable[[Client, int], object]:
    return lambda client, _number: client.get(path)


def rotating(ids: list[int]) -> Callable[[Client, int], object]:
    return lambda client, number: client.get(f"/tickets/{ids[number % len(ids)]}")


def page_2(port: int, visitor: Visitor) -> str:
    with Client(port, visitor) as client:
        found = OLDER.search(client.get("/queue").decode())
    if found is None:
        raise Unexpected("The queue has no second page.")
    return unescape(found[1])


def watched_ids(filled: Filled) -> list[int]:
    """The open tickets of the watched licensees."""
    last = filled.scale.tickets
    return list(range(last - filled.scale.watched + 1, last + 1))


def upload(client: Client, _number: int) -> None:
    client.post("/upload", multipart({}, {"document": paper(UPLOAD)}), 201)


class Filing:
    """A New User License with the worksheet and both agreements, each for another newcomer."""

    path = f"/requests/new/{NEW_USER}"

    def __init__(self, filled: Filled, token: str) -> None:
        with filled.app.app_context():
            done = (now() - timedelta(days=30)).date().isoformat()
        self.answers = {
            "csrf_token": token, "agency": str(FILERS_AGENCY), "first_name": "Nia",
            "phone": "313 555 0100", "title": "Case worker", "employment": "employee",
            "supervisor": "Gwen Hughes", "supervisor_email": "gwen.hughes@agency2.example",
            "access_level": "case_manager_1", "provider": "Emergency Shelter",
            **{f"course_{course.name}": done for course in STANDARD.courses},
        }  # fmt: skip

    def __call__(self, client: Client, number: int) -> None:
        newcomer = {
            "last_name": f"Newcomer {number}",
            "email": f"newcomer.{number}@agency2.example",
            "key": token_urlsafe(24),
        }
        files = {f"document-{kind}": paper(UPLOAD // 2)
                 for kind in (NEW_USER_WORKSHEET, AGREEMENT_AND_ETHICS)}  # fmt: skip
        client.post(self.path, multipart(self.answers | newcomer, files))


class Commenting:
    """A message on a ticket in review, another one each time; two mails follow from it."""

    def __init__(self, filled: Filled, token: str) -> None:
        self.token = token
        query = select(Ticket.id, Ticket.version).where(
            Ticket.open, Ticket.state == IN_REVIEW, Ticket.agency_id != 1
        )
        with filled.app.app_context():
            self.versions = {row.id: row.version for row in db.session.execute(query)}
        self.ids = list(self.versions)

    def __call__(self, client: Client, number: int) -> None:
        ticket_id = self.ids[number % len(self.ids)]
        sent = form(
            csrf_token=self.token,
            version=str(self.versions[ticket_id]),
            key=token_urlsafe(24),
            message="We look at it today and will write again as soon as it is done.",
        )
        client.post(f"/tickets/{ticket_id}/comment", sent)
        self.versions[ticket_id] += 1

