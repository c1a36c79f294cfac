"""Whatever is typed, of any script, length and content, is kept, escaped and harmless."""

from helpdesk.extensions import db
from helpdesk.models.event import history
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.transaction import transaction
from tests import factories
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW

TEXTS = {
    "NUL": "before\x00after",
    "control characters": "bell\x07, escape \x1b[31m, form feed\x0c, DEL\x7f",
    "right to left": "\u202eright to left\u202c עברית العربية",
    "emoji and marks": "👩🏽‍⚕️ Z\u0335\u0361a\u0489lgo \u200d\ufeff e\u0301",
    "not a character": "\ufffe \uffff \U0010ffff",
    "long": "0123456789" * 400,
    "HTML": "</textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>&lt;&amp;",
    "template": "{{ 7*7 }}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "line ends": "a\r\nb\rc\nd\u2028e\u2029f\x85g",
    "header": "x\r\nBcc: everybody@example.org\r\n\r\nbody",
    "formula": '=HYPERLINK("http://evil.example","x")\n+1\n-1\n@SUM(1)',
    "quotes": "\"'`´“”‘’\\\\; DROP TABLE ticket; --",
}


def kept(text: str) -> str:
    """As the desk keeps it: no database has a place for NUL."""
    return text.replace("\x00", "\ufffd")


def line_ends_aside(text: str) -> str:
    """Browsers and HTML have one line end; which of them came is nobody's concern."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def assert_harmless(page: Answer) -> None:
    """An answer as any, with no tag on it of a text's own making."""
    assert page.status < 500, page.words
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_the_note_of_a_request_is_kept(cast: factories.Cast, visit: Visit) -> None:
    dana, sam = visit(cast.admin), visit(cast.sam)
    for name, text in TEXTS.items():
        about = factories.licensee(of=cast.agency)
        path = f"/requests/new/request_new_password?person={about.id}"
        page = dana.fill(path, happened="other", note=text, vouched="y")
        assert page.status == 200, (name, page.words)
        (ticket,) = db.session.query(Ticket).filter_by(person_id=about.id)
        assert ticket.fields["note"] == kept(text).strip(), name
        assert_harmless(page)
        assert_harmless(sam.get(f"/tickets/{ticket.id}"))


def test_messages_of_steps_are_kept(cast: factories.Cast, visit: Visit) -> None:
    sam, dana = visit(cast.sam), visit(cast.admin)
    for name, text in TEXTS.items():
        ticket = factories.ticket(IN_REVIEW, by=cast)
        path = f"/tickets/{ticket.id}"
        assert_harmless(sam.fill(f"{path}/ask_for_more", message=text))
        assert_harmless(dana.fill(f"{path}/answer", message=text))
        assert_harmless(sam.fill(f"{path}/reject", code="duplicate", message=text))
        said = [event.data.get("message") for event in history(db.session(), ticket.id)]
        assert said[2:] == [kept(text)] * 3, name


def test_a_refused_text_stands_in_its_field_again(cast: factories.Cast, visit: Visit) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    sam = visit(cast.sam)
    for name, text in TEXTS.items():
        page = sam.fill(f"/tickets/{ticket.id}/reject", code="", message=text)
        shown = page.form_with("message").fields["message"].value
        assert shown == line_ends_aside(kept(text)), name
        assert_harmless(page)


def test_a_reason_for_giving_up_is_kept(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    for name, text in TEXTS.items():
        ticket = factories.failed_ticket(cast)
        retry = next(form.action for form in sam.get("/effects").forms if "retry" in form.action)
        page = sam.fill(retry.replace("retry", "give-up"), reason=text[:2000])
        assert "Given up. The reason is kept." in page.words, name
        assert_harmless(sam.get(f"/tickets/{ticket.id}"))


def test_strangers_get_an_answer_to_anything(stranger: Visitor) -> None:
    for name, text in TEXTS.items():
        for path, names in {
            "/sign-in": ("username", "password"),
            "/cant-log-in": ("username",),
            "/forgot-password": ("username",),
        }.items():
            page = stranger.fill(path, *names, **dict.fromkeys(names, text[:100]))
            assert page.status in {200, 403}, (name, path)
            assert_harmless(page)


ADDRESSES = {
    "/queue": ("view", "type", "state", "agency", "assignee", "after"),
    "/requests/new": ("q", "person", "what", "go"),
    "/requests/new/request_new_password": ("person",),
    "/effects": ("before",),
    "/tickets/1": ("done", "watch"),
    "/sign-in": ("next",),
}


def test_addresses_with_anything_in_them_are_answered(cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    for name, text in TEXTS.items():
        for path, fields in ADDRESSES.items():
            page = sam.ask("GET", path, query_string=dict.fromkeys(fields, text))
            assert page.status in {200, 302, 404}, (name, path, page.words)
            assert_harmless(page)


def test_names_of_any_kind_are_shown_escaped(cast: factories.Cast, visit: Visit) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    sam, dana = visit(cast.sam), visit(cast.admin)
    for text in TEXTS.values():
        rename(ticket.person_id, text.replace("\x00", "")[:200])  # files that bring names drop NUL
        for path in ("/", "/queue", f"/tickets/{ticket.id}", f"/tickets/{ticket.id}/reject"):
            assert_harmless(sam.get(path))
        for path in ("/", f"/tickets/{ticket.id}", "/requests/new"):
            assert_harmless(dana.get(path))


def rename(person_id: int, name: str) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        person.first_name, person.last_name = name, name
