"""A name or an email on file is put right: at once, told to both addresses, links dead."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.exc import DBAPIError

from helpdesk import links
from helpdesk.actor import Actor
from helpdesk.directory.base import Owner
from helpdesk.directory.manual import ManualDirectory
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.links import Purpose
from helpdesk.mail import MailBusy
from helpdesk.models.correction import Correction, corrections_of, version_of
from helpdesk.models.effect import Kind, Status
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from helpdesk.models.ticket import Ticket
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.outbox import performers
from helpdesk.outbox.owe import Debt, account_lane, owe
from helpdesk.services import accounts, checklists, corrections, sessions
from helpdesk.services.accounts import Known
from helpdesk.services.corrections import AddressBarred, NoAddress, OnFile, on_file
from helpdesk.services.gateway import Stale
from helpdesk.services.letters import personal_letter
from helpdesk.services.roles import NotPossible
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import NO_EMAIL, Cast
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import effects, name_of
from tests.support.fakes import FakeClock, FakeDirectory, FakeMailer
from workflows import license as life
from workflows.common import APPROVED, IN_REVIEW
from workflows.effects import Action, Link
from workflows.engine import Refused
from workflows.guards import NEW_PASSWORD, NEW_USER, RECERTIFY

OLD, NEW = "ann.lea@agency.example", "ann.lee@agency.example"


@pytest.fixture
def ann(cast: Cast, mailer: FakeMailer, clock: FakeClock) -> Person:
    return factories.licensee(life.ACTIVE, of=cast.agency, username="ann.lee", email=OLD)


def told(person: Person, **changes: str | None) -> OnFile:
    return replace(on_file(person), **changes)  # type: ignore[arg-type]


def correct(person: Person, by: Actor, seen: int | None = None, **changes: str | None) -> bool:
    version = version_of(db.session(), person.id) if seen is None else seen
    return corrections.correct(person.id, told(person, **changes), version, by)


def fresh(person: Person) -> Person:
    return db.session.get_one(Person, person.id, populate_existing=True)


def mails() -> list[tuple[str, str]]:
    """What is owed by mail, and where to."""
    return [(name_of(each), (each.payload.get("to") or {}).get("address", "on file"))
            for each in effects(kind=Kind.MAIL, status="due")]  # fmt: skip


def reset_link(person: Person) -> str:
    """The token of a link that has been mailed."""
    with transaction() as session:
        url = links.mint(session, Purpose.RESET, person.id, f"reset:{person.id}")
    return url.rpartition("/")[2]


def works(token: str) -> bool:
    found = links.find(db.session(), {Purpose.RESET}, token)
    return found is not None and found.alive


def test_one_commit_holds_the_new_values_the_old_ones_and_who_did_it(
    ann: Person, cast: Cast
) -> None:
    assert corrections.correct(ann.id, told(ann, first_name="Anne", email=NEW), 0, cast.admin, "Ah")
    assert (fresh(ann).first_name, ann.email, ann.email_key) == ("Anne", NEW, NEW)
    (row,) = corrections_of(db.session(), ann.id)
    assert (row.before["first_name"], row.before["email"]) == ("Ann", OLD)
    assert (row.after["first_name"], row.after["email"]) == ("Anne", NEW)
    assert (row.actor_id, row.actor_name, row.reason) == (cast.admin.person_id, cast.admin.name,
                                                          "Ah")  # fmt: skip


def test_both_addresses_are_told_once_and_each_where_it_was_then(
    ann: Person, cast: Cast, mailer: FakeMailer
) -> None:
    correct(ann, cast.sam, email=NEW)
    correct(ann, cast.sam, email="third@agency.example")
    drain(Kind.MAIL)
    drain(Kind.MAIL)
    assert [mail.to for mail in mailer.posted] == [OLD, NEW, NEW, "third@agency.example"]
    last = mailer.to(OLD)[0]
    assert cast.sam.name in last.text
    assert NEW not in last.text
    assert len(set(mailer.keys)) == 4


def test_a_mail_that_is_sent_late_still_goes_to_the_old_address(
    ann: Person, cast: Cast, mailer: FakeMailer, clock: FakeClock
) -> None:
    mailer.plan = [MailBusy("Later."), MailBusy("Later.")]
    correct(ann, cast.sam, email=NEW)
    drain(Kind.MAIL)
    clock.pass_by(timedelta(days=1))
    drain(Kind.MAIL)
    assert {mail.to for mail in mailer.posted} == {OLD, NEW}


def test_of_a_name_one_mail_tells_what_it_was(ann: Person, cast: Cast, mailer: FakeMailer) -> None:
    was = ann.name
    correct(ann, cast.admin, last_name="Leigh")
    assert mails() == [("corrected", OLD)]
    drain(Kind.MAIL)
    assert f"Your name is Ann Leigh there now. It was {was}." in mailer.posted[0].text
    assert "from now on" not in mailer.posted[0].text


def test_a_first_address_is_told_there_and_one_that_goes_to_the_admins_too(
    ann: Person, cast: Cast
) -> None:
    bea = factories.licensee(life.ACTIVE, of=cast.agency, email=NO_EMAIL)
    correct(bea, cast.sam, email="bea@agency.example")
    assert mails() == [("corrected", "bea@agency.example")]
    correct(ann, cast.sam, email=None)
    assert mails()[1:] == [("address_left", OLD), ("address_gone", "on file")]
    assert effects(kind=Kind.MAIL)[-1].person_id == cast.admin.person_id


def test_an_address_that_differs_in_case_only_is_the_same_mailbox(ann: Person, cast: Cast) -> None:
    token = reset_link(ann)
    correct(ann, cast.sam, email=OLD.upper())
    assert (fresh(ann).email, mails(), works(token)) == (OLD.upper(), [], True)


def test_links_and_sessions_that_prove_the_old_address_end_and_others_do_not(
    ann: Person, cast: Cast
) -> None:
    token = reset_link(ann)
    with transaction() as session:
        sessions.begin(session, ann.id, Proof.LINK)
        sessions.begin(session, ann.id, Proof.PASSWORD)
    correct(ann, cast.admin, email=NEW)
    live = db.session.query(WebSession).filter_by(person_id=ann.id, ended_at=None)
    assert [each.proof for each in live] == [Proof.PASSWORD]
    assert not works(token)


def test_a_link_that_was_owed_before_goes_to_the_new_address_or_is_dead(
    ann: Person, cast: Cast, mailer: FakeMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        owe(session, personal_letter("reset:1", "account/reset", ann, link=Link.RESET,
                                     says={"username": "ann.lee", "license_locked": False,
                                           "license_state": life.ACTIVE}))  # fmt: skip
    mint = links.mint

    def and_then_it_is_corrected(*about: object) -> str:
        url = mint(*about)  # type: ignore[arg-type]
        correct(ann, cast.admin, email=NEW)
        return url

    monkeypatch.setattr(links, "mint", and_then_it_is_corrected)
    drain(Kind.MAIL)
    (mail,) = (each for each in mailer.posted if "/reset-password/" in each.text)
    token = mail.text.partition("/reset-password/")[2].split()[0]
    assert (mail.to, works(token)) == (NEW, False)


def test_the_same_again_is_no_second_correction(ann: Person, cast: Cast) -> None:
    wanted = told(ann, email=NEW)
    assert corrections.correct(ann.id, wanted, 0, cast.admin)
    assert not corrections.correct(ann.id, wanted, 0, cast.admin)
    assert (version_of(db.session(), ann.id), len(mails())) == (1, 2)


def test_of_two_at_once_one_wins_and_the_other_is_told(
    ann: Person, cast: Cast, race: Race
) -> None:
    names = ("Anna", "Anne")
    acts = (partial(correct, ann, cast.sam, 0, first_name=name) for name in names)
    results = race(*acts)
    assert {type(each) for each in results} == {bool, Stale}
    db.session.rollback()
    assert version_of(db.session(), ann.id) == 1
    assert fresh(ann).first_name in names


def test_two_people_are_not_given_one_address_at_once(cast: Cast, ann: Person, race: Race) -> None:
    bea = factories.licensee(life.ACTIVE, of=cast.agency)
    results = race(*(partial(correct, who, cast.sam, 0, email=NEW) for who in (ann, bea)))
    assert {type(each) for each in results} == {bool, Known}
    db.session.rollback()
    assert db.session.query(Person).filter_by(email_key=NEW).count() == 1


def test_nor_somebody_new_and_somebody_known(cast: Cast, ann: Person, race: Race) -> None:
    new = accounts.Newcomer("Nia", "New", "nia.new", NEW, Role.STAFF, None)
    morgan = factories.staff(manager=True)
    acts = partial(correct, ann, cast.sam, 0, email=NEW), partial(accounts.add, new, morgan)
    results = race(*acts)
    assert sum(isinstance(each, Known) for each in results) == 1
    db.session.rollback()
    assert db.session.query(Person).filter_by(email_key=NEW).count() == 1


def test_an_address_of_somebody_whom_the_admin_sees_is_refused(ann: Person, cast: Cast) -> None:
    bea = factories.licensee(life.ACTIVE, of=cast.agency)
    with pytest.raises(Known) as known:
        correct(ann, cast.admin, email=(bea.email or "").upper())
    assert known.value.person_id == bea.id


def test_an_admin_is_not_told_who_is_elsewhere_and_staff_are(ann: Person, cast: Cast) -> None:
    other = factories.licensee(life.ACTIVE, of=factories.agency())
    with pytest.raises(Known):
        correct(ann, cast.sam, email=other.email)
    assert correct(ann, cast.admin, email=other.email)


def test_nobody_corrects_what_is_on_file_of_themselves(cast: Cast) -> None:
    for actor in (cast.admin, cast.sam, factories.staff(manager=True)):
        with pytest.raises(NotPossible, match="Nobody corrects"):
            correct(db.session.get_one(Person, actor.person_id), actor, email=NEW)


def test_whoever_works_for_hand_is_corrected_by_managers_alone(ann: Person, cast: Cast) -> None:
    factories.grant(ann, Role.STAFF)
    for actor in (cast.admin, cast.sam):
        with pytest.raises(NotPossible, match="works for HAND"):
            correct(ann, actor, email=NEW)
    assert correct(ann, factories.staff(manager=True), email=NEW)


def test_an_admin_of_a_further_agency_is_corrected_by_hand_alone(ann: Person, cast: Cast) -> None:
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    assert correct(ann, cast.admin, first_name="Anna")
    factories.grant(ann, Role.AGENCY_ADMIN, factories.agency().id)
    with pytest.raises(NotPossible, match="HAND looks after"):
        correct(ann, cast.admin, first_name="Anne")
    assert correct(ann, cast.sam, first_name="Anne")


def test_an_address_that_opens_a_role_is_changed_by_managers_alone(
    ann: Person, cast: Cast
) -> None:
    """Else staff could have an admin's password sent to themselves, and file as the admin."""
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    for actor in (cast.admin, cast.sam):
        with pytest.raises(AddressBarred, match="one of HAND’s managers can change the email"):
            correct(ann, actor, first_name="Anne", email=NEW)
        assert correct(ann, actor, first_name=f"Anne of {actor.name}", email=OLD.upper())
        assert correct(ann, actor, email=OLD)
    assert (fresh(ann).email, mails()[-1][1]) == (OLD, OLD.upper())
    assert correct(ann, factories.staff(manager=True), email=NEW)


