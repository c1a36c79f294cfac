"""Ids in addresses: a number that no row can have is no id, whatever each database makes of it."""

from werkzeug.routing import IntegerConverter, Map

HIGHEST = 2**31 - 1


class RowId(IntegerConverter):
    """Stands in for `int` in routes."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=HIGHEST)


def row_id(text: str) -> int:
    """For `request.args.get(…, type=row_id)`, which takes a ValueError for "not given"."""
    number = int(text)
    if not 0 <= number <= HIGHEST:
        raise ValueError(text)
    return number
