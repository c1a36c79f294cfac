"""An import in words: how many of what, then a line for each."""

from collections.abc import Iterator

from helpdesk.services.imports.lines import Fault, quoted
from helpdesk.services.imports.plan import Change, Plan

COLUMNS = {"first_name": "first name", "last_name": "last name", "email": "email",
           "phone": "phone", "hmis_id": "UserID"}  # fmt: skip


def report(plan: Plan, *, applied: bool) -> Iterator[str]:
    yield _counts(plan)
    yield "It is applied." if applied else "Nothing is written yet: --apply does it."
    if plan.unread and plan.gone:
        lines = "1 line names" if plan.unread == 1 else f"{plan.unread} lines name"
        yield f"{lines} no UserID, so some of those who are gone may not be."
    yield from _lines(plan)


def _counts(plan: Plan) -> str:
    counts = (
        f"{len(plan.new)} new",
        f"{len(plan.changed)} changed",
        f"{plan.same} the same",
        f"{len(plan.gone)} gone",
        f"{len(plan.look)} to look at",
        f"{len(plan.faulty)} faulty",
        f"{plan.repeated} repeated",
    )
    return f"{', '.join(counts)}."


def _lines(plan: Plan) -> Iterator[str]:
    for row in plan.new:
        name = quoted(row.name) if row.name else "without a name"
        deleted = f", deleted on {row.deleted_on}" if row.deleted_on else ""
        yield f"new: line {row.line}, UserID {quoted(row.hmis_id)}: {name}{deleted}."
    for change in plan.changed:
        yield f"changed: line {change.row.line}, {quoted(change.who.name)}: {_what(change)}."
    for left in plan.gone:
        yield f"gone: UserID {quoted(left.hmis_id)}, {quoted(left.name)} is not in the file."
    for each in plan.look:
        yield f"look: {_where(each)}: {_plain(each.sentence)}"
    for each in plan.faulty:
        yield f"faulty: {_where(each)}: {_plain(each.sentence)}"


def _what(change: Change) -> str:
    said = []
    for column, value in change.values.items():
        before = getattr(change.who, column)
        was = f", it was {quoted(before)}" if before else ""
        said.append(f"{COLUMNS[column]} {quoted(value)}{was}")
    if change.deletes:
        said.append(f"deleted on {change.row.deleted_on}")
    return "; ".join(said)


def _where(each: Fault) -> str:
    *most, last = map(str, each.lines)
    return f"lines {', '.join(most)} and {last}" if most else f"line {last}"


def _plain(sentence: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in sentence)
