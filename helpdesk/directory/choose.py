"""The directory that the settings name."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from helpdesk.directory.base import Directory
from helpdesk.directory.local import LocalDirectory
from helpdesk.directory.manual import ManualDirectory
from helpdesk.directory.once import Once
from helpdesk.extensions import settings


def scim() -> Directory:
    """Imported where a site has one: it speaks HTTP, which takes a library nothing else needs."""
    from helpdesk.directory.scim.directory import ScimDirectory  # noqa: PLC0415
    from helpdesk.directory.scim.settings import ScimSettings  # noqa: PLC0415

    config = settings()
    site = ScimSettings(
        url=config.SCIM_URL,
        token=config.SCIM_TOKEN,
        zone=ZoneInfo(config.TIMEZONE),
        timeout=config.SCIM_TIMEOUT,
        private=config.SCIM_PRIVATE,
        authority=config.SCIM_AUTHORITY,
        sets_passwords=config.SCIM_PASSWORDS == "set",
        locked=config.SCIM_LOCKED,
        until=config.SCIM_UNTIL,
        access_level=config.SCIM_ACCESS_LEVEL,
    )
    return Once(ScimDirectory(site, by_hand=ManualDirectory()))


DIRECTORIES: dict[str, Callable[[], Directory]] = {
    "local": LocalDirectory,
    "manual": ManualDirectory,
    "scim": scim,
}


def directory() -> Directory:
    return DIRECTORIES[settings().DIRECTORY]()
