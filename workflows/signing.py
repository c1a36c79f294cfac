"""Who signs a worksheet, and what is known of a signature that is not on the sheet itself."""

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


def where(who: str) -> str:
    """The name under which a reading says where a signature is that is not on the sheet."""
    return f"{who}.where"


def says(who: str) -> str:
    """The name under which a reading says how somebody signed on a page of the desk."""
    return f"{who}.says"


def signers(sheet: Sheet) -> list[str]:
    """In the order of their lines."""
    lines = (blank.name for blank in sheet.blanks if blank.kind is Kind.SIGNATURE)
    return [name.removesuffix(SIGNATURE) for name in lines]
