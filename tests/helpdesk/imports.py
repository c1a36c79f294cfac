"""Files that come in on the page, from the upload to the apply."""

import io
from collections.abc import Callable
from datetime import date

from helpdesk.actor import Actor
from helpdesk.models.import_run import ImportKind, ImportRun
from helpdesk.services.imports import runs
from tests.helpdesk.conftest import Dump

AS_OF = date(2026, 11, 20)


def begun(content: bytes | str, by: Actor, kind: ImportKind = ImportKind.USERS) -> ImportRun:
    given = content.encode() if isinstance(content, str) else content
    return runs.take_in(runs.Upload(kind, "User.csv", io.BytesIO(given), AS_OF), by)


def applied(content: bytes | str, by: Actor, kind: ImportKind = ImportKind.USERS) -> ImportRun:
    run = begun(content, by, kind)
    runs.apply(run, runs.propose(run).digest(), by)
    return run


def without(dump: Callable[[], Dump], *tables: str) -> Dump:
    """Every row but those of some tables."""
    rows = {table: each for table, each in dump().items() if table not in tables}
    return {table: [row for row in each if row[0] not in tables] for table, each in rows.items()}
