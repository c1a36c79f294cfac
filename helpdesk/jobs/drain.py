"""Performs what is due: claim, let the database go, perform, settle."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from helpdesk.directory.base import DirectoryBusy, DirectoryRefused, HandedOver
from helpdesk.extensions import now, settings
from helpdesk.mail import Mailer, MailError, MailRefused, open_mailer
from helpdesk.models.effect import Kind
from helpdesk.outbox import performers, settle
from helpdesk.outbox.claim import Claimed, claim
from helpdesk.services import overlay, provisioning
from helpdesk.transaction import release, transaction
from workflows.engine import Refused

log = logging.getLogger(__name__)

MAIL_BATCH = 20
WAIT_FOR_DATABASE = timedelta(seconds=1)
UNEXPECTED = "Something unexpected went wrong; the log has the details."

Stop = Callable[[], bool]


def never() -> bool:
    return False


def drain(kind: Kind, stop: Stop = never) -> int:
    """Performs until nothing of this kind is due or `stop` says so; tells how many it took up."""
    overlay.refresh_if_due()
    batch = _mails if kind is Kind.MAIL else _actions
    taken = 0
    while not stop() and (count := batch(stop)):
        taken += count
    return taken


def _mails(stop: Stop) -> int:
    """One batch over one connection. What the lease leaves no time for is put back."""
    with open_mailer(performers.mail_settings()) as mailer:
        claimed = _claim(Kind.MAIL, MAIL_BATCH)
        for effect in claimed:
            _fenced(effect, lambda e: _put_back(e) if stop() or _is_late(e) else _mail(e, mailer))
    return len(claimed)


def _actions(_stop: Stop) -> int:
    claimed = _claim(Kind.ACCOUNT, 1)
    for effect in claimed:
        _fenced(effect, _account)
    return len(claimed)


def _claim(kind: Kind, limit: int) -> list[Claimed]:
    with transaction() as session:
        return claim(session, kind, limit)


def _is_late(effect: Claimed) -> bool:
    """Half the lease is gone: one slow talk with the server could outlive it."""
    return effect.lease_ends - now() < settings().EFFECT_LEASE / 2


def _fenced(effect: Claimed, perform: Callable[[Claimed], None]) -> None:
    """A worker that lost its lease writes nothing, and the others of its batch go on.

    Whatever else breaks, no effect is tried for ever unseen: it waits, and in the end it is dead.
    """
    worn_out = effect.attempt > effect.allowed_attempts  # it took each worker with it
    try:
        (_unforeseen if worn_out else perform)(effect)
    except settle.LeaseLost:
        log.warning("the lease of effect %s is lost: another worker has it", effect.id)
    except Exception:
        log.exception("effect %s", effect.id)
        _fenced_off(effect)
    finally:
        release()


def _fenced_off(effect: Claimed) -> None:
    """The database may be what broke; then the lease runs out, and somebody tries again."""
    release()
    try:
        _unforeseen(effect)
    except (settle.LeaseLost, SQLAlchemyError):
        log.warning("effect %s waits until its lease runs out", effect.id)


def _unforeseen(effect: Claimed) -> None:
    """Needs nothing but the effect's own row: whatever else is odd, staff will see it."""
    with transaction() as session:
        if settle.is_last(effect):
            settle.dead(session, effect, UNEXPECTED)
        else:
            settle.later(session, effect, UNEXPECTED)


def _put_back(effect: Claimed) -> None:
    with transaction() as session:
        settle.put_back(session, effect)


def _mail(effect: Claimed, mailer: Mailer) -> None:
    try:
        performers.send_mail(effect, mailer)
    except MailRefused as error:
        _mail_failed(effect, str(error), final=True)
    except MailError as error:
        _mail_failed(effect, str(error))
    except Exception:
        log.exception("effect %s", effect.id)
        _mail_failed(effect, UNEXPECTED)
    else:
        _surely(lambda: _done(effect), effect)


def _done(effect: Claimed) -> None:
    with transaction() as session:
        settle.done(session, effect)


def _surely(write: Callable[[], None], effect: Claimed) -> None:
    """It is done, so it must be written down: a database that is away is asked again, as long as
    the lease lasts, lest the same mail go out twice."""
    while True:
        try:
            return write()
        except OperationalError:
            if now() + WAIT_FOR_DATABASE >= effect.lease_ends:
                raise
            log.warning("effect %s is done; waiting for the database to say so", effect.id)
            release()
            time.sleep(WAIT_FOR_DATABASE.total_seconds())


def _mail_failed(effect: Claimed, error: str, *, final: bool = False) -> None:
    with transaction() as session:
        if final or settle.is_last(effect):
            settle.dead(session, effect, error)
        else:
            settle.later(session, effect, error)


def _account(effect: Claimed) -> None:
    if not provisioning.start(effect):
        return
    release()
    try:
        performers.change_account(effect)
    except HandedOver:
        _surely(lambda: provisioning.handed_over(effect), effect)
    except DirectoryRefused as error:
        provisioning.failed(effect, str(error))
    except DirectoryBusy as error:
        _account_busy(effect, str(error), error.wait)
    except Exception:
        log.exception("effect %s", effect.id)
        _account_busy(effect, UNEXPECTED)
    else:
        _account_changed(effect)


def _account_changed(effect: Claimed) -> None:
    """The license may have moved on while its account was being changed: then a person decides."""
    try:
        _surely(lambda: provisioning.succeeded(effect), effect)
    except Refused as refused:
        provisioning.failed(effect, f"The account was changed, but: {refused}")


def _account_busy(effect: Claimed, error: str, at_least: timedelta | None = None) -> None:
    if settle.is_last(effect):
        provisioning.failed(effect, error)
        return
    with transaction() as session:
        settle.later(session, effect, error, at_least)
