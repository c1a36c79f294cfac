"""The place of a row of My people as an address names it: what it is sorted by, and an id."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from helpdesk.services.roster import Key, Place, Sort
from helpdesk.views.numbers import row_id


def place_words(place: Place) -> str:
    key = place.key
    words = str(key.timestamp()) if isinstance(key, datetime) else "" if key is None else str(key)
    return f"{words}_{place.id}"


def place_in(sort: Sort, text: str) -> Place | None:
    """None for what is no place in this order: then the first page is shown."""
    key, _, number = text.rpartition("_")
    try:
        return Place(KEYS[sort](key), row_id(number))
    except (ValueError, OverflowError, OSError):
        return None


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(float(text), UTC)


KEYS: dict[Sort, Callable[[str], Key | None]] = {
    Sort.URGENCY: lambda text: int(text[:2]),
    Sort.NAME: lambda _text: None,
    Sort.EXPIRES: date.fromisoformat,
    Sort.LOGIN: _moment,
}
