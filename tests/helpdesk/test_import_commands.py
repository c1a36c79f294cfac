"""`import-roster` on the command line: the columns are guessed or said, the lines are the same."""

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.extensions import db
from helpdesk.models.import_run import ColumnMapping, ImportKind, ImportRun, Phase
from helpdesk.models.person import with_username
from helpdesk.services.imports.from_disk import Asked, from_disk
from helpdesk.services.imports.mapping import BadMapping
from helpdesk.services.imports.report import report
from helpdesk.services.imports.sources import CannotRead
from tests.helpdesk.roster_csv import HEADER, member, text_of

pytestmark = pytest.mark.usefixtures("app_context", "clock")


def written(folder: Path, content: str) -> str:
    path = folder / "Roster.csv"
    path.write_text(content)
    return str(path)


def run(app: Flask, *args: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["import-roster", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_the_command_dry_and_applied(app: Flask, tmp_path: Path) -> None:
    path = written(tmp_path, text_of(member()))
    dry = (
        "1 new, 0 changed, 0 the same, 0 gone, 0 to look at, 0 faulty, 0 repeated.\n"
        "Nothing is written yet: --apply does it.\n"
        "new: line 2, username “ann.lee”: “Ann Lee”, without an agency: HAND alone sees them.\n"
    )
    columns = (
        "Columns: username = “Login”, email = “Email”, name = “User Name”, agency = “Provider”,"
        " level = “Role”, last_login = “Last Login”, expires = “Expires”, status = “Status”;"
        " dates mdy.\n"
    )
    assert run(app, path) == (0, dry, columns)
    assert with_username(db.session(), "ann.lee") is None
    assert run(app, path, "--apply", "--as-of", "2026-11-20")[:2] == (
        0, dry.replace("Nothing is written yet: --apply does it.", "It is applied."),
    )  # fmt: skip
    assert with_username(db.session(), "ann.lee") is not None
    applied = db.session.query(ImportRun).one()
    assert (applied.phase, str(applied.as_of), applied.applied_by_id) == (
        Phase.APPLIED, "2026-11-20", None,
    )  # fmt: skip


def test_columns_can_be_said_and_are_remembered(app: Flask, tmp_path: Path) -> None:
    text = "Konto,Person,Bis\nann.lee,Ann Lee,31.12.2027\n"
    path = written(tmp_path, text)
    said = ("--map", "username=Konto", "--map", "name=Person", "--map", "expires=Bis",
            "--dates", "dmy")  # fmt: skip
    assert run(app, path)[0] == 1
    assert run(app, path, *said, "--apply")[0] == 0
    assert db.session.query(ColumnMapping).count() == 1
    code, out, columns = run(app, path)
    assert (code, "1 the same" in out, "expires = “Bis”; dates dmy" in columns) == (0, True, True)


def test_the_command_fails_when_a_row_is_faulty(app: Flask, tmp_path: Path) -> None:
    content = text_of(member(), member(Login="bo.ray", Provider="Nowhere")) + '"broken\n'
    code, out, _columns = run(app, written(tmp_path, content))
    assert code == 1
    assert out.endswith(
        "faulty: line 3: There is no agency “Nowhere” here.\n"
        "faulty: line 4: Its quotation marks do not pair up.\n"
    )


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--map", "username"), "--map wants FIELD=COLUMN, not “username”."),
        (("--map", "shoes=Login"), "There is no field “shoes”. There are: username, email,"),
        (("--map", "level=Shoes"), "There is no column “Shoes”. There are: User Name, Login,"),
        (("--map", "username=", "--map", "email="), "Choose the column of: Username or Work"),
        (("--map", "level=Login"), "This column is taken for Username already."),
    ],
)
def test_what_does_not_fit_is_told(
    app: Flask, tmp_path: Path, args: tuple[str, ...], words: str
) -> None:
    code, out, err = run(app, written(tmp_path, text_of(member())), *args)
    assert (code, out) == (1, "")
    assert words in err


@pytest.mark.parametrize("content", ["", "Login\n", "x" * 20_000, '"'])
def test_a_file_of_no_use_is_told(app: Flask, tmp_path: Path, content: str) -> None:
    code, _out, err = run(app, written(tmp_path, content))
    assert code == 1
    assert err.startswith("Error: ")


CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "ann.lee", "bo", "Ann Lee", "a@b.example", "3/4/2026", "Never",
                     "Volunteer", "Inactive", "Deleted", "Locked"]),
)  # fmt: skip
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(HEADER, CELLS)), max_size=6)


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(ROWS)
def test_whatever_the_rows_hold_they_are_taken_once(
    tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    """One register takes all these files, one after the other."""
    path = tmp_path / "Roster.csv"
    path.write_bytes(text_of(*rows).encode("utf-8", "surrogatepass"))
    asked = Asked(ImportKind.ROSTER, path)
    try:
        assert list(report(from_disk(asked, apply=True).proposal, applied=True))
    except (CannotRead, BadMapping):
        return
    assert from_disk(asked).proposal.touches == 0
