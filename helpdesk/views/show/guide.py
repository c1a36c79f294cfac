"""“Why can’t I log in?”: two or three questions, and the endings they lead to.

It asks what people see and know, never who they are, so it can tell nothing about anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for

from helpdesk.services.directories import accounts_are_ours
from helpdesk.views.show.way_back import Button, call_hand, write_to_admin
from workflows.guards import NEW_USER, REACTIVATE


@dataclass(frozen=True)
class Answer:
    """`to`: the name of another question, or of an ending."""

    label: str
    to: str


@dataclass(frozen=True)
class Question:
    title: str
    answers: tuple[Answer, ...]


BEGIN = "begin"

QUESTIONS: dict[str, Question] = {
    BEGIN: Question(
        "What describes it best?",
        (
            Answer("My password is not taken, or I forgot it", "password"),
            Answer("A message says something about my license", "message"),
            Answer("I was away, or have not logged in for a month or more", "away"),
            Answer("My yearly recertification is due, or overdue", "expired"),
            Answer("I am new: I have never logged in", "new"),
            Answer("None of these, or I am not sure", "not-sure"),
        ),
    ),
    "password": Question(
        "How often did you try in a row?",
        (
            Answer("Once or twice, or not at all", "forgotten"),
            Answer("Three times or more", "locked"),
            Answer("My password is right, I am sure of it", "not-sure"),
        ),
    ),
    "message": Question(
        "What does it say?",
        (
            Answer("Locked, or too many attempts", "locked"),
            Answer("Expired", "expired"),
            Answer("Inactive, or inactivated", "inactivated"),
            Answer("Suspended", "suspended"),
            Answer("Deleted, or no such user", "deleted"),
            Answer("Something else", "not-sure"),
        ),
    ),
    "away": Question(
        "Where do you work now?",
        (
            Answer("At the same agency as before", "inactivated"),
            Answer("I left that agency, or came back to it later", "deleted"),
            Answer("I am not sure that I still have a license", "not-sure"),
        ),
    ),
    "new": Question(
        "What has happened so far?",
        (
            Answer("Nothing yet, or I don’t know", "not-created"),
            Answer("My agency admin has sent the request", "being-created"),
            Answer("I had a license years ago", "deleted"),
        ),
    ),
}


def _forgot() -> Button:
    """Where the HMIS has passwords of its own, its Forgot Password comes first."""
    if not accounts_are_ours():
        return Button("It did not work: email me a link", url_for("links.ask"))
    return Button("Forgot Password", url_for("links.forgot"))


def _link(label: str) -> Callable[[], Button]:
    return lambda: Button(label, url_for("links.ask"))


def _write(request: str) -> Callable[[], Button]:
    def button() -> Button:
        return write_to_admin(request, url_for("requests.start", what=request))

    return button


ENDINGS: dict[str, Callable[[], Button]] = {
    "forgotten": _forgot,
    "locked": _link("Email me a link to unlock it"),
    "expired": _link("Email me a link to recertify"),
    "inactivated": _write(REACTIVATE),
    "deleted": _write(NEW_USER),
    "not-created": _write(NEW_USER),
    "being-created": _link("Email me how my license stands"),
    "suspended": lambda: call_hand() or _link("Email me how my license stands")(),
    "not-sure": _link("Email me how my license stands"),
}
"""Each has its words in `templates/guide/`, and one button."""
