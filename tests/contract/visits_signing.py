"""The doors of a worksheet that is signed by a mailed link: who has the link gets in, signed in or
not."""

from tests.contract.house import House
from tests.contract.visit import Values, Visit, named


def to_sign(house: House) -> Values:
    return {"token": house.to_sign()}


def another_name(_house: House, _where: Values) -> Values:
    return {"signature": "Somebody Else"}


def why_not(_house: House, _where: Values) -> Values:
    return {"reason": "The date is wrong."}


MADE_UP = named(token="made-up")

SIGNING = (
    Visit("signing.show", "GET", "200", to_sign),
    Visit("signing.show", "GET", "410", MADE_UP, about="that never was"),
    Visit("signing.show", "POST", "200", to_sign, another_name),
    Visit("signing.show", "POST", "410", MADE_UP, another_name, "that never was"),
    Visit("signing.worksheet", "GET", "200", to_sign),
    Visit("signing.worksheet", "GET", "410", MADE_UP, about="that never was"),
    Visit("signing.decline", "GET", "200", to_sign),
    Visit("signing.decline", "GET", "410", MADE_UP, about="that never was"),
    Visit("signing.decline", "POST", "302", to_sign, why_not),
    Visit("signing.decline", "POST", "410", MADE_UP, why_not, "that never was"),
)
