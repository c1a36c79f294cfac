"""A licensee locks themselves out; the agency admin files; HAND approves; the licensee is back."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import NewPage
from tests.support.servers import LiveServer
from tests.support.smtp import Received, SmtpServer
from tests.web.walk import (
    approve,
    choose_password,
    enter,
    file_for,
    mail,
    number_on,
    one_time_link,
    press,
    sign_in,
    take_from_queue,
    type_password,
)

LICENSEE, ADMIN, STAFF = "kim.bauer", "lee.tran", "sam.reed"
NEW_PASSWORD = "seven kettles hum at dusk"


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_locked_licensee_gets_back_in_through_the_agency_admin(
    javascript: bool, live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    licensee = new_page(javascript=javascript)
    for left in ("2 more bad attempts", "one more bad attempt", "a license is locked"):
        sign_in(licensee, LICENSEE, "not my password at all")
        expect(licensee.get_by_role("status")).to_contain_text(left)
    locked = mail(smtp_server, LICENSEE, "license is locked")
    assert "/cant-log-in" in locked.text

    admin = enter(new_page(javascript=javascript), live_server, ADMIN)
    number = file_for(admin, LICENSEE, "The license is locked", "She is at the front desk.")
    expect(admin.get_by_text(f"Its number is {number}")).to_be_visible()
    expect(admin.get_by_text("You will hear by").first).to_be_visible()

    staff = enter(new_page(javascript=javascript), live_server, STAFF)
    take_from_queue(staff, number)
    expect(staff.get_by_text("She is at the front desk.")).to_be_visible()
    approve(staff)

    link = one_time_link(mail(smtp_server, LICENSEE, "choose a new password now"))
    licensee.goto(link)
    for weak, words in {
        "too short": "Use at least 15 characters; this has 9.",
        "kim.bauer kim.bauer": "Leave “",
        "passwordpassword": "easily guessed",
    }.items():
        type_password(licensee, weak)
        expect(licensee.get_by_role("alert")).to_contain_text(words)
    type_password(licensee, NEW_PASSWORD, again="another kettle hums")
    expect(licensee.get_by_role("alert")).to_contain_text("The two are not the same")
    choose_password(licensee, link, NEW_PASSWORD)

    sign_in(licensee, LICENSEE, NEW_PASSWORD)
    expect(licensee.get_by_role("heading", name="Kim")).to_be_visible()
    expect(licensee.get_by_text("Active")).to_be_visible()
    licensee.goto(link)
    expect(licensee.get_by_role("heading", name="This link no longer works")).to_be_visible()

    admin.reload()
    expect(admin.get_by_text("Tell Kim Bauer to look at their email")).to_be_visible()
    assert_everybody_was_told(smtp_server, number)


def assert_everybody_was_told(smtp: SmtpServer, number: str) -> None:
    """Both get each news once, in the ticket's thread; the link goes to the licensee alone."""
    mail(smtp, LICENSEE, "password was changed")
    about = f"[{number}] Request New Password for Kim Bauer: "
    news = {"received", "approved", "done"}
    assert subjects(to_ticket(smtp, ADMIN, number)) == [about + each for each in sorted(news)]
    told = subjects(to_ticket(smtp, LICENSEE, number))
    assert told == [
        about + each for each in ("approved", "done, choose a new password now", "received")
    ]
    mails = [*to_ticket(smtp, ADMIN, number), *to_ticket(smtp, LICENSEE, number)]
    threads = {str(each.message["References"]) for each in mails}
    assert len(threads) == 1
    assert threads == {str(each.message["In-Reply-To"]) for each in mails}
    assert len({each.message_id for each in mails}) == len(mails)
    assert not any("/set-password/" in each.text for each in smtp.to(f"{ADMIN}@example.org"))
    assert not any(NEW_PASSWORD in each.text for each in smtp.messages)


def to_ticket(smtp: SmtpServer, username: str, number: str) -> list[Received]:
    return [each for each in smtp.to(f"{username}@example.org") if number in each.subject]


def subjects(mails: list[Received]) -> list[str]:
    return sorted(each.subject for each in mails)


def test_a_licensee_without_a_usable_license_asks_and_answers_through_mailed_links(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    licensee = new_page()
    licensee.goto("/sign-in")
    licensee.get_by_role("link", name="Why can’t I log in?").click()
    licensee.get_by_role("link", name="None of these").click()
    licensee.get_by_role("link", name="Email me how my license stands").click()
    licensee.get_by_label("HMIS username").fill("ivy.stone")
    press(licensee, "Send")
    licensee.goto(one_time_link(mail(smtp_server, "ivy.stone", "Your link to file")))
    press(licensee, "Continue as Ivy Stone")
    licensee.get_by_role("link", name="Request New Password").click()
    licensee.get_by_label("The license is locked").check()
    press(licensee, "Send request to HAND")
    number = number_on(licensee)
    expect(licensee.get_by_text("HAND has the request and will look at it.")).to_be_visible()
    expect(licensee.get_by_role("list").filter(has_text="Sent")).to_contain_text("Approved")

    staff = enter(new_page(), live_server, STAFF)
    take_from_queue(staff, number)
    expect(staff.get_by_text("Proved by a link mailed to the address on file")).to_be_visible()
    staff.get_by_label("Message").fill("At which site do you work?\nJust the name.")
    press(staff, "Ask for more")
    needed = mail(smtp_server, "ivy.stone", "we need something more")
    assert "At which site do you work?" in needed.text

    on_the_phone = new_page(size=(390, 844))
    on_the_phone.goto("/cant-log-in")
    on_the_phone.get_by_label("HMIS username").fill("IVY.Stone ")
    press(on_the_phone, "Send")
    second = smtp_server.wait_for(lambda each: "Your link to file" in each.subject, count=2)[-1]
    on_the_phone.goto(one_time_link(second))
    press(on_the_phone, "Continue as Ivy Stone")
    on_the_phone.get_by_role("link", name=number).click()
    expect(on_the_phone.get_by_text("HAND needs something from you")).to_be_visible()
    on_the_phone.get_by_label("Message").fill("The one on Woodward.")
    press(on_the_phone, "Send answer")
    expect(on_the_phone.get_by_text("HAND is checking the request.")).to_be_visible()
    assert "The one on Woodward." in mail(smtp_server, STAFF, "there is an answer").text

    staff.reload()
    expect(staff.get_by_text("The one on Woodward.")).to_be_visible()
    approve(staff)
    link = one_time_link(mail(smtp_server, "ivy.stone", "choose a new password now"))
    choose_password(on_the_phone, link, NEW_PASSWORD)
    licensee.reload()
    expect(licensee.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(licensee, "ivy.stone", NEW_PASSWORD)
    expect(licensee.get_by_role("link", name=number)).to_be_visible()
    expect(licensee.get_by_text("Completed")).to_be_visible()
