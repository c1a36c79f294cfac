"""Whatever is typed into the requests with documents: no error of ours, escaped, kept."""

from email import message_from_bytes
from email.policy import default

import pytest

from helpdesk.extensions import db
from helpdesk.jobs import drain as drain_module
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.event import history
from helpdesk.models.ticket import Ticket
from tests import factories
from tests.filings import upload
from tests.support.fakes import FakeMailer, Posted
from tests.web.conftest import Visit
from tests.web.markup import Answer, Form
from tests.web.test_hostile_text import TEXTS, assert_harmless, kept, line_ends_aside
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW, WAITING
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY
from workflows.license import ACTIVE, EXPIRED, INACTIVE, LOCKED
from workflows.registry import ticket_type

LONGEST = {"first_name": 50, "last_name": 50, "phone": 40, "note": 4000, "further_providers": 4000}
LINE = 120
NOT_TEXT = {"email", "supervisor_email", "key", "csrf_token"}
SURE = {
    "first_name": "Nils", "last_name": "Acker", "email": "nils@harbor.example",
    "employment": "employee", "supervisor": "Robin Ames", "access_level": "case_manager_1",
    "provider": "Shelter", "reason": "no_log_in", "happened": "other", "vouched": "y",
}  # fmt: skip
TYPES = [NEW_USER, NEW_PASSWORD, REACTIVATE, RECERTIFY]


@pytest.fixture
def mailer(monkeypatch: pytest.MonkeyPatch) -> FakeMailer:
    made = FakeMailer()
    monkeypatch.setattr(drain_module, "open_mailer", made.open)
    return made


def form_of(
    type_name: str, cast: factories.Cast, dana: Visitor, number: int
) -> tuple[Answer, Form]:
    """The form as it is shown, for somebody whose license fits; a newcomer has none."""
    person = ""
    if type_name != NEW_USER:
        state = {NEW_PASSWORD: LOCKED, REACTIVATE: INACTIVE, RECERTIFY: EXPIRED}[type_name]
        person = f"?person={factories.licensee(state, of=cast.agency).id}"
    page = dana.get(f"/requests/new/{type_name}{person}")
    form = page.form_with("key")
    answers = {name: value for name, value in SURE.items() if name in form.fields}
    if "email" in answers:
        answers["email"] = f"nils{number}@harbor.example"
    days = {name: "2026-11-01" for name in form.fields if name.startswith("course_")}
    for name, value in (answers | days).items():
        form.fields[name].value = value
    return page, form


def texts(form: Form) -> list[str]:
    return [f.name for f in form.visible
            if f.kind in {"text", "textarea"} and f.name not in NOT_TEXT]  # fmt: skip


def fitting(name: str, text: str) -> str:
    """No longer than the field takes, and not blank."""
    return text.strip()[: LONGEST.get(name, LINE)].strip()


@pytest.mark.parametrize("type_name", TYPES)
def test_awkward_text_in_every_field_is_kept(
    type_name: str, cast: factories.Cast, visit: Visit, mailer: FakeMailer
) -> None:
    dana, sam = visit(cast.admin), visit(cast.sam)
    for number, (what, text) in enumerate(TEXTS.items()):
        page, form = form_of(type_name, cast, dana, number)
        typed = {name: fitting(name, text) for name in texts(form)}
        attach(cast, form, type_name)
        sent = dana.send(page, form, **typed)
        assert sent.status == 200, (what, sent.words)
        ticket = newest()
        for name, value in typed.items():
            assert ticket.fields[name] == kept(value), (what, name)
        for visitor in (dana, sam):
            for path in (f"/tickets/{ticket.id}", "/"):
                assert_harmless(visitor.get(path))
        for path in ("/queue", f"/tickets/{ticket.id}/reject"):
            assert_harmless(sam.get(path))
    drain(Kind.MAIL)
    assert len(mailer.posted) >= len(TEXTS)
    for letter in mailer.posted:
        assert_safe(letter)


def attach(cast: factories.Cast, form: Form, type_name: str) -> None:
    upload(cast.admin, form.fields["key"].value, *ticket_type(type_name).papers)


def newest() -> Ticket:
    return db.session.query(Ticket).order_by(Ticket.id.desc()).limit(1).one()


def assert_safe(letter: Posted) -> None:
    """No header of a text's own making, nothing but our own tags."""
    message = message_from_bytes(letter.data, policy=default)
    assert message["Bcc"] is None
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    (html,) = [part.get_content() for part in message.walk()
               if part.get_content_type() == "text/html"]  # fmt: skip
    assert "<script>alert" not in html
    assert "<img src=x" not in html


