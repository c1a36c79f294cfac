"""Makes a mail's subject, text and HTML from its folder of templates; pure, needs no app.

What a person typed is only ever a value: nothing in it is read as a template.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    select_autoescape,
)
from markupsafe import Markup, escape

from helpdesk.mail.wire import one_line

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"
PARTS = ("subject.txt", "body.txt", "body.html")
MULTI_LINE = frozenset({"message", "reason_text", "asked"})
"""Values that may have line ends; any other is one line, so a name cannot add a paragraph."""

_FOLDER = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*")


class NoMail(LookupError):
    """None of the folders exists."""


class BadTemplate(Exception):
    """A template that cannot be rendered: names the folder and what is missing."""


@dataclass(frozen=True)
class Rendered:
    """A mail's words; the bodies end with a line end, the subject is one line."""

    subject: str
    text: str
    html: str


def find(folders: Sequence[str], root: Path = TEMPLATES) -> str | None:
    """The first of the folders that holds a mail, or None."""
    for folder in folders:
        if _FOLDER.fullmatch(folder) and (root / folder / PARTS[0]).is_file():
            return folder
    return None


def has_mail(folders: Sequence[str], root: Path = TEMPLATES) -> bool:
    """Whether `render` would find a folder."""
    return find(folders, root) is not None


def render(
    folders: Sequence[str], context: Mapping[str, object], root: Path = TEMPLATES
) -> Rendered:
    """Render the first folder that exists, special before general.

    Raises NoMail, or BadTemplate for a missing file, a missing value or a broken template.
    """
    folder = find(folders, root)
    if folder is None:
        raise NoMail(f"no mail in any of: {', '.join(folders)}")
    values = {name: _value(name, value) for name, value in context.items()}
    environment = _environment(root)
    try:
        subject, text, html = (
            environment.get_template(f"{folder}/{part}").render(values) for part in PARTS
        )
    except (TemplateError, AttributeError, TypeError, ValueError) as error:
        raise BadTemplate(f"{folder}: {type(error).__name__}: {error}") from error
    if not one_line(subject):
        raise BadTemplate(f"{folder}: the subject is empty")
    return Rendered(one_line(subject), text.strip() + "\n", html.strip() + "\n")


def _value(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if name in MULTI_LINE:
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return one_line(value)


@lru_cache(maxsize=8)
def _environment(root: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(root),
        undefined=StrictUndefined,
        finalize=_never_none,
        autoescape=select_autoescape(["html"], default_for_string=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["line_breaks"] = _line_breaks
    return environment


def _never_none(value: object) -> object:
    """A mail that says "None" is as broken as one with a hole."""
    if value is None:
        raise ValueError("a value that the mail needs is None")
    return value


def _line_breaks(text: str) -> Markup:
    """Escaped, with <br>: Outlook knows no `white-space: pre-line`."""
    return Markup("<br>\n").join(escape(line) for line in text.split("\n"))
