"""Passwords: hashed with argon2id, judged by length, context and how guessable they are."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from zxcvbn import zxcvbn

from helpdesk.extensions import settings

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified against when there is nobody to verify: an unknown name takes as long as a known one.
NOBODYS_HASH = HASHER.hash("the password of nobody at all")
GUESSABLE_BELOW = 3
JUDGED_LENGTH = 72


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Takes the same time whether or not there is a hash. Very long input never matches."""
    if len(password) > settings().PASSWORD_MAX:
        password = ""
    try:
        HASHER.verify(password_hash or NOBODYS_HASH, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def rules() -> list[str]:
    """The rules in words, for the page that asks for a password."""
    config = settings()
    return [
        f"At least {config.PASSWORD_MIN} characters. A few unrelated words work well.",
        f"Without your name, your agency’s name or “{config.HMIS_NAME}”.",
        "Not one that is common or easily guessed.",
    ]


def faults(password: str, context: list[str]) -> list[str]:
    """What speaks against a new password; `context` holds names that may not be part of it."""
    config = settings()
    if len(password) > config.PASSWORD_MAX:
        return [f"Use at most {config.PASSWORD_MAX} characters."]
    if len(password) < config.PASSWORD_MIN:
        return [f"Use at least {config.PASSWORD_MIN} characters; this has {len(password)}."]
    words = _words([*context, config.HMIS_NAME])
    for word in words:
        if word in password.casefold():
            return [f"Leave “{word}” out of it: it is easily guessed."]
    judged = zxcvbn(password[:JUDGED_LENGTH], user_inputs=words)
    if judged["score"] < GUESSABLE_BELOW:
        return ["This one is easily guessed. Add another word or two that nobody would expect."]
    return []


def _words(context: list[str]) -> list[str]:
    """The parts of names that are long enough to give something away."""
    return [word for name in context for word in name.casefold().split() if len(word) > 3]
