"""A demo desk that mails into files: its tickets, the mails it wrote, its database."""

import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import date
from typing import TypeVar

from helpdesk.demo.cast import CAST
from helpdesk.demo.stories import STORIES
from helpdesk.mail import StoredMail, list_mails
from tests.support.reviews import read_of, right
from tests.support.servers import LiveServer
from workflows.guards import NEW_PASSWORD
from workflows.training import STANDARD, Purpose

PATIENCE = 20.0  # seconds, for the worker


def demo_ticket(about: str) -> str:
    """The path of the ticket that the demo data hold about this person; ids are given in order."""
    return f"/tickets/{[story.about for story in STORIES].index(about) + 1}"


def filing_form(about: str, type_name: str = NEW_PASSWORD) -> str:
    return f"/requests/new/{type_name}?person={person_id(about)}"


def person_id(username: str) -> int:
    return [someone.username for someone in CAST].index(username) + 1


Found = TypeVar("Found")


def patiently(what: str, look: Callable[[], Found | None]) -> Found:
    """What `look` finds, as soon as it is there."""
    deadline = time.monotonic() + PATIENCE
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"{what}: not within {PATIENCE} s"
        time.sleep(0.05)
    return found


def mail_to(server: LiveServer, username: str, subject: str) -> StoredMail:
    """The newest file among the mails to this person whose subject holds these words."""
    address = f"{username}@example.org"

    def look() -> StoredMail | None:
        mails = list_mails(server.instance / "mail")
        return next((m for m in mails if address in m.to and subject in m.subject), None)

    return patiently(f"a mail “{subject}” to {address}", look)


def one_time_link(mail: StoredMail) -> str:
    kinds = ("/link/", "/set-password/", "/reset-password/", "/sign/")
    return next(link for link in mail.links if any(kind in link for kind in kinds))


def read_worksheet(server: LiveServer, about: str, wrong: Mapping[str, str]) -> None:
    """As if a program had read the worksheet of the demo's ticket about this person: all is right
    but `wrong`."""
    (someone,) = (each for each in CAST if each.username == about)
    (story,) = (each for each in STORIES if each.about == about)
    days = {date.fromisoformat(day) for day in story.fields["courses"].values()}
    texts = right(someone.name, about, f"{about}@example.org", someone.agency or "",
                  level=someone.level, day=max(days))  # fmt: skip
    told = STANDARD.required(someone.level, Purpose.YEARLY)
    texts |= {f"course{n}.day": story.fields["courses"][course.name]
              for n, course in enumerate(told, 1)}  # fmt: skip
    reading = json.dumps(asdict(read_of({**texts, **wrong}))).replace("'", "''")
    ticket_id = demo_ticket(about).rpartition("/")[2]
    by_hand(server, f"UPDATE document SET reading = '{reading}' WHERE ticket_id = {ticket_id}")


def by_hand(server: LiveServer, statement: str) -> None:
    """Does to the database what no page can, such as losing an account."""
    path = server.instance / "helpdesk.db"
    with closing(sqlite3.connect(path, timeout=10)) as link, link:
        assert link.execute(statement).rowcount == 1
