"""What a step says about itself: who may take it, and what follows from it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from workflows.effects import AccountAction, Action, LicenseStep, Link, Mail, Recipient
from workflows.engine import PEOPLE, Mark, Party, Step

RECIPIENTS = {
    Recipient.LICENSEE: "the licensee",
    Recipient.FILER: "the one who filed",
    Recipient.ASSIGNEE: "the one who has the ticket",
    Recipient.ADMINS: "the agency’s admins",
    Recipient.STAFF: "HAND staff",
    Recipient.SIGNERS: "whoever has still to sign",
}
LINKS = {
    Link.SET_PASSWORD: "with a link to choose a password",
    Link.DESK_PASSWORD: "with a link to choose a password for the desk",
    Link.ACCESS: "with a link to the desk",
    Link.SIGN: "with a link to the worksheet",
}
ACCOUNT = {
    Action.CREATE: "The account is created.",
    Action.UNLOCK: "The account is unlocked.",
    Action.REACTIVATE: "The account is reactivated.",
    Action.EXTEND: "The account is extended.",
    Action.DEACTIVATE: "The account is deactivated.",
    Action.DELETE: "The account is deleted.",
    Action.CORRECT: "The account gets the name and email on file.",
}
LICENSE = {
    "request": "The license is requested.",
    "refuse": "The license is not issued.",
}
MARKS = {
    Mark.ASSIGN_ACTOR: "The ticket is theirs from then on.",
    Mark.ASSIGN_NAMED: "The ticket belongs to the one who was named.",
    Mark.RAISE_ATTENTION: "It is shown as needing attention.",
    Mark.CLEAR_ATTENTION: "It needs no attention any more.",
    Mark.AMEND: "What was mended replaces what was filed.",
    Mark.WAIT_FOR_STAFF: "The ticket waits for HAND staff.",
    Mark.CONVERT: "It goes on as a ticket of the right type.",
    Mark.SIGN_OUT: "The licensee is signed out everywhere, and links from earlier mails end.",
    Mark.END_ROLES: "Their role at the agency ends.",
    Mark.FORGET_SECRETS: "Without a role at the desk, their password and second step end.",
}


def plain(name: str) -> str:
    """The name of a thing that nobody has found words for yet."""
    return name.replace("_", " ")


def people(who: frozenset[Party]) -> str:
    """Those who may take a step: “HAND staff, the agency’s admin or the licensee”."""
    *most, last = [words for party, words in PEOPLE.items() if party in who] or ["nobody"]
    return f"{', '.join(most)} or {last}" if most else last


def follows(step: Step[Any]) -> tuple[str, ...]:
    """What is owed and written once the step is taken, a sentence each."""
    return (*_license(step), *_account(step), *_mails(step), *_marks(step))


def _license(step: Step[Any]) -> Iterator[str]:
    for effect in step.effects:
        if isinstance(effect, LicenseStep):
            yield LICENSE.get(effect.trigger, f"The license: {plain(effect.trigger)}.")


def _account(step: Step[Any]) -> Iterator[str]:
    for effect in step.effects:
        if isinstance(effect, AccountAction):
            yield ACCOUNT.get(effect.action, f"The account: {plain(effect.action)}.")


def _mails(step: Step[Any]) -> Iterator[str]:
    mails = (effect for effect in step.effects if isinstance(effect, Mail))
    for (name, link), same in groupby(mails, key=lambda mail: (mail.name, mail.link)):
        told = " and ".join(RECIPIENTS.get(mail.to, plain(mail.to)) for mail in same)
        with_link = f", {LINKS.get(link, plain(link))}" if link else ""
        yield f"Email “{plain(name)}” to {told}{with_link}."


def _marks(step: Step[Any]) -> Iterator[str]:
    for mark in sorted(step.marks):
        yield MARKS.get(mark, f"The ticket is marked: {plain(mark)}.")
