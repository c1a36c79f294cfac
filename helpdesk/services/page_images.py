"""The pages of documents as pictures: how many there are, how large, and each of them as a PNG.

They take plain values, so that nothing of the database is held while the sandbox draws.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from helpdesk.documents.drawing import BUSY, KINDS, CannotDraw, Drawn, Paged, draw
from helpdesk.documents.drawings import Drawings
from helpdesk.extensions import settings
from helpdesk.services.documents import store

log = logging.getLogger(__name__)

_ONE = threading.Lock()
"""A process draws one page at a time: what a stranger's file may take is taken once."""

PATIENCE = 20.0
"""Seconds to wait for that: a form's pages are asked for all at once."""


class NoSuchPage(Exception):
    """The document has fewer pages, or the page is beyond those that are shown."""


def drawings() -> Drawings:
    return Drawings(settings().PAGES)


def drawable(content_type: str) -> bool:
    return content_type in KINDS


def pages_of(sha256: str, content_type: str) -> Paged:
    """Raises `CannotDraw`, and `NotThere` when the bytes are lost."""
    _judge(content_type)
    return _known(sha256) or _drawn(sha256, content_type, 0).paged


def page_image(sha256: str, content_type: str, number: int) -> bytes:
    """The PNG of the page of this number, from 0. Raises `CannotDraw`, `NoSuchPage`, `NotThere`."""
    _judge(content_type)
    paged = pages_of(sha256, content_type)
    if not 0 <= number < len(paged.pages):
        raise NoSuchPage
    png = drawings().png(sha256, number)
    if png is None:
        png = _drawn(sha256, content_type, number).png
    if not png:
        raise CannotDraw("page")
    return png


def _judge(content_type: str) -> None:
    if not drawable(content_type):
        raise CannotDraw("kind")


def _known(sha256: str) -> Paged | None:
    """None, too, if it was drawn when more or fewer pages were shown than now."""
    paged = drawings().paged(sha256)
    shown = min(paged.count, settings().DOCUMENT_MAX_PAGES) if paged else None
    return paged if paged and len(paged.pages) == shown else None


def _drawn(sha256: str, content_type: str, number: int) -> Drawn:
    """Drawn now, and kept; somebody else may have drawn it while we waited."""
    with _alone():
        known, png = _known(sha256), drawings().png(sha256, number)
        if known is not None and png is not None:
            return Drawn(known, png)
        with store().open(sha256) as file:
            data = file.read()
        return _draw(sha256, data, content_type, number)


@contextmanager
def _alone() -> Iterator[None]:
    if not _ONE.acquire(timeout=PATIENCE):
        raise CannotDraw(BUSY)
    try:
        yield
    finally:
        _ONE.release()


def _draw(sha256: str, data: bytes, content_type: str, number: int) -> Drawn:
    try:
        drawn = draw(data, content_type, number, settings().DOCUMENT_MAX_PAGES)
    except CannotDraw as cannot:
        if cannot.fault != BUSY:  # which is no fault of the file
            with _if_there_is_room():
                drawings().keep_fault(sha256, cannot.fault)
        raise
    with _if_there_is_room():
        drawings().keep(sha256, drawn.paged, number, drawn.png or b"")
    return drawn


@contextmanager
def _if_there_is_room() -> Iterator[None]:
    """Where there is none, the page is drawn anew the next time."""
    try:
        yield
    except OSError:
        log.warning("a drawn page could not be kept", exc_info=True)
