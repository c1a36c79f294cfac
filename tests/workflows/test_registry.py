"""Request types are found by their files."""

from pathlib import Path

import pytest

import workflows
from workflows.registry import UnknownType, ticket_type, ticket_types


def test_every_file_with_a_type_is_found_under_the_name_of_the_file() -> None:
    (folder,) = workflows.__path__
    with_a_type = [
        path.stem for path in sorted(Path(folder).glob("*.py")) if "\nTYPE = " in path.read_text()
    ]
    assert list(ticket_types()) == with_a_type
    assert "request_new_password" in with_a_type


def test_a_type_is_asked_for_by_name() -> None:
    for name, kind in ticket_types().items():
        assert ticket_type(name) is kind
        assert (kind.name, kind.workflow.name) == (name, name)


@pytest.mark.parametrize("name", ["", "common", "license", "Request_New_Password", "../x"])
def test_a_type_nobody_wrote_is_an_error_that_names_it(name: str) -> None:
    with pytest.raises(UnknownType, match="There is no request type"):
        ticket_type(name)


def test_every_type_says_in_words_what_it_is_for_and_when_it_is_wanted() -> None:
    for kind in ticket_types().values():
        assert kind.summary.endswith(".")
        assert kind.label == kind.workflow.label != ""
        assert kind.target_days > 0
