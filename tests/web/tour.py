"""A tour of every page, on a fresh demo desk that mails into files.

Each guide walks as one kind of visitor and yields a name wherever there is something to look at:
the checks of accessibility and `scripts/screenshots.py` do the looking.
"""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.support.servers import LiveServer
from tests.web.tour_account import ACCOUNT_GUIDES
from tests.web.tour_agency import agency_admin, other_admin
from tests.web.tour_imports import imports
from tests.web.tour_licenses import courses, deletions, suspension
from tests.web.tour_managers import manager
from tests.web.tour_mishaps import developer, failures
from tests.web.tour_requests import REQUEST_GUIDES
from tests.web.tour_signing import signing_by_link
from tests.web.tour_staff import how_requests_work, staff
from tests.web.tour_ways_in import licensee, licensee_by_link, owner_of_a_new_password, stranger

Guide = Callable[[Page, LiveServer], Iterator[str]]

GUIDES: dict[str, Guide] = {
    guide.__name__: guide
    for guide in (
        stranger,
        owner_of_a_new_password,
        licensee_by_link,
        licensee,
        agency_admin,
        other_admin,
        staff,
        manager,
        imports,
        failures,
        deletions,
        courses,
        suspension,
        how_requests_work,
        developer,
        *ACCOUNT_GUIDES,
        *REQUEST_GUIDES,
        signing_by_link,
    )
}
"""In this order: they share the desk, and each finds it as those before have left it."""
