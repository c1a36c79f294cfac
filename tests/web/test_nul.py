"""The one character that no database takes, in every field of every form."""

from collections.abc import Callable, Iterator

from helpdesk import links
from helpdesk.extensions import db
from helpdesk.links import Purpose
from helpdesk.models.effect import Effect, Status
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.conftest import dump_rows
from tests.web.conftest import Visit
from tests.web.markup import Form
from tests.web.visitor import Visitor
from tests.workflows.making import NOW, ticket_facts
from workflows import common
from workflows.engine import Attempt, Party
from workflows.guards import NEW_PASSWORD
from workflows.registry import ticket_types

NUL = "a\0b"
Page = Callable[[factories.Cast], str]


def step(state: str, trigger: str) -> Page:
    return lambda cast: f"/tickets/{factories.ticket(state, by=cast).id}/{trigger}"


def filing(type_name: str) -> Page:
    """About somebody whose license fits."""
    fits = next(state for state in factories.LICENSE_STEPS if is_fit(type_name, state))
    return lambda cast: (
        f"/requests/new/{type_name}?person={factories.licensee(fits, of=cast.agency).id}"
    )


def is_fit(type_name: str, state: str) -> bool:
    facts = ticket_facts(license_state=state, filer_ids=frozenset(), fields={})
    attempt = Attempt(frozenset(Party), NOW, facts)
    options = ticket_types()[type_name].workflow.options(common.NEW, attempt)
    return next(option.allowed for option in options if option.step.trigger == "submit")


def failed(cast: factories.Cast) -> str:
    factories.failed_ticket(cast)
    dead = db.session.query(Effect).filter_by(status=Status.DEAD)
    return f"/effects/{max(effect.id for effect in dead)}/give-up"


def link(purpose: Purpose) -> Page:
    def made(cast: factories.Cast) -> str:
        owner = factories.licensee(of=cast.agency)
        with transaction() as session:
            token = links.mint(session, purpose, owner.id, f"nul:{owner.id}").rpartition("/")[2]
        return f"/{purpose}/{token}"

    return made


STEPS = {
    taken.trigger: step(taken.source[0], taken.trigger)
    for taken in reversed(ticket_types()[NEW_PASSWORD].workflow.steps)  # the first by each name
    if taken.who & {Party.STAFF, Party.AGENCY} and taken.source[0] != common.NEW
}
PAGES: dict[str, Page] = {
    "sign in": lambda _cast: "/sign-in",
    "ask for a link": lambda _cast: "/cant-log-in",
    "Forgot Password": lambda _cast: "/forgot-password",
    "open a link": link(Purpose.ACCESS),
    "set a password": link(Purpose.SET_PASSWORD),
    "begin to file": lambda _cast: "/requests/new",
    "give up": failed,
    **{f"file {name}": filing(name) for name in ticket_types()},
    **STEPS,
}


def is_own(form: Form) -> bool:
    """Not one of the frame around every page."""
    return form.method == "post" and form.action != "/sign-out"


def answer(form: Form, name: str) -> str:
    field = form.fields[name]
    return field.value or (field.options[-1] if field.options else "typed")


def tries(form: Form) -> Iterator[dict[str, str]]:
    """Filled in as asked, with a NUL in one field, each in turn, and at last in all of them."""
    filled = {name: answer(form, name) for name in form.fields}
    places = [name for name in form.fields if name != "csrf_token"]
    for name in places:
        yield {**filled, name: filled[name] + NUL}
    yield {**filled, **{name: filled[name] + NUL for name in places}}


def send_all(visitor: Visitor, page: Page, cast: factories.Cast) -> int:
    """Each try with the page as it is when it was just opened; tells how many there were."""
    count = 0
    while True:
        path = page(cast)
        opened = visitor.get(path)
        todo = [(form, typed) for form in opened.forms if is_own(form) for typed in tries(form)]
        if count >= len(todo):
            return count
        form, typed = todo[count]
        sent = visitor.post(form.action or opened.path, typed, follow=False)
        assert sent.status < 500, (path, typed, sent.words)
        count += 1


def test_in_any_field_of_any_form_it_is_no_mistake_of_ours(
    cast: factories.Cast, visit: Visit, stranger: Visitor
) -> None:
    for name, page in PAGES.items():
        visitors = (visit(cast.sam), visit(cast.admin), stranger)
        assert sum(send_all(visitor, page, cast) for visitor in visitors) > 0, name
    kept = repr(dump_rows())
    assert "\ufffd" in kept
    assert "\\x00" not in kept
    assert "u0000" not in kept
