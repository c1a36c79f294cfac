"""Two browsers on one ticket, and one form that is sent twice."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect

from tests.support.browser import NewPage
from tests.support.servers import LiveServer
from tests.web.house import demo_ticket, filing_form
from tests.web.walk import enter, number_on, press, take_from_queue

TYPED = "Please call us about the screen she sees.\nThank you, Sam"


def test_the_second_of_two_is_told_who_did_what_and_keeps_the_text(
    live_server: LiveServer, new_page: NewPage
) -> None:
    sam = enter(new_page(), live_server, "sam.reed")
    joan = enter(new_page(), live_server, "joan.abara")
    take_from_queue(sam, "HD-1001")
    joan.goto(demo_ticket("maria.lopez"))
    sam.get_by_label("Message").fill(TYPED)
    press(joan, "Take it over")
    expect(joan.get_by_text("You are on it")).to_be_visible()

    with sam.expect_response(lambda answer: answer.request.method == "POST") as answer:
        press(sam, "Ask for more")
    assert answer.value.status == 409
    expect(sam.get_by_role("heading", name="Somebody was faster")).to_be_visible()
    expect(sam.get_by_text("Joan Abara took the ticket over")).to_be_visible()
    expect(sam.get_by_label("Message")).to_have_value(TYPED)
    press(sam, "Send it all the same")
    expect(sam.get_by_text("You asked for more.")).to_be_visible()
    expect(sam.get_by_text("Please call us about the screen she sees.")).to_be_visible()


def test_a_step_that_is_gone_leaves_the_text_to_copy(
    live_server: LiveServer, new_page: NewPage
) -> None:
    sam = enter(new_page(javascript=False), live_server, "sam.reed")
    joan = enter(new_page(javascript=False), live_server, "joan.abara")
    sam.goto(demo_ticket("omar.haddad") + "/reject")
    joan.goto(demo_ticket("omar.haddad") + "/reject")
    for page, words in ((joan, "He signed in again."), (sam, TYPED)):
        page.get_by_label("Why").select_option("duplicate")
        page.get_by_label("What would have to change").fill(words)
        press(page, "Reject")
    expect(sam.get_by_text("Joan Abara rejected the request")).to_be_visible()
    expect(sam.get_by_text("He signed in again.")).to_be_visible()
    expect(sam.get_by_text("“Reject” is not possible any more")).to_be_visible()
    expect(sam.get_by_label("(to copy)")).to_have_value(TYPED)


def test_a_double_click_files_one_ticket_and_shows_it(
    live_server: LiveServer, new_page: NewPage
) -> None:
    """Without scripts, which would hold the second click back."""
    dana = fill_in(enter(new_page(javascript=False), live_server, "dana.price"), "ruth.okafor")
    dana.get_by_role("button", name="Send request to HAND").dblclick()
    number = number_on(dana)
    dana.goto("/")
    listed = dana.locator("ul.tickets")
    expect(listed.get_by_role("link", name="Ruth Okafor")).to_have_count(2)  # and the demo's
    expect(listed.get_by_role("link", name=number)).to_have_count(1)


def test_a_form_sent_again_because_no_answer_came_shows_the_first_ticket(
    live_server: LiveServer, new_page: NewPage
) -> None:
    lee = fill_in(enter(new_page(javascript=False), live_server, "lee.tran"), "wen.li")
    with answers_lost(lee):
        press(lee, "Send request to HAND")
    press(lee, "Send request to HAND")
    first = number_on(lee)
    expect(lee.get_by_text("Lee Tran filed the request")).to_have_count(1)
    lee.goto("/")
    expect(lee.locator("ul.tickets").get_by_role("link", name=first)).to_have_count(1)


def test_the_same_form_with_other_words_shows_the_first_ticket_and_the_difference(
    live_server: LiveServer, new_page: NewPage
) -> None:
    lee = fill_in(enter(new_page(javascript=False), live_server, "lee.tran"), "kim.bauer")
    with answers_lost(lee):
        press(lee, "Send request to HAND")
    lee.get_by_label("Anything HAND should know?").fill("It is urgent after all.")
    press(lee, "Send request to HAND")
    expect(lee.get_by_role("heading", name="This request was sent already")).to_be_visible()
    changed = lee.get_by_role("row", name="Note")
    expect(changed).to_contain_text("Nothing special.")
    expect(changed).to_contain_text("It is urgent after all.")
    lee.get_by_role("link", name="Open request").click()
    expect(lee.get_by_text("Nothing special.")).to_be_visible()


def fill_in(page: Page, about: str) -> Page:
    page.goto(filing_form(about))
    page.get_by_label("The password is forgotten").check()
    page.get_by_label("Anything HAND should know?").fill("Nothing special.")
    page.get_by_label("I know that it is").check()
    return page


@contextmanager
def answers_lost(page: Page) -> Iterator[None]:
    """What is posted reaches the desk; its answer does not come back, and the page stays."""
    arrived: list[int] = []

    def lose(route: Route) -> None:
        arrived.append(route.fetch(max_redirects=0).status)
        route.abort("aborted")

    page.route("**/requests/new/**", lose)
    with page.expect_event("requestfailed"):
        yield
    page.unroute("**/requests/new/**")
    assert arrived == [302]
