"""Imports in words: a line of the list, the parts of a dry run, what was touched."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import url_for

from helpdesk.models.import_run import ImportKind, ImportRun, Phase
from helpdesk.services.imports.history import Line, Touched
from helpdesk.services.imports.proposal import Entry, Part, Proposal
from helpdesk.views.show import pieces

KINDS = {
    ImportKind.USERS: "HUD User.csv",
    ImportKind.ROSTER: "Roster",
    ImportKind.COMPLETIONS: "Completions",
}
FEW, PAGE = 8, 100


@dataclass(frozen=True)
class PartWords:
    """`one` and `many` go with a number; `says` what becomes of them."""

    title: str
    says: str
    tone: str = ""


PARTS = {
    Part.FAULTY: PartWords("Faulty", "Left out: nobody can tell what is meant.", "bad"),
    Part.LOOK: PartWords("To look at", "Left as it is: a person has to decide.", "wait"),
    Part.CHANGED: PartWords("Changed", "Brought up to date, field by field."),
    Part.NEW: PartWords("New", "Added to the register."),
    Part.GONE: PartWords("Gone", "Not in the file. They stay as they are."),
}
"""In the order of the page: first what somebody has to look at."""

PHASES = {
    Phase.PLANNED: pieces.StateShown("submitted", "Dry run"),
    Phase.APPLIED: pieces.StateShown("completed", "Applied"),
    Phase.UNDONE: pieces.StateShown("withdrawn", "Undone"),
}
"""Drawn like the states of tickets that are in the same place."""

COUNTED = {"new": "new", "changed": "changed", "look": "to look at", "faulty": "faulty"}


def run_shown(line: Line) -> dict[str, Any]:
    run = line.run
    return {
        "id": run.id,
        "url": url_for("manage.import_run", run_id=run.id),
        "kind": KINDS[run.kind],
        "file": run.file_name,
        "of_people": run.kind is not ImportKind.COMPLETIONS,
        "as_of": pieces.day(run.as_of),
        "state": PHASES[run.phase],
        "planned": run.phase is Phase.PLANNED,
        "undone": run.phase is Phase.UNDONE,
        "counts": [f"{run.counts[name]:,} {words}" for name, words in COUNTED.items()
                   if run.counts.get(name)],
        "faulty": run.counts.get("faulty", 0) if run.file_kept else 0,
        "left": run.left_alone,
        "columns_url": url_for("manage.import_columns", run_id=run.id) if run.layout else None,
        "steps": _steps(line),
        "can_undo": line.can_undo,
    }  # fmt: skip


def _steps(line: Line) -> list[dict[str, Any]]:
    """Who did what, when, newest first."""
    run, shell = line.run, "the command line"
    told = (
        ("Undone", run.undone_at, line.undone_by),
        ("Applied", run.applied_at, line.applied_by),
        ("Sent in", run.created_at, line.created_by),
    )
    return [
        {"what": what, "when": pieces.when(moment), "by": by or shell}
        for what, moment, by in told
        if moment is not None
    ]


def parts_shown(
    run: ImportRun, proposal: Proposal, opened: str, start: int
) -> list[dict[str, Any]]:
    """The first few of each part; `opened` is the part of which a whole page is shown."""
    names = [part for part in PARTS if not opened or part == opened] or list(PARTS)
    alone = len(names) == 1
    return [
        _part(run, proposal, part, start if alone else 0, PAGE if alone else FEW)
        for part in names
        if proposal.size(part)
    ]


def _part(
    run: ImportRun, proposal: Proposal, part: Part, start: int, most: int
) -> dict[str, Any]:
    size, words = proposal.size(part), PARTS[part]
    end = start + most
    return {
        "name": part.value,
        "title": words.title,
        "says": words.says,
        "tone": words.tone,
        "size": size,
        "alone": most == PAGE,
        "entries": [_entry(each) for each in islice(proposal.entries(part), start, end)],
        "more_url": _url(run, part, end if most == PAGE else 0) if end < size else None,
    }


def _url(run: ImportRun, part: Part, start: int) -> str:
    return url_for("manage.import_run", run_id=run.id, part=part.value, **{"from": start or None})  # type: ignore[arg-type]


def _entry(entry: Entry) -> dict[str, Any]:
    known = entry.person_id is not None
    return {
        "lines": ", ".join(map(str, entry.lines)),
        "name": entry.name or "Without a name",
        "key": entry.key,
        "url": url_for("manage.person", person_id=entry.person_id) if known else None,
        "details": entry.details,
        "notes": entry.notes,
    }


def touched_shown(touched: Touched) -> dict[str, Any]:
    return {
        "name": touched.person.name,
        "url": url_for("manage.person", person_id=touched.person.id),
        "what": "Added" if touched.made else "Changed",
        "details": touched.details,
    }
