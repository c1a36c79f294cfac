"""Passkeys (WebAuthn): a key on a device, which its owner unlocks by finger, face or PIN.

So a passkey is two factors in one, and may stand for the password, too. A challenge goes to the
browser sealed and comes back with the answer; it is good once, and for a few minutes.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRequestOptions,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from helpdesk.actor import Actor
from helpdesk.extensions import db, now, settings
from helpdesk.models.person import Person
from helpdesk.models.second_factor import FactorKind, SecondFactor
from helpdesk.services import counters, trace
from helpdesk.services.factors import held
from helpdesk.services.sealing import seal, unseal
from helpdesk.transaction import release, rows_changed, transaction

LIFE = timedelta(minutes=10)
LOOPBACK = "127.0.0.1"
UNLOCKED = UserVerificationRequirement.REQUIRED

log = logging.getLogger(__name__)
Verified = TypeVar("Verified")


class NoProof(Exception):
    """What the browser sent proves nothing: another's, out of time, used before, or made up."""


@dataclass(frozen=True)
class Asked:
    """`options` is what the browser's own function takes; `sealed` comes back with its answer."""

    options: str
    sealed: str
    origin: str


@dataclass(frozen=True)
class Site:
    """A passkey is bound to a host; an address of numbers is none, so there it is its name."""

    host: str
    origin: str


def site() -> Site:
    base = urlsplit(settings().BASE_URL)
    host = "localhost" if base.hostname == LOOPBACK else base.hostname or ""
    return Site(host, f"{base.scheme}://{host}" + (f":{base.port}" if base.port else ""))


def ask_for_new(person: Person) -> Asked:
    """For a passkey that its device remembers by itself, so that no name need be typed."""
    options = webauthn.generate_registration_options(
        rp_id=site().host,
        rp_name=settings().DESK_NAME,
        user_id=counters.key_of("passkeys of", str(person.id)).encode(),
        user_name=person.username or person.name,
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UNLOCKED
        ),
        exclude_credentials=_known(person.id),
    )
    return _asked(webauthn.options_to_json(options), options.challenge, f"new:{person.id}")


def ask(person_id: int | None = None) -> Asked:
    """For a passkey of theirs; None: of anybody's."""
    options: PublicKeyCredentialRequestOptions = webauthn.generate_authentication_options(
        rp_id=site().host,
        user_verification=UNLOCKED,
        allow_credentials=_known(person_id) if person_id is not None else None,
    )
    return _asked(webauthn.options_to_json(options), options.challenge, _whose(person_id))


def add(sealed: str, credential: str, name: str, actor: Actor, session_id: int) -> None:
    """Raises `NoProof` or `held.TooMany`."""
    challenge = _challenge(sealed, f"new:{actor.person_id}")
    found = _verified(lambda: webauthn.verify_registration_response(
        credential=credential, expected_challenge=challenge, expected_rp_id=site().host,
        expected_origin=site().origin, require_user_verification=True,
    ))  # fmt: skip
    assert actor.person_id is not None, "a challenge was sealed for somebody"
    factor = SecondFactor(
        person_id=actor.person_id,
        kind=FactorKind.PASSKEY,
        name=name,
        key=bytes_to_base64url(found.credential_public_key),
        counter=found.sign_count,
        credential_id=bytes_to_base64url(found.credential_id),
        created_at=now(),
    )
    with transaction() as session:
        taken = SecondFactor.credential_id == factor.credential_id
        if session.scalar(select(SecondFactor.id).where(taken)) or not _first_time(challenge):
            raise NoProof
        held.add(session, factor, session_id)
    trace.changed(actor, f"second factors of person {actor.person_id}", None, str(factor.kind))


def prove(sealed: str, credential: str, person_id: int | None = None) -> int:
    """Whose passkey has answered; it must be this person's unless None. Raises `NoProof`."""
    challenge = _challenge(sealed, _whose(person_id))
    passkey = _passkey(credential, person_id)
    known = (passkey.id, passkey.person_id, passkey.counter, base64url_to_bytes(passkey.key))
    release()
    passkey_id, owner_id, counter, public_key = known
    found = _verified(lambda: webauthn.verify_authentication_response(
        credential=credential, expected_challenge=challenge, expected_rp_id=site().host,
        expected_origin=site().origin, credential_public_key=public_key,
        credential_current_sign_count=counter, require_user_verification=True,
    ))  # fmt: skip
    _note(passkey_id, counter, found.new_sign_count, challenge)
    return owner_id


def _note(passkey_id: int, before: int, after: int, challenge: bytes) -> None:
    """Two answers to one challenge, or with one count, are not both taken. Raises `NoProof`."""
    same = (SecondFactor.id == passkey_id, SecondFactor.counter == before)
    with transaction() as session:
        noted = session.execute(update(SecondFactor).where(*same)
                                .values(counter=after, used_at=now()))  # fmt: skip
        if rows_changed(noted) != 1 or not _first_time(challenge):
            raise NoProof


def _first_time(challenge: bytes) -> bool:
    """Within a transaction; what counts attempts also counts how often one was answered."""
    key = counters.key_of("challenge", bytes_to_base64url(challenge))
    return counters.add(db.session(), key, LIFE) == 1


def _passkey(credential: str, person_id: int | None) -> SecondFactor:
    query = select(SecondFactor).where(
        SecondFactor.kind == FactorKind.PASSKEY, SecondFactor.credential_id == _id_of(credential)
    )
    passkey = db.session.scalar(query)
    if passkey is None or person_id not in {None, passkey.person_id}:
        raise NoProof
    return passkey


def _id_of(credential: str) -> str:
    try:
        return str(json.loads(credential)["id"])
    except (ValueError, TypeError, LookupError, RecursionError):
        raise NoProof from None


def _verified(verify: Callable[[], Verified]) -> Verified:
    """Whatever the library stumbles over in what a stranger sent, it is no proof."""
    try:
        return verify()
    except Exception as error:
        log.info("no passkey: %s", type(error).__name__)
        raise NoProof from error


def _known(person_id: int) -> list[PublicKeyCredentialDescriptor]:
    factors = held.of(db.session(), person_id)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential_id))
            for each in factors if each.credential_id]  # fmt: skip


def _asked(options: str, challenge: bytes, purpose: str) -> Asked:
    return Asked(options, seal(f"passkey {purpose}", bytes_to_base64url(challenge)), site().origin)


def _challenge(sealed: str, purpose: str) -> bytes:
    opened = unseal(f"passkey {purpose}", sealed, LIFE)
    if opened is None:
        raise NoProof
    return base64url_to_bytes(opened)


def _whose(person_id: int | None) -> str:
    return f"of:{person_id}" if person_id is not None else "of anybody"
