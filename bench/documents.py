"""What it costs to draw the pages of documents, and how much memory the sandbox takes for it."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PIL import Image

from bench.aims import Figure
from bench.cost import own_seconds
from helpdesk import sandbox
from helpdesk.documents.drawing import draw
from helpdesk.documents.private import look
from helpdesk.documents.types import JPEG, PDF
from helpdesk.processes import say
from helpdesk.sandbox.run import MEMORY
from helpdesk.worksheets.read import read
from tests.support import worksheets
from workflows.worksheets import NEW_USER

DRAW = Path(sandbox.__file__).with_name("draw_page.py")
TIMES = 10
LABEL = "documents"


def documents() -> list[Figure]:
    say("Drawing and reading documents …")
    form = worksheets.filled(NEW_USER)
    scan = worksheets.scanned(form)
    found = [*_drawn("a filled-in form", form, PDF.content_type),
             *_drawn("a scan", scan, PDF.content_type),
             *_drawn("a photo of 12 megapixels", _photo(), JPEG.content_type)]  # fmt: skip
    found.append(_each("a worksheet read", partial(read, form)))
    search = partial(look, form, PDF.content_type, 10)
    found.append(_each("a PDF searched for SSNs", search))
    return found


def _drawn(what: str, data: bytes, content_type: str) -> Iterator[Figure]:
    yield _each(f"{what}, a page drawn", partial(draw, data, content_type, 0, 10))
    most = MEMORY / 1024**2
    yield Figure(LABEL, f"{what}, memory", _memory(data, content_type), "MB", aim=most)


def _each(what: str, do: Callable[[], object]) -> Figure:
    """What it costs in all processes, once it has been done to warm up."""
    do()
    begun, before = time.perf_counter(), own_seconds()
    for _time in range(TIMES):
        do()
    rate = TIMES / (time.perf_counter() - begun)
    return Figure(LABEL, what, 1000 * (own_seconds() - before) / TIMES, "ms CPU", rate)


def _memory(data: bytes, content_type: str) -> float:
    """The most that the program had in memory, as the kernel counted it at its end."""
    kind = "pdf" if content_type == PDF.content_type else "picture"
    question = json.dumps({"type": kind, "page": 0, "most": 10}).encode() + b"\n"
    command = [sys.executable, "-I", "-B", str(DRAW)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(question + data)
        process.stdin.close()
        process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


def _photo() -> bytes:
    target = io.BytesIO()
    Image.effect_noise((4000, 3000), 40).convert("RGB").save(target, "JPEG", quality=85)
    return target.getvalue()
