"""What must happen to each license, worked out from HAND's rules, a day at a time.

It knows nothing of `workflows/deadlines.py`, and goes another way: it turns the leaves of a
calendar one by one, where the desk asks what has become due. A sweep that was missed is made up
for by the next: whatever fell on the days between happens then, in the order of those days. But
nobody is told of a date that a nearer reminder tells of, nor of days of grace that are over.
"""

from datetime import date, datetime, timedelta

from tests.helpdesk.years.lives import BEGIN, DAY, Deed, a_year_after
from tests.helpdesk.years.page import Page, day_of

REMINDERS = (60, 30, 14, 7, 1)
NOTICE, LIMIT = 30, 35
UNUSED, WARNING = 60, 7
WATCH = timedelta(hours=24)
BOTH_AGENCIES = ("licensee", "admins", "others")


class Almanac:
    """Turned for one license, from long before the first day on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.turned = BEGIN - 100 * DAY

    def sweep(self, at: datetime) -> None:
        page, today = self.page, day_of(at)
        self.reminder: tuple[int, str] | None = None
        self.notice: str | None = None
        while self.turned < today:
            self.turned += DAY
            self._turn(self.turned, at)
        if page.log_in_by is not None and at > page.log_in_by:
            page.log_in_by = None
            page.note(at, "miss_log_in", "log_in_missed", to=("admins", "staff"))
        self._remind(at, today)

    def _turn(self, day: date, at: datetime) -> None:
        """What falls on one day, the gravest first."""
        if self.page.deleted:
            return
        self._expiry(day, at)
        if self.page.left_on is None:
            self._idleness(day, at)
            self._absences(day, at)
        self._deletion(day, at)

    def _expiry(self, day: date, at: datetime) -> None:
        page = self.page
        if page.ends is None or page.expired:
            return
        if day == page.ends + DAY:
            page.expired_on = day_of(at)
            if page.left_on is not None:
                page.note(at, "lapse", days=[page.ends])
                return
            page.note(at, "expire", None if page.suspended else "expired", days=[page.ends])
        elif (page.ends - day).days in REMINDERS and not (page.suspended or page.left_on):
            self.reminder = ((page.ends - day).days, page.state)

    def _idleness(self, day: date, at: datetime) -> None:
        page = self.page
        if page.seen is None or page.state != "active":
            return
        if (day - page.seen).days == LIMIT + 1:
            page.inactive_on = day_of(at)
            page.note(at, "inactivate", "inactivated", days=[page.seen, page.seen + LIMIT * DAY])
        elif (day - page.seen).days == NOTICE:
            self.notice = page.state

    def _absences(self, day: date, at: datetime) -> None:
        page = self.page
        if page.last_day is not None and day == page.last_day + DAY:
            leave_agency(page, at, page.last_day)
        elif day == page.leave_from:
            go_on_leave(page, at, day, page.back_on)
        elif page.away_since is not None and day == page.back_on:
            page.note(at, "end_leave", "leave_over", days=[day])
        elif day == page.moves_on:
            page.moves_on = None
            page.note(at, "move", "moved", days=[day], to=BOTH_AGENCIES)
            page.readers = page.readers.of_the_other()

    def _deletion(self, day: date, at: datetime) -> None:
        """A warning, days in which to come back, and the question to HAND's staff."""
        page, since = self.page, self.page.unused_since
        if since is None or page.state not in {"inactive", "expired"}:
            return
        soon = page.left_on is not None and page.kept_on is None
        ripe = since + (1 + WARNING if soon else UNUSED) * DAY
        if page.deletable_on is None and day >= ripe - WARNING * DAY:
            page.deletable_on = max(ripe, day_of(at) + WARNING * DAY)
            page.note(at, "warn_deletion", "deletion_warning", days=[page.deletable_on])
        elif page.deletable_on and not page.proposed and day >= max(ripe, page.deletable_on):
            page.proposed = True
            page.note(at, "propose_deletion")

    def _remind(self, at: datetime, today: date) -> None:
        """Of whatever is still ahead."""
        page = self.page
        if self.reminder is not None and page.ends is not None and today <= page.ends:
            days, state = self.reminder
            page.note(at, "remind", "expires_soon", days=[page.ends, days], state=state)
        if self.notice is not None and page.seen is not None:
            last = page.seen + LIMIT * DAY
            if today <= last:
                page.note(at, "notice_idle", "idle", days=[page.seen, last], state=self.notice)


