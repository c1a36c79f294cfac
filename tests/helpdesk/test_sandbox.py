"""The process in which a stranger's file is read: what it can't do."""

import os
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpdesk.sandbox import run as sandbox
from helpdesk.sandbox.launcher import launcher
from helpdesk.sandbox.run import Unreadable, run

ECHO = """
    import json, sys
    question = json.loads(sys.stdin.buffer.readline())
    print(question["word"], len(sys.stdin.buffer.read()))
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return tmp_path / "program.py"


def said(program: Path, code: str, data: bytes = b"", most: int = 1000) -> str:
    program.write_text(textwrap.dedent(code))
    return run(str(program), {"word": "read"}, data, most=most).decode().strip()


def test_a_program_is_asked_and_answers(program: Path) -> None:
    assert said(program, ECHO, b"x" * 3_000_000) == "read 3000000"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param("raise SystemExit(1)", "broken", id="gives up"),
        pytest.param("print('x' * 2000)", "broken", id="talks too much"),
        pytest.param("while True: print('x' * 1000)", "broken", id="never stops talking"),
        pytest.param("x = bytearray(600 * 2**20)", "broken", id="takes memory"),
        pytest.param("import pathlib; pathlib.Path('PLACE').write_text('x')", "broken",
                     id="writes a file"),
        pytest.param("import os; os.kill(os.getpid(), 9)", "time", id="is killed"),
    ],
)  # fmt: skip
def test_what_it_does_beyond_ends_it(program: Path, code: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        said(program, code.replace("PLACE", str(program.with_name("written"))))
    assert str(caught.value) == why


@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "while True: pass"])
def test_it_ends_in_time(program: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 1)
    begun = time.monotonic()
    with pytest.raises(Unreadable, match="time"):
        said(program, code, b"x" * 1_000_000)
    assert time.monotonic() - begun < 10


def test_work_without_end_runs_out_of_cpu(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "CPU_SECONDS", 1)
    with pytest.raises(Unreadable, match="time"):
        said(program, "while True: pass")


def test_it_sees_nothing_of_ours(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_SECRET_KEY", "a secret")
    code = "import os, sys; print(sorted(os.environ), os.getcwd(), [p for p in sys.path if not p])"
    seen = said(program, code)
    assert "HELPDESK" not in seen
    assert seen.endswith("/ []")


HOLDS = """
    import json, pathlib, sys
    question = json.loads(sys.stdin.buffer.readline())
    pathlib.Path(question["until"]).read_text()
    print("done")
"""


def test_so_many_run_at_once_and_whoever_waits_too_long_is_told(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.write_text(textwrap.dedent(HOLDS))
    pipes = [program.with_name(f"pipe{number}") for number in range(sandbox.AT_ONCE)]
    for pipe in pipes:
        os.mkfifo(pipe)
    with ThreadPoolExecutor(sandbox.AT_ONCE) as pool:
        running = [pool.submit(run, str(program), {"until": str(pipe)}, b"") for pipe in pipes]
        ends = [pipe.open("w") for pipe in pipes]  # each opens once its program is there
        monkeypatch.setattr(sandbox, "PATIENCE", 0.05)
        with pytest.raises(Unreadable, match=sandbox.BUSY):
            run(str(program), {}, b"")
        for end in ends:
            end.close()
        assert [each.result() for each in running] == [b"done\n"] * sandbox.AT_ONCE
    assert said(program, ECHO) == "read 0"


def test_what_it_has_started_ends_with_it(program: Path) -> None:
    code = """
        import os, time
        child = os.fork()
        if child == 0:
            os.close(0)
            time.sleep(30)
        print(child)
    """
    begun = time.monotonic()
    child = int(said(program, code))
    assert time.monotonic() - begun < 9
    deadline = time.monotonic() + 5
    while _runs(child):
        assert time.monotonic() < deadline, "it is there still"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    """One that has ended, and that nobody has asked about yet, doesn't."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_many_at_once_are_told_apart(program: Path) -> None:
    program.write_text(textwrap.dedent(ECHO))

    def ask(number: int) -> str:
        return run(str(program), {"word": f"no. {number}"}, b"x" * number).decode().strip()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(40)))
    assert found == [f"no. {number} {number}" for number in range(40)]


def test_a_launcher_that_is_gone_is_started_anew(program: Path) -> None:
    assert said(program, ECHO) == "read 0"
    launcher.stop()
    assert said(program, ECHO) == "read 0"
    process = launcher._process
    assert process is not None
    process.kill()
    assert said(program, ECHO) == "read 0"