def test_whoever_has_a_role_keeps_an_address(ann: Person, cast: Cast) -> None:
    factories.grant(ann, Role.AGENCY_ADMIN, cast.agency.id)
    with pytest.raises(NoAddress):
        correct(ann, cast.sam, email=None)


def test_a_refusal_writes_nothing(ann: Person, cast: Cast) -> None:
    token = reset_link(ann)
    with pytest.raises(Stale):
        correct(ann, cast.sam, 7, email=NEW)
    assert (fresh(ann).email, mails(), works(token)) == (OLD, [], True)
    assert db.session.query(Correction).count() == 0


@pytest.mark.parametrize("change", ["UPDATE correction SET at = at", "DELETE FROM correction"])
def test_what_was_corrected_is_never_changed(ann: Person, cast: Cast, change: str) -> None:
    correct(ann, cast.sam, email=NEW)
    with pytest.raises(DBAPIError, match="history is never changed"), transaction() as session:
        session.connection().exec_driver_sql(change)


def actions(person: Person) -> list[str]:
    return [each.payload["action"] for each in effects(kind=Kind.ACCOUNT, person_id=person.id)
            if each.status is Status.DUE]  # fmt: skip


def test_the_directory_is_told_once_of_what_is_on_file_by_then(
    ann: Person, cast: Cast, directory: FakeDirectory
) -> None:
    correct(ann, cast.sam, email=NEW)
    correct(ann, cast.sam, first_name="Anne")
    assert actions(ann) == ["correct", "correct"]
    drain(Kind.ACCOUNT)
    assert directory.deeds == [("correct", "ann.lee")] * 2
    assert directory.owners == {"ann.lee": Owner("Anne", ann.last_name, NEW)}
    assert {each.status for each in effects(kind=Kind.ACCOUNT)} == {Status.DONE}


