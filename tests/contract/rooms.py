"""The map of the house: which room may know which, and what is in each module.

A module belongs to the room with the longest name that begins its own. A room may import itself.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from helpdesk.processes import ROOT

WEB, RULES = "helpdesk.views", "workflows"
READS = {"helpdesk.extensions", "helpdesk.models"}

MAP: dict[str, set[str]] = {
    # the rules know nothing of ours
    RULES: set(),
    "config": set(),
    "wsgi": {"helpdesk", "helpdesk.settings"},
    "helpdesk.settings": {"config"},
    # what every room stands on
    "helpdesk.extensions": {"config"},
    "helpdesk.actor": {RULES},
    "helpdesk.transaction": {"helpdesk.extensions"},
    "helpdesk.models": {"helpdesk.extensions", RULES},
    "helpdesk.links": READS | {"helpdesk.transaction"},
    # adapters: other machines, each behind its own door
    "helpdesk.mail": set(),
    "helpdesk.directory": set(),
    "helpdesk.documents": {"helpdesk.sandbox"},
    "helpdesk.outgoing": set(),
    "helpdesk.sandbox": set(),
    "helpdesk.scanning": set(),
    "helpdesk.worksheets": {"helpdesk.sandbox", RULES},
    "helpdesk.directory.choose": {"helpdesk.directory", "helpdesk.directory.local",
                                  "helpdesk.directory.manual", "helpdesk.directory.once",
                                  "helpdesk.directory.scim", "helpdesk.extensions"},
    "helpdesk.directory.once": READS | {"helpdesk.directory", "helpdesk.transaction"},
    "helpdesk.directory.scim": {"helpdesk.directory", "helpdesk.outgoing"},
    "helpdesk.directory.manual": READS | {"helpdesk.directory", "helpdesk.transaction"},
    "helpdesk.directory.local": READS | {"helpdesk.directory", "helpdesk.links",
                                         "helpdesk.transaction", RULES},
    # what is owed, and those who perform it
    "helpdesk.outbox": READS | {"helpdesk.transaction"},
    "helpdesk.outbox.performers": READS | {
        "helpdesk.outbox", "helpdesk.directory", "helpdesk.directory.choose", "helpdesk.mail",
        "helpdesk.links", "helpdesk.transaction", RULES},
    # the verbs
    "helpdesk.services": READS | {
        "config", "helpdesk.actor", "helpdesk.documents", "helpdesk.links", "helpdesk.outbox",
        "helpdesk.scanning", "helpdesk.settings", "helpdesk.transaction", "helpdesk.worksheets",
        RULES},
    "helpdesk.jobs": READS | {
        "config", "helpdesk.directory", "helpdesk.mail", "helpdesk.outbox",
        "helpdesk.outbox.performers", "helpdesk.services", "helpdesk.transaction", RULES},
    # who may, what is asked, what is shown
    "helpdesk.routes": {"helpdesk.actor"},
    "helpdesk.access": READS | {"helpdesk.actor", "helpdesk.services", RULES},
    "helpdesk.forms": {"helpdesk.actor", "helpdesk.models", RULES},
    WEB: READS | {
        "helpdesk.access", "helpdesk.actor", "helpdesk.documents", "helpdesk.forms",
        "helpdesk.links", "helpdesk.routes", "helpdesk.services", "helpdesk.transaction", RULES},
    "helpdesk.views.mailbox": {"helpdesk.access", "helpdesk.extensions", "helpdesk.mail", WEB},
    "helpdesk.views.health": {"helpdesk.extensions", "helpdesk.jobs", "helpdesk.services"},
    # who puts it together
    "helpdesk": {"config", "helpdesk.commands", "helpdesk.extensions", "helpdesk.jobs",
                 "helpdesk.models", WEB},
    "helpdesk.commands": {"helpdesk.cli"},
    "helpdesk.doctor": {"helpdesk.models", "helpdesk.services"},
    "helpdesk.cli": READS | {"helpdesk.checks", "helpdesk.demo", "helpdesk.doctor",
                             "helpdesk.directory", "helpdesk.directory.choose",
                             "helpdesk.jobs", "helpdesk.services", RULES},
    "helpdesk.checks": {"helpdesk.forms", "helpdesk.mail", "helpdesk.outbox.performers",
                        "helpdesk.services", RULES},
    "helpdesk.demo": READS | {"helpdesk.actor", "helpdesk.services", "helpdesk.transaction", RULES},
    # the launcher runs before there is an app
    "helpdesk.serve": {"helpdesk.processes"},
    "helpdesk.processes": set(),
}  # fmt: skip

MAP[WEB] |= {"helpdesk.views.mailbox", "helpdesk.views.health"}  # it registers them


@dataclass(frozen=True)
class Module:
    name: str
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text())

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @property
    def room(self) -> str:
        return room_of(self.name)

    def imports(self) -> Iterator[str]:
        """Everything imported, by its full name, wherever in the file."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))


def room_of(name: str) -> str:
    """The name itself where it is in no room: then the map has to tell of a new one."""
    rooms = [room for room in MAP if name == room or name.startswith(f"{room}.")]
    own = [room for room in rooms if room != "helpdesk" or name == "helpdesk"]
    return max(own, key=len, default=name)


def modules() -> list[Module]:
    files = [ROOT / "config.py", ROOT / "wsgi.py"]
    files += [*(ROOT / "workflows").rglob("*.py"), *(ROOT / "helpdesk").rglob("*.py")]
    found = [path for path in sorted(files) if "migrations" not in path.parts]
    return [Module(_name(path), path) for path in found]


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def called(call: ast.Call) -> str:
    """The last word of what is called: `commit` of `session.commit()`."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