def do(page: Page, deed: Deed) -> None:
    DEEDS[deed.what](page, deed)


def log_in(page: Page, deed: Deed) -> None:
    page.seen, page.log_in_by = day_of(deed.at), None


def reactivate(page: Page, deed: Deed) -> None:
    page.inactive_on, page.seen, page.log_in_by = None, day_of(deed.at), deed.at + WATCH
    page.back_again()
    page.note(deed.at, "reactivate")


def renew(page: Page, deed: Deed) -> None:
    """For a year from the earliest course, and never for less than before."""
    assert page.ends is not None
    until = a_year_after(min(day for day in deed.days if day is not None))
    page.expired_on = page.inactive_on = None
    page.ends, page.seen = max(page.ends, until), day_of(deed.at)
    page.back_again()
    page.note(deed.at, "extend", days=[page.ends])


def report_leave(page: Page, deed: Deed) -> None:
    first, back = deed.days
    assert first is not None
    if first <= day_of(deed.at):
        go_on_leave(page, deed.at, first, back)
        return
    page.leave_from, page.back_on = first, back
    page.note(deed.at, "plan_leave", "leave_planned", days=[first, back])


def go_on_leave(page: Page, at: datetime, first: date, back: date | None) -> None:
    page.inactive_on = page.inactive_on or day_of(at)
    page.leave_from = page.log_in_by = None
    page.away_since, page.back_on = first, back
    page.note(at, "take_leave", "on_leave", days=[first, back], action="deactivate")


def cancel_leave(page: Page, deed: Deed) -> None:
    page.leave_from = page.back_on = None
    page.note(deed.at, "cancel_leave", "leave_canceled")


def plan_move(page: Page, deed: Deed) -> None:
    (page.moves_on,) = deed.days
    page.note(deed.at, "plan_move", "move_planned", days=deed.days, to=BOTH_AGENCIES)


def report_departure(page: Page, deed: Deed) -> None:
    (last,) = deed.days
    assert last is not None
    if last <= day_of(deed.at):
        leave_agency(page, deed.at, last)
        return
    page.last_day = last
    page.note(deed.at, "plan_departure", "departure_planned", days=[last])


def leave_agency(page: Page, at: datetime, last: date) -> None:
    page.inactive_on, page.left_on, page.last_day = page.inactive_on or day_of(at), last, None
    page.unused_from, page.kept_on = day_of(at), None
    page.leave_from = page.away_since = page.back_on = page.log_in_by = None
    page.note(at, "depart", "departed", days=[last], action="deactivate")


def lock(page: Page, deed: Deed) -> None:
    page.locked = True
    page.note(deed.at, "lock", "locked", to=("licensee",))


def unlock(page: Page, deed: Deed) -> None:
    page.locked, page.seen = False, day_of(deed.at)
    page.note(deed.at, "unlock")


def suspend(page: Page, deed: Deed) -> None:
    page.suspended = True
    page.note(deed.at, "suspend", "suspended", action="deactivate")


def lift(page: Page, deed: Deed) -> None:
    """What was so beneath the suspension shows again; only a usable license gets its account. Who
    was kept out has not been idle."""
    page.suspended, page.seen = False, day_of(deed.at)
    usable = page.state in {"active", "locked"}
    page.note(deed.at, "lift", "lifted", action="reactivate" if usable else None)


def keep(page: Page, deed: Deed) -> None:
    page.kept_on, page.deletable_on, page.proposed = day_of(deed.at), None, False
    page.note(deed.at, "keep")


def delete(page: Page, deed: Deed) -> None:
    """Staff confirm it, and the account is deleted at once; nothing falls due any more."""
    page.note(deed.at, "confirm_deletion", action="delete")
    page.deleted, page.proposed, page.deletable_on = True, False, None
    page.note(deed.at, "delete")


def rehire(page: Page, deed: Deed) -> None:
    """By a request for a new license, good until the day that it names."""
    page.note(deed.at, "request", state="requested")
    page.new_again()
    (page.ends,), page.seen = deed.days, day_of(deed.at)
    page.note(deed.at, "create", days=[page.ends])


DEEDS = {
    "move": plan_move,
    "keep": keep,
    "delete": delete,
    "rehire": rehire,
    "log_in": log_in,
    "reactivate": reactivate,
    "renew": renew,
    "leave": report_leave,
    "cancel_leave": cancel_leave,
    "depart": report_departure,
    "lock": lock,
    "unlock": unlock,
    "suspend": suspend,
    "lift": lift,
}
