"""A ticket's history for HAND, with what staff said of its documents when they looked at them.

What somebody says of one document in one go is one line: a worksheet has a dozen checks.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import cast

from helpdesk.models.document import Document
from helpdesk.models.document_mark import THE_WHOLE, Said
from helpdesk.models.event import Event
from helpdesk.services import reviews
from helpdesk.services.facts import asked_of
from helpdesk.services.review_log import Entry, entries
from helpdesk.views.show import pieces
from helpdesk.views.show.documents import draft_shown
from helpdesk.views.show.event_lines import EventShown, event_shown
from helpdesk.views.show.review_readings import blank_label
from helpdesk.views.show.ticket_base import Seen
from workflows.worksheet_places import LEVEL

WHOLE = {Said.FINE: "Accepted.", Said.DESPITE: "Accepted all the same.", Said.NOT_FINE: "Needs:"}
FEW = 3
"""So many checks are named, more are counted."""


def with_review(seen: Seen) -> list[EventShown]:
    """Newest first."""
    said = entries(seen.session, [each.id for each in seen.people.documents])
    dated: list[tuple[datetime, Event | Entry]] = [
        *((event.at, event) for event in seen.events), *((each.at, each) for each in said)
    ]  # fmt: skip
    dated.sort(key=lambda one: one[0])
    labels = _labels(seen) if said else {}
    return list(reversed([_shown(seen, list(group), labels)
                          for _key, group in groupby((it for _at, it in dated), _together)]))


def _together(one: Event | Entry) -> tuple[object, ...]:
    return (one.id,) if isinstance(one, Event) else (one.who, one.document_id)


def _shown(
    seen: Seen, group: Sequence[Event | Entry], labels: Mapping[str, str]
) -> EventShown:
    if isinstance(group[0], Event):
        return event_shown(seen.ticket.type, group[0], seen.readers)
    said = cast(Sequence[Entry], group)
    (document,) = (each for each in seen.people.documents if each.id == said[0].document_id)
    return EventShown(
        who=said[0].who,
        what=f"looked at the {draft_shown(document).kind_label}",
        text="\n".join(_lines(said, document, labels)),
        when=pieces.when(said[-1].at),
        kind="note",
        state=None,
    )


def _lines(
    said: Sequence[Entry], document: Document, labels: Mapping[str, str]
) -> Iterator[str]:
    """In few words: the readings, then the checks, then the whole, as each was said last."""
    yield from (_read(each, document) for each in said if each.said is None and _tells(each))
    last = {each.about: each for each in said if each.said is not None}
    whole = last.pop(THE_WHOLE, None)
    fine = [_label(name, labels) for name, each in last.items() if each.said is Said.FINE]
    if fine:
        yield f"Fine: {'; '.join(fine)}" if len(fine) <= FEW else f"{len(fine)} checks are fine."
    for name, each in last.items():
        if each.said is Said.NOT_FINE:
            yield f"Not fine: {_label(name, labels)} {each.note}".strip()
    if whole is not None and whole.said is not None:
        yield f"{WHOLE[whole.said]} {whole.note or _to_mend(whole)}".strip()


def _to_mend(whole: Entry) -> str:
    return "to be mended." if whole.said is Said.NOT_FINE else ""


def _tells(entry: Entry) -> bool:
    """Of access levels the one that is ticked says that no other is."""
    return bool(entry.note) or not entry.about.startswith(f"{LEVEL}.")


def _read(entry: Entry, document: Document) -> str:
    label = blank_label(entry.about, document)
    if entry.about.startswith(f"{LEVEL}."):
        return f"Ticked is {label}."
    before, after = (f"“{text}”" if text else "nothing" for text in (entry.before, entry.note))
    return f"{label}: {after}, before {before}."


def _label(name: str, labels: Mapping[str, str]) -> str:
    return labels.get(name, name.replace("_", " ").capitalize() + ".")


def _labels(seen: Seen) -> dict[str, str]:
    """What each check is called; one that is made no more by its name."""
    agency = seen.people.agency.name if seen.people.agency else None
    asked = asked_of(seen.kind, seen.attempt.facts, seen.people.licensee, agency)
    checks = (check for judged in seen.attempt.facts.worksheets
              for check in (judged.checks or reviews.by_hand(judged.paper, asked)))
    return {check.name: check.label for check in checks}
