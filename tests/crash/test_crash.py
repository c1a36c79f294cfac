"""SIGKILL at random moments: nothing acknowledged is lost, no account is changed twice.

People file, take and approve requests over HTTP while web and worker are killed again and again.
Counted at the end: what was acknowledged, what the directory has done, what the mail server got.
"""

import random
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import config
from helpdesk.extensions import db
from helpdesk.mail import message_id
from helpdesk.models.account import Account, DirectoryAction
from helpdesk.models.effect import PENDING, Effect, Kind, Status
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.ticket import Ticket
from helpdesk.transaction import transaction
from tests import factories
from tests.crash.people import Browser
from tests.crash.post import by_id, post_office, repeated
from tests.crash.programs import Program, wait_until, web, worker
from tests.factories import PASSWORD
from tests.helpdesk import replay
from tests.support.smtp import SmtpServer, free_port
from workflows import common
from workflows import license as life
from workflows.guards import NEW_PASSWORD

pytestmark = pytest.mark.sockets

TICKETS = 45
KILLS = 26
SEED = 20261123
STEPS = ["submit", "take", "approve", "setup_started", "provisioned"]


@dataclass
class Day:
    """One day at a desk whose power fails."""

    app: Flask
    post: SmtpServer
    web: Program
    worker: Program
    base_url: str
    people: list[int]
    acknowledged: dict[int, int] = field(default_factory=dict)
    answers: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def note_answer(self) -> None:
        self.answers += 1

    @property
    def progress(self) -> int:
        return self.answers + len(self.post.messages)


@pytest.fixture
def day(app: Flask, database: str, tmp_path: Path) -> Iterator[Day]:
    port = free_port()
    with post_office() as post:
        env = environment(app, database, tmp_path, post)
        day = Day(
            app, post, web(env, tmp_path, port), worker(env, tmp_path),
            f"http://127.0.0.1:{port}", people_arrive(app),
        )  # fmt: skip
        for program in (day.web, day.worker):
            program.start()
        yield day
        for program in (day.web, day.worker):
            program.kill()


def environment(app: Flask, database: str, folder: Path, post: SmtpServer) -> dict[str, str]:
    return {
        "HELPDESK_ENV": "development",
        "HELPDESK_DATABASE_URL": database,
        "HELPDESK_INSTANCE": str(folder / "instance"),
        "HELPDESK_SECRET_KEY": secrets.token_hex(32),
        "HELPDESK_EFFECT_LEASE": "3s",
        "MAIL_SERVER": post.host,
        "MAIL_PORT": str(post.port),
    }


def people_arrive(app: Flask) -> list[int]:
    """An agency with a locked license for each request to come, its admin, and HAND's staff."""
    with app.app_context(), transaction():
        harbor = factories.agency("Harbor House")
        factories.admin(harbor, username="dana", password=PASSWORD)
        factories.staff("sam", password=PASSWORD)
        return [factories.licensee(life.LOCKED, of=harbor, owing=True).id for _ in range(TICKETS)]


def agency_files(day: Day) -> None:
    dana = Browser(day.base_url, day.note_answer)
    dana.sign_in("dana", PASSWORD)
    for person_id in day.people:
        day.acknowledged[person_id] = dana.file(NEW_PASSWORD, person_id)


def staff_approves(day: Day) -> None:
    sam = Browser(day.base_url, day.note_answer)
    sam.sign_in("sam", PASSWORD)
    for person_id in day.people:
        wait_until(lambda: person_id in day.acknowledged, "the filing")  # noqa: B023
        sam.step(day.acknowledged[person_id], "take")
        sam.step(day.acknowledged[person_id], "approve", identity_checked="y")


def power_fails(day: Day) -> None:
    """Each time after some more answers and mails, and then at any moment."""
    chance = random.Random(SEED)  # noqa: S311
    for number in range(KILLS):
        enough = day.progress + chance.randint(6, 28)
        program = day.web if number % 2 else day.worker
        wait_until(lambda: day.progress >= enough or settled(day), "progress")  # noqa: B023
        day.over.wait(chance.uniform(0, 0.15))
        program.kill_and_start()


def settled(day: Day) -> bool:
    """Nothing is left to be done: a kill can't wait for progress any more."""
    if len(day.acknowledged) < TICKETS:
        return False
    with day.app.app_context():
        open_ones = select(func.count()).where(Ticket.open)
        owed = select(func.count()).where(Effect.status.in_(PENDING))
        return db.session.scalar(open_ones) == 0 and db.session.scalar(owed) == 0


def test_kills_at_random_moments_lose_nothing_and_double_nothing(day: Day) -> None:
    with ThreadPoolExecutor(3) as pool:
        tasks = [pool.submit(task, day) for task in (agency_files, staff_approves, power_fails)]
        for task in tasks:
            task.result()
    wait_until(lambda: settled(day), "all that is owed")
    with day.app.app_context():
        all_acknowledged_are_there(day)
        every_account_was_changed_once(day)
        every_mail_arrived_and_repeats_are_the_same(day)
        replay.check_everything(db.session())
    print(f"\n{figures(day)}")


def all_acknowledged_are_there(day: Day) -> None:
    stored = {t.person_id: t for t in db.session.scalars(select(Ticket))}
    assert {person: ticket.id for person, ticket in stored.items()} == day.acknowledged
    assert {ticket.state for ticket in stored.values()} == {common.COMPLETED}
    for ticket in stored.values():
        history = select(Event.trigger).where(Event.ticket_id == ticket.id).order_by(Event.version)
        assert list(db.session.scalars(history)) == STEPS


def every_account_was_changed_once(day: Day) -> None:
    deeds = list(db.session.scalars(select(DirectoryAction)))
    owed = db.session.scalars(select(Effect.key).where(Effect.kind == Kind.ACCOUNT))
    assert sorted(deed.key for deed in deeds) == sorted(owed)
    assert Counter(deed.username for deed in deeds).most_common(1)[0][1] == 1
    unlocked = (
        select(License.person_id)
        .join(Event, Event.license_id == License.id)
        .where(Event.trigger == "unlock")
    )
    assert sorted(db.session.scalars(unlocked)) == sorted(day.people)
    assert set(db.session.scalars(select(License.state))) == {life.ACTIVE}
    strikes = select(Account.bad_attempts).where(Account.person_id.in_(day.people))
    assert set(db.session.scalars(strikes)) == {0}


def every_mail_arrived_and_repeats_are_the_same(day: Day) -> None:
    mails = list(db.session.scalars(select(Effect).where(Effect.kind == Kind.MAIL)))
    assert {mail.status for mail in mails} == {Status.DONE}
    arrived = by_id(day.post.messages)
    assert set(arrived) == {message_id(mail.key, config.Config().MAIL_DOMAIN) for mail in mails}
    assert all(len(set(copies)) == 1 for copies in arrived.values())


def figures(day: Day) -> str:
    again = repeated(day.post.messages)
    effects = db_count(day, Effect)
    return (
        f"{TICKETS} tickets, {effects} effects, {day.answers} answers; "
        f"killed: web {day.web.kills} times, worker {day.worker.kills} times; "
        f"{len(day.post.messages)} mails arrived, {len(again)} of them more than once "
        f"(at most {max(again.values(), default=1)} times)"
    )


def db_count(day: Day, table: type) -> int:
    with day.app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0
