"""Commands: `flask --app wsgi …`. Each exits with 0 only when all is well."""

import json
import sys
from datetime import datetime
from itertools import groupby
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from helpdesk import checks, demo, doctor
from helpdesk.directory.base import CannotLook, DirectoryBusy, DirectoryRefused
from helpdesk.directory.choose import directory
from helpdesk.extensions import db
from helpdesk.jobs import reconcile
from helpdesk.jobs import worker as worker_process
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.import_run import ImportKind
from helpdesk.services.factors import rescue
from helpdesk.services.imports.days import Order
from helpdesk.services.imports.from_disk import Asked, from_disk
from helpdesk.services.imports.mapping import BadMapping
from helpdesk.services.imports.report import report
from helpdesk.services.imports.runs import Overtaken
from helpdesk.services.imports.sources import CannotRead
from helpdesk.services.roles import NotPossible
from helpdesk.services.straight import decide
from helpdesk.services.sweep.report import Taken
from helpdesk.services.sweep.run import daily as take_what_is_due
from workflows.diagram import markdown
from workflows.registry import all_workflows

workflows_group = AppGroup("workflows", help="The definitions of the request types.")
outbox_group = AppGroup("outbox", help="What is owed, and what became of it.")


@workflows_group.command("check")
def check() -> None:
    """Find faults in the definitions: states, steps, effects, mails, forms, guards."""
    found = checks.all_faults()
    for fault in found:
        click.echo(fault)
    if found:
        sys.exit(1)
    click.echo("All workflows are sound.")


@workflows_group.command("diagram")
@click.argument("name", metavar="[TYPE]", required=False)
def diagram(name: str | None) -> None:
    """Print one workflow, or all, as a Mermaid diagram and a table, in Markdown."""
    flows = all_workflows()
    if name is not None and name not in flows:
        raise click.ClickException(f"There is no workflow “{name}”. There are: {', '.join(flows)}.")
    click.echo("\n\n".join(markdown(flows[each]) for each in ([name] if name else flows)))


@outbox_group.command("list")
def list_outbox() -> None:
    """Print every effect as a line of JSON. Exits with 1 if any has failed for good."""
    dead = False
    for effect in db.session.scalars(select(Effect).order_by(Effect.id)):
        dead = dead or effect.status is Status.DEAD
        click.echo(json.dumps(_line(effect), ensure_ascii=False))
    sys.exit(1 if dead else 0)


def _line(effect: Effect) -> dict[str, object]:
    return {
        "id": effect.id,
        "key": effect.key,
        "kind": effect.kind,
        "what": effect.payload.get("action") or effect.payload["folders"][0],
        "ticket": effect.ticket_id,
        "status": effect.status,
        "attempts": effect.attempts,
        "due_at": effect.due_at.isoformat(),
        "settled_at": effect.settled_at.isoformat() if effect.settled_at else None,
        "error": effect.error,
    }


