"""What a person does in the HMIS for each account action: the steps, and the values to copy.

The words are those of the HMIS's own screens, so that nobody has to translate.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from helpdesk.directory.base import NewAccount


@dataclass(frozen=True)
class Step:
    """`copy`: (label, value) pairs, in the order in which the screen asks for them."""

    says: str
    copy: list[tuple[str, str]] = field(default_factory=list)


def steps_of(action: str, about: NewAccount, hmis: str) -> list[dict[str, Any]]:
    """As a checklist keeps them; never a password among the values."""
    return [asdict(step) for step in STEPS[action](about, hmis)]


def _create(about: NewAccount, hmis: str) -> list[Step]:
    look = (
        f"In {hmis}, open User Admin and look for the username. If {_name(about)} has it already, "
        "go on with that user. If somebody else has it, this can’t be done: say so below."
    )
    return [
        Step(look, [("Username", about.username)]),
        Step("Add the user with these values.", _filled(
            ("First name", about.first_name),
            ("Last name", about.last_name),
            ("Username", about.username),
            ("Email", about.email),
            ("Access level", about.access_level),
            ("Default provider", about.provider),
            ("Enters data for", about.further_providers),
            ("Special permissions", about.permissions),
        )),
        *([_end(about.until)] if about.until else []),
        _password(about, hmis),
        _save("is active"),
    ]  # fmt: skip


def _unlock(about: NewAccount, hmis: str) -> list[Step]:
    reset = Step("Set Consecutive Bad Logins back to zero.", [("Consecutive Bad Logins", "0")])
    return [_find(about, hmis), _password(about, hmis), reset, _save("has no bad log-ins")]


def _reactivate(about: NewAccount, hmis: str) -> list[Step]:
    return [_find(about, hmis), Step("Make the user active again."), _save("is active")]


def _extend(about: NewAccount, hmis: str) -> list[Step]:
    assert about.until is not None, "an extension has an end"
    return [
        _find(about, hmis),
        _end(about.until),
        Step("If the user is inactive, make it active again."),
        _save("ends on that day"),
    ]


def _deactivate(about: NewAccount, hmis: str) -> list[Step]:
    return [_find(about, hmis), Step("Make the user inactive."), _save("is inactive")]


def _delete(about: NewAccount, hmis: str) -> list[Step]:
    away = "Delete the user; where reports still need it, make it inactive instead."
    return [_find(about, hmis), Step(away), _save("can’t log in any more")]


def _correct(about: NewAccount, hmis: str) -> list[Step]:
    """The HMIS still has what was on file before."""
    find = f"In {hmis}, open User Admin and find the user by the username."
    right = [("First name", about.first_name), ("Last name", about.last_name)]
    emptied = [] if about.email else [Step("Clear the email: the one that is there is wrong.")]
    return [
        Step(find, [("Username", about.username)]),
        Step("Put in what is right.", _filled(*right, ("Email", about.email))),
        *emptied,
        _save("has the right name and email"),
    ]


STEPS: dict[str, Callable[[NewAccount, str], list[Step]]] = {
    "create": _create,
    "unlock": _unlock,
    "reactivate": _reactivate,
    "extend": _extend,
    "deactivate": _deactivate,
    "delete": _delete,
    "correct": _correct,
}


def _find(about: NewAccount, hmis: str) -> Step:
    words = f"In {hmis}, open User Admin and find the user. See that it is {_name(about)}."
    return Step(words, [("Username", about.username)])


def _password(about: NewAccount, hmis: str) -> Step:
    """The temporary password is between the HMIS and the person."""
    if about.email is None:
        words = (
            f"Choose Generate Password. No email is on file for {_name(about)}, so call them, and "
            "give it to nobody else. Don’t write it down, here or anywhere."
        )
        return Step(words)
    words = (
        f"Choose Generate Password, and have {hmis} email it to the address on file. It is for "
        f"{_name(about)} alone: don’t pass it on, and don’t write it down, here or anywhere."
    )
    return Step(words, [("Email", about.email)])


def _end(until: date) -> Step:
    """In the way dates are typed there."""
    return Step("Set the day on which the license ends.", [("Expires", f"{until:%m/%d/%Y}")])


def _save(seen: str) -> Step:
    return Step(f"Save. Then open the user once more, and see that it {seen}.")


def _name(about: NewAccount) -> str:
    return f"{about.first_name} {about.last_name}".strip()


def _filled(*pairs: tuple[str, str | None]) -> list[tuple[str, str]]:
    return [(label, value) for label, value in pairs if value]
