"""Who has still to sign is asked again, and what was wrong is put right."""

import pytest

from helpdesk.extensions import db
from helpdesk.models.person import Person
from helpdesk.services import corrections, tickets
from helpdesk.services.corrections import OnFile
from tests.factories import Cast
from tests.web.conftest import Visit
from tests.web.signing_page import newcomer_filed
from tests.web.test_signing_by_link import only_ticket
from tests.web.visitor import Visitor
from workflows.engine import Refused


@pytest.fixture
def dana(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.admin)


@pytest.fixture
def filed(cast: Cast, dana: Visitor) -> int:
    """Of a newcomer: they and their director are asked."""
    newcomer_filed(dana, cast.admin.name)
    return only_ticket().id


def test_a_newcomer_who_is_called_otherwise_by_now_has_still_to_sign(
    filed: int, cast: Cast
) -> None:
    """The worksheet is plainly somebody else's then, and nothing else of it is told."""
    told = OnFile("Nadia", "Brandt", "nadia.brandt@harbor.example")
    corrections.correct(only_ticket().person_id, told, 0, cast.sam, "")
    tickets.act(filed, "record_answer", cast.joan, {"message": "They sign today."})
    with pytest.raises(Refused, match="Ed Moss has not signed as the executive director yet"):
        tickets.act(filed, "approve", cast.joan)
    assert db.session.get_one(Person, only_ticket().person_id).name == "Nadia Brandt"
