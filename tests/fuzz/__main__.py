"""Changes good documents at random, and counts what becomes of them. The same number makes the same
files each time.

    python -m tests.fuzz [FILES] [SEED]

Ends with 1 if something else came of one than an answer, and keeps that file where it says.
"""

import io
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from config import Config
from helpdesk.documents import types
from helpdesk.documents.drawing import KINDS, CannotDraw, draw
from helpdesk.documents.errors import NotAllowed
from helpdesk.documents.private import look
from helpdesk.documents.types import PDF
from helpdesk.worksheets.read import read
from tests.fuzz.change import changed
from tests.fuzz.seeds import SEEDS

AT_ONCE = 2

Job = tuple[int, str, str, bytes]


def main(files: int, seed: int) -> int:
    begun, counts = time.monotonic(), Counter[str]()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for found in pool.map(_tried, _jobs(files, seed)):
            counts.update(found)
    for what, count in sorted(counts.items()):
        print(f"{count:7,}  {what}")
    print(f"{files:,} files with seed {seed} in {time.monotonic() - begun:.0f} s")
    return 1 if any(what.startswith("WRONG") for what in counts) else 0


def _jobs(files: int, seed: int) -> Iterator[Job]:
    chance = random.Random(seed)  # noqa: S311 - the same files each time
    for number in range(files):
        name, content_type, data = SEEDS[number % len(SEEDS)]
        yield number, name, content_type, changed(data, chance)


def _tried(job: Job) -> list[str]:
    number, name, content_type, data = job
    label = name.rpartition(".")[2]
    try:
        return [f"{label}: {what}" for what in _ends(name, content_type, data)]
    except Exception as error:
        folder = Path(tempfile.gettempdir()) / "fuzzed"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}-{name}").write_bytes(data)
        return [f"WRONG {label}: {type(error).__name__}: {error} ({folder}/{number}-{name})"]


def _ends(name: str, content_type: str, data: bytes) -> Iterator[str]:
    """What the door says; then what happens inside, as though it had let everything in."""
    try:
        types.recognize(io.BytesIO(data), name, Config.DOCUMENT_PIXELS_TAKEN)
        yield "taken"
    except NotAllowed:
        yield "refused"
    yield f"private: {look(data, content_type, 10).private}"
    if content_type in KINDS:
        yield _drawn(partial(draw, data, content_type, 0, 10))
    if content_type == PDF.content_type:
        yield f"read: {read(data).fault or 'ours'}"


def _drawn(do: Callable[[], object]) -> str:
    try:
        do()
    except CannotDraw as cannot:
        return f"not drawn: {cannot.fault}"
    return "drawn"


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(given + [400, 1][len(given):])))
