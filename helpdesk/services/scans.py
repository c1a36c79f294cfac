"""Whether there is a virus in what people send, where a scanner is configured.

A file that nobody could judge is held where the desk has to know: kept, and given to nobody until
the worker has asked again. Elsewhere it is taken.
"""

import logging
from dataclasses import dataclass
from typing import IO

from helpdesk.extensions import settings
from helpdesk.models.document import Scan
from helpdesk.scanning.clamd import NoAnswer, answers, virus_in

log = logging.getLogger(__name__)


class Infected(Exception):
    """`virus` is its name, as the scanner calls it."""

    def __init__(self, virus: str) -> None:
        self.virus = virus
        super().__init__(virus)


def examine(stream: IO[bytes]) -> Scan | None:
    """What is known of a file; None where nobody has to know. Raises `Infected`."""
    address = settings().CLAMD
    if not address:
        return None
    stream.seek(0)
    try:
        virus = virus_in(address, stream)
    except NoAnswer as error:
        log.error("the virus scanner gives no answer: %s", error)
        return Scan.HELD if settings().CLAMD_REQUIRED else None
    if virus is not None:
        raise Infected(virus)
    return Scan.CLEAN


@dataclass(frozen=True)
class Scanner:
    """`required`: while it is silent, documents are held."""

    address: str
    required: bool
    answers: bool


def scanner() -> Scanner | None:
    """As it is now; None where there is none."""
    address, required = settings().CLAMD, settings().CLAMD_REQUIRED
    return Scanner(address, required, answers(address)) if address else None
