"""The bytes: durable before a row names them, gone after the last; full disks and crashes."""

import errno
import io
import os
import time
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.ctx import AppContext

from helpdesk.documents.errors import CannotStore, NotAllowed, NotThere, TooLarge
from helpdesk.documents.store import YOUNG, Store
from helpdesk.extensions import db
from helpdesk.jobs.tasks import tidy
from helpdesk.models.document import Document, documents_of
from helpdesk.services import documents, drafts
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.test_documents import OTHER_KEY, add, attached, drafts_of, files
from tests.support.fakes import FakeClock
from tests.support.papers import pdf

LIMIT = 1_000_000


def put(store: Store, content: bytes = b"bytes") -> str:
    return store.put(io.BytesIO(content), LIMIT).sha256


def grow_old(store: Store, by: float = YOUNG + 60) -> None:
    for path in store.folder.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - by, time.time() - by))


def left(store: Store) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file()]


def nobody_names(_checksums: Collection[str]) -> set[str]:
    return set()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "documents")


def test_what_was_put_is_there_under_its_checksum(store: Store) -> None:
    stored = store.put(io.BytesIO(b"bytes" * 200_000), LIMIT)
    with store.open(stored.sha256) as file:
        assert file.read() == b"bytes" * 200_000
    assert stored.size == LIMIT
    (path,) = left(store)
    assert path.parent.name + path.name == stored.sha256


def test_no_one_else_on_the_machine_can_look_in(store: Store) -> None:
    put(store)
    assert store.folder.stat().st_mode & 0o077 == 0


def test_the_limit_is_kept_while_reading_and_nothing_stays(store: Store) -> None:
    with pytest.raises(TooLarge):
        store.put(io.BytesIO(b"x" * (LIMIT + 1)), LIMIT)
    assert left(store) == []


def test_bytes_that_are_not_there_or_damaged_are_told_so(store: Store) -> None:
    sha256 = put(store)
    with pytest.raises(NotThere):
        store.open("0" * 64)
    left(store)[0].write_bytes(b"bytez")
    with pytest.raises(NotThere, match="damaged"):
        store.open(sha256)
    put(store)
    store.open(sha256).close()


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "mkdir", "open"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_disk_that_fails_leaves_nothing_behind(
    call: str, error: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, call, error)
    with pytest.raises(CannotStore):
        put(store)
    monkeypatch.undo()
    assert left(store) == []
    put(store)


def fail(monkeypatch: pytest.MonkeyPatch, call: str, error: int) -> None:
    def fails(*_args: Any, **_more: Any) -> Any:
        raise OSError(error, os.strerror(error))

    if call == "write":
        monkeypatch.setattr("helpdesk.documents.store.Path.open", lambda *_: Full(error))
    elif call == "fsync":
        monkeypatch.setattr(os, "fsync", fails)
    else:
        monkeypatch.setattr(f"helpdesk.documents.store.Path.{call}", fails)


class Full(io.BytesIO):
    """A file on a disk without room."""

    def __init__(self, error: int) -> None:
        super().__init__()
        self.error = error

    def write(self, _content: Any) -> int:
        raise OSError(self.error, os.strerror(self.error))


def test_a_full_disk_is_a_sentence_and_no_row(
    app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = factories.person().id
    fail(monkeypatch, "fsync", errno.ENOSPC)
    with pytest.raises(NotAllowed, match="we have no room just now"):
        add(ann, pdf())
    monkeypatch.undo()
    assert drafts_of(ann) == []
    assert files() == []


def test_only_what_is_old_and_in_no_row_is_swept(store: Store) -> None:
    kept, gone = put(store, b"kept"), put(store, b"gone")
    (store.folder / "incoming" / "of-a-crash").write_bytes(b"half")
    assert store.sweep(nobody_names) == 0
    grow_old(store)
    put(store, b"young")
    assert store.sweep(lambda checksums: {kept} & set(checksums)) == 2
    assert sorted(path.read_bytes() for path in left(store)) == [b"kept", b"young"]
    with pytest.raises(NotThere):
        store.touch(gone)


@pytest.mark.parametrize("act", [put, lambda store: store.touch(put(store))])
def test_what_somebody_is_about_to_name_is_not_swept(act: Any, store: Store) -> None:
    """It comes between the look into the rows and the removing."""
    put(store)
    grow_old(store)

    def meanwhile(_checksums: Collection[str]) -> set[str]:
        act(store)
        return set()

    assert store.sweep(meanwhile) == 0
    assert len(left(store)) == 1


def test_what_is_swept_meanwhile_is_no_trouble(store: Store) -> None:
    put(store)
    grow_old(store)

    def meanwhile(_checksums: Collection[str]) -> set[str]:
        left(store)[0].unlink()
        return set()

    assert store.sweep(meanwhile) == 0


def test_a_crash_between_file_and_row_leaves_what_the_tidying_takes_away(
    app_context: AppContext, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = factories.person().id
    monkeypatch.setattr(drafts, "_keep", no_more)
    with pytest.raises(KeyboardInterrupt):
        add(ann, pdf())
    monkeypatch.undo()
    assert drafts_of(ann) == []
    assert len(files()) == 1
    tidy()
    assert len(files()) == 1
    grow_old(documents.store())
    clock.pass_by(timedelta(hours=1))
    tidy()
    assert files() == []


def no_more(*_args: object) -> None:
    raise KeyboardInterrupt


def test_drafts_of_yesterday_go_with_their_files_unless_these_are_shared(
    cast: factories.Cast, clock: FakeClock
) -> None:
    owner = cast.admin.person_id or 0
    _document, ticket = attached(cast, pdf("shared"))
    add(owner, pdf("shared"), form_key=OTHER_KEY)
    add(owner, pdf("alone"), form_key=OTHER_KEY)
    clock.pass_by(timedelta(hours=24, seconds=1))
    add(owner, pdf("of today"))
    grow_old(documents.store())
    documents.tidy()
    assert drafts_of(owner, OTHER_KEY) == []
    assert [d.size for d in drafts_of(owner)] == [len(pdf("of today"))]
    assert len(files()) == 2
    assert len(documents_of(db.session(), ticket)) == 1


def test_after_any_tidying_every_row_has_its_file(cast: factories.Cast, clock: FakeClock) -> None:
    owner = cast.admin.person_id or 0
    document, ticket = attached(cast)
    for number in range(3):
        drafts.remove(add(owner, pdf(str(number))))
        with transaction() as session:
            documents.copy(session, [document.id], ticket)
        clock.pass_by(timedelta(hours=13))
        grow_old(documents.store())
        documents.tidy()
        for document in db.session.query(Document):
            documents.store().open(document.sha256).close()
    named = {d.sha256 for d in db.session.query(Document)}
    assert len(files()) == len(named)


