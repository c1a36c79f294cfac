"""What the pages of one's own account answer: to their owner alone, and never by a mailed link."""

from collections.abc import Callable

from helpdesk.services import digests
from tests.contract.house import House
from tests.contract.visit import Values, Visit, named

PAGE = "in 200 403 200 200 200 200"
ACT = "403 302 403 302 302 302 302"
ADMINS_PAGE = "in 404 403 200 404 404 404"
ADMINS_ACT = "403 404 403 302 404 404 404"


def of_admin(house: House) -> Values:
    return {"factor_id": house.factor("admin")}


def admin_has_one(house: House) -> Values:
    house.factor("admin")
    return {}


def posted(**values: str) -> Callable[[House, Values], Values]:
    return lambda house, where: dict(values)


def anothers_offer(house: House, _where: Values) -> Values:
    return {"name": "Phone", "code": "123456", "sealed": house.offer()}


def on_or_off(_house: House) -> Values:
    return {"wanted": "off"}


def mailed(house: House) -> Values:
    """The link in the weekly email of Harbor's admin."""
    with house.app.app_context():
        return {"token": digests.off_path(house.ids["admin"]).rpartition("/")[2]}


ACCOUNT = (
    Visit("second_step.ask", "GET", "in 302 302 302 302 302 302", about="without a first one"),
    Visit("second_step.ask", "POST", "in 302 302 302 302 302 302", data=posted(code="123456"),
          about="without a first one"),
    Visit("sign_in.passkey", "POST", "403", about="without one"),
    Visit("sign_in.passkey", "POST", "403", data=posted(challenge="x", credential="{}"),
          about="made up"),
    Visit("account.security", "GET", PAGE),
    Visit("account.sign_out_others", "POST", ACT),
    Visit("account.weekly_email", "POST", "403 404 403 302 302 404 404", on_or_off),
    Visit("weekly_email.off", "GET", "200", mailed),
    Visit("weekly_email.off", "GET", "410", named(token="nobodys"), about="that is none"),
    Visit("weekly_email.off", "POST", "200", mailed),
    Visit("account.app_add", "GET", PAGE),
    Visit("account.app_add", "POST", "403 200 403 200 200 200 200", data=anothers_offer,
          about="with the secret of another"),
    Visit("account.passkey_add", "GET", PAGE),
    Visit("account.passkey_add", "POST", "403 200 403 200 200 200 200",
          data=posted(name="Laptop", challenge="x", credential="{}"), about="made up"),
    Visit("account.factor_rename", "GET", ADMINS_PAGE, of_admin),
    Visit("account.factor_rename", "POST", ADMINS_ACT, of_admin, posted(name="Tablet")),
    Visit("account.factor_remove", "GET", ADMINS_PAGE, of_admin),
    Visit("account.factor_remove", "POST", ADMINS_ACT, of_admin),
    Visit("account.recovery_codes", "GET", "in 302 403 200 302 302 302", admin_has_one),
    Visit("account.recovery_codes", "POST", "403 302 403 200 302 302 302", admin_has_one),
)  # fmt: skip
