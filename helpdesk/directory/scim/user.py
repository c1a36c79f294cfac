"""A user of SCIM's: read into what the desk knows of an account, and written from it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from helpdesk.directory.base import KnownAccount, NewAccount, Owner
from helpdesk.directory.scim.settings import ScimSettings

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
LAST_SECOND = time(23, 59, 59)

Resource = dict[str, Any]
Changes = Mapping[str, object]
"""New values by the paths of their attributes."""


@dataclass(frozen=True)
class Attribute:
    """Where a path leads: an extension's schema (None: the core), and names, outermost first."""

    schema: str | None
    names: tuple[str, ...]

    @classmethod
    def at(cls, path: str) -> "Attribute":
        """`urn:…:User:license.until` is `license.until` of the extension `urn:…:User`."""
        if not path.lower().startswith("urn:"):
            return cls(None, tuple(path.split(".")))
        schema, _, name = path.rpartition(":")
        return cls(None if schema == CORE else schema, tuple(name.split(".")))

    @property
    def way(self) -> tuple[str, ...]:
        return ((self.schema,) if self.schema else ()) + self.names

    def read(self, user: Resource) -> object:
        """None where there is nothing."""
        found: object = user
        for name in self.way:
            found = _get(found, name)
        return found

    def write(self, user: Resource, value: object) -> None:
        *outer, last = self.way
        inner = user
        for name in outer:
            inner = inner.setdefault(name, {})
        inner[last] = value


def _get(holder: object, name: str) -> object:
    """Attributes have no case (RFC 7643, 2.1)."""
    if not isinstance(holder, dict):
        return None
    same = (value for key, value in holder.items() if key.casefold() == name.casefold())
    return next(same, None)


def new_user(
    key: str, account: NewAccount, settings: ScimSettings, password: str | None
) -> Resource:
    """`key` becomes the externalId, by which a creation of unknown outcome is found again."""
    user: Resource = {
        "schemas": [CORE],
        "externalId": key,
        "userName": account.username,
        "name": {"givenName": account.first_name, "familyName": account.last_name},
        "displayName": full_name(account),
        "active": True,
    }
    if account.email is not None:
        user["emails"] = [{"value": account.email, "type": "work", "primary": True}]
    if password is not None:
        user["password"] = password
    for path, value in terms(account, settings).items():
        Attribute.at(path).write(user, value)
    schemas = {Attribute.at(path).schema for path in terms(account, settings)}
    user["schemas"] += sorted(schema for schema in schemas if schema)
    return user


def terms(account: NewAccount, settings: ScimSettings) -> dict[str, object]:
    """What the site's own attributes say of an account."""
    found: dict[str, object] = {}
    if settings.until and account.until is not None:
        found[settings.until] = end_of(account.until, settings)
    if settings.access_level and account.access_level is not None:
        found[settings.access_level] = account.access_level
    return found


def end_of(until: date, settings: ScimSettings) -> str:
    """The last second of the day, where the desk is: SCIM has moments and no days."""
    return datetime.combine(until, LAST_SECOND, settings.zone).isoformat()


def known(user: Resource, settings: ScimSettings) -> KnownAccount:
    locked = Attribute.at(settings.locked).read(user) if settings.locked else None
    until = Attribute.at(settings.until).read(user) if settings.until else None
    return KnownAccount(
        username=str(user.get("userName", "")).casefold(),
        active=user.get("active") is not False,
        locked=locked is True,
        until=_day(until, settings),
        name=_name(user),
        email=email_of(user),
        tells_end=bool(settings.until),
    )


def _day(told: object, settings: ScimSettings) -> date | None:
    if not isinstance(told, str):
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return (moment.astimezone(settings.zone) if moment.tzinfo else moment).date()


def _name(user: Resource) -> str | None:
    parts = [_get(_get(user, "name"), each) for each in ("givenName", "familyName")]
    told = " ".join(part for part in parts if isinstance(part, str)).strip()
    shown = user.get("displayName")
    return told or (shown if isinstance(shown, str) else None)


def email_of(user: Resource) -> str | None:
    """The primary one, else the first."""
    rows = sorted(_emails(user), key=lambda row: row.get("primary") is not True)
    values = (row.get("value") for row in rows)
    return next((value for value in values if isinstance(value, str)), None)


def _emails(user: Resource) -> list[Resource]:
    emails = user.get("emails")
    return [row for row in emails if isinstance(row, dict)] if isinstance(emails, list) else []


def full_name(account: NewAccount | Owner) -> str:
    return f"{account.first_name} {account.last_name}".strip()


def owned_by(user: Resource, owner: Owner) -> Changes:
    """Name and primary address. An address that differs in case only is the same one."""
    changes: dict[str, object] = {
        "name.givenName": owner.first_name,
        "name.familyName": owner.last_name,
        "displayName": full_name(owner),
    }
    present = email_of(user)
    if (present or "").casefold() != (owner.email or "").casefold():
        changes["emails"] = _with_email(user, present, owner.email)
    return changes


def _with_email(user: Resource, present: str | None, email: str | None) -> list[Resource]:
    """The user's addresses, `present` replaced; further ones are none of the desk's business."""
    others = [row for row in _emails(user) if row.get("value") != present]
    mine = [{"value": email, "type": "work", "primary": True}] if email else []
    return [*mine, *others]


def differing(user: Resource, changes: Changes) -> list[dict[str, Any]]:
    """The operations that make it so, none for what is so already."""
    return [
        {"op": "replace", "path": path, "value": value}
        for path, value in changes.items()
        if Attribute.at(path).read(user) != value
    ]
