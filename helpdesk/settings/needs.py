"""The characters that a site asks for in a password, written as `1 upper, 2 nonletter`."""

import re

KINDS = ("upper", "lower", "digit", "symbol", "nonletter")
HOW = "Write it like “1 upper, 1 lower, 1 digit, 1 symbol” or “2 nonletter”."
ONE = re.compile(r"([1-9]) (" + "|".join(KINDS) + ")")


def read(text: str) -> dict[str, int]:
    """How many of each kind. Raises `ValueError`."""
    parts = [ONE.fullmatch(part.strip()) for part in text.split(",") if part.strip()]
    found = [(part[2], int(part[1])) for part in parts if part is not None]
    if len(found) < len(parts) or len(dict(found)) < len(found):
        raise ValueError(HOW)
    return dict(found)


def fault(text: str) -> str | None:
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return None
