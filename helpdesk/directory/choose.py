"""The directory that the settings name."""

from collections.abc import Callable

from helpdesk.directory.base import Directory
from helpdesk.directory.local import LocalDirectory
from helpdesk.directory.manual import ManualDirectory
from helpdesk.extensions import settings

DIRECTORIES: dict[str, Callable[[], Directory]] = {
    "local": LocalDirectory,
    "manual": ManualDirectory,
}


def directory() -> Directory:
    return DIRECTORIES[settings().DIRECTORY]()
