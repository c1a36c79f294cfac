"""What those who speak of accounts have to know of the directory: who carries actions out, how a
password comes to its owner, and whether the desk sees log-ins."""

from enum import StrEnum

from helpdesk.extensions import settings
from workflows.guards import NEW_PASSWORD


class PasswordWay(StrEnum):
    """By a link of the desk's; as a temporary one from the HMIS; as the product itself offers."""

    LINK = "link"
    TEMPORARY = "temporary"
    PRODUCT = "product"


WAYS = {
    "local": PasswordWay.LINK,
    "manual": PasswordWay.TEMPORARY,
    "scim": PasswordWay.PRODUCT,
}


def password_way(type_name: str) -> PasswordWay:
    """How it comes once a request of this type is done. Who unlocks by hand gives one out, too."""
    if type_name == NEW_PASSWORD and by_hand():
        return PasswordWay.TEMPORARY
    return WAYS[settings().DIRECTORY]


def accounts_are_ours() -> bool:
    """Log-ins happen at the desk itself: one password opens both, and bad ones count for both."""
    return settings().DIRECTORY == "local"


def hmis_elsewhere() -> str | None:
    """The name of the HMIS where its passwords are not the desk's; None where they are the same."""
    return None if accounts_are_ours() else settings().HMIS_NAME


def by_hand() -> bool:
    """Staff carry account actions out themselves: all of them, or what SCIM does not offer."""
    config = settings()
    if config.DIRECTORY == "scim":
        return not config.SCIM_LOCKED
    return config.DIRECTORY == "manual"
