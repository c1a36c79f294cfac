"""Recertifications of many people at once: what is kept, whose worksheet is whose, what is sent."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from helpdesk.extensions import db
from helpdesk.models.bulk import Bulk, documents_in
from helpdesk.models.document import documents_of
from helpdesk.models.effect import Effect
from helpdesk.models.ticket import Ticket
from helpdesk.services import tidying
from helpdesk.services.bulks import keeping, people, sending
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.bulks import Desk, begun, expired, held, lately, sheet
from tests.helpdesk.conftest import Race
from tests.support.apps import MakeApp
from tests.support.fakes import FakeClock
from tests.support.filled_sheets import Holder, worksheet_of
from tests.support.papers import jpeg
from tests.support.worksheets import flattened
from tests.web.counted import queries
from workflows import license as life
from workflows.guards import RECERTIFY


def mails() -> list[str]:
    """What is owed by mail: the folder, and to whom."""
    rows = db.session.query(Effect).filter_by(kind="mail", status="due").order_by(Effect.id)
    return [f"{each.payload['folders'][-1]} {each.person_id}" for each in rows]


def sent_to(desk_actor: factories.Cast) -> list[Effect]:
    who = desk_actor.admin.person_id
    return list(db.session.query(Effect).filter_by(kind="mail", person_id=who, status="due"))


def test_whoever_can_be_recertified_is_offered(cast: factories.Cast) -> None:
    (gone,) = expired(cast.agency)
    (soon, late) = expired(cast.agency, 2, life.ACTIVE)
    expired(cast.agency, 1, life.SUSPENDED)
    expired(factories.agency())
    with transaction() as session:
        held(soon).expires_on = today() + timedelta(days=60)
        held(late).expires_on = today() + timedelta(days=61)
        session.flush()
    offered = {person.id for person, _ in people.due(db.session(), [cast.agency.id])}
    assert offered == {gone.id, soon.id}


def test_whoever_has_a_request_open_is_not_offered_again(cast: factories.Cast) -> None:
    (ann,) = expired(cast.agency)
    factories.ticket(by=cast, about=ann, type=RECERTIFY)
    assert people.due(db.session(), [cast.agency.id]) == []
    line = begun(cast.admin, cast.agency, ann).line(ann)
    assert [reason.sentence for reason in line.reasons] == [
        f"A Recertification of {ann.name} is open already."
    ]


def test_a_worksheet_finds_its_person_and_brings_the_days(cast: factories.Cast) -> None:
    ann, bea = expired(cast.agency, 2)
    desk = begun(cast.admin, cast.agency, ann)
    assert not desk.line(ann).ready
    assert desk.bring(sheet(bea, cast.agency)) == bea.id
    assert desk.bring(flattened(sheet(ann, cast.agency))) == ann.id
    assert [line.ready for line in desk.read().lines] == [True, True]
    assert set(desk.line(ann).days.values()) == {lately()}


@pytest.mark.parametrize("told", ["username", "email", "name"])
def test_without_a_code_of_theirs_what_is_written_tells(cast: factories.Cast, told: str) -> None:
    """Made for nobody, and filled in by hand."""
    ann, *_ = expired(cast.agency, 3)
    known = {"username": ann.username or "", "email": ann.email or "", "name": ann.name}
    holder = Holder("", "", "", "")
    data = worksheet_of(holder, "another key of another desk's", lately(), **{told: known[told]})
    assert begun(cast.admin, cast.agency).bring(data) == ann.id


def test_somebody_elses_worksheet_is_told_of_in_one_sentence(cast: factories.Cast) -> None:
    ann, bea = expired(cast.agency, 2)
    desk = begun(cast.admin, cast.agency, ann)
    desk.bring(sheet(bea, cast.agency), whose=ann.id)
    assert [reason.sentence for reason in desk.line(ann).reasons] == [
        f"This worksheet is {bea.name}’s, the request is for {ann.name}: attach the right one."
    ]


def test_a_name_that_two_people_have_names_nobody(cast: factories.Cast) -> None:
    ann, bea = expired(cast.agency, 2)
    with transaction() as session:
        session.merge(bea).first_name, session.merge(bea).last_name = ann.first_name, ann.last_name
        session.flush()
    desk = begun(cast.admin, cast.agency)
    data = worksheet_of(Holder("", "", "", ""), "a key of somebody else's", lately(), name=ann.name)
    assert desk.bring(data) is None
    (loose,) = desk.read().loose
    keeping.give(desk.bulk_id, loose.id, bea.id)
    assert desk.read().loose == ()
    assert [each.id for each in desk.line(bea).documents] == [loose.id]


def test_a_picture_is_matched_by_the_name_of_its_file(cast: factories.Cast) -> None:
    ann, bea = expired(cast.agency, 2)
    desk = begun(cast.admin, cast.agency, ann, bea)
    assert desk.bring(jpeg(), f"Scan {ann.username}.jpg") == ann.id
    assert desk.bring(jpeg(), f"Scan {ann.username}3.jpg") is None
    assert desk.bring(jpeg(), "IMG_2044.jpg", bea.id) == bea.id


def test_nobody_of_another_agency_is_found(cast: factories.Cast) -> None:
    other = factories.agency()
    (stranger,) = expired(other)
    assert begun(cast.admin, cast.agency).bring(sheet(stranger, other)) is None


def test_a_mended_worksheet_takes_the_place_of_the_faulty_one(cast: factories.Cast) -> None:
    (ann,) = expired(cast.agency)
    desk = begun(cast.admin, cast.agency)
    desk.bring(sheet(ann, cast.agency, user__signature=""))
    assert [r.sentence for r in desk.line(ann).reasons] == ["The signature of the user is missing."]
    desk.bring(sheet(ann, cast.agency))
    assert len(desk.line(ann).documents) == 1
    assert desk.line(ann).ready


def test_what_is_typed_stands_over_what_is_read(cast: factories.Cast) -> None:
    (ann,) = expired(cast.agency)
    desk = begun(cast.admin, cast.agency)
    desk.bring(sheet(ann, cast.agency))
    other = lately() - timedelta(days=1)
    keeping.save(desk.bulk_id, {ann.id: {"basic_privacy": other.isoformat()}})
    (reason,) = desk.line(ann).reasons
    assert reason.field == "course_basic_privacy"
    keeping.save(desk.bulk_id, {ann.id: {"basic_privacy": lately().isoformat()}})
    assert desk.line(ann).ready


def test_each_who_is_ready_becomes_a_request(cast: factories.Cast) -> None:
    ready, faulty = expired(cast.agency, 3), expired(cast.agency, 2)
    desk = begun(cast.admin, cast.agency, *ready, *faulty)
    for each in ready:
        desk.bring(sheet(each, cast.agency))
    desk.bring(sheet(faulty[0], cast.agency, admin__signature=""))
    assert sending.send(desk.bulk, [cast.agency.id], cast.admin) == sending.Outcome(3)
    whole = desk.read()
    assert {line.person.id for line in whole.sent} == {each.id for each in ready}
    ticket = whole.sent[0].ticket
    assert ticket is not None
    assert (ticket.type, ticket.agency_id) == (RECERTIFY, cast.agency.id)
    assert [document.name for document in documents_of(db.session(), ticket.id)] == ["sheet.pdf"]
    assert len(documents_in(db.session(), desk.bulk)) == 1


def test_sent_again_it_makes_nothing_twice(cast: factories.Cast) -> None:
    ready = expired(cast.agency, 2)
    desk = begun(cast.admin, cast.agency, *ready)
    for each in ready:
        desk.bring(sheet(each, cast.agency))
    sending.send(desk.bulk, [cast.agency.id], cast.admin)
    before = db.session.query(Effect).count()
    assert sending.send(desk.bulk, [cast.agency.id], cast.admin) == sending.Outcome(0)
    assert db.session.query(Ticket).count() == 2
    assert db.session.query(Effect).count() == before


def test_one_mail_tells_the_filer_of_all_and_each_licensee_has_their_own(
    cast: factories.Cast,
) -> None:
    ready = expired(cast.agency, 3)
    desk = begun(cast.admin, cast.agency, *ready)
    for each in ready:
        desk.bring(sheet(each, cast.agency))
    sending.send(desk.bulk, [cast.agency.id], cast.admin)
    assert sorted(mails()) == sorted([
        *(f"ticket/received {each.id}" for each in ready),
        f"desk/bulk_sent {cast.admin.person_id}",
    ])
    (letter,) = sent_to(cast)
    assert {line.split(": ")[1] for line in letter.payload["says"]["sent_lines"]} == {
        each.name for each in ready
    }


class PowerCut(BaseException):
    """What no code of ours catches."""


@contextmanager
def power_cut_at(nth: int) -> Iterator[None]:
    """The process ends while the nth ticket is written."""
    count = itertools.count(1)

    def end(*_: object) -> None:
        if next(count) == nth:
            raise PowerCut

    event.listen(Ticket, "before_insert", end)
    try:
        with pytest.raises(PowerCut):
            yield
    finally:
        event.remove(Ticket, "before_insert", end)


def test_a_crash_in_the_middle_loses_nothing_and_doubles_nothing(cast: factories.Cast) -> None:
    ready = expired(cast.agency, 3)
    desk = begun(cast.admin, cast.agency, *ready)
    for each in ready:
        desk.bring(sheet(each, cast.agency))
    with power_cut_at(2):
        sending.send(desk.bulk, [cast.agency.id], cast.admin)
    assert len(desk.read().sent) == 1
    assert sent_to(cast) == []
    assert sending.send(desk.bulk, [cast.agency.id], cast.admin).sent == 2
    assert db.session.query(Ticket).count() == 3
    (letter,) = sent_to(cast)
    assert len(letter.payload["says"]["sent_lines"]) == 3


def test_two_windows_that_send_at_once_make_each_request_once(
    cast: factories.Cast, race: Race
) -> None:
    ready = expired(cast.agency, 3)
    desk = begun(cast.admin, cast.agency, *ready)
    for each in ready:
        desk.bring(sheet(each, cast.agency))
    agencies, actor = [cast.agency.id], cast.admin
    ends = race(*[lambda: sending.send(desk.bulk, agencies, actor)] * 2)
    assert sum(end.sent for end in ends) == 3
    assert db.session.query(Ticket).count() == 3
    told = [line for letter in sent_to(cast) for line in letter.payload["says"]["sent_lines"]]
    assert len(told) == len(set(told)) == 3


def test_whoever_never_sends_again_after_a_crash_is_told_all_the_same(
    cast: factories.Cast,
) -> None:
    ready = expired(cast.agency, 2)
    desk = begun(cast.admin, cast.agency, *ready)
    for each in ready:
        desk.bring(sheet(each, cast.agency))
    with power_cut_at(2):
        sending.send(desk.bulk, [cast.agency.id], cast.admin)
    for _ in range(2):
        tidying.tidy()
    (letter,) = sent_to(cast)
    assert len(letter.payload["says"]["sent_lines"]) == 1


def test_what_there_is_no_time_for_is_sent_with_the_next_press(cast: factories.Cast) -> None:
    ready = expired(cast.agency, 2)
    desk = begun(cast.admin, cast.agency, *ready)
    for each in ready:
        desk.bring(sheet(each, cast.agency))
    assert sending.send(desk.bulk, [cast.agency.id], cast.admin, within=-1).left == 2
    assert db.session.query(Ticket).count() == 0
    assert sending.send(desk.bulk, [cast.agency.id], cast.admin) == sending.Outcome(2)


def test_staff_file_for_an_admin_who_gets_the_mail(cast: factories.Cast) -> None:
    ready = expired(cast.agency, 2)
    assert cast.sam.person_id is not None
    assert cast.admin.person_id is not None
    asked = keeping.Asked(cast.sam.person_id, cast.admin.person_id, cast.agency.id)
    bulk_id = keeping.set_up(asked, {each.id: {} for each in ready})
    desk = Desk(cast.sam, cast.agency, bulk_id)
    for each in ready:
        desk.bring(sheet(each, cast.agency))
    assert sending.send(desk.bulk, [cast.agency.id], cast.sam).sent == 2
    ticket = desk.read().sent[0].ticket
    assert ticket is not None
    assert (ticket.filer_id, ticket.entered_by_id) == (cast.admin.person_id, cast.sam.person_id)
    (letter,) = sent_to(cast)
    assert letter.payload["says"]["path"] == "/"


def test_so_many_people_fit_and_no_more(make_app: MakeApp) -> None:
    with make_app(BULK_PEOPLE=2).app_context():
        cast = factories.cast()
        ann, bea, cyd = expired(cast.agency, 3)
        with pytest.raises(keeping.TooMany) as many:
            begun(cast.admin, cast.agency, ann, bea, cyd)
        assert many.value.sentence.startswith("2 people fit into one submission.")
        desk = begun(cast.admin, cast.agency, ann, bea)
        with pytest.raises(keeping.TooMany):
            desk.bring(sheet(cyd, cast.agency))
        assert len(desk.read().loose) == 1


def test_whoever_is_left_out_takes_their_worksheet_along(cast: factories.Cast) -> None:
    ann, bea = expired(cast.agency, 2)
    desk = begun(cast.admin, cast.agency, ann, bea)
    desk.bring(sheet(ann, cast.agency))
    keeping.leave_out(desk.bulk_id, ann.id)
    assert [line.person.id for line in desk.read().lines] == [bea.id]
    assert documents_in(db.session(), desk.bulk) == []


def test_what_was_never_sent_goes_after_a_day_what_was_stays(
    cast: factories.Cast, clock: FakeClock
) -> None:
    (ann,) = expired(cast.agency)
    unsent, sent = begun(cast.admin, cast.agency), begun(cast.admin, cast.agency, ann)
    sent.bring(sheet(ann, cast.agency))
    sending.send(sent.bulk, [cast.agency.id], cast.admin)
    clock.pass_by(timedelta(hours=25))
    tidying.tidy()
    assert [bulk.id for bulk in db.session.query(Bulk)] == [sent.bulk_id]
    assert unsent.bulk_id != sent.bulk_id


def test_a_person_more_costs_a_few_statements(app: Flask, cast: factories.Cast) -> None:
    few, many = expired(cast.agency, 2), expired(cast.agency, 8)
    small = begun(cast.admin, cast.agency, *few)
    large = begun(cast.admin, cast.agency, *few, *many)
    with queries(app) as first:
        small.read()
    with queries(app) as second:
        large.read()
    assert (len(second) - len(first)) / len(many) <= 6
