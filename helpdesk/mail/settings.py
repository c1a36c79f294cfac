"""What the mail room has to be told; filled from the app's config, or by hand in a test."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any

DEFAULT_TIMEOUT = 20.0
"""Seconds that each single step of the talk with the server may take."""


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """`server` means SMTP; without it mails become files in `directory`.

    `sender` and `reply_to` may be bare addresses or "Name <address>"; a bare sender bears the
    desk's name. `domain` is the right side of every Message-ID and the name given in EHLO.
    `tls` replaces the system's trust, for a server with a certificate of its own.
    """

    sender: str
    domain: str
    desk_name: str = ""
    reply_to: str | None = None
    server: str | None = None
    port: int = 25
    use_tls: bool = False
    use_ssl: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = DEFAULT_TIMEOUT
    directory: Path | None = None
    tls: ssl.SSLContext | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse at start what could only fail at the first mail."""
        if not self.server and self.directory is None:
            raise ValueError("set MAIL_SERVER, or MAIL_DIRECTORY for mails as files")
        if self.use_tls and self.use_ssl:
            raise ValueError("set MAIL_USE_TLS (STARTTLS) or MAIL_USE_SSL, not both")
        if self.username and self.password is None:
            raise ValueError("MAIL_USERNAME needs MAIL_PASSWORD")

    @property
    def sender_name_and_address(self) -> tuple[str, str]:
        """The name shown as From, and the address, as they were set."""
        name, address = parseaddr(self.sender)
        return name or self.desk_name, address

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "MailSettings":
        """Read the app's `MAIL_*` settings and `DESK_NAME`."""
        directory = config.get("MAIL_DIRECTORY")
        return cls(
            sender=config.get("MAIL_DEFAULT_SENDER") or "",
            domain=config["MAIL_DOMAIN"],
            desk_name=config.get("DESK_NAME", ""),
            reply_to=config.get("MAIL_REPLY_TO") or None,
            server=config.get("MAIL_SERVER") or None,
            port=int(config.get("MAIL_PORT") or 25),
            use_tls=bool(config.get("MAIL_USE_TLS")),
            use_ssl=bool(config.get("MAIL_USE_SSL")),
            username=config.get("MAIL_USERNAME") or None,
            password=config.get("MAIL_PASSWORD"),
            timeout=float(config.get("MAIL_TIMEOUT") or DEFAULT_TIMEOUT),
            directory=Path(directory) if directory else None,
        )
