"""Reads what `FileMailer` wrote, for the development page that shows it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

_NAME = re.compile(r"(?P<when>\d{8}T\d{12})-[0-9a-f]{40}\.eml")
_LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True)
class StoredMail:
    """A mail as its reader sees it. `html` is for a sandboxed frame, `links` are the text's."""

    name: str
    when: datetime
    to: str
    subject: str
    text: str
    html: str
    links: tuple[str, ...]


def list_mails(directory: Path, limit: int = 200) -> list[StoredMail]:
    """The newest mails, newest first; other files in the folder are passed over."""
    if not directory.is_dir():
        return []
    names = sorted((path.name for path in directory.iterdir()), reverse=True)
    wanted = [name for name in names if _NAME.fullmatch(name)][:limit]
    return [mail for name in wanted if (mail := read_mail(directory, name)) is not None]


def read_mail(directory: Path, name: str) -> StoredMail | None:
    """None for a name that is no mail of ours or is gone; a name is never a path."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        when = datetime.strptime(match["when"], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        data = (directory / name).read_bytes()
    except (OSError, ValueError):
        return None
    return _stored(name, when, data)


def _stored(name: str, when: datetime, data: bytes) -> StoredMail:
    message = BytesParser(policy=policy.default).parsebytes(data)
    text = _body(message, "plain")
    return StoredMail(
        name=name,
        when=when,
        to=_words(message, "To").replace('"', ""),
        subject=_words(message, "Subject"),
        text=text,
        html=_body(message, "html"),
        links=tuple(dict.fromkeys(_LINK.findall(text))),
    )


def _words(message: EmailMessage, header: str) -> str:
    """Decoded from the raw header: the modern parser puts blanks between encoded words."""
    raw = next((value for name, value in message.raw_items() if name == header), "")
    return " ".join(str(make_header(decode_header(str(raw)))).split())


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return "\n".join(str(part.get_content()).splitlines()) + "\n" if part is not None else ""
