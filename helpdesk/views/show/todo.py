"""What those who asked do once a request is completed; how a password comes to people matters."""

from helpdesk.extensions import settings
from helpdesk.services.directories import PasswordWay, password_way
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY

Words = tuple[str, str]
LOOK = "Tell {name} to look at their email"

ABOUT_ME: dict[str, dict[PasswordWay, Words]] = {
    NEW_PASSWORD: {
        PasswordWay.LINK: (
            "Choose a new password",
            "The link is in your email; look in Spam or Junk too. Then sign in.",
        ),
        PasswordWay.TEMPORARY: (
            "Log in with the temporary password",
            "{hmis} emails it to you; look in Spam or Junk too. Then choose one of your own.",
        ),
        PasswordWay.PRODUCT: (
            "Choose a new password",
            "On the log-in page of {hmis}, choose Forgot Password.",
        ),
    },
    RECERTIFY: dict.fromkeys(
        PasswordWay, ("Nothing more to do", "Your license goes on; your password is the same.")
    ),
}
ABOUT_OTHERS: dict[str, dict[PasswordWay, Words]] = {
    NEW_USER: {
        PasswordWay.LINK: (LOOK, "Their username and a link to choose a password were sent there."),
        PasswordWay.TEMPORARY: (LOOK, "{hmis} sends a temporary password there, for them alone."),
        PasswordWay.PRODUCT: (LOOK, "{hmis} sends an invitation there, for them alone."),
    },
    NEW_PASSWORD: {
        PasswordWay.LINK: (
            LOOK, "A link to choose a new password was sent there. Only they may use it."
        ),
        PasswordWay.TEMPORARY: (LOOK, "{hmis} sends a temporary password there, for them alone."),
        PasswordWay.PRODUCT: (
            "Tell {name} to choose Forgot Password", "They find it on the log-in page of {hmis}."
        ),
    },
    REACTIVATE: dict.fromkeys(
        PasswordWay,
        ("Tell {name} to log in today",
         "A reactivated license wants a log-in soon; the email says by when."),
    ),
    RECERTIFY: dict.fromkeys(
        PasswordWay,
        ("Tell {name} that the license goes on", "The username and password are the same."),
    ),
}  # fmt: skip


def words_for(type_name: str, name: str, *, about_me: bool) -> dict[str, str] | None:
    """The one thing to do now, as the page of a ticket shows it; None where there is none."""
    ways = (ABOUT_ME if about_me else ABOUT_OTHERS).get(type_name)
    if ways is None:
        return None
    label, rest = (text.format(name=name, hmis=settings().HMIS_NAME)
                   for text in ways[password_way(type_name)])  # fmt: skip
    return {"label": label, "words": rest}