def test_of_somebody_without_an_account_no_directory_is_told(cast: Cast) -> None:
    without = (
        factories.licensee(life.DELETED, of=cast.agency),
        factories.nameless(of=cast.agency),
        factories.licensee(life.ACTIVE, of=cast.agency, account=False),
        factories.person(),
    )
    for person in without:
        correct(person, factories.staff(manager=True), first_name="Nia")
        assert actions(person) == []


def test_an_account_that_is_being_made_is_corrected_after_it(cast: Cast) -> None:
    """Staff may have the values of before on their checklist."""
    ticket = factories.ticket(APPROVED, by=cast, type=NEW_USER, owing=True)
    person = db.session.get_one(Person, ticket.person_id)
    correct(person, cast.sam, email=NEW)
    assert actions(person) == ["create", "correct"]
    assert len({each.lane for each in effects(kind=Kind.ACCOUNT, person_id=person.id)}) == 1


def test_an_account_that_is_about_to_go_is_not_corrected(ann: Person, cast: Cast) -> None:
    with transaction() as session:
        payload = {"action": Action.DELETE, "terms": {}}
        owe(session, Debt("delete:1", Kind.ACCOUNT, account_lane(ann.id), ann.id, payload))
    correct(ann, cast.sam, email=NEW)
    assert actions(ann) == ["delete"]


