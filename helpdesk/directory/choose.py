"""The directory that the settings name."""

from helpdesk.directory.base import Directory
from helpdesk.directory.local import LocalDirectory
from helpdesk.extensions import settings


class UnknownDirectory(Exception):
    """HELPDESK_DIRECTORY names no directory we have."""


def directory() -> Directory:
    if settings().DIRECTORY == "local":
        return LocalDirectory()
    raise UnknownDirectory(f"HELPDESK_DIRECTORY={settings().DIRECTORY} is not one of: local.")
