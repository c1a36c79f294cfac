"""The rows of a roster: who holds a license, where, and until when, as the HMIS lists them.

A field that is blank, or whose column is missing, says nothing and takes nothing away.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from helpdesk.models.person import email_key, full_name, normal_username
from helpdesk.services.imports.columns import Field, Layout, value
from helpdesk.services.imports.days import Told, is_blank, read
from helpdesk.services.imports.lines import FaultyRow, Record, quoted
from helpdesk.services.imports.user_rows import EMAIL

FIELDS = (
    Field("username", "Username", ("login", "loginname", "userlogin", "loginid", "hmisusername",
                                   "username")),
    Field("email", "Work email", ("email", "emailaddress", "workemail", "useremail", "mail")),
    Field("first_name", "First name", ("firstname", "first", "userfirstname", "givenname")),
    Field("last_name", "Last name", ("lastname", "last", "userlastname", "surname",
                                     "familyname")),
    Field("name", "Whole name", ("name", "fullname", "username", "user")),
    Field("agency", "Agency", ("agency", "agencyname", "provider", "providername",
                               "defaultprovider", "organization", "organizationname")),
    Field("level", "Access level", ("accesslevel", "role", "userrole", "securitylevel", "level",
                                    "userlevel")),
    Field("last_login", "Last log-in", ("lastlogin", "lastlogindate", "lastlogon", "lastaccess",
                                        "dateoflastlogin"), is_day=True),
    Field("expires", "Expires", ("expires", "expiry", "expirationdate", "expirydate", "expireson",
                                 "licenseexpires", "expiration"), is_day=True),
    Field("status", "Status", ("status", "userstatus", "accountstatus", "active")),
)  # fmt: skip
NEEDS = (("username", "email"),)
"""Of each group at least one has to be there."""

LONGEST = {"username": 60, "email": 254, "first_name": 120, "last_name": 120, "name": 240}
LABELS = {field.name: field.label for field in FIELDS}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Blank texts say nothing."""

    line: int
    username: str
    email: str
    first_name: str
    last_name: str
    agency: str
    level: str
    last_login: datetime | None
    expires: date | None
    status: str

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)

    @property
    def keys(self) -> list[str]:
        return keys_of(self.username, self.email)

    @property
    def called(self) -> str:
        """How a sentence calls whoever it is about."""
        return self.name or self.username or self.email


def keys_of(username: str, email: str) -> list[str]:
    """By what somebody is named: the username, the email address."""
    named = {"u": normal_username(username), "e": email_key(email)}
    return [f"{kind}:{name}" for kind, name in named.items() if name]


def parse(record: Record, layout: Layout, width: int, now: datetime) -> RosterRow:
    """`width`: cells in the header. Raises `FaultyRow`."""
    if len(record.cells) != width:
        raise FaultyRow(f"It has {len(record.cells)} values, and the header has {width}.")
    values = {field.name: value(record, layout, field.name) for field in FIELDS}
    login, expires = (_day(values[name], layout) for name in ("last_login", "expires"))
    if faults := [*_faults(values), *_bad_days(values, layout, login, now)]:
        raise FaultyRow(" ".join(faults))
    first, last = _names(values)
    return RosterRow(
        line=record.line, username=values["username"], email=values["email"], first_name=first,
        last_name=last, agency=values["agency"], level=values["level"],
        last_login=login.moment if login else None, expires=expires.day if expires else None,
        status=values["status"],
    )  # fmt: skip


def _day(text: str, layout: Layout) -> Told | None:
    return None if is_blank(text) else read(text, layout.order)


def _faults(values: dict[str, str]) -> Iterator[str]:
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            yield f"{LABELS[name]} is longer than {longest} characters: {quoted(values[name])}."
    if not values["username"] and not values["email"]:
        yield "It names nobody: username and email are blank."
    if re.search(r"\s", values["username"]):
        yield f"{quoted(values['username'])} is no username: it holds a space."
    if values["email"] and not EMAIL.fullmatch(values["email"]):
        yield f"{quoted(values['email'])} is not an email address."


def _bad_days(
    values: dict[str, str], layout: Layout, login: Told | None, now: datetime
) -> Iterator[str]:
    for name in ("last_login", "expires"):
        if not is_blank(values[name]) and _day(values[name], layout) is None:
            yield f"{LABELS[name]} {quoted(values[name])} is not a date as this file writes them."
    if login and login.moment > now:
        yield f"{LABELS['last_login']} {quoted(values['last_login'])} lies in the future."


def _names(values: dict[str, str]) -> tuple[str, str]:
    """“Lee, Ann” and “Ann Lee” are the same; of more than two words the last is the last name."""
    if values["first_name"] or values["last_name"]:
        return values["first_name"], values["last_name"]
    last, comma, first = values["name"].partition(",")
    if not comma:
        first, _, last = values["name"].rpartition(" ")
    return first.strip(), last.strip()
