"""Finds the request types: every module of this package that holds a `TYPE`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import workflows
from workflows import license as licenses
from workflows.check import AnyWorkflow
from workflows.ticket_type import TicketType


class UnknownType(Exception):
    """A row names a request type that this version of the program does not have."""


@cache
def ticket_types() -> dict[str, TicketType]:
    """All request types by name, in the alphabetical order of their files."""
    names = [f"workflows.{found.name}" for found in iter_modules(workflows.__path__)]
    modules = map(import_module, names)
    types = [module.TYPE for module in modules if hasattr(module, "TYPE")]
    return {ticket_type.name: ticket_type for ticket_type in types}


def ticket_type(name: str) -> TicketType:
    """Raises `UnknownType`."""
    try:
        return ticket_types()[name]
    except KeyError:
        raise UnknownType(f"There is no request type {name!r}.") from None


def all_workflows() -> dict[str, AnyWorkflow]:
    """Those of the request types, and the license's own life, by name."""
    flows: dict[str, AnyWorkflow] = {name: kind.workflow for name, kind in ticket_types().items()}
    return flows | {licenses.WORKFLOW.name: licenses.WORKFLOW}
