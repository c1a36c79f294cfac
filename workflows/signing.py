"""Who signs a worksheet, and what is known of a signature that is not on the sheet itself."""

from collections.abc import Iterator, Mapping

from workflows.papers import OTHER
from workflows.requirements import DOCUMENT
from workflows.worksheets import Kind, Sheet

USER, ADMIN, DIRECTOR = "user", "admin", "director"
SIGNERS = {USER: "the user", ADMIN: "the agency admin", DIRECTOR: "the executive director"}
SIGNATURE, SIGNED_ON = ".signature", ".signed_on"

ON_PAGE = "page"
"""They signed a page that is attached: no program can tell."""

SIGNED_PAGE = f"{DOCUMENT}{OTHER}"
"""The input that brings such a page."""

ELSEWHERE = {ON_PAGE: "The signature of {who} is on a page that is attached."}
"""What there is to do about a signature, by where it is."""

BY_LINK, BY_TYPED_LINK = "link", "typed_link"
"""They sign by a link that is mailed to them: to an address on file, or to one that was typed by
whoever filled in the worksheet."""

BY_EMAIL = "by-email"
"""What a check is about that waits for a link which goes out once the request is sent."""

ONCE_SENT = "{name} is asked by email to sign, once you send this."
NOT_YET = "{name} has not signed as {who} yet: the link went to {address}."
REFUSED = "{name} can’t sign as {who}, and has said why."
TYPED_ADDRESS = (
    "{name} signed as {who} by a link mailed to {address}, as it was typed for this request: make"
    " sure that this is their address."
)
SIGNED_BY = {
    BY_LINK: "by a link mailed to {address}, the address on file",
    BY_TYPED_LINK: "by a link mailed to {address}, as it was typed for this request",
}


def where(who: str) -> str:
    """The name under which a reading says where a signature is that is not on the sheet."""
    return f"{who}.where"


def asked_name(who: str) -> str:
    """The name under which a reading says whose signature is asked for by a link; and where."""
    return f"{who}.asked_name"


def asked_at(who: str) -> str:
    return f"{who}.asked_at"


def asked_person(who: str) -> str:
    """The same for the number of somebody who is on file."""
    return f"{who}.asked_person"


def addressed_by(who: str) -> str:
    """The same for the number of whoever typed the address anew since it was filed: they do not
    approve what was signed there."""
    return f"{who}.addressed_by"


def unsigned(values: Mapping[str, str]) -> Iterator[str]:
    """Who has still to sign by a link, as a reading tells."""
    for who in SIGNERS:
        if values.get(where(who)) in SIGNED_BY and not values.get(f"{who}{SIGNATURE}"):
            yield who


def says(who: str) -> str:
    """The name under which a reading says how somebody signed on a page of the desk."""
    return f"{who}.says"


def title_of(who: str) -> str:
    """As it begins a line: “Executive director”."""
    return SIGNERS[who].removeprefix("the ").capitalize()


def signers(sheet: Sheet) -> list[str]:
    """In the order of their lines."""
    lines = (blank.name for blank in sheet.blanks if blank.kind is Kind.SIGNATURE)
    return [name.removesuffix(SIGNATURE) for name in lines]
