"""What every answer says to the browser about itself."""

from flask import Flask, request
from werkzeug.wrappers import Response

from helpdesk.extensions import settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
STATIC = {"static", "bootstrap.static"}

TOKEN = "token"
"""What a rule calls the part of an address that is a key."""

ASKED_ANEW = {"documents.page"}
"""A browser may keep these answers, and asks each time whether they are still for it to show."""


def register(app: Flask) -> None:
    app.after_request(_add)


def _add(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer" if _secret_path() else "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    if settings().production:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint not in STATIC:
        kept = request.endpoint in ASKED_ANEW and response.status_code in {200, 304}
        headers["Cache-Control"] = "private, no-cache" if kept else "no-store"
    return response


def _secret_path() -> bool:
    """Pages whose address is itself a key, and those on which one is asked for."""
    keyed = request.url_rule is not None and TOKEN in request.url_rule.arguments
    return keyed or (request.endpoint or "").startswith("links.")
