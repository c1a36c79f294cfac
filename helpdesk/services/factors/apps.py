"""Authenticator apps (TOTP, RFC 6238): six digits that change every half minute, each good once."""

from dataclasses import dataclass
from datetime import timedelta

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now, settings
from helpdesk.models.second_factor import FactorKind, SecondFactor
from helpdesk.services import counters, trace
from helpdesk.services.factors import held
from helpdesk.services.sealing import seal, unseal
from helpdesk.transaction import rows_changed, transaction

DRIFT = 1  # half minutes that a phone's clock may be early or late
SET_UP_LIFE = timedelta(hours=1)
SECRET, OFFER = "app", "app offered"


class WrongCode(Exception):
    """The code is not the one that the app shows, or it was used already."""


class OfferEnded(Exception):
    """The secret was offered too long ago, or to somebody else."""


@dataclass(frozen=True)
class Offer:
    """A secret for an app to keep. `sealed` goes to the browser and comes back with a code."""

    secret: str
    sealed: str

    def uri(self, username: str) -> str:
        """What an app reads off the QR code."""
        name, issuer = username, settings().DESK_NAME
        return pyotp.TOTP(self.secret).provisioning_uri(name=name, issuer_name=issuer)


def offer(person_id: int) -> Offer:
    secret = pyotp.random_base32()
    return Offer(secret, seal(OFFER, f"{person_id}:{secret}"))


def offered(person_id: int, sealed: str) -> Offer:
    """The same again. Raises `OfferEnded`."""
    owner, _, secret = (unseal(OFFER, sealed, SET_UP_LIFE) or "").partition(":")
    if owner != str(person_id):
        raise OfferEnded
    return Offer(secret, sealed)


def add(offered: Offer, name: str, code: str, actor: Actor, session_id: int) -> None:
    """Raises `WrongCode` or `TooMany`. Sent twice, it is added once."""
    step = _step_of(offered.secret, code)
    if step is None or actor.person_id is None:
        raise WrongCode
    with transaction() as session:
        taken = counters.add(session, counters.key_of(OFFER, offered.sealed), SET_UP_LIFE)
        if taken > 1:
            return
        factor = SecondFactor(person_id=actor.person_id, kind=FactorKind.APP, name=name,
                              key=seal(SECRET, offered.secret), counter=step,
                              created_at=now())  # fmt: skip
        held.add(session, factor, session_id)
    trace.changed(actor, f"second factors of person {actor.person_id}", None, str(factor.kind))


def accept(session: Session, person_id: int, code: str) -> bool:
    """Whether an app of theirs shows this code now; uses the code up."""
    apps = select(SecondFactor.id, SecondFactor.key).where(
        SecondFactor.person_id == person_id, SecondFactor.kind == FactorKind.APP
    )
    return any(_use(session, app_id, unseal(SECRET, key), code)
               for app_id, key in session.execute(apps).all())  # fmt: skip


def _use(session: Session, app_id: int, secret: str | None, code: str) -> bool:
    """In one statement, so that two who send the same code at once don't both get in."""
    step = _step_of(secret, code) if secret else None
    if step is None:
        return False
    result = session.execute(
        update(SecondFactor)
        .where(SecondFactor.id == app_id, SecondFactor.counter < step)
        .values(counter=step, used_at=now())
    )
    return rows_changed(result) == 1


def _step_of(secret: str, code: str) -> int | None:
    moment = now().timestamp()
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(
            code, for_time=moment, valid_window=DRIFT
        )
    except OTPVerificationError:
        return None
