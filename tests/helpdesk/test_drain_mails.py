"""The worker's mails: none lost, each in its order, one bad address no hindrance to others."""

from datetime import timedelta

import pytest

from config import Config
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.mail import MailBusy, MailRefused, MailUncertain
from helpdesk.models.effect import Kind, Status
from helpdesk.models.person import Person
from helpdesk.outbox.claim import Claimed
from helpdesk.services import repairs, tickets
from helpdesk.transaction import WRITING, transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.owed import effects, keys, mails_of, name_of, owe_some, statuses, take
from tests.support.fakes import FakeClock, FakeMailer
from workflows import common

BUSY = MailBusy("The mail server could not be reached.")
LOST = MailUncertain("The answer did not come.")
REFUSED = MailRefused("The mail server refused this address for good (550 5.1.1).")
LONG = timedelta(days=1)
LEASE = Config().EFFECT_LEASE


@pytest.fixture
def ann(cast: Cast, mailer: FakeMailer, clock: FakeClock) -> Person:
    return factories.person()


def errors() -> dict[str, str | None]:
    return {effect.key: effect.error for effect in effects()}


def test_due_mails_go_out_over_one_connection_a_batch(ann: Person, mailer: FakeMailer) -> None:
    owe_some(ann.id, *(f"m{number:02}" for number in range(25)))
    assert drain(Kind.MAIL) == 25
    assert mailer.keys == [f"m{number:02}" for number in range(25)]
    assert mailer.openings == 3  # twenty, five, and a look that finds nothing
    assert set(statuses().values()) == {Status.DONE}


