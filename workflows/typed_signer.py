"""Whether somebody can be asked to sign whose name and address are typed, as nobody has them on
file: it must not be somebody who has another part in the request."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from workflows.requirements import is_personal
from workflows.written import mailbox, same_name

NAME, ADDRESS = "name", "address"
"""What can be wrong."""

YOURSELF = "That is you, or comes to you. Somebody else has to sign here."
FILED = "That is who filed the request. Somebody else has to sign here."
LICENSEE = "That is whom the request is about. Somebody else has to sign here."
JUDGES = "That is somebody at HAND, who has to judge this. Somebody else has to sign here."
NAMESAKE = (
    "That is the name of somebody at HAND, who has to judge this. Is it another person? Have them"
    " sign a page, and attach that."
)
SIGNS = "{name} is asked as {who} already."


@dataclass(frozen=True)
class Concerned:
    """Somebody who has a part already; `sentence` says which."""

    name: str
    email: str | None
    sentence: str

    def is_one_with(self, name: str, email: str | None) -> bool:
        """By name, or because mail comes to the same."""
        return self.gets_mail_at(email) or self.is_called(name)

    def gets_mail_at(self, email: str | None) -> bool:
        return bool(self.email and email) and mailbox(self.email or "") == mailbox(email or "")

    def is_called(self, name: str) -> bool:
        return bool(self.name.strip() and name.strip()) and same_name(self.name, name) is True


def faults(
    name: str, address: str | None, others: Iterable[Concerned]
) -> Iterator[tuple[str, str]]:
    """Of a director whose name and address are typed so: what is wrong, and a sentence for it."""
    if len(name.split()) < 2:
        yield NAME, "Type the executive director’s first and last name."
    if not address:
        yield ADDRESS, "Type the executive director’s work email."
    elif is_personal(address):
        yield ADDRESS, f"{address} is a personal address. Type the work email."
    else:
        yield from islice(_taken(name, address, others), 1)


def _taken(name: str, address: str, others: Iterable[Concerned]) -> Iterator[tuple[str, str]]:
    """People at HAND may have a namesake, who signs on paper then."""
    for each in others:
        if each.gets_mail_at(address):
            yield ADDRESS, each.sentence
        elif each.is_called(name):
            yield NAME, NAMESAKE if each.sentence == JUDGES else each.sentence
