"""What every route answers to everybody: the table of the house's doors.

The columns are the roles of `house.ROLES`. "in": sent to the sign-in page; a number: the status.
302 leads anywhere else. A thing of another agency is 404, a page not for one's role is 403.
"""

import secrets
from collections.abc import Callable

from helpdesk.links import Purpose
from tests.contract.house import House
from tests.contract.visit import Rewound, Values, Visit, named
from tests.contract.visits_account import ACCOUNT
from tests.contract.visits_bulk import BULK
from tests.contract.visits_deletions import DELETIONS
from tests.contract.visits_manage import MANAGE
from tests.contract.visits_people import PEOPLE
from tests.contract.visits_signing import SIGNING
from tests.factories import PASSWORD
from tests.support.papers import pdf
from workflows.papers import OTHER


def someone(house: House) -> Values:
    return {"type_name": "request_new_password", "person": house.licensee().id}


def renewed(house: House) -> Values:
    return {"type_name": "recertification", "person": house.licensee().id}


def myself(role: str) -> Callable[[House], Values]:
    return lambda house: {"type_name": "request_new_password", "person": house.ids[role]}


def request_form(_house: House, where: Values) -> Values:
    return {
        "key": secrets.token_urlsafe(24),
        "caller": where["person"],
        "happened": "locked",
        "note": "",
        "vouched": "y",
    }


def picked(house: House, _where: Values) -> Values:
    return {"person": house.ids["licensee"], "what": "request_new_password", "go": "1"}


def ticket_of_harbor(house: House) -> Values:
    return {"ticket_id": house.ticket().id}


def ticket_about(role: str) -> Callable[[House], Values]:
    return lambda house: {"ticket_id": house.ticket(house.ids[role]).id}


def step(trigger: str, state: str = "submitted") -> Callable[[House], Values]:
    return lambda house: {"ticket_id": house.ticket(state=state).id, "trigger": trigger}


def as_shown(house: House, where: Values) -> Values:
    """The ticket's version, as a page shows it: one step was taken to submit it."""
    return {"version": "1"}


def document(about: str | None = None) -> Callable[[House], Values]:
    """Of a ticket about somebody new at Harbor, or about one of the roles."""
    return lambda house: {"document_id": house.document(house.ids[about] if about else None)}


def first_page(house: House) -> Values:
    return {"document_id": house.document(), "number": 1}


def no_page(house: House) -> Values:
    return {"document_id": house.document(), "number": 2}


def reviewed_document(house: House) -> Values:
    document_id = house.document()
    return {"document_id": document_id, "ticket_id": house.ticket_of(document_id)}


def reviewed(house: House) -> Values:
    return {"ticket_id": reviewed_document(house)["ticket_id"]}


def another_document(house: House) -> Values:
    return {"document_id": house.document(), "ticket_id": house.ticket().id}


def date_taken(_house: House, _where: Values) -> Values:
    return {"about": "typed_basic_privacy", "version": 1}


def accepted(_house: House, _where: Values) -> Values:
    return {"about": "", "said": "fine", "note": ""}


def corrected(_house: House, _where: Values) -> Values:
    return {"blank": "name", "text": "Ann Lee"}


def draft_of(role: str) -> Callable[[House], Values]:
    return lambda house: {"document_id": house.draft(house.ids[role])}


def upload(_house: House, _where: Values) -> Values:
    file = (Rewound(pdf()), "Note.pdf")
    return {"key": secrets.token_urlsafe(24), "kind": OTHER, "file": file}


def effect(house: House) -> Values:
    return {"effect_id": house.dead_effect()}


def checklist(house: House) -> Values:
    return {"checklist_id": house.checklist()}


def token(purpose: Purpose) -> Callable[[House], Values]:
    return lambda house: {"token": house.token(purpose)}


def wrong_password(house: House, _where: Values) -> Values:
    return {"username": f"nobody.{next(house.numbers)}", "password": "a wrong one"}


def new_password(_house: House, _where: Values) -> Values:
    return {"password": PASSWORD, "password_again": PASSWORD}


def mail(house: House) -> Values:
    folder = house.app.config["MAIL_DIRECTORY"]
    folder.mkdir(exist_ok=True)
    name = f"20261123T150000000000-{'0' * 40}.eml"
    (folder / name).write_text("To: ann@agency.example\nSubject: Hello\n\nHello.\n")
    return {"name": name}


LINK, PASSWORD_LINK = Purpose.ACCESS, Purpose.SET_PASSWORD
STAFF_PAGE = "in 403 403 403 403 200 200"
STAFF_ACT = "403 403 403 403 403 302 302"
HARBORS_PAGE = "in 404 404 200 404 200 200"
STAFF_STEP = "in 404 404 403 404 200 200"

