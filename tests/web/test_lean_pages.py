"""Pages stay quick: few queries, however many rows; light HTML; styles and scripts once."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.models.completion import Completion, Source
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.support.papers import pdf
from tests.web.conftest import Visit
from tests.web.counted import queries
from tests.web.visitor import Visitor
from tests.web.worksheet_page import opened_for_newcomer
from workflows.common import COMPLETED, IN_REVIEW
from workflows.guards import NEW_USER
from workflows.license import DELETED
from workflows.papers import AGREEMENT_AND_ETHICS, NEW_USER_WORKSHEET
from workflows.training import STANDARD

HTML_AT_MOST = 40 * 1024
STYLES_AND_SCRIPTS_AT_MOST = 100 * 1024
LINKED = re.compile(r'<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"')


def fill_queue(cast: factories.Cast, number: int) -> None:
    with transaction():
        for _ in range(number):
            about = factories.licensee(of=cast.agency)
            factories.ticket(IN_REVIEW, by=cast, about=about)


def test_the_queue_takes_few_queries_and_none_per_row(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    counts = []
    for more in (3, 47):
        fill_queue(cast, more)
        with queries(app) as seen:
            assert sam.get("/queue").status == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8, counts


def test_fifty_rows_are_light(cast: factories.Cast, visit: Visit) -> None:
    fill_queue(cast, 52)
    page = visit(cast.sam).get("/queue")
    assert page.text.count("<tr>") == 1 + 50
    assert len(page.text.encode()) <= HTML_AT_MOST


@pytest.mark.parametrize(("path", "most"), [("/", 8), ("/requests/new", 6), ("/effects", 6)])
def test_lists_take_no_query_per_row(
    path: str, most: int, app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    counts = []
    for _ in range(2):
        factories.failed_ticket(cast)
        fill_queue(cast, 4)
        with queries(app) as seen:
            assert sam.get(path).status == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= most, counts


def test_an_agencys_home_takes_no_query_per_row(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    counts = []
    for _ in range(2):
        fill_queue(cast, 4)
        with queries(app) as seen:
            dana.get("/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8, counts


def test_staffs_ticket_takes_few_queries(app: Flask, cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    for state in (IN_REVIEW, COMPLETED):
        ticket = factories.ticket(state, by=cast, owing=True)
        with queries(app) as seen:
            assert sam.get(f"/tickets/{ticket.id}").status == 200
        assert len(seen) <= 12, "\n\n".join(seen)


def test_nor_more_where_courses_and_lookalikes_are_told_of(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    about = factories.licensee(DELETED, of=cast.agency, email="twin@agency.example")
    factories.licensee(of=cast.agency, email="twin@agency.example")
    with transaction() as session:
        told = Completion(person_id=about.id, course=STANDARD.courses[0].name, completed_on=today(),
                          source=Source.HAND)  # fmt: skip
        session.add(told)
    ticket = factories.ticket(IN_REVIEW, by=cast, about=about, type=NEW_USER, owing=True)
    sam = visit(cast.sam)
    with queries(app) as seen:
        page = sam.get(f"/tickets/{ticket.id}")
    assert "On file:" in page.text
    assert len(seen) <= 12, "\n\n".join(seen)


def test_the_agencys_ticket_takes_few_queries(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    ticket = factories.ticket(COMPLETED, by=cast, owing=True)
    dana = visit(cast.admin)
    with queries(app) as seen:
        assert dana.get(f"/tickets/{ticket.id}").status == 200
    assert len(seen) <= 12, "\n\n".join(seen)


def test_filing_takes_few_queries(app: Flask, cast: factories.Cast, visit: Visit) -> None:
    about = factories.licensee(of=cast.agency)
    dana = visit(cast.admin)
    page = dana.get(f"/requests/new/request_new_password?person={about.id}")
    with queries(app) as seen:
        typed = {"happened": "other", "vouched": "y"}
        filed = dana.post(page.path, page.form_with("note").values() | typed, follow=False)
    assert filed.status == 302
    assert len(seen) <= 15, "\n\n".join(seen)


def test_filing_for_a_newcomer_with_two_documents_takes_few_queries(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    page = dana.get(f"/requests/new/{NEW_USER}")
    day = (today() - timedelta(days=30)).isoformat()
    typed = page.form_with("first_name").values() | {
        "first_name": "Nia", "last_name": "Brandt", "email": "nia@harbor.example",
        "employment": "employee", "supervisor": "Robin Ames", "provider": "Harbor Shelter",
        "access_level": "agency_staff",
        **{f"course_{course.name}": day for course in STANDARD.courses},
    }  # fmt: skip
    files = {f"document-{kind}": (io.BytesIO(pdf(kind)), f"{kind}.pdf")
             for kind in (NEW_USER_WORKSHEET, AGREEMENT_AND_ETHICS)}  # fmt: skip
    with queries(app) as seen:
        filed = dana.ask("POST", page.path, data=typed | files)
    assert filed.status == 302, filed.words
    locks = ("FOR NO KEY UPDATE", "pg_advisory_xact_lock")
    held = [statement for statement in seen if any(lock in statement for lock in locks)]
    assert len(held) <= 3  # what only PostgreSQL locks by asking: rows, and the address
    assert len(seen) - len(held) <= 15, "\n\n".join(seen)


def test_a_newcomers_worksheet_takes_no_query_per_agency(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    with queries(app) as before:
        assert "Whom to ask" in opened_for_newcomer(sam).words
    for _ in range(3):
        factories.admin(factories.agency())
    with queries(app) as after:
        opened_for_newcomer(sam)
    assert len(after) == len(before), "\n\n".join(after)


# Flask-Compress leaves the closing of files that it reads to Python.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("accepted", ["gzip, deflate, br, zstd", "gzip, deflate"])
def test_styles_and_scripts_are_small_and_kept_for_good(accepted: str, stranger: Visitor) -> None:
    links = LINKED.findall(stranger.get("/sign-in").text)
    assert len(links) >= 7
    weight = 0
    for link in links:
        with stranger.client.get(link, headers={"Accept-Encoding": accepted}) as served:
            assert served.status_code == 200
            assert served.headers["Content-Encoding"] in accepted
            assert "max-age=31536000" in served.headers["Cache-Control"]
            weight += len(served.data)
    assert weight <= STYLES_AND_SCRIPTS_AT_MOST


def test_pages_themselves_are_kept_by_nobody(cast: factories.Cast, visit: Visit) -> None:
    assert visit(cast.sam).get("/queue").headers["Cache-Control"] == "no-store"
