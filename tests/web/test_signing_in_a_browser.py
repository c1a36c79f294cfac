"""The whole way of a worksheet that others sign: filed, signed on phones, seen and approved."""

from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, NewPage
from tests.support.servers import LiveServer
from tests.support.smtp import SmtpServer
from tests.web.signing_walk import file_newcomer
from tests.web.walk import approve, enter, mail, one_time_link, press, submit, take_from_queue


def open_link(page: Page, smtp: SmtpServer, username: str) -> Page:
    page.goto(one_time_link(mail(smtp, username, "Please sign")))
    return page


def test_a_newcomers_worksheet_is_signed_from_mails_on_phones_and_approved(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    dana = enter(new_page(), live_server, "dana.price")
    number = file_newcomer(dana, "nils.acker@example.org", "ed.moss@example.org")
    ticket = dana.url.partition("?")[0]
    expect(dana.get_by_text("Ed Moss is asked to sign").first).to_be_visible()
    nils = open_link(new_page(size=PHONE), smtp_server, "nils.acker")
    expect(nils.get_by_text("Harbor House – Shelter")).to_be_visible()
    nils.get_by_label("Your full name").fill("Nils Baker")
    press(nils, "Sign")
    wrong = nils.get_by_role("link", name="This is Nils Acker’s to sign.")
    wrong.click()
    expect(nils.get_by_label("Your full name")).to_be_focused()
    nils.get_by_label("Your full name").fill("nils acker")
    press(nils, "Sign")
    expect(nils.get_by_role("heading", name="You have signed")).to_be_visible()
    ed = open_link(new_page(size=PHONE, javascript=False), smtp_server, "ed.moss")
    expect(ed.get_by_text("has still to sign")).to_have_count(0)
    ed.get_by_role("link", name="I can’t sign this").click()
    ed.get_by_label("Why you can’t sign it").fill("Which project is it?")
    submit(ed, "Tell Dana Price")
    expect(ed.get_by_role("heading", name="You said that you can’t sign")).to_be_visible()
    dana.goto(ticket)
    expect(dana.get_by_text("Which project is it?").first).to_be_visible()
    old = one_time_link(mail(smtp_server, "ed.moss", "Please sign"))
    dana.get_by_role("link", name="Send again to Ed Moss").click()
    submit(dana, "Ask again to sign")
    smtp_server.wait_for(
        lambda mail: "ed.moss@example.org" in mail.recipients
        and "Please sign" in mail.subject
        and old not in mail.text,
        timeout=20,
    )
    open_link(ed, smtp_server, "ed.moss").get_by_label("Your full name").fill("Ed Moss")
    press(ed, "Sign")
    expect(ed.get_by_role("heading", name="You have signed")).to_be_visible()
    sam = enter(new_page(), live_server, "sam.reed")
    take_from_queue(sam, number)
    typed = "by a link mailed to ed.moss@example.org, as it was typed for this request"
    expect(sam.get_by_text(typed).first).to_be_attached()
    approve(sam)