VISITS = (
    #                                stranger licensee link admin other staff manager
    Visit("static", "GET", "200", named(filename="desk.css")),
    Visit("static", "GET", "404", named(filename="../config.py"), about="outside of the folder"),
    Visit("bootstrap.static", "GET", "200", named(filename="css/bootstrap.min.css")),
    Visit("health.healthz", "GET", "200"),
    Visit("health.readyz", "GET", "503", about="while no worker has been seen"),
    Visit("sign_in.sign_in", "GET", "200 302 302 302 302 302 302"),
    Visit("sign_in.sign_in", "POST", "403", data=wrong_password),
    Visit("sign_in.sign_out", "POST", "in"),
    Visit("guide.begin", "GET", "200"),
    Visit("guide.step", "GET", "200", named(step="password"), about="to a question"),
    Visit("guide.step", "GET", "200", named(step="locked"), about="to an ending"),
    Visit("guide.step", "GET", "404", named(step="nonsense"), about="to nowhere"),
    Visit("links.ask", "GET", "200"),
    Visit("links.ask", "POST", "200", data=lambda house, where: {"username": "ann.lee"}),
    Visit("links.forgot", "GET", "200"),
    Visit("links.forgot", "POST", "200", data=lambda house, where: {"username": "ann.lee"}),
    Visit("links.open", "GET", "200", token(LINK)),
    Visit("links.open", "GET", "410", named(token="made-up"), about="that never was"),
    Visit("links.open", "GET", "410", token(PASSWORD_LINK), about="for another purpose"),
    Visit("links.open", "POST", "302", token(LINK)),
    Visit("links.open", "POST", "410", named(token="made-up"), about="that never was"),
    Visit("links.set_password", "GET", "200", token(PASSWORD_LINK)),
    Visit("links.set_password", "GET", "410", token(LINK), about="for another purpose"),
    Visit("links.set_password", "GET", "409", token(Purpose.RESET), about="while locked"),
    Visit("links.set_password", "POST", "in", token(PASSWORD_LINK), new_password),
    Visit("links.set_password", "POST", "410", named(token="made-up"), new_password, "made up"),
    Visit("links.set_password", "POST", "409", token(Purpose.RESET), new_password, "while locked"),
    Visit("links.judge", "POST", "200", token(PASSWORD_LINK), new_password),
    Visit("links.judge", "POST", "410", named(token="made-up"), new_password, "made up"),
    Visit("links.renew", "POST", "200", token(PASSWORD_LINK)),
    Visit("links.renew", "POST", "200", named(token="made-up"), about="of one that never was"),
    Visit("home.home", "GET", "in 200 200 200 200 200 200"),
    *PEOPLE,
    *SIGNING,
    *BULK,
    Visit("requests.start", "GET", "in 200 200 200 200 200 200"),
    Visit("requests.start", "POST", "403 200 200 200 200 200 200",
          data=lambda house, where: {"q": "lee"}, about="to search"),
    Visit("requests.start", "POST", "403 200 200 302 302 302 302", data=picked, about="to go on"),
    Visit("requests.file", "GET", HARBORS_PAGE, someone, about="about a colleague"),
    Visit("requests.file", "GET", "in 200 404 200 404 200 200", myself("licensee"), about="me"),
    Visit("requests.file", "GET", "in 404 200 200 404 200 200", myself("by link"), about="me too"),
    Visit("requests.file", "GET", "in 404 404 404 404 404 404", named(type_name="x"), about="x"),
    Visit("requests.file", "POST", "403 404 404 302 404 302 302", someone, request_form),
    Visit("worksheets.download", "GET", HARBORS_PAGE, renewed, about="of a colleague"),
    Visit("worksheets.download", "GET", "in 404 404 404 404 404 404", someone, about="none"),
    Visit("tickets.show", "GET", HARBORS_PAGE, ticket_of_harbor, about="about a colleague"),
    Visit("tickets.show", "GET", "in 200 404 200 404 200 200", ticket_about("licensee"),
          about="about me"),
    Visit("tickets.show", "GET", "in 404 200 200 404 200 200", ticket_about("by link"),
          about="about me, by a link"),
    Visit("tickets.show", "GET", "in 404 404 404 404 404 404", named(ticket_id="999999"),
          about="that does not exist"),
    Visit("tickets.step", "GET", STAFF_STEP, step("take")),
    Visit("tickets.step", "GET", STAFF_STEP, step("approve", "in_review"), about="approve"),
    Visit("tickets.step", "GET", "in 404 404 200 404 403 403", step("withdraw"), about="withdraw"),
    Visit("tickets.step", "GET", "in 404 404 403 404 403 403", step("provisioned"),
          about="a step of the desk itself"),
    Visit("tickets.step", "GET", "in 404 404 404 404 404 404", step("nonsense"),
          about="a step that does not exist"),
    Visit("tickets.step", "POST", "403 404 404 403 404 302 302", step("take"), as_shown, "take"),
    Visit("tickets.step", "POST", "403 404 404 403 404 409 409", step("approve"), as_shown,
          "approve, which does not lead on from here"),
    Visit("tickets.step", "POST", "403 404 404 302 404 403 403", step("withdraw"), as_shown,
          "withdraw"),
    Visit("tickets.step", "POST", "403 404 404 403 404 403 403", step("provisioned"), as_shown,
          "a step of the desk itself"),
    Visit("tickets.step", "POST", "403 404 404 404 404 404 404", step("nonsense"), as_shown,
          "a step that does not exist"),
    Visit("documents.show", "GET", HARBORS_PAGE, document(), about="of a colleague's ticket"),
    Visit("documents.show", "GET", "in 200 404 200 404 200 200", document("licensee"),
          about="of a ticket about me"),
    Visit("documents.show", "GET", "in 404 404 404 200 404 404", draft_of("other admin"),
          about="that is another's draft"),
    Visit("documents.show", "GET", "in 404 404 404 404 404 404", named(document_id="999999"),
          about="that does not exist"),
    Visit("documents.view", "GET", HARBORS_PAGE, document(), about="of a colleague's ticket"),
    Visit("documents.view", "GET", "in 200 404 200 404 200 200", document("licensee"),
          about="of a ticket about me"),
    Visit("documents.view", "GET", "in 404 404 404 200 404 404", draft_of("other admin"),
          about="of another's draft"),
    Visit("documents.page", "GET", HARBORS_PAGE, first_page, about="of a colleague's ticket"),
    Visit("documents.page", "GET", "in 404 404 404 404 404 404", no_page, about="beyond the last"),
    Visit("review.begin", "GET", "in 403 403 403 403 302 302", reviewed),
    Visit("review.begin", "GET", "in 403 403 403 403 302 302", ticket_of_harbor,
          about="of nothing"),
    Visit("review.show", "GET", STAFF_PAGE, reviewed_document),
    Visit("review.show", "GET", "in 403 403 403 403 404 404", another_document,
          about="of another ticket"),
    Visit("review.mark", "POST", STAFF_ACT, reviewed_document, accepted),
    Visit("review.mark", "POST", "403 403 403 403 403 404 404", another_document, accepted,
          "of another ticket"),
    Visit("review.correct", "POST", "403 403 403 403 403 404 404", reviewed_document, corrected,
          "where nothing was read"),
    Visit("review.take_date", "POST", STAFF_ACT, reviewed_document, date_taken),
    Visit("review.take_date", "POST", "403 403 403 403 403 404 404", another_document, date_taken,
          "of another ticket"),
    Visit("documents.add", "POST", "403 201 201 201 201 201 201", data=upload),
    Visit("documents.add", "POST", "403 422 422 422 422 422 422", about="nothing"),
    Visit("documents.remove", "POST", "403 404 404 200 404 404 404", draft_of("admin")),
    Visit("documents.remove", "POST", "403 404 404 404 404 404 404", document(), about="attached"),
    Visit("queue.index", "GET", STAFF_PAGE),
    Visit("queue.find", "POST", "403 403 403 403 403 200 200",
          data=lambda house, where: {"q": "lee"}),
    Visit("checklists.index", "GET", STAFF_PAGE),
    Visit("checklists.show", "GET", STAFF_PAGE, checklist),
    Visit("checklists.show", "GET", "in 403 403 403 403 404 404", named(checklist_id="999999"),
          about="that does not exist"),
    Visit("checklists.confirm", "POST", STAFF_ACT, checklist,
          lambda house, where: {"round": "1", "step": "0"}),
    Visit("checklists.confirm", "POST", "403 403 403 403 403 409 409", checklist,
          lambda house, where: {"round": "1", "step": "3"}, "a step that is not its turn"),
    Visit("checklists.could_not", "GET", STAFF_PAGE, checklist),
    Visit("checklists.could_not", "POST", STAFF_ACT, checklist,
          lambda house, where: {"round": "1", "reason": "There is no such user."}),
    *DELETIONS,
    Visit("effects.index", "GET", STAFF_PAGE),
    Visit("effects.retry", "POST", STAFF_ACT, effect),
    Visit("effects.give_up", "GET", STAFF_PAGE, effect),
    Visit("effects.give_up", "GET", "in 403 403 403 403 404 404", named(effect_id="999999"),
          about="that does not exist"),
    Visit("effects.give_up", "POST", STAFF_ACT, effect, lambda house, where: {"reason": "Told."}),
    Visit("workflows.index", "GET", STAFF_PAGE),
    Visit("workflows.show", "GET", STAFF_PAGE, named(name="request_new_password")),
    Visit("workflows.show", "GET", STAFF_PAGE, named(name="license"), about="the license"),
    Visit("workflows.show", "GET", "in 403 403 403 403 404 404", named(name="nonsense"),
          about="that does not exist"),
    *ACCOUNT,
    *MANAGE,
    Visit("mailbox.index", "GET", "200"),
    Visit("mailbox.show", "GET", "200", mail),
    Visit("mailbox.show", "GET", "404", named(name="secret-key"), about="of another file"),
)  # fmt: skip
