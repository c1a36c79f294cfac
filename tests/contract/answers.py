"""What must be true of every answer, whoever asked for what."""

import re
from html.parser import HTMLParser

from werkzeug.test import TestResponse

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
STATIC = ("/static/", "/bootstrap/static/")


def faults(response: TestResponse) -> list[str]:
    """What is wrong with an answer as such; an empty list is a sound one."""
    found = [f"{name} is {response.headers.get(name)}" for name, value in ALWAYS.items()
             if response.headers.get(name) != value]  # fmt: skip
    policy = response.headers.get("Content-Security-Policy", "")
    found += sandbox_faults(response) if is_download(response) else policy_faults(policy)
    if response.headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        found.append("there is no referrer policy")
    if not is_static(response) and response.headers.get("Cache-Control") != kept_as(response):
        found.append("it may be kept in a cache")
    if response.mimetype == "text/html" and response.request.method != "HEAD":
        found += inline_faults(response.text)
    return found


def is_static(response: TestResponse) -> bool:
    return response.request.path.startswith(STATIC)


def kept_as(response: TestResponse) -> str:
    """A browser may keep a drawn page if it asks each time; everything else is not kept."""
    return "private, no-cache" if response.mimetype == "image/png" else "no-store"


def is_download(response: TestResponse) -> bool:
    return response.headers.get("Content-Disposition", "").startswith("attachment")


def sandbox_faults(response: TestResponse) -> list[str]:
    """A file that somebody sent: to be saved, and if it is shown it may do nothing at all."""
    policy = {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}
    return [f"the policy lacks {word}" for word in ("default-src 'none'", "sandbox")
            if word not in policy]  # fmt: skip


def policy_faults(policy: str) -> list[str]:
    parts = (part.strip().partition(" ") for part in policy.split(";"))
    given = {name: sources for name, _, sources in parts}
    found = [f"the policy says {name} {given.get(name)}" for name, sources in DIRECTIVES.items()
             if given.get(name) != sources]  # fmt: skip
    return found + [f"the policy allows {bad}" for bad in ("unsafe", "*", "http:") if bad in policy]


class Inline(HTMLParser):
    """Collects what a strict policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(f"<{tag}> within the page")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"<{tag} {name}=…>")
            if re.match(r"\s*javascript:", value or "", re.IGNORECASE):
                self.found.append(f"<{tag} {name}=javascript:…>")


def inline_faults(html: str) -> list[str]:
    parser = Inline()
    parser.feed(html)
    return parser.found
