"""What the pages answer on which many people are recertified at once: a bulk is its owner's."""

from helpdesk.services.bulks import keeping
from helpdesk.services.bulks.keeping import Asked
from tests.contract.house import House
from tests.contract.visit import Rewound, Values, Visit, named
from tests.support.papers import page
from workflows import license as life

OWN = "in 403 403 200 404 404 404"
OWN_ACT = "403 403 403 302 404 404 404"
NO_BULK = named(bulk_id="999999")


def bulk_of_harbor(house: House) -> Values:
    """With somebody in it."""
    person_id, owner_id = house.licensee(life.EXPIRED).id, house.ids["admin"]
    with house.app.app_context():
        return {"bulk_id": keeping.set_up(Asked(owner_id, owner_id), {person_id: {}})}


def at_harbor(house: House) -> Values:
    return {"agency": str(house.agency_id)}


def ticked(house: House, _where: Values) -> Values:
    person_id = house.licensee(life.EXPIRED).id
    return {"person": str(person_id), "caller": str(house.ids["admin"])}


def saved(_house: House, _where: Values) -> Values:
    return {"save": "1"}


def sheet(house: House, _where: Values) -> Values:
    content = page(f"A worksheet {next(house.numbers)}")
    return {"file": (Rewound(content), "sheet.pdf")}


BULK = (
    Visit("bulk.start", "GET", "in 403 403 200 200 200 200"),
    Visit("bulk.start", "GET", "in 403 403 200 404 200 200", at_harbor, about="at an agency"),
    Visit("bulk.start", "POST", "403 403 403 302 404 302 302", at_harbor, ticked),
    Visit("bulk.show", "GET", OWN, bulk_of_harbor),
    Visit("bulk.show", "GET", "in 403 403 404 404 404 404", NO_BULK, about="that does not exist"),
    Visit("bulk.show", "POST", OWN_ACT, bulk_of_harbor, saved),
    Visit("bulk.add", "POST", "403 403 403 201 404 404 404", bulk_of_harbor, sheet),
    Visit("bulk.add", "POST", "403 403 403 422 404 404 404", bulk_of_harbor, about="nothing"),
)