@pytest.mark.parametrize("type_name", TYPES)
def test_awkward_text_stands_in_its_field_again_after_an_error(
    type_name: str, cast: factories.Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    for number, (what, text) in enumerate(TEXTS.items()):
        page, form = form_of(type_name, cast, dana, number)
        needed = next(name for name in ("employment", "reason", "happened", "course_basic_privacy")
                      if name in form.fields)  # fmt: skip
        typed = dict.fromkeys(texts(form), text) | {needed: "no such thing"}
        again = dana.send(page, form, **typed)
        assert again.status == 200, (what, again.words)
        assert_harmless(again)
        fields = again.form_with("key").fields
        for name in texts(form):
            expected = line_ends_aside(kept(text))
            assert fields[name].value == expected, (what, name)


JUNK_DAYS = (
    "yesterday", "2026-02-30", "0000-00-00", "-1", "99999-01-01", "2026-11-25T10:00", "=1+1",
    "𝟚𝟘𝟚𝟞-𝟙𝟙-𝟚𝟝", "11/25/2026", "1" * 4000, "<script>alert(1)</script>", "2026-11-25\x00", "\x00",
    "\u202e", "9999-12-31", "0001-01-01", "2026-1-1 ", "1e9", "None", "' OR 1=1 --",
)  # fmt: skip
JUNK_CHOICES = ("no such thing", "Case Manager I", "case_manager_1,case_manager_2", "\x00", "-1",
                "999999999999999999999", "<script>alert(1)</script>", "x" * 4000)  # fmt: skip


@pytest.mark.parametrize(
    ("type_name", "name", "junk"),
    [(kind, name, junk)
     for kind, name in ((NEW_USER, "course_basic_privacy"), (RECERTIFY, "course_policy_procedure"),
                        (REACTIVATE, "returned_on"))
     for junk in (JUNK_DAYS,)]
    + [(kind, name, JUNK_CHOICES)
       for kind, name in ((NEW_USER, "access_level"), (NEW_USER, "employment"),
                          (NEW_USER, "agency"), (REACTIVATE, "reason"))],
    ids=lambda value: value if isinstance(value, str) else "junk",
)  # fmt: skip
def test_junk_is_refused_at_its_field(
    type_name: str, name: str, junk: tuple[str, ...], cast: factories.Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    for number, value in enumerate(junk):
        page, form = form_of(type_name, cast, dana, number)
        attach(cast, form, type_name)
        more = {"reason": "leave"} if name == "returned_on" and value != "0001-01-01" else {}
        refused = dana.send(page, form, **more | {name: value})
        if name == "returned_on" and value in {"0001-01-01", "2026-1-1 "}:
            assert refused.status == 200
            continue
        assert refused.status == 200, (value, refused.words)
        assert "Please mend this first" in refused.words, value
        assert_harmless(refused)
        assert refused.form_with("key").fields["key"].value == form.fields["key"].value


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2027-01-01"])
def test_a_day_that_cannot_be_is_told_and_kept_in_an_answer(
    day: str, cast: factories.Cast, visit: Visit
) -> None:
    """An answer is taken as it is; the checks say what is wrong with it."""
    ticket = factories.ticket(WAITING, by=cast, type=RECERTIFY)
    dana, sam = visit(cast.admin), visit(cast.sam)
    morgan = visit(factories.staff(manager=True))
    page = dana.get(f"/tickets/{ticket.id}")
    form = page.form_with("message")
    days = {name: day for name in form.fields if name.startswith("course_")}
    sent = dana.send(page, form, message="There.", **days)
    assert sent.status == 200, sent.words
    for visitor, path in ((sam, ""), (sam, "/approve"), (sam, "/convert"), (sam, "/reject"),
                          (morgan, ""), (morgan, "/override"), (dana, "")):  # fmt: skip
        seen = visitor.get(f"/tickets/{ticket.id}{path}")
        assert seen.status == 200, (path, seen.words)
    assert "Basic Privacy & Security" in sam.get(f"/tickets/{ticket.id}").words


def test_awkward_text_in_the_other_steps_is_kept(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    morgan = visit(factories.staff(manager=True))
    for what, text in TEXTS.items():
        ticket = factories.ticket(IN_REVIEW, by=cast)
        path = f"/tickets/{ticket.id}"
        for trigger in ("comment", "note"):
            form = sam.get(path).form_with("message").values()
            page = sam.post(f"{path}/{trigger}", {**form, "message": text})
            assert page.status == 200, (what, trigger, page.words)
            assert_harmless(page)
        assert_harmless(morgan.fill(f"{path}/override", message=text))
        said = [event.data.get("message") for event in history(db.session(), ticket.id)]
        assert said[-3:] == [kept(text)] * 3, what
        assert_harmless(visit(cast.admin).get(path))


def test_awkward_reasons_for_another_type_are_kept(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    for what, text in TEXTS.items():
        about = factories.licensee(ACTIVE, of=cast.agency)
        ticket = factories.ticket(IN_REVIEW, by=cast, about=about)
        page = sam.fill(f"/tickets/{ticket.id}/convert", to=RECERTIFY, message=text)
        assert page.status == 200, (what, page.words)
        assert "Recertification" in page.words
        assert_harmless(page)
        new = newest()
        (event,) = history(db.session(), new.id)
        assert event.data["message"].startswith(kept(text).strip()), what
        assert_harmless(visit(cast.admin).get(f"/tickets/{new.id}"))
