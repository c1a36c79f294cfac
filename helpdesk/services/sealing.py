"""Secrets that we have to read again, kept and carried so that nobody else can.

A sealed text may be stored, or go to the browser and come back; it opens for its own purpose alone.
"""

import base64
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helpdesk.extensions import now, settings


def seal(purpose: str, text: str) -> str:
    moment = int(now().timestamp())
    return _lock(settings().SECRET_KEY, purpose).encrypt_at_time(text.encode(), moment).decode()


def unseal(purpose: str, sealed: str, life: timedelta | None = None) -> str | None:
    """None: sealed for another purpose, by another key, longer ago than `life`, or not by us."""
    lock, moment = _lock(settings().SECRET_KEY, purpose), int(now().timestamp())
    try:
        if life is None:
            return lock.decrypt(sealed).decode()
        return lock.decrypt_at_time(sealed, int(life.total_seconds()), moment).decode()
    except (InvalidToken, ValueError):
        return None


def _lock(secret: str, purpose: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=f"sealed: {purpose}".encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
