"""What the pages of licenses to delete answer: they are HAND staff's."""

from sqlalchemy import select

from helpdesk.extensions import db
from helpdesk.models.license import License
from tests import factories
from tests.contract.house import House
from tests.contract.visit import Values, Visit, named

PAGE = "in 403 403 403 403 200 200"
ACT = "403 403 403 403 403 302 302"


def proposed(house: House) -> Values:
    with house.app.app_context():
        person = factories.proposed(house.cast.agency)
        mine = select(License.id).where(License.person_id == person.id)
        return {"license_id": db.session.scalars(mine).one()}


def query(house: House) -> Values:
    return {"license": proposed(house)["license_id"]}


DELETIONS = (
    Visit("deletions.index", "GET", PAGE),
    Visit("deletions.confirm", "GET", PAGE, query),
    Visit("deletions.confirm", "GET", "in 403 403 403 403 302 302", about="of nothing chosen"),
    Visit("deletions.confirm", "POST", ACT,
          data=lambda house, where: {"license": str(query(house)["license"])}),
    Visit("deletions.keep", "GET", PAGE, proposed),
    Visit("deletions.keep", "GET", "in 403 403 403 403 404 404", named(license_id="999999"),
          about="that is not proposed"),
    Visit("deletions.keep", "POST", ACT, proposed,
          lambda house, where: {"reason": "She is back in spring."}),
)  # fmt: skip