@click.command("worker")
def worker() -> None:
    """Perform what is owed, until SIGINT."""
    worker_process.run(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command("sweep")
@click.option("--dry-run", "trial", is_flag=True, help="Only tell; nothing is done or sent.")
def sweep(trial: bool) -> None:
    """Take the steps that are due, then perform all that is owed, once, without a worker.

    Exits with 1 if any has failed.
    """
    report = take_what_is_due(_tell if trial else None, trial=trial)
    for label, count in report.taken.items():
        click.echo(f"{label}: {count}")
    if report.waits:
        load, done = report.waits, "Not one was changed" if not trial else "Without one, not one is"
        click.echo(f"Waits for a manager: {load.changes} of {load.held} licenses would change "
                   f"({load.percent} %). {done}.")  # fmt: skip
    if report.log_ins_old:
        click.echo("The newest log-ins are too old to judge anybody by them: import newer ones.")
    if report.failed:
        click.echo(f"{report.failed} could not go on; the log has the details.")
    if trial:
        click.echo("Nothing was done, and nobody was told.")
        sys.exit(0 if report.well else 1)
    decide.run()
    tried = sum(drain(kind) for kind in (Kind.ACCOUNT, Kind.MAIL))
    dead = db.session.scalar(select(Effect.id).where(Effect.status == Status.DEAD).limit(1))
    click.echo(f"Performed {tried} effects.")
    sys.exit(1 if dead or not report.well else 0)


def _tell(taken: Taken) -> None:
    told = ", ".join(f"{name} <{email}>" for name, email in taken.told) or "nobody"
    click.echo(f"{taken.label}: {taken.subject}. Mail to {told}.")


@click.command("reconcile")
def reconcile_command() -> None:
    """Compare the register with the directory. Exits with 0 only if there are no differences."""
    try:
        here = reconcile.register(db.session())
        found = reconcile.differences(here, directory().listing())
    except (CannotLook, DirectoryBusy, DirectoryRefused) as error:
        raise click.ClickException(f"There is nothing to compare with. {error}") from None
    for kind, same in groupby(found, key=lambda each: each.kind):
        lines = [f"  {each.whose}: {each.words}" for each in same]
        click.echo("\n".join([f"{kind}: {len(lines)}", *lines]))
    if found:
        sys.exit(1)
    click.echo(f"No differences: {len(here)} licenses, and the directory agrees.")


@click.command("doctor")
def doctor_command() -> None:
    """Say what keeps the desk from its work, and how to mend it. Exits with 0 only if nothing."""
    found = list(doctor.complaints(db.session()))
    for complaint in found:
        click.echo(complaint)
    if found:
        sys.exit(1)
    click.echo("All is well.")


@click.command("reset-access")
@click.argument("username")
def reset_access(username: str) -> None:
    """Let somebody in again who lost everything: the last resort.

    Takes the password and the second step away, ends sessions and every wait after bad attempts,
    and mails a link to a new password to the address on file.
    """
    try:
        rescue.reset_access(username)
    except NotPossible as why:
        raise click.ClickException(str(why)) from None
    click.echo(f"Done. A link to choose a password is on its way to the address of {username}.")


@click.command("demo")
def demo_command() -> None:
    """Fill an empty development instance with people and tickets to try things on."""
    click.echo(demo.fill())


FILE = click.argument("file", type=click.Path(path_type=Path))
APPLY = click.option(
    "--apply", "applied", is_flag=True, help="Do it; without this nothing is written."
)
AS_OF = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day the file is from; else today."
)
MAP = click.option(
    "--map", "pairs", metavar="FIELD=COLUMN", multiple=True,
    help="Which column holds what, where it is not to be guessed; FIELD= leaves a field out.",
)  # fmt: skip
DATES = click.option(
    "--dates", type=click.Choice([order.value for order in Order]),
    help="In which order dates are written, where it is not to be guessed.",
)  # fmt: skip


@click.command("import-users")
@FILE
@APPLY
def import_users(file: Path, applied: bool) -> None:
    """Take people over from HUD's User.csv. Exits with 1 if any row is faulty."""
    _import(Asked(ImportKind.USERS, file), applied)


@click.command("import-roster")
@FILE
@MAP
@DATES
@AS_OF
@APPLY
def import_roster(
    file: Path, pairs: tuple[str, ...], dates: str | None, as_of: datetime | None, applied: bool
) -> None:
    """Take over who holds a license, where and until when. Exits with 1 if any row is faulty."""
    day = as_of.date() if as_of else None
    _import(Asked(ImportKind.ROSTER, file, _columns(pairs), dates, day), applied)


@click.command("import-completions")
@FILE
@MAP
@DATES
@APPLY
def import_completions(
    file: Path, pairs: tuple[str, ...], dates: str | None, applied: bool
) -> None:
    """Take over who completed which course. Exits with 1 if any row is faulty."""
    _import(Asked(ImportKind.COMPLETIONS, file, _columns(pairs), dates), applied)


def _columns(pairs: tuple[str, ...]) -> dict[str, str]:
    bad = next((pair for pair in pairs if "=" not in pair), None)
    if bad is not None:
        raise click.ClickException(f"--map wants FIELD=COLUMN, not “{bad}”.")
    return {name.strip(): header for name, _, header in (pair.partition("=") for pair in pairs)}


def _import(asked: Asked, applied: bool) -> None:
    try:
        answer = from_disk(asked, apply=applied)
    except (CannotRead, BadMapping, Overtaken) as error:
        raise click.ClickException(str(error)) from None
    if answer.columns:
        click.echo(answer.columns, err=True)
    for line in report(answer.proposal, applied=applied):
        click.echo(line)
    sys.exit(1 if answer.proposal.faulty else 0)


COMMANDS: tuple[click.Command, ...] = (
    workflows_group, outbox_group, worker, sweep, reconcile_command, import_users, import_roster,
    import_completions, reset_access, demo_command,
    doctor_command,
)  # fmt: skip
