"""What must hold of the settings of a SCIM directory, where one is used."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from config import Config

CALLS = 10
"""The most that one account action asks of the directory, one call after the other."""

PATH = re.compile(r"(urn:[\w:.-]+:)?[A-Za-z]\w*(\.[A-Za-z]\w*)?", re.ASCII)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        bare = not (parts.username or parts.password or parts.query or parts.fragment)
        named = bool(parts.hostname) and parts.port != 0
        return parts.scheme in {"http", "https"} and named and bare
    except ValueError:
        return False


def _is_path(text: str) -> bool:
    return not text or PATH.fullmatch(text) is not None


RULES: tuple[tuple[Callable[[Config], bool], str], ...] = (
    (lambda c: _is_url(c.SCIM_URL),
     "HELPDESK_SCIM_URL is needed: https://, a host, and where /Users lies under."),
    (lambda c: c.SCIM_URL.startswith("https://") or not c.production,
     "HELPDESK_SCIM_URL must begin with https:// in production."),
    (lambda c: bool(c.SCIM_TOKEN) and c.SCIM_TOKEN.isascii() and c.SCIM_TOKEN.isprintable(),
     "HELPDESK_SCIM_TOKEN is needed, in printable characters."),
    (lambda c: c.SCIM_PASSWORDS in {"invite", "set"}, "HELPDESK_SCIM_PASSWORDS is invite or set."),
    (lambda c: not c.SCIM_AUTHORITY or Path(c.SCIM_AUTHORITY).is_file(),
     "HELPDESK_SCIM_AUTHORITY names no file with certificates."),
    (lambda c: c.EFFECT_LEASE.total_seconds() >= c.SCIM_TIMEOUT * CALLS,
     f"HELPDESK_SCIM_TIMEOUT must fit into HELPDESK_EFFECT_LEASE {CALLS} times."),
    (lambda c: _is_path(c.SCIM_LOCKED), "HELPDESK_SCIM_LOCKED is no path of an attribute."),
    (lambda c: _is_path(c.SCIM_UNTIL), "HELPDESK_SCIM_UNTIL is no path of an attribute."),
    (lambda c: _is_path(c.SCIM_ACCESS_LEVEL),
     "HELPDESK_SCIM_ACCESS_LEVEL is no path of an attribute."),
)  # fmt: skip
