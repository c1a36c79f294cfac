"""Whose worksheet is it? What was read of it tells, or else the name of its file.

The check code comes first: it stands for one person and role, and nobody can type it by mistake.
What else is wrong then (another name, another email) is for the checks to say.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from helpdesk.extensions import settings
from helpdesk.models.document import Document
from helpdesk.models.license import License
from helpdesk.models.person import Person, email_key, normal_username
from helpdesk.models.reading import Reading
from helpdesk.services.bulks.people import Held
from helpdesk.worksheets.code import Made, is_right
from workflows.written import plain

Fits = Callable[[Person, License], bool]


def whose(document: Document, people: Sequence[Held]) -> int | None:
    """The id of the one person it fits; None where it fits nobody, or several alike."""
    for fits in _ways(document):
        found = [person.id for person, row in people if fits(person, row)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _ways(document: Document) -> Iterator[Fits]:
    """The surest first."""
    reading = document.reading
    if reading is None or reading.fault is not None:
        yield _in_file_name(document.name)
        return
    if reading.code:
        yield _by_code(reading)
    texts = reading.texts
    if username := normal_username(texts.get("username", "")):
        yield lambda person, _row: person.username == username
    if email := email_key(texts.get("email")):
        yield lambda person, _row: person.email_key == email
    if name := plain(texts.get("name", "")):
        yield lambda person, _row: plain(person.name) == name


def _by_code(reading: Reading) -> Fits:
    key = settings().SECRET_KEY

    def fits(person: Person, row: License) -> bool:
        if person.username is None:
            return False
        made = Made(reading.form, reading.version, person.username, row.access_level or "")
        return is_right(key, made, reading.code)

    return fits


def _in_file_name(name: str) -> Fits:
    """Pictures and scans are often called after the person: `ruth.okafor.pdf`."""
    stem = name.rpartition(".")[0].casefold()

    def fits(person: Person, _row: License) -> bool:
        wanted = re.escape(person.username or "")
        return bool(wanted and re.search(rf"(?<![\w.]){wanted}(?![\w])", stem))

    return fits
