"""Second steps in tests: an app on somebody's phone, and what it shows."""

from datetime import timedelta

import pyotp

from helpdesk.access import Recognized, recognize
from helpdesk.actor import Actor, Channel
from helpdesk.extensions import db, now
from helpdesk.models.person import Person
from helpdesk.models.second_factor import SecondFactor
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import sessions
from helpdesk.services.factors import apps, recovery
from helpdesk.transaction import transaction

HALF_MINUTE = timedelta(seconds=30)
NO_SESSION = 0


def shown(secret: str, later: timedelta = timedelta()) -> str:
    """What an app with this secret shows, now or at another time."""
    return pyotp.TOTP(secret).at(now() + later)


def owner(person_id: int) -> Actor:
    return Actor(person_id, db.session.get_one(Person, person_id).name, Channel.WEB)


def give_app(person_id: int, name: str = "My phone") -> str:
    """Sets up an app half a minute ago, so that the present code is unused; gives its secret."""
    offer = apps.offer(person_id)
    before = shown(offer.secret, -HALF_MINUTE)
    apps.add(offer, name, before, owner(person_id), NO_SESSION)
    return offer.secret


def give_codes(person_id: int) -> list[str]:
    return recovery.renew(person_id, owner(person_id))


def factors(person_id: int) -> list[SecondFactor]:
    db.session.expire_all()
    return db.session.query(SecondFactor).filter_by(person_id=person_id).all()


def begin(person_id: int, proof: Proof = Proof.PASSWORD) -> WebSession:
    with transaction() as session:
        token = sessions.begin(session, person_id, proof)
    return session_of(token)


def session_of(token: str) -> WebSession:
    """As it stands in the database now; it may go to any thread."""
    held = recognized(token).web_session
    db.session.expunge(held)
    return held


def recognized(token: str) -> Recognized:
    found = recognize(db.session(), token)
    assert found is not None, "this session has ended"
    return found


def grow_stale() -> None:
    """As though everybody had signed in long ago."""
    with transaction() as session:
        session.query(WebSession).update({"confirmed_at": None})