def test_no_database_is_held_while_a_mail_is_sent(
    ann: Person, mailer: FakeMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    send = mailer.send

    def look(letter: object) -> str:
        held.append(db.session().in_transaction() or bool(db.session().info.get(WRITING)))
        return send(letter)  # type: ignore[arg-type]

    monkeypatch.setattr(mailer, "send", look)
    owe_some(ann.id, "a", "b")
    drain(Kind.MAIL)
    assert held == [False, False]


def test_a_refused_recipient_fails_alone(ann: Person, mailer: FakeMailer) -> None:
    gone = factories.person(email="gone@agency.example")
    owe_some(ann.id, "a")
    owe_some(gone.id, "b")
    owe_some(ann.id, "c")
    mailer.refusing = {"gone@agency.example": REFUSED}
    drain(Kind.MAIL)
    assert statuses() == {"a": Status.DONE, "b": Status.DEAD, "c": Status.DONE}
    assert errors()["b"] == str(REFUSED)


def test_a_busy_server_is_tried_again_later(
    ann: Person, mailer: FakeMailer, clock: FakeClock
) -> None:
    owe_some(ann.id, "a")
    mailer.plan = [BUSY]
    drain(Kind.MAIL)
    assert (statuses(), errors()) == ({"a": Status.DUE}, {"a": str(BUSY)})
    drain(Kind.MAIL)
    assert mailer.tried == ["a"]
    clock.pass_by(LONG)
    drain(Kind.MAIL)
    assert (statuses(), mailer.keys) == ({"a": Status.DONE}, ["a"])


def test_after_the_last_allowed_attempt_it_is_dead_and_a_person_can_retry(
    ann: Person, mailer: FakeMailer, clock: FakeClock
) -> None:
    owe_some(ann.id, "a")
    allowed = Config().EFFECT_ATTEMPTS
    mailer.plan = [BUSY] * allowed
    for _ in range(allowed):
        assert statuses() == {"a": Status.DUE}
        drain(Kind.MAIL)
        clock.pass_by(LONG)
    assert statuses() == {"a": Status.DEAD}
    drain(Kind.MAIL)
    assert len(mailer.tried) == allowed
    repairs.retry(effects()[0].id)
    drain(Kind.MAIL)
    assert (statuses(), mailer.keys) == ({"a": Status.DONE}, ["a"])


def test_an_answer_that_was_cut_off_repeats_the_mail_to_the_byte(
    cast: Cast, mailer: FakeMailer, clock: FakeClock
) -> None:
    ticket = factories.ticket(common.COMPLETED, by=cast, owing=True)
    mailer.plan = [LOST, None, LOST]
    for _ in range(3):
        drain(Kind.MAIL)
        clock.pass_by(LONG)
    key = effects(ticket, status=Status.DONE, kind=Kind.MAIL)[-2].key
    repeated = [mail for mail in mailer.posted if mail.key == key]
    assert len(repeated) == 3
    assert len({(mail.message_id, mail.data) for mail in repeated}) == 1


def test_what_a_mail_says_is_fixed_when_it_is_owed(
    cast: Cast, mailer: FakeMailer, clock: FakeClock
) -> None:
    """Ticket and people may have changed by the time of the repetition."""
    ticket = factories.ticket(by=cast, owing=True)
    mailer.plan = [LOST, LOST]
    drain(Kind.MAIL)
    clock.pass_by(LONG)
    with transaction():
        db.session.get_one(Person, ticket.person_id).last_name = "Renamed"
    factories.step(ticket, "take", cast)
    drain(Kind.MAIL)
    first, again = (
        [mail.text for mail in mailer.posted if mail.key == f"ticket:{ticket.id}:1:{n}"]
        for n in range(2)
    )
    assert len(first) == len(again) == 2
    assert first[0] == first[1]
    assert again[0] == again[1]


def test_whoever_filed_for_themselves_reads_of_their_own_request(
    cast: Cast, mailer: FakeMailer
) -> None:
    ann = factories.licensee(of=cast.agency)
    own = factories.as_licensee(ann)
    with transaction():
        tickets.open_ticket(factories.request(ann, own), own)
        factories.ticket(by=cast, owing=True)
    drain(Kind.MAIL)
    own_one, *others = sorted(mailer.posted, key=lambda mail: "the request" in mail.text)
    assert "We have received your request" in own_one.text
    assert len(others) == 2
    assert all("We have received the request" in mail.text for mail in others)


def test_mails_to_one_recipient_of_a_ticket_keep_their_order_while_retrying(
    cast: Cast, mailer: FakeMailer, clock: FakeClock
) -> None:
    maria = factories.licensee(of=cast.agency)
    ticket = factories.ticket(by=cast, about=maria, owing=True)
    mailer.refusing = {str(maria.email): BUSY}
    drain(Kind.MAIL)
    with transaction():
        factories.step(ticket, "take", cast)
        factories.step(ticket, "ask_for_more", cast)
    drain(Kind.MAIL)
    to_admin = [mail.key for mail in mailer.posted]
    assert to_admin == [f"ticket:{ticket.id}:1:1", f"ticket:{ticket.id}:3:1"]
    assert mailer.tried.count(f"ticket:{ticket.id}:3:0") == 0
    mailer.refusing = {}
    clock.pass_by(LONG)
    drain(Kind.MAIL)
    assert [mail.key for mail in mailer.to(maria.email)] == [
        f"ticket:{ticket.id}:1:0",
        f"ticket:{ticket.id}:3:0",
    ]


def test_a_dead_mail_lets_the_next_ones_pass(cast: Cast, mailer: FakeMailer) -> None:
    ticket = factories.ticket(by=cast, owing=True)
    mailer.plan = [REFUSED, None]
    drain(Kind.MAIL)
    with transaction():
        factories.step(ticket, "take", cast)
        factories.step(ticket, "ask_for_more", cast)
    drain(Kind.MAIL)
    assert statuses()[f"ticket:{ticket.id}:1:0"] == Status.DEAD
    assert mails_of(ticket, Status.DONE)[-2:] == [
        ("needed", ticket.person_id),
        ("needed", cast.admin.person_id),
    ]


def test_mails_do_not_wait_for_account_actions(cast: Cast, mailer: FakeMailer) -> None:
    ticket = factories.ticket(common.APPROVED, by=cast, owing=True)
    drain(Kind.MAIL)
    assert [name_of(e) for e in effects(ticket, status=Status.DONE)][-2:] == ["approved"] * 2
    assert [e.kind for e in effects(ticket, status=Status.DUE)] == [Kind.ACCOUNT]


def test_an_address_that_vanished_is_a_failure_staff_can_see(
    ann: Person, mailer: FakeMailer
) -> None:
    owe_some(ann.id, "a")
    with transaction():
        ann.email = None
    drain(Kind.MAIL)
    assert (statuses(), mailer.tried) == ({"a": Status.DEAD}, [])
    assert ann.name in str(errors()["a"])


def test_something_nobody_foresaw_is_tried_again_and_told_without_its_words(
    ann: Person, mailer: FakeMailer, clock: FakeClock
) -> None:
    owe_some(ann.id, "a", "b")
    mailer.plan = [ZeroDivisionError("secret"), None]
    drain(Kind.MAIL)
    assert statuses() == {"a": Status.DUE, "b": Status.DONE}
    assert "secret" not in str(errors()["a"])


def test_half_a_lease_later_the_rest_of_the_batch_is_put_back(
    ann: Person, mailer: FakeMailer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe_some(ann.id, "a", "b", "c")
    send = mailer.send

    def slowly(letter: object) -> str:
        clock.pass_by(LEASE * 0.3)
        return send(letter)  # type: ignore[arg-type]

    monkeypatch.setattr(mailer, "send", slowly)
    drain(Kind.MAIL)
    assert mailer.keys == ["a", "b", "c"]
    assert mailer.openings == 3
    late = effects(key="c")[0]
    assert (late.attempts, late.allowed_attempts) == (2, Config().EFFECT_ATTEMPTS + 1)


def test_a_stop_puts_the_rest_back_and_takes_nothing_more(ann: Person, mailer: FakeMailer) -> None:
    owe_some(ann.id, "a", "b", "c")
    assert drain(Kind.MAIL, lambda: len(mailer.posted) > 0) == 3
    assert mailer.keys == ["a"]
    assert statuses() == {"a": Status.DONE, "b": Status.DUE, "c": Status.DUE}
    assert keys(take()) == ["b", "c"]


def test_a_lost_lease_is_no_hindrance_to_the_others_of_the_batch(
    ann: Person, mailer: FakeMailer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe_some(ann.id, "a", "b")
    send, stolen = mailer.send, list[Claimed]()

    def while_another_takes_it(letter: object) -> str:
        if not stolen:
            clock.pass_by(LEASE)
            stolen.extend(take(limit=1))
            clock.pass_by(-LEASE)
        return send(letter)  # type: ignore[arg-type]

    monkeypatch.setattr(mailer, "send", while_another_takes_it)
    drain(Kind.MAIL)
    assert keys(stolen) == ["a"]
    assert statuses() == {"a": Status.LEASED, "b": Status.DONE}
