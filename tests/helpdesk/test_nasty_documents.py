"""Traps, through all that happens to a document: recognized, read, looked into, drawn. Whatever
comes of it comes within the limits, as an answer, and this process goes on. What memory a look may
take, `test_sandbox` says."""

import io
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from config import Config
from helpdesk.documents import types
from helpdesk.documents.drawing import KINDS, CannotDraw, draw
from helpdesk.documents.errors import NotAllowed
from helpdesk.documents.names import harmless
from helpdesk.documents.private import look
from helpdesk.documents.types import PDF
from helpdesk.sandbox import run as sandbox
from helpdesk.worksheets.read import read
from tests.support.nasty_files import NASTY

SLACK = 3.0  # seconds, to start a process on a busy machine
NAME = "\x00\r\n\t\x1b[31m" * 600 + "\u202efdp." + "x" * 2000 + "/../../a\x7f.pdf"


def within(limit: float, do: Callable[[], object]) -> None:
    begun = time.monotonic()
    do()
    assert time.monotonic() - begun < limit + SLACK


def drawn(content: bytes, content_type: str) -> None:
    with suppress(CannotDraw):
        answer = draw(content, content_type, 0, 10)
        assert len(answer.paged.pages) <= 10
        assert answer.png is None or answer.png.startswith(b"\x89PNG")


def recognized(name: str, content: bytes) -> None:
    with suppress(NotAllowed):
        types.recognize(io.BytesIO(content), name, Config.DOCUMENT_PIXELS_TAKEN)


def test_there_are_enough_of_them() -> None:
    assert len(NASTY) >= 100


@pytest.mark.parametrize("what", NASTY)
def test_a_trap_is_answered_within_the_limits(what: str) -> None:
    name, make, content_type = NASTY[what]
    content = make()
    within(1, lambda: recognized(name, content))
    within(sandbox.SECONDS, lambda: look(content, content_type, 10))
    if content_type in KINDS:
        within(sandbox.SECONDS, lambda: drawn(content, content_type))
    if content_type == PDF.content_type:
        within(sandbox.SECONDS, lambda: read(content))


def test_a_name_of_4_kb_with_control_characters_is_harmless() -> None:
    assert len(NAME.encode()) > 4096
    name = harmless(NAME)
    assert (len(name) <= 120, name.isprintable(), "/" in name) == (True, True, False)
