"""Writes rosters as Community Services exports them, and imports them."""

import csv
import io

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.import_run import ImportKind, ImportRun
from helpdesk.services.imports import mapping, runs
from helpdesk.services.imports.columns import beginning
from helpdesk.services.imports.roster_plan import RosterPlan
from tests.helpdesk import imports

HEADER = ("User Name", "Login", "Email", "Provider", "Role", "Last Login", "Expires", "Status")
ANN = {
    "User Name": "Lee, Ann",
    "Login": "ann.lee",
    "Email": "ann.lee@agency.example",
    "Role": "Case Manager I",
    "Last Login": "11/19/2026 9:15 AM",
    "Expires": "3/31/2027",
    "Status": "Active",
}


def member(**changes: str) -> dict[str, str]:
    """A sound row; `changes` names columns, with _ for a space."""
    return ANN | {name.replace("_", " "): value for name, value in changes.items()}


def text_of(*rows: dict[str, str], header: tuple[str, ...] = HEADER, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows([row.get(column, "") for column in header] for row in rows)
    return out.getvalue()


def begun(content: bytes | str, by: Actor) -> ImportRun:
    """With the columns as they are suggested."""
    run = imports.begun(content, by, ImportKind.ROSTER)
    found = beginning(runs.source_of(run))
    runs.lay_out(run, found, mapping.suggest(db.session(), run.kind, found).layout)
    return run


def proposed(by: Actor, *rows: dict[str, str]) -> RosterPlan:
    plan = runs.propose(begun(text_of(*rows), by))
    assert isinstance(plan, RosterPlan)
    return plan


def applied(by: Actor, *rows: dict[str, str]) -> ImportRun:
    return taken_over(text_of(*rows), by)


def taken_over(content: bytes | str, by: Actor) -> ImportRun:
    run = begun(content, by)
    runs.apply(run, runs.propose(run).digest(), by)
    return run
