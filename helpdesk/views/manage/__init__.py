"""The manager's pages: agencies, people, who can approve, settings."""

from helpdesk.views.manage import (
    accounts,
    agencies,
    agency,
    approvers,
    people,
    person,
    roles,
    settings,
)
from helpdesk.views.manage.blueprint import pages

__all__ = [
    "accounts", "agencies", "agency", "approvers", "pages", "people", "person", "roles", "settings",
]  # fmt: skip
