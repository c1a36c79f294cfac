"""How much a filled database holds."""

from dataclasses import dataclass

ROWS = 8
"""The most tickets that short lists show."""


@dataclass(frozen=True)
class Scale:
    """Agencies, people and staff stay as they are whatever the number of tickets, and so does what
    the measured pages show: only the rest of the table grows.

    `watched` licensees of the first agency have an open ticket and `ROWS` ended ones each. Open
    tickets are 3 % of all, and enough for a full page of the queue; nobody has two. The last
    `crowd` of the licensees are all of one agency.
    """

    tickets: int
    people: int = 5000
    agencies: int = 200
    staff: int = 20
    watched: int = 15
    crowd: int = 2000
    least_open: int = 150

    @property
    def open(self) -> int:
        return min(max(self.tickets * 3 // 100, self.least_open), self.people * 2 // 3)

    @property
    def ended(self) -> int:
        return self.tickets - self.open
