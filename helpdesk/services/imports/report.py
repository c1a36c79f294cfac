"""An import in words: how many of what, then a line for each."""

from collections.abc import Iterator

from helpdesk.services.imports.lines import quoted
from helpdesk.services.imports.proposal import Detail, Entry, Part, Proposal


def report(proposal: Proposal, *, applied: bool) -> Iterator[str]:
    yield _counts(proposal)
    yield "It is applied." if applied else "Nothing is written yet: --apply does it."
    if proposal.unread and proposal.size(Part.GONE):
        lines = "1 line names" if proposal.unread == 1 else f"{proposal.unread} lines name"
        yield f"{lines} no UserID, so some of those who are gone may not be."
    for part in Part:
        for entry in proposal.entries(part):
            yield f"{part}: {_line(part, entry)}"


def _counts(proposal: Proposal) -> str:
    counts = (
        f"{proposal.size(Part.NEW)} new",
        f"{proposal.size(Part.CHANGED)} changed",
        f"{proposal.same} the same",
        f"{proposal.size(Part.GONE)} gone",
        f"{proposal.size(Part.LOOK)} to look at",
        f"{proposal.size(Part.FAULTY)} faulty",
        f"{proposal.repeated} repeated",
    )
    return f"{', '.join(counts)}."


def _line(part: Part, entry: Entry) -> str:
    if part is Part.NEW:
        name = quoted(entry.name) if entry.name else "without a name"
        return f"{_where(entry)}, {_key(entry)}: {', '.join((name, *entry.notes))}."
    if part is Part.CHANGED:
        said = (*map(_detail, entry.details), *entry.notes)
        return f"{_where(entry)}, {quoted(entry.name)}: {'; '.join(said)}."
    if part is Part.GONE:
        return f"{_key(entry)}, {quoted(entry.name)} is not in the file."
    return f"{_where(entry)}: {_plain(' '.join(entry.notes))}"


def _key(entry: Entry) -> str:
    label, _, value = entry.key.partition(" ")
    return f"{label} {quoted(value)}"


def _detail(detail: Detail) -> str:
    was = f", it was {quoted(detail.before)}" if detail.before else ""
    return f"{detail.label} {quoted(detail.value)}{was}"


def _where(entry: Entry) -> str:
    *most, last = map(str, entry.lines)
    return f"lines {', '.join(most)} and {last}" if most else f"line {last}"


def _plain(sentence: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in sentence)
