"""SCIM over HTTP: asks for users, sends changes, and tells what will pass from what never will."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from helpdesk.directory.base import DirectoryBusy, DirectoryRefused
from helpdesk.directory.scim.settings import ScimSettings
from helpdesk.outgoing.caller import Answer, Caller
from helpdesk.outgoing.errors import NoAnswer, NotAllowed

Resource = dict[str, Any]
Operations = list[dict[str, Any]]

JSON_TYPE = "application/scim+json"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PASSING = {408, 425, 429}
NEVER = {501, 505}
PAGE = 100
MOST_PAGES = 1000
LONGEST_WORDS = 300


class Changed(Exception):
    """Somebody changed the user since it was read (412). Nothing was done."""


class Taken(Exception):
    """There is a user of that name, address or id already (409). Nothing was done."""


class Gone(Exception):
    """There is no such user any more (404)."""


@dataclass(frozen=True)
class Wire:
    """Raises `DirectoryBusy` and `DirectoryRefused` besides what each says."""

    settings: ScimSettings

    def find(self, attribute: str, value: str) -> Resource | None:
        """The user whose attribute has this value, case aside: not every server compares alike."""
        wanted = f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"
        found = _resources(self._ask("GET", "/Users", query={"filter": wanted, "count": "5"}))
        same = [each for each in found if _same(each.get(attribute), value)]
        if len(same) > 1:
            raise DirectoryRefused(f"The directory has several users with the {attribute} {value}.")
        return same[0] if same else None

    def read(self, user_id: str) -> Resource:
        """Raises `Gone`."""
        return self._ask("GET", _path(user_id), expected={404})

    def create(self, user: Resource) -> None:
        """Raises `Taken`."""
        self._ask("POST", "/Users", body=user, expected={409})

    def patch(self, user: Resource, operations: Operations) -> None:
        """Raises `Changed` or `Gone`."""
        body = {"schemas": [PATCH], "Operations": operations}
        path, headers = _path(user["id"]), _if_match(user)
        self._ask("PATCH", path, body=body, headers=headers, expected={404, 412})

    def delete(self, user: Resource) -> None:
        """Raises `Changed` or `Gone`."""
        path, headers = _path(user["id"]), _if_match(user)
        self._ask("DELETE", path, headers=headers, expected={404, 412})

    def all(self) -> Iterator[Resource]:
        """Every user, page by page."""
        start, seen = 1, set[str]()
        for _page in range(MOST_PAGES):
            query = {"startIndex": str(start), "count": str(PAGE)}
            page = self._ask("GET", "/Users", query=query)
            fresh = [each for each in _resources(page) if each.get("id") not in seen]
            yield from fresh
            seen |= {str(each.get("id")) for each in fresh}
            start += len(fresh)
            total = _total(page)
            if not fresh or (total is not None and start > total):
                return
        raise DirectoryRefused("The directory has more users than can be listed.")

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: Resource | None = None,
        headers: dict[str, str] | None = None,
        expected: Collection[int] = (),
    ) -> Resource:
        """`expected`: the refusals that the caller knows what to do about."""
        sent = json.dumps(body).encode() if body is not None else None
        try:
            answer = self._caller().call(method, path, query=query, body=sent, headers=headers)
        except NoAnswer as error:
            raise DirectoryBusy(str(error)) from error
        except NotAllowed as error:
            raise DirectoryRefused(str(error)) from error
        _judge(answer, expected)
        return _read(answer)

    def _caller(self) -> Caller:
        settings = self.settings
        return Caller(
            settings.url,
            headers={
                "Authorization": f"Bearer {settings.token}",
                "Accept": f"{JSON_TYPE}, application/json",
                "Content-Type": JSON_TYPE,
            },
            private=settings.private,
            timeout=settings.timeout,
            authority=settings.authority,
        )


def _path(user_id: object) -> str:
    """An id is the server's own, and may hold anything."""
    return f"/Users/{quote(str(user_id), safe='')}"


def _if_match(user: Resource) -> dict[str, str]:
    version = (user.get("meta") or {}).get("version")
    return {"If-Match": version} if isinstance(version, str) and version else {}


def _judge(answer: Answer, expected: Collection[int]) -> None:
    """What passes is tried again, what never will is for staff to mend."""
    status = answer.status
    if status < 300:
        return
    if status in expected:
        raise REFUSALS[status]
    words = f"The directory answered {status}{_details(answer)}."
    if status in PASSING or (status >= 500 and status not in NEVER):
        raise DirectoryBusy(words, wait=_wait(answer))
    if status < 400:
        words = f"The directory sends us elsewhere ({status}), where we don’t go."
    raise DirectoryRefused(words)


REFUSALS: dict[int, type[Exception]] = {404: Gone, 409: Taken, 412: Changed}


def _details(answer: Answer) -> str:
    """The server's own words, as far as they are some."""
    try:
        told = json.loads(answer.body)
        words = f"{told.get('scimType') or ''} {told.get('detail') or ''}".strip()
    except (ValueError, AttributeError, RecursionError):
        return ""
    plain = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return f": {plain[:LONGEST_WORDS].rstrip('.')}" if plain else ""


def _wait(answer: Answer) -> timedelta | None:
    """Retry-After, in seconds or as a date; None if it says nothing that makes sense."""
    told = answer.headers.get("retry-after", "").strip()
    if told.isdecimal():
        return timedelta(seconds=min(int(told), LONGEST_WAIT))
    try:
        span = parsedate_to_datetime(told) - datetime.now(UTC)
    except (ValueError, TypeError):
        return None
    return max(timedelta(), min(span, timedelta(seconds=LONGEST_WAIT)))


LONGEST_WAIT = 86_400  # seconds


def _read(answer: Answer) -> Resource:
    if not answer.body.strip():
        return {}
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise DirectoryBusy("The directory’s answer makes no sense.") from error
    if not isinstance(found, dict):
        raise DirectoryBusy("The directory’s answer makes no sense.")
    return found


def _resources(page: Resource) -> list[Resource]:
    found = page.get("Resources") or []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _total(page: Resource) -> int | None:
    """None where the server doesn't say: then an empty page is the end."""
    total = page.get("totalResults")
    return total if isinstance(total, int) else None


def _same(one: object, other: str) -> bool:
    return isinstance(one, str) and one.casefold() == other.casefold()
