"""The functions that perform effects. They hold no transaction while they wait for a machine.

Each takes a claimed effect and raises what its adapter raises: busy (try again) or refused
(never will work). Writing down what came of it is the caller's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select

from helpdesk import links
from helpdesk.directory.base import Directory, DirectoryRefused, NewAccount, Owner
from helpdesk.directory.choose import directory
from helpdesk.extensions import db, settings
from helpdesk.mail import (
    Letter,
    Mailer,
    MailError,
    MailRefused,
    MailSettings,
    MailUncertain,
    render,
)
from helpdesk.models.person import Person
from helpdesk.outbox.claim import Claimed
from helpdesk.transaction import release, transaction
from workflows.effects import Action, Link
from workflows.training import ACCESS_LEVELS


@dataclass(frozen=True)
class Addressee:
    """Plain values of a person, read before the session is let go."""

    first_name: str
    last_name: str
    email: str | None
    username: str | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def send_mail(claimed: Claimed, mailer: Mailer) -> None:
    """Raises a `MailError`. A clear refusal leaves the link's life unbegun.

    The address is read once the link is there: a correction before that leaves none of it alive at
    the old address, and a correction after it has ended the link.
    """
    wanted = claimed.payload.get("link")
    link = Link(wanted) if wanted else None
    url = _link(claimed, link, _reachable(claimed)) if link else None
    to = _reachable(claimed)
    try:
        mailer.send(_letter(claimed, to.name, to.email or "", url))
    except MailUncertain:
        raise
    except MailError:
        if link:
            _rest(claimed, link)
        raise


def _reachable(claimed: Claimed) -> Addressee:
    """Whom the mail is for, with the address on file, or the one that was fixed when it was owed.
    Raises `MailRefused` where there is none."""
    to, fixed = _addressee(claimed), claimed.payload.get("to")
    if fixed is not None:
        return replace(to, first_name=fixed["name"], last_name="", email=fixed["address"])
    if to.email is None:
        raise MailRefused(f"There is no email address on file for {to.name}.")
    return to


def mail_settings() -> MailSettings:
    """The mail room's own settings, from the app's."""
    return MailSettings.from_config(current_app.config)


def _letter(claimed: Claimed, name: str, address: str, url: str | None) -> Letter:
    payload = claimed.payload
    rendered = render(payload["folders"], _context(payload, url))
    return Letter(
        key=claimed.key,
        thread=payload["thread"],
        to_name=name,
        to_address=address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        when=claimed.created_at,
        unsubscribe=_full(payload["says"].get("off_path")),
    )


def _full(path: str | None) -> str | None:
    """The address of one of our pages, as mails tell it."""
    return f"{settings().BASE_URL.rstrip('/')}{path}" if path else None


def _context(payload: dict[str, Any], url: str | None) -> dict[str, Any]:
    config, says = settings(), payload["says"]
    purpose = PURPOSES[Link(payload["link"] or Link.SET_PASSWORD)]
    base = config.BASE_URL.rstrip("/")
    return {
        **WHAT_OLDER_MAILS_MEAN,
        **says,
        "ticket_url": _full(says.get("ticket_path")),
        "button_url": _full(says.get("path")),
        "off_url": _full(says.get("off_path")),
        "cant_log_in_url": f"{base}/cant-log-in",
        "link": url,
        "link_life": links.life_in_words(purpose),
        "desk_name": config.DESK_NAME,
        "desk_phone": config.DESK_PHONE or None,
        "desk_email": config.DESK_EMAIL or None,
        "hmis_name": config.HMIS_NAME,
    }


WHAT_OLDER_MAILS_MEAN = {
    "password_way": "link", "log_ins_seen": True, "own": False, "unsigned": (),
    "works_until": None,
}  # fmt: skip
"""A mail may have been waiting since before it was told."""

PURPOSES = {
    Link.SET_PASSWORD: links.Purpose.SET_PASSWORD,
    Link.DESK_PASSWORD: links.Purpose.SET_PASSWORD,
    Link.RESET: links.Purpose.RESET,
    Link.ACCESS: links.Purpose.ACCESS,
    Link.SIGN: links.Purpose.SIGN,
}


def _link(claimed: Claimed, link: Link, to: Addressee) -> str | None:
    """The HMIS's password is set where the account lives; what is the desk's is opened by our link.
    None: the directory has its own way."""
    if link is Link.SET_PASSWORD and to.username:
        return directory().set_password_link(claimed.key, to.username)
    if link is Link.SIGN:
        return links.url(PURPOSES[link], claimed.key)  # kept with the signature that it is for
    with transaction() as session:
        return links.mint(session, PURPOSES[link], claimed.person_id, claimed.key)


def _rest(claimed: Claimed, link: Link) -> None:
    with transaction() as session:
        links.rest(session, PURPOSES[link], claimed.key)


def change_account(claimed: Claimed) -> None:
    """Raises `DirectoryBusy`, `DirectoryRefused` or `HandedOver`. Doing it again under its key is
    harmless."""
    to = _addressee(claimed)
    if to.username is None:
        raise DirectoryRefused(f"There is no user name on file for {to.name}.")
    ACTIONS[Action(claimed.payload["action"])](directory(), claimed, to)


def _create(where: Directory, claimed: Claimed, to: Addressee) -> None:
    terms = claimed.payload.get("terms", {})
    account = NewAccount(
        to.username or "",
        to.first_name,
        to.last_name,
        to.email,
        until=_until(claimed),
        access_level=ACCESS_LEVELS.get(terms.get("access_level", "")),
        **{name: terms.get(name) for name in ASKED},
    )
    where.create(claimed.key, account)


ASKED = ("provider", "further_providers", "permissions")
"""What a new account gets besides, in the words of the one who asked for it."""


def _unlock(where: Directory, claimed: Claimed, to: Addressee) -> None:
    where.unlock(claimed.key, to.username or "")


def _reactivate(where: Directory, claimed: Claimed, to: Addressee) -> None:
    where.reactivate(claimed.key, to.username or "")


def _deactivate(where: Directory, claimed: Claimed, to: Addressee) -> None:
    where.deactivate(claimed.key, to.username or "")


def _delete(where: Directory, claimed: Claimed, to: Addressee) -> None:
    where.delete(claimed.key, to.username or "")


def _extend(where: Directory, claimed: Claimed, to: Addressee) -> None:
    until = _until(claimed)
    assert until is not None, "an extension has an end"
    where.extend(claimed.key, to.username or "", until)


def _correct(where: Directory, claimed: Claimed, to: Addressee) -> None:
    where.correct(claimed.key, to.username or "", Owner(to.first_name, to.last_name, to.email))


def _until(claimed: Claimed) -> date | None:
    until = claimed.payload.get("terms", {}).get("until")
    return date.fromisoformat(until) if until else None


ACTIONS: dict[Action, Callable[[Directory, Claimed, Addressee], None]] = {
    Action.CREATE: _create,
    Action.UNLOCK: _unlock,
    Action.REACTIVATE: _reactivate,
    Action.EXTEND: _extend,
    Action.DEACTIVATE: _deactivate,
    Action.DELETE: _delete,
    Action.CORRECT: _correct,
}
"""The actions that a step can ask for; `workflows check` finds one that is missing."""


def _addressee(claimed: Claimed) -> Addressee:
    to = Addressee(*db.session.execute(ADDRESSEE, {"person_id": claimed.person_id}).one())
    release()
    return to


ADDRESSEE = select(Person.first_name, Person.last_name, Person.email, Person.username).where(
    Person.id == bindparam("person_id")
)
