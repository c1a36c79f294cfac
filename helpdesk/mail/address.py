"""Email addresses: what may be written into a header and said to a mail server."""

import re
from dataclasses import dataclass

import idna

from helpdesk.mail.errors import MailRefused

# RFC 5321 dot-atom, and RFC 6531's letters beyond ASCII. Quoted local parts ("a b"@x) and domain
# literals are legal, never seen among agencies, and the classic way to smuggle.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u00a1-\U0010ffff]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 253


@dataclass(frozen=True)
class Address:
    """An address fit for the wire: the domain in ASCII, the local part as it is."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Only a server with SMTPUTF8 can deliver it."""
        return not self.local.isascii()


def parse_address(text: str) -> Address:
    """Return the address, or raise `MailRefused`: nothing is guessed or repaired."""
    local, at, domain = text.strip(" ").rpartition("@")
    if not at or not _is_local(local):
        raise MailRefused("The email address on file is not one that mail can be sent to.")
    return Address(local, _ascii_domain(domain))


def _is_local(local: str) -> bool:
    if not _LOCAL.fullmatch(local) or not local.isprintable():
        return False
    return len(local.encode("utf-8", "replace")) <= _LONGEST_LOCAL


def _ascii_domain(domain: str) -> str:
    """IDNA 2008; Python's own codec knows 2003 alone, and mails straße.de to strasse.de."""
    try:
        ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        ascii_domain = ""
    if len(ascii_domain) > _LONGEST_DOMAIN or not _DOMAIN.fullmatch(ascii_domain):
        raise MailRefused("The email address on file ends in a domain that cannot exist.")
    return ascii_domain
