"""Which column is which: suggested, said, and remembered for the next file with this header."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from helpdesk.extensions import now
from helpdesk.models.import_run import ColumnMapping, ImportKind
from helpdesk.services.imports.columns import Beginning, Field, Layout, bare, guess
from helpdesk.services.imports.days import Order
from helpdesk.services.imports.kinds import KINDS, Ways


class BadMapping(Exception):
    """It does not do; the sentence says why."""


@dataclass(frozen=True)
class Suggestion:
    """`remembered`: somebody said so of a file like this one."""

    layout: Layout
    remembered: bool


def suggest(session: Session, kind: ImportKind, found: Beginning) -> Suggestion:
    row = session.get(ColumnMapping, (kind, found.signature))
    if row is not None:
        return Suggestion(Layout.from_json(row.layout), remembered=True)
    return Suggestion(guess(KINDS[kind].fields, found), remembered=False)


def remember(session: Session, kind: ImportKind, found: Beginning, layout: Layout) -> None:
    """In the caller's transaction."""
    session.merge(ColumnMapping(kind=kind, signature=found.signature, layout=layout.as_json(),
                                changed_at=now()))  # fmt: skip


def faults(kind: ImportKind, layout: Layout) -> dict[str, str]:
    """What is wrong, by the field that has to be mended."""
    ways = KINDS[kind]
    return {**dict(_missing(ways, layout)), **dict(_twice(ways.fields, layout))}


def _missing(ways: Ways, layout: Layout) -> Iterator[tuple[str, str]]:
    labels = {field.name: field.label for field in ways.fields}
    for group in ways.needs:
        if not any(name in layout.columns for name in group):
            yield group[0], f"Choose the column of: {' or '.join(labels[name] for name in group)}."


def _twice(fields: Iterable[Field], layout: Layout) -> Iterator[tuple[str, str]]:
    taken: dict[int, str] = {}
    for field in fields:
        place = layout.columns.get(field.name)
        if place in taken:
            yield field.name, f"This column is taken for {taken[place]} already."
        elif place is not None:
            taken[place] = field.label


def said(
    kind: ImportKind, found: Beginning, layout: Layout, words: Mapping[str, str], order: str | None
) -> Layout:
    """A layout with what the command line says over it: header by field. Raises `BadMapping`."""
    columns = dict(layout.columns)
    for name, header in words.items():
        columns.pop(_field(kind, name), None)
        if header:
            columns[name] = _place(found, header)
    changed = replace(layout, columns=columns, order=Order(order) if order else layout.order)
    if wrong := faults(kind, changed):
        raise BadMapping(" ".join(f"{name}: {why}" for name, why in wrong.items()))
    return changed


def _field(kind: ImportKind, name: str) -> str:
    names = [field.name for field in KINDS[kind].fields]
    if name not in names:
        raise BadMapping(f"There is no field “{name}”. There are: {', '.join(names)}.")
    return name


def _place(found: Beginning, header: str) -> int:
    names = [bare(each) for each in found.header]
    if names.count(bare(header)) != 1:
        how = "There is no column" if bare(header) not in names else "There are several columns"
        raise BadMapping(f"{how} “{header}”. There are: {', '.join(found.header)}.")
    return names.index(bare(header))


def in_words(kind: ImportKind, found: Beginning, layout: Layout) -> str:
    told = (f"{field.name} = “{found.header[layout.columns[field.name]]}”"
            for field in KINDS[kind].fields if field.name in layout.columns)  # fmt: skip
    return f"Columns: {', '.join(told)}; dates {layout.order}."
