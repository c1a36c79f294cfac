"""Which column of a file holds what: guessed from the header, said by a person, remembered.

Headers differ from site to site, so they are compared without case and without what separates
their words.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from helpdesk.services.imports.days import Order, orders
from helpdesk.services.imports.lines import Fault, Record, Shape, records
from helpdesk.services.imports.shapes import shape_of
from helpdesk.services.imports.sources import CannotRead, Source

MOST_COLUMNS = 200
LOOKED_AT = 1000
"""So many rows are looked at to find out how days are written."""


@dataclass(frozen=True)
class Field:
    """What an import wants to know. `guesses`: headers that tell, bare, the best first."""

    name: str
    label: str
    guesses: tuple[str, ...]
    is_day: bool = False


@dataclass(frozen=True)
class Layout:
    """`columns`: the place of the column that holds a field; a field that is in none is missing.
    `order`: how days are written."""

    columns: Mapping[str, int]
    order: Order = Order.MDY

    def as_json(self) -> dict[str, Any]:
        return {"columns": dict(self.columns), "order": self.order.value}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Layout":
        return cls(told["columns"], Order(told["order"]))


@dataclass(frozen=True)
class Beginning:
    """How a file begins: its header, its first rows."""

    shape: Shape
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]

    @property
    def signature(self) -> str:
        """The same for files whose columns are called and placed alike."""
        names = "\0".join(bare(name) for name in self.header)
        return hashlib.sha256(names.encode("utf-8", "replace")).hexdigest()

    def values(self, place: int) -> Iterator[str]:
        return (row[place] for row in self.rows if place < len(row))


def beginning(source: Source) -> Beginning:
    """Raises `CannotRead`."""
    shape = shape_of(source)
    found = records(source, shape)
    header = next(found, None)
    if header is None:
        raise CannotRead(f"{source.name} is empty.")
    if isinstance(header, Fault):
        raise CannotRead(f"Line {header.lines[0]} should be the header. {header.sentence}")
    if len(header.cells) > MOST_COLUMNS:
        raise CannotRead(f"{source.name} has more than {MOST_COLUMNS} columns.")
    if len(header.cells) < 2:
        raise CannotRead(f"{source.name} has one column only. Save it as CSV.")
    rows = (each.cells for each in islice(found, LOOKED_AT) if isinstance(each, Record))
    return Beginning(shape, tuple(" ".join(cell.split()) for cell in header.cells), list(rows))


def bare(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def guess(fields: Sequence[Field], found: Beginning) -> Layout:
    """Each column serves one field; who comes first in `fields` has the first choice."""
    names, columns = [bare(name) for name in found.header], dict[str, int]()
    for field in fields:
        free = (names.index(g) for g in field.guesses if g in names)
        place = next((place for place in free if place not in columns.values()), None)
        if place is not None:
            columns[field.name] = place
    return Layout(columns, likely_orders(fields, columns, found)[0])


def likely_orders(
    fields: Sequence[Field], columns: Mapping[str, int], found: Beginning
) -> list[Order]:
    places = [columns[field.name] for field in fields if field.is_day and field.name in columns]
    return orders(value for place in places for value in found.values(place))


def value(record: Record, layout: Layout, name: str) -> str:
    """Without space around it or doubled within; empty where there is no such column."""
    place = layout.columns.get(name)
    if place is None or place >= len(record.cells):
        return ""
    return unicodedata.normalize("NFC", " ".join(record.cells[place].split()))
