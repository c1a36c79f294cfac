"""What follows from a step: frozen values. All but a license's own step happen later, elsewhere."""

from dataclasses import dataclass
from enum import StrEnum


class Recipient(StrEnum):
    """Whom a mail goes to, seen from the ticket or license it is about. Former and new admins are
    those of the agencies that a license comes from and goes to. Signers have still to sign a
    worksheet by a mailed link; perhaps nobody has, and they need not be on file."""

    LICENSEE = "licensee"
    FILER = "filer"
    ASSIGNEE = "assignee"
    ADMINS = "admins"
    FORMER_ADMINS = "former_admins"
    NEW_ADMINS = "new_admins"
    STAFF = "staff"
    SIGNERS = "signers"


class Link(StrEnum):
    """A one-time link that a mail carries; it is made when the mail is sent, never before.

    The password is the HMIS's own, which the account directory knows of, or the desk's.
    """

    SET_PASSWORD = "set_password"
    DESK_PASSWORD = "desk_password"
    RESET = "reset"
    ACCESS = "access"
    SIGN = "sign"


class Action(StrEnum):
    """What can be done to an account. For a ticket, the license takes the step of the same name
    afterwards; none follows from a correction."""

    CREATE = "create"
    UNLOCK = "unlock"
    REACTIVATE = "reactivate"
    EXTEND = "extend"
    DEACTIVATE = "deactivate"
    DELETE = "delete"
    CORRECT = "correct"


@dataclass(frozen=True)
class Mail:
    """One mail to one recipient. `name` is a folder of templates."""

    name: str
    to: Recipient
    link: Link | None = None


@dataclass(frozen=True)
class AccountAction:
    """One change to the licensee's account in the directory."""

    action: Action


@dataclass(frozen=True)
class LicenseStep:
    """A step of the licensee's license, taken in the very commit of the step that brings it."""

    trigger: str


Effect = Mail | AccountAction | LicenseStep
