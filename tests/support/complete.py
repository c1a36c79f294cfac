"""What did not run is said in capitals at the end; HELPDESK_TESTS_COMPLETE=1 makes it an error."""

import os
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

MUST_BE_COMPLETE = "HELPDESK_TESTS_COMPLETE"


def reasons(session_or_reporter: Any) -> Counter[str]:
    """How many tests were skipped, by reason."""
    reporter = session_or_reporter.config.pluginmanager.get_plugin("terminalreporter")
    return Counter(reason(report) for report in reporter.stats.get("skipped", []))


def reason(report: pytest.CollectReport | pytest.TestReport) -> str:
    longrepr = report.longrepr
    words = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return words.removeprefix("Skipped: ")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput") or not os.environ.get(MUST_BE_COMPLETE):
        return
    if reasons(session) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, object, object]:
    """After all other summaries, so that it is what one sees."""
    result = yield
    for line in lines(reasons(terminalreporter)):
        terminalreporter.write_line(line, red=True, bold=True)
    return result


def lines(left_out: Counter[str]) -> list[str]:
    said = [f"NOT RUN: {number} TESTS. {why}" for why, number in left_out.items()]
    if said and os.environ.get(MUST_BE_COMPLETE):
        said.append(f"{MUST_BE_COMPLETE} is set: that is a failure.")
    return said