def test_by_hand_the_checklist_has_the_right_values_and_settles_it(
    ann: Person, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performers, "directory", ManualDirectory)
    correct(ann, cast.admin, email=NEW)
    drain(Kind.ACCOUNT)
    (task,) = checklists.open_tasks(db.session(), 10)
    copied = {label: value for step in task.checklist.steps for label, value in step["copy"]}
    assert copied == {"Username": "ann.lee", "First name": "Ann", "Last name": ann.last_name,
                      "Email": NEW}  # fmt: skip
    for step in range(len(task.checklist.steps)):
        checklists.confirm(task.checklist.id, 1, step, cast.sam)
    (effect,) = effects(kind=Kind.ACCOUNT, person_id=ann.id)
    assert effect.status is Status.DONE


@pytest.mark.parametrize("whose", ["person_id", "filer_id", "entered_by_id"])
@pytest.mark.parametrize("kind", [NEW_PASSWORD, RECERTIFY])
def test_whoever_changed_an_email_approves_nothing_of_its_owner(
    cast: Cast, clock: FakeClock, kind: str, whose: str
) -> None:
    """Else one person alone could have the link to somebody's password sent to themselves, and act
    as two."""
    ticket = factories.ticket(IN_REVIEW, by=cast, type=kind)
    with transaction() as session:
        session.get_one(Ticket, ticket.id).entered_by_id = factories.person().id
    sam = replace(cast.sam, manager=True)
    correct(db.session.get_one(Person, getattr(ticket, whose)), sam, email=NEW)
    with pytest.raises(Refused, match="You changed the email of") as why:
        factories.step(ticket, "approve", cast)
    assert cast.joan.name in str(why.value)
    assert cast.sam.name not in str(why.value)
    clock.pass_by(timedelta(days=31))
    assert factories.step(ticket, "approve", cast).state == APPROVED


def test_who_corrects_a_name_may_approve_all_the_same(cast: Cast, clock: FakeClock) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    correct(db.session.get_one(Person, ticket.person_id), cast.sam, first_name="Nia")
    assert factories.step(ticket, "approve", cast).state == APPROVED
