"""How the blanks are called in a PDF form of another maker, as a site has written it down.

The setting names a file with one JSON object: the names of that form's fields, each with the blank
that it is. A course's day and score are `basic_privacy.day` and `basic_privacy.score`. What the
file has to look like is seen to at the start.
"""

import json
from functools import lru_cache
from pathlib import Path

from helpdesk.extensions import settings


def field_names() -> dict[str, str]:
    """The blank of each field. Nothing where no form of another maker is known."""
    path = settings().WORKSHEET_FIELDS
    return dict(_read(Path(path), Path(path).stat().st_mtime_ns)) if path else {}


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> tuple[tuple[str, str], ...]:
    return tuple(json.loads(path.read_text()).items())
