"""Whose worksheet it is: the person of the request, as they are on file, or somebody else."""

from collections.abc import Iterator

from workflows.checking import Check, Known, Values, Verdict, check
from workflows.requirements import is_personal
from workflows.written import legible, plain, same_name


def of_another(values: Values, known: Known) -> Check | None:
    """One sentence where it is plainly somebody else's: nothing else about it is worth telling
    then. A name that differs alone is a slip of the pen, or has changed."""
    read, blank = _name_on_it(values)
    on_file = {"username": known.username, "email": known.email, "agency": known.agency}
    differs = {name: _differs(values.get(name, ""), text) for name, text in on_file.items()}
    theirs = False in (differs["username"], differs["email"])
    others = True in differs.values() or known.code_right is False
    if theirs or not others or not known.name.strip() or not _names_another(read, known):
        return None
    fault = f"This worksheet is {read}’s, the request is for {known.name}: attach the right one."
    return check("person", "It is the worksheet of the person in the request.", fault, blank)


def _name_on_it(values: Values) -> tuple[str, str]:
    """And the blank where it stands."""
    if "name" in values:
        return values["name"].strip(), "name"
    full = f"{values.get('first_name', '')} {values.get('last_name', '')}"
    return full.strip(), "last_name"


def _names_another(read: str, known: Known) -> bool:
    return bool(read) and legible(read) and same_name(read, known.name) is False


def _differs(read: str, on_file: str | None) -> bool | None:
    """None where there is nothing to compare."""
    if not on_file or not read.strip() or not legible(read):
        return None
    return plain(on_file) != plain(read)


def bears_another_username(values: Values, known: Known) -> bool:
    return _differs(values.get("username", ""), known.username) is True


def recertifies(values: Values, known: Known) -> Iterator[Check]:
    yield from _name(values.get("name", ""), "name", known)
    yield _as_on_file("username", "The username", known.username, values)
    yield from _at_work(values, known)


def newcomer(values: Values, known: Known) -> Iterator[Check]:
    full = f"{values.get('first_name', '')} {values.get('last_name', '')}"
    yield from _name(full, "last_name", known)
    yield from _at_work(values, known)
    yield _named("provider", "The primary provider", values)
    yield _named("supervisor", "The supervisor", values)


def _at_work(values: Values, known: Known) -> Iterator[Check]:
    yield _as_on_file("email", "The work email", known.email, values)
    yield _as_on_file("agency", "The agency", known.agency, values)
    address = values.get("email", "").strip()
    fault = f"{address} is a personal address. A license needs the person’s work email."
    yield check("work_email", "The email is a work address.",
                fault if is_personal(address) else None, "email", field="email")  # fmt: skip


def _name(read: str, blank: str, known: Known) -> Iterator[Check]:
    """A newcomer's may not be typed yet: then there is nothing to hold it against."""
    label = "The name is the one on file."
    if not legible(read):
        unread = "The name can’t be read by a program."
        yield check("name", label, unread, blank, otherwise=Verdict.LOOK)
    elif not read.strip():
        yield check("name", label, "The name is missing on the worksheet.", blank)
    elif known.name.strip():
        same = same_name(read, known.name)
        fault = f"The name on the worksheet is {read}, on file it is {known.name}."
        severity = Verdict.LOOK if same is None else Verdict.FAIL
        yield check("name", label, None if same else fault, blank, otherwise=severity)


def _as_on_file(blank: str, what: str, on_file: str | None, values: Values) -> Check:
    read, label = values.get(blank, "").strip(), f"{what} is the one on file."
    if not legible(read):
        unread = f"{what} can’t be read by a program."
        return check(blank, label, unread, blank, otherwise=Verdict.LOOK)
    if not read:
        return check(blank, label, f"{what} is missing on the worksheet.", blank)
    same = not on_file or plain(on_file) == plain(read)
    fault = f"{what} on the worksheet is {read}, on file it is {on_file}."
    return check(blank, label, None if same else fault, blank)


def _named(blank: str, what: str, values: Values) -> Check:
    there = values.get(blank, "").strip()
    missing = f"{what} is missing on the worksheet."
    return check(blank, f"{what} is named.", None if there else missing, blank)
