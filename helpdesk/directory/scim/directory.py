"""The SCIM directory: looks before it acts, adopts what is there, and changes only what differs."""

import secrets
from collections.abc import Callable, Iterator
from datetime import date

from helpdesk.directory.base import (
    Directory,
    DirectoryBusy,
    DirectoryRefused,
    KnownAccount,
    NewAccount,
    Owner,
)
from helpdesk.directory.scim import user
from helpdesk.directory.scim.settings import ScimSettings
from helpdesk.directory.scim.user import Changes, Resource
from helpdesk.directory.scim.wire import Changed, Gone, Taken, Wire

TRIES = 3
"""How often a user is read again whom somebody else changed meanwhile."""


class ScimDirectory:
    """See `Directory`. `by_hand` carries out what this one does not offer."""

    def __init__(self, settings: ScimSettings, by_hand: Directory) -> None:
        self.settings = settings
        self.by_hand = by_hand
        self.wire = Wire(settings)

    def look_up(self, username: str) -> KnownAccount | None:
        found = self.wire.find("userName", username)
        return user.known(found, self.settings) if found else None

    def listing(self) -> Iterator[KnownAccount]:
        return (user.known(each, self.settings) for each in self.wire.all())

    def create(self, key: str, account: NewAccount) -> None:
        found = self._made_before(key, account)
        if found is None:
            found = self._make(key, account)
        if found is not None:
            self._adopt(found, account)

    def unlock(self, key: str, username: str) -> None:
        """Where passwords are set, the old one is good for nothing afterwards."""
        locked = self.settings.locked
        if not locked:
            self.by_hand.unlock(key, username)
            return
        password = {"password": _password()} if self.settings.sets_passwords else {}
        self._change(username, {locked: False, **password})

    def set_password_link(self, key: str, username: str) -> str | None:  # noqa: ARG002
        """The product invites people itself, and has a Forgot Password of its own."""
        return None

    def reactivate(self, key: str, username: str) -> None:  # noqa: ARG002
        self._change(username, {"active": True})

    def extend(self, key: str, username: str, until: date) -> None:  # noqa: ARG002
        end = {self.settings.until: user.end_of(until, self.settings)}
        self._change(username, {"active": True, **(end if self.settings.until else {})})

    def deactivate(self, key: str, username: str) -> None:  # noqa: ARG002
        self._change(username, {"active": False})

    def delete(self, key: str, username: str) -> None:  # noqa: ARG002
        """Nobody of that name: it was done before, and the answer was lost."""
        found = self.wire.find("userName", username)
        if found is None:
            return
        try:
            self._settle(found, self.wire.delete)
        except Gone:
            return  # somebody was faster; it is as it was meant to be

    def correct(self, key: str, username: str, owner: Owner) -> None:  # noqa: ARG002
        self._bring_about(self._known(username), lambda current: user.owned_by(current, owner))

    def _made_before(self, key: str, account: NewAccount) -> Resource | None:
        """By our own key first: then it is ours, whatever it has been renamed to since."""
        return self.wire.find("externalId", key) or self.wire.find("userName", account.username)

    def _make(self, key: str, account: NewAccount) -> Resource | None:
        """None: it is made. Else the user who was there after all."""
        password = _password() if self.settings.sets_passwords else None
        try:
            self.wire.create(user.new_user(key, account, self.settings, password))
        except Taken:
            found = self._made_before(key, account)
            if found is None:
                words = f"Something of {account.username} is taken there, such as the email."
                raise DirectoryRefused(words) from None
            return found
        return None

    def _adopt(self, found: Resource, account: NewAccount) -> None:
        """Not somebody else's: the same name with another address is another person."""
        email = user.email_of(found)
        if email and account.email and email.casefold() != account.email.casefold():
            raise DirectoryRefused(
                f"There is a user {account.username} with another email address already."
            )
        unlocked: dict[str, object] = {self.settings.locked: False} if self.settings.locked else {}
        changes = {"active": True, **unlocked, **user.terms(account, self.settings)}
        self._bring_about(found, lambda _current: changes)

    def _change(self, username: str, changes: Changes) -> None:
        self._bring_about(self._known(username), lambda _current: changes)

    def _known(self, username: str) -> Resource:
        found = self.wire.find("userName", username)
        if found is None:
            raise DirectoryRefused(f"There is no account named {username}.")
        return found

    def _bring_about(self, found: Resource, changes: Callable[[Resource], Changes]) -> None:
        def patch(current: Resource) -> None:
            operations = user.differing(current, changes(current))
            if operations:
                self.wire.patch(current, operations)

        try:
            self._settle(found, patch)
        except Gone:
            raise DirectoryBusy("The user was removed while we changed it.") from None

    def _settle(self, found: Resource, act: Callable[[Resource], None]) -> None:
        """Acts on the user as it is now; one that somebody else changed meanwhile is read again.

        Raises `Gone`.
        """
        for _try in range(TRIES):
            try:
                return act(found)
            except Changed:
                found = self.wire.read(found["id"])
        raise DirectoryBusy("The user is being changed by somebody else.")


def _password() -> str:
    """Nobody ever sees it. Whatever kinds of characters a site asks for, they are there."""
    return f"Aa1!{secrets.token_urlsafe(32)}"
