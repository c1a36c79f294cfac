"""One kind of request, and what it answers to each role: a row of the table in `visits.py`."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.contract.house import ROLES, House

Values = dict[str, Any]


class Rewound(io.BytesIO):
    """Can be sent again and again: the test client closes what it has sent."""

    def close(self) -> None:
        self.seek(0)


@dataclass(frozen=True)
class Visit:
    """One kind of request. `where` and `data` make what it is about, afresh for each visitor."""

    endpoint: str
    method: str
    answers: str
    where: Callable[[House], Values] = lambda house: {}
    data: Callable[[House, Values], Values] = lambda house, where: {}
    about: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.method, self.endpoint, self.about)))

    def expected(self, role: str) -> str:
        answers = self.answers.split()
        return answers[0] if len(answers) == 1 else answers[ROLES.index(role)]


def named(**values: str) -> Callable[[House], Values]:
    return lambda house: dict(values)
