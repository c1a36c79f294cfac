"""Who can be asked to sign whose name and address are typed."""

from workflows.typed_signer import ADDRESS, FILED, JUDGES, NAME, NAMESAKE, Concerned, faults

SAM = Concerned("Sam Reed", "sam@hand.example", JUDGES)
DANA = Concerned("Dana Cole", "dana@harbor.example", FILED)


def told(name: str, address: str) -> list[tuple[str, str]]:
    return list(faults(name, address, [DANA, SAM]))


def test_who_has_nothing_to_do_with_it_is_asked() -> None:
    assert told("Ed Moss", "ed@harbor.example") == []


def test_somebody_elses_mailbox_is_wrong_at_the_address() -> None:
    assert told("Ed Moss", "Dana+ed@harbor.example") == [(ADDRESS, FILED)]
    assert told("Sam Reed", "sam@hand.example") == [(ADDRESS, JUDGES)]


def test_somebody_elses_name_is_wrong_at_the_name() -> None:
    assert told("Dana Cole", "ed@harbor.example") == [(NAME, FILED)]


def test_a_namesake_at_hand_has_a_way_on() -> None:
    assert told("Sam Reed", "sam.reed@harbor.example") == [(NAME, NAMESAKE)]
    assert "sign a page" in NAMESAKE
    assert told("Sam Moss Reed", "sam.reed@harbor.example") == []
