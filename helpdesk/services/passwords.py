"""Passwords are hashed with argon2id, and compared in the same time whether or not there is one."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from config import Config
from helpdesk.extensions import settings

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified against when there is nobody to verify: an unknown name takes as long as a known one.
NOBODYS_HASH = HASHER.hash("the password of nobody at all")


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Takes the same time whether or not there is a hash. Very long input never matches."""
    if len(password) > max(settings().PASSWORD_MAX, Config.PASSWORD_MAX):  # of before it was set
        password = ""
    try:
        HASHER.verify(password_hash or NOBODYS_HASH, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return password_hash is not None
