"""The arrows between the rooms hold, and the dangerous acts happen in one place each."""

import ast
import re
import sys
from collections.abc import Callable

import pytest

from tests.contract.rooms import MAP, Module, called, modules, room_of

MODULES = modules()
NAMES = {module.name for module in MODULES}
OURS = {"config", "wsgi", "helpdesk", "workflows"}

MAY_WRITE = ("helpdesk.services.", "helpdesk.jobs.", "helpdesk.transaction", "helpdesk.demo",
             "helpdesk.directory.local", "helpdesk.directory.manual",
             "helpdesk.directory.once", "helpdesk.outbox.performers")  # fmt: skip
LAUNCHER = {"helpdesk.serve", "helpdesk.processes"}
WRITING = {"transaction", "commit", "begin", "begin_nested"}
CHANGING = {"add", "add_all", "delete", "merge", "flush", "insert", "update"}


def of_ours(module: Module) -> set[str]:
    """The modules of ours that this one imports; `from a import b` may name a module or a thing."""
    found = set()
    for name in module.imports():
        if name.partition(".")[0] in OURS:
            found.add(name if name in NAMES else name.rpartition(".")[0])
    return found


def where(found: Callable[[Module], bool]) -> set[str]:
    return {module.name for module in MODULES if found(module)}


def test_the_whole_house_is_looked_at() -> None:
    assert len(MODULES) > 80
    assert {module.room for module in MODULES} == set(MAP)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_room_knows_only_the_rooms_that_the_map_allows(module: Module) -> None:
    allowed = MAP[module.room] | {module.room}
    assert {name for name in of_ours(module) if room_of(name) not in allowed} == set()


def test_the_map_allows_nothing_that_is_not_used() -> None:
    """An arrow nobody needs is an invitation."""
    used: dict[str, set[str]] = {room: set() for room in MAP}
    for module in MODULES:
        used[module.room] |= {room_of(name) for name in of_ours(module)} - {module.room}
    unused = {room: MAP[room] - {room} - used[room] for room in MAP}
    assert {room: extra for room, extra in unused.items() if extra} == {}


def test_the_rules_stand_on_the_standard_library_and_one_engine() -> None:
    for module in MODULES:
        if module.room == "workflows":
            roots = {name.partition(".")[0] for name in module.imports()}
            assert roots <= sys.stdlib_module_names | {"workflows", "transitions"}, module.name


def test_the_engine_alone_knows_the_engine_underneath() -> None:
    assert where(lambda m: any(n.startswith("transitions") for n in m.imports())) == {
        "workflows.engine"
    }


def test_the_rules_read_no_clock_and_no_environment() -> None:
    clocks = {"now", "utcnow", "today", "time", "monotonic", "getenv", "open"}
    for module in MODULES:
        if module.room == "workflows":
            read = {c for call in module.calls() if (c := called(call)) in clocks}
            read -= {"time"} if module.name == "workflows.hours" else set()
            assert read == set(), module.name


def test_only_the_settings_read_the_environment() -> None:
    def reads(module: Module) -> bool:
        return any(
            isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}
            for node in module.nodes
        ) or any(name.startswith(("os.environ", "os.getenv")) for name in module.imports())

    assert where(reads) - LAUNCHER == {"config"}


def test_only_a_few_rooms_open_a_transaction_that_writes() -> None:
    writers = where(lambda m: any(called(call) in WRITING for call in m.calls()))
    assert {name for name in writers if not name.startswith(MAY_WRITE)} == set()


def test_only_one_place_commits() -> None:
    assert where(lambda m: any(called(call) == "commit" for call in m.calls())) == {
        "helpdesk.transaction"
    }


def test_pages_forms_and_access_change_nothing_themselves() -> None:
    quiet = ("helpdesk.views", "helpdesk.forms", "helpdesk.access")
    sessions = re.compile(r"\b(session|database|db)\b")
    for module in MODULES:
        if module.name.startswith(quiet):
            acts = {
                ast.unparse(call)
                for call in module.calls()
                if called(call) in CHANGING
                and isinstance(call.func, ast.Attribute)
                and sessions.search(ast.unparse(call.func.value))
            }
            statements = {f"sqlalchemy.{word}" for word in ("insert", "update", "delete")}
            assert acts | (statements & set(module.imports())) == set(), module.name


NOT_ROWS = {"Role", "Proof", "Kind", "Said", "Status"}
"""What models define besides rows."""


def test_pages_make_no_rows() -> None:
    made = {
        (module.name, called(call))
        for module in MODULES
        if module.name.startswith(("helpdesk.views", "helpdesk.forms", "helpdesk.access"))
        for call in module.calls()
        if called(call)[:1].isupper()
        and any(n.startswith("helpdesk.models.") and n.endswith(f".{called(call)}")
                for n in module.imports())
        and called(call) not in NOT_ROWS
    }  # fmt: skip
    assert made == set()


def test_a_state_is_updated_in_one_place() -> None:
    def updates(module: Module) -> bool:
        return any(
            called(call) == "values" and any(k.arg in {"state", "version"} for k in call.keywords)
            for call in module.calls()
        )

    assert where(updates) == {"helpdesk.services.gateway"}


def test_no_statement_written_out_in_words_updates_a_state() -> None:
    words = re.compile(r"update\s+\"?(ticket|license)\b.*\bset\b", re.IGNORECASE | re.DOTALL)
    for module in MODULES:
        texts = (n.value for n in module.nodes if isinstance(n, ast.Constant))
        assert [t for t in texts if isinstance(t, str) and words.search(t)] == [], module.name


def test_no_state_is_assigned_anywhere_in_the_application() -> None:
    for module in MODULES:
        if "helpdesk.models" in MAP[module.room] | {module.room}:
            assigned = [
                ast.unparse(node)
                for node in module.nodes
                if isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Store)
                and node.attr in {"state", "version"}
            ]
            named = [
                ast.unparse(call)
                for call in module.calls()
                if called(call) in {"setattr", "Ticket", "License", "set_committed_value"}
                and re.search(r"\b(state|version)\b\s*[=']", ast.unparse(call))
            ]
            assert assigned + named == [], module.name


def test_nothing_is_imported_within_a_function_but_what_a_web_process_does_without() -> None:
    late = {"helpdesk.commands", "helpdesk.directory.choose",
            "helpdesk.services.blank_worksheets",
            "helpdesk.services.web_worksheets"}
    for module in MODULES:
        inner = [
            ast.unparse(node)
            for function in module.nodes
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        assert (inner != []) is (module.name in late), (module.name, inner)
