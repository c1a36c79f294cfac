"""The manager's pages: agencies, people, who can approve, the training grid, imports, deadlines,
rules that approve, settings."""

from helpdesk.views.manage import (
    accounts,
    agencies,
    agency,
    approvers,
    deadlines,
    grid,
    grid_edit,
    import_columns,
    import_run,
    imports,
    people,
    person,
    roles,
    second_step,
    settings,
    straight,
)
from helpdesk.views.manage.blueprint import pages

__all__ = [
    "accounts", "agencies", "agency", "approvers", "deadlines", "grid", "grid_edit",
    "import_columns", "import_run", "imports", "pages", "people", "person", "roles", "second_step",
    "settings", "straight",
]  # fmt: skip
