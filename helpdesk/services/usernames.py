"""User names made from names: ann.lee, and ann.lee2 for the next."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.person import Person

LONGEST = 32  # characters; HUD's UserID holds no more
NUMBERS = 6  # digits for which the end of a long name makes room


def ensure(session: Session, person: Person) -> str:
    """Gives a person a user name if they have none. Two at once: the database refuses one."""
    if person.username is None:
        person.username = free_username(session, person)
        session.flush()
    assert person.username is not None, "it was just given"
    return person.username


def free_username(session: Session, person: Person) -> str:
    """The first free one; reads only."""
    bare = made_of(person.first_name, person.last_name)
    stem = bare[: LONGEST - NUMBERS]
    alike = Person.username.startswith(stem, autoescape=True)
    taken = set(session.scalars(select(Person.username).where(alike)))
    return next(name for name in _candidates(bare) if name not in taken)


def _candidates(bare: str) -> Iterator[str]:
    yield bare
    yield from (f"{bare[: LONGEST - len(str(number))]}{number}" for number in count(2))


def made_of(first: str, last: str) -> str:
    """Plain letters and digits of both names: José O’Neil-Smith is jose.oneilsmith."""
    parts = [_plain(first.split(maxsplit=1)[0] if first.split() else ""), _plain(last)]
    return ".".join(filter(None, parts))[:LONGEST].strip(".") or "user"


EXPANDED = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "þ": "th"})


def _plain(name: str) -> str:
    """A name in a script without Latin letters leaves nothing, and `user` stands in."""
    bare = unicodedata.normalize("NFKD", name.casefold().translate(EXPANDED))
    return re.sub(r"[^a-z0-9]", "", bare)
