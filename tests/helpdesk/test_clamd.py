"""What is said to clamd and what it answers: a stand-in, and the real one."""

import io
import socket
import struct
import threading
import time
from pathlib import Path

import pytest

from helpdesk.scanning import clamd
from helpdesk.scanning.clamd import NoAnswer, answers, virus_in
from tests.support.clamd import EICAR, LARGEST, StandIn
from tests.support.papers import page


@pytest.fixture(params=["stand-in", "clamd"])
def scanner(request: pytest.FixtureRequest, stand_in: StandIn, real_clamd: str | None) -> str:
    """Where one listens."""
    if request.param == "stand-in":
        return stand_in.address
    if real_clamd is None:
        pytest.skip("There is no clamd here (Debian: clamav-daemon).")
    return real_clamd


def test_a_clean_file_is_clean(scanner: str) -> None:
    assert virus_in(scanner, io.BytesIO(page("Signed"))) is None
    assert virus_in(scanner, io.BytesIO(b"")) is None


@pytest.mark.parametrize("around", [b"", page("Signed"), bytes(200_000)], ids=len)
def test_eicar_is_found_alone_and_within_a_document(scanner: str, around: bytes) -> None:
    assert "Eicar-Test" in (virus_in(scanner, io.BytesIO(around + EICAR)) or "")


def test_a_file_that_is_larger_than_it_takes_has_no_answer(scanner: str) -> None:
    with pytest.raises(NoAnswer):
        virus_in(scanner, io.BytesIO(bytes(LARGEST * 3)))


def test_whether_it_is_there_is_known(scanner: str) -> None:
    assert answers(scanner)
    assert not answers("/nowhere/at/all")


@pytest.mark.sockets
@pytest.mark.parametrize(
    "address", ["/nowhere/at/all", "nonsense", "127.0.0.1:name", "127.0.0.1:99999", "127.0.0.1:1"]
)
def test_an_address_where_nobody_is_has_no_answer(address: str) -> None:
    with pytest.raises(NoAnswer):
        virus_in(address, io.BytesIO(b"a"))


@pytest.mark.parametrize(
    "answer", [b"", b"\0", b"stream: Access denied. ERROR\0", b"\xff\xfe\0", b"OK", b"x" * 9000]
)
def test_an_answer_that_is_none_is_no_clean_bill(answer: bytes, stand_in: StandIn) -> None:
    stand_in.answer = lambda _data: answer
    with pytest.raises(NoAnswer):
        virus_in(stand_in.address, io.BytesIO(b"a"))


def test_a_virus_without_a_name_is_one(stand_in: StandIn) -> None:
    stand_in.answer = lambda _data: b"stream:  FOUND\0"
    assert virus_in(stand_in.address, io.BytesIO(b"a")) == "a virus"


def test_one_that_says_nothing_is_not_waited_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clamd, "ANSWER_WITHIN", 0.3)
    begun = time.monotonic()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        with pytest.raises(NoAnswer):
            virus_in(str(tmp_path / "s"), io.BytesIO(bytes(50_000_000)))
    assert time.monotonic() - begun < 10


@pytest.mark.sockets
def test_it_may_listen_on_a_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve() -> None:
            link, _ = listener.accept()
            with link, link.makefile("rb") as told:
                told.read(len(b"zINSTREAM\0"))
                while length := struct.unpack(">I", told.read(4))[0]:
                    told.read(length)
                link.sendall(b"stream: OK\0")

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        assert virus_in(f"127.0.0.1:{port}", io.BytesIO(b"clean")) is None
        thread.join(5)
