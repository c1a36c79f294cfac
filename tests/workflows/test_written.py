"""Names as people write them: whose a typed signature is."""

import pytest

from workflows.written import signs_as


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Dana Price", "Dana Price"),
        ("dana  PRICE", "Dana Price"),
        ("Dana M. Price", "Dana Price"),
        ("Dana Marie Price", "Dana Price"),
        ("Dana Price", "Dana Marie Price"),
        ("Dana K. Price", "Dana M. Price"),
        ("Jose Nunez", "José Núñez"),
        ("J Smith", "J. Smith"),
        ("Cher", "Cher"),
    ],
)
def test_whoever_types_first_and_last_name_signs(typed: str, name: str) -> None:
    assert signs_as(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("", "Dana Price"),
        ("Dana", "Dana Price"),
        ("Price", "Dana Price"),
        ("D Price", "Dana Price"),
        ("D. Price", "Dana Price"),
        ("D Price", "E. Price"),
        ("Dana Pryce", "Dana Price"),
        ("Sam Reed", "Dana Price"),
    ],
)
def test_an_initial_or_another_name_is_no_signature(typed: str, name: str) -> None:
    assert not signs_as(typed, name)
