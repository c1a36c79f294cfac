"""The words of the house: American, and HAND's own names for its requests."""

import re
from pathlib import Path

import pytest

from helpdesk.processes import ROOT
from workflows.guards import LABELS
from workflows.registry import ticket_types

KINDS = {".py", ".html", ".txt", ".md", ".js", ".css", ".svg", ".toml", ".mako", ".sh"}
ROOMS = ("config.py", "wsgi.py", "README.md", "docs", "helpdesk", "templates", "workflows",
         "scripts", "bench", "pyproject.toml")  # fmt: skip

BRITISH = re.compile(
    r"\b(licence\w*|cancell(?:ed|ing)|colour\w*|favour\w*|behaviour\w*|honour\w*|"
    r"\w*organis(?:e|ed|ing|ation)\w*|authoris\w+|recognis\w+|apologis\w+|normalis\w+|summaris\w+|"
    r"centre[sd]?|catalogue[sd]?|enquir\w+|whilst|fulfil|labell(?:ed(?!by)|ing)\w*|travell\w+|defence|grey)\b",
    re.IGNORECASE,
)
CSS_WORDS = {"grey"}  # a style sheet may name a color as it likes


def texts() -> list[Path]:
    found: list[Path] = []
    for room in ROOMS:
        place = ROOT / room
        found += [place] if place.is_file() else sorted(place.rglob("*"))
    return [path for path in found if path.suffix in KINDS and path.is_file()]


def test_there_is_something_to_read() -> None:
    assert len(texts()) > 100


def test_the_spelling_is_american() -> None:
    found = []
    for path in texts():
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            words = {match[0].lower() for match in BRITISH.finditer(line)}
            if path.suffix == ".css":
                words -= CSS_WORDS
            found += [f"{path.relative_to(ROOT)}:{number}: {word}" for word in sorted(words)]
    assert found == []


def test_the_requests_are_called_what_hand_calls_them() -> None:
    assert LABELS == {
        "new_user_license": "New User License",
        "request_new_password": "Request New Password",
        "reactivate_license": "Reactivate License",
        "recertification": "Recertification",
    }
    for kind in ticket_types().values():
        assert LABELS[kind.name] == kind.label


@pytest.mark.parametrize(
    "label", ["New User License", "Request New Password", "Reactivate License"]
)
def test_a_request_is_never_written_another_way(label: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {spelled}"
        for path in texts()
        for spelled in re.findall(rf"\b{label}\b", path.read_text(), re.IGNORECASE)
        if spelled != label
    ]
    assert found == []


def test_nothing_in_the_house_tells_where_it_was_built() -> None:
    """No path of anybody's own folders, and nothing fetched from an address of one's own."""
    own = re.compile(r"(?<![\w.])/(?:home|root|Users|Volumes)/\w|--(?:extra-)?index-url")
    found = [str(path.relative_to(ROOT)) for path in texts() if own.search(path.read_text())]
    assert found == []
