"""Each request with documents and dates: from the form to the mail and the person's sign-in."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, NewPage
from tests.support.servers import LiveServer
from tests.support.smtp import SmtpServer
from tests.web.filing import attach, choose, day, find_form, introduce, line, paper, send
from tests.web.filing import tell_courses as tell
from tests.web.walk import (
    approve,
    choose_password,
    enter,
    mail,
    one_time_link,
    password_of,
    press,
    sign_in,
    take_from_queue,
)
from workflows.papers import (
    AGREEMENT_AND_ETHICS,
    CODE_OF_ETHICS,
    NEW_USER_WORKSHEET,
    RECERTIFICATION_WORKSHEET,
    USER_AGREEMENT,
)

ADMIN, STAFF = "dana.price", "sam.reed"
PASSWORD = "seven kettles hum at dusk"


def approve_as_staff(page: Page, number: str, *documents: str) -> None:
    """Takes it, finds the documents on it, approves it."""
    take_from_queue(page, number)
    for name in documents:
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    approve(page)


def is_active(page: Page, username: str, password: str, first_name: str) -> None:
    """Signs in, and the license is good."""
    sign_in(page, username, password)
    expect(page.get_by_role("heading", level=1)).to_contain_text(first_name)
    expect(page.get_by_role("region", name="My license")).to_contain_text("Active")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_somebody_new_gets_a_license_and_signs_in(
    javascript: bool, live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    first, username = ("Amina", "amina.lund") if javascript else ("Bruno", "bruno.lund")
    admin = enter(new_page(javascript=javascript), live_server, ADMIN)
    admin.get_by_role("link", name="File a request").first.click()
    admin.get_by_role("link", name="The person is not on the list").click()
    introduce(admin, f"{first} Lund", f"{username}@example.org")
    tell(admin)
    (bring_live if javascript else bring_with_the_form)(admin)
    number = send(admin)
    expect(admin.get_by_text(f"Its number is {number}")).to_be_visible()
    assert f"{first} Lund" in mail(smtp_server, ADMIN, f"[{number}] New User License").text

    staff = enter(new_page(javascript=javascript), live_server, STAFF)
    approve_as_staff(staff, number, "worksheet.pdf", "signed.pdf")

    welcome = mail(smtp_server, username, "is ready: choose a password")
    assert f"Your username: {username}" in welcome.text
    person = new_page(javascript=javascript)
    choose_password(person, one_time_link(welcome), PASSWORD)
    is_active(person, username, PASSWORD, first)

    done = mail(smtp_server, ADMIN, f"[{number}] New User License for {first} Lund: done")
    assert f"Username: {username}" in done.text
    assert not any("/set-password/" in each.text for each in smtp_server.to(f"{ADMIN}@example.org"))
    admin.reload()
    expect(admin.get_by_text(f"Tell {first} Lund to look at their email")).to_be_visible()


def bring_live(page: Page) -> None:
    """Each file ticks what it brings, and only that, as soon as it is chosen."""
    attach(page, NEW_USER_WORKSHEET)
    expect(line(page, NEW_USER_WORKSHEET).get_by_text("There")).to_be_visible()
    expect(line(page, USER_AGREEMENT).get_by_text("Needed")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(line(page, NEW_USER_WORKSHEET).get_by_text("Needed")).to_be_visible()
    choose(page, NEW_USER_WORKSHEET, paper("worksheet.pdf"))
    choose(page, AGREEMENT_AND_ETHICS, paper("signed.pdf"))
    for kind in (NEW_USER_WORKSHEET, USER_AGREEMENT, CODE_OF_ETHICS):
        expect(line(page, kind).get_by_text("There")).to_be_visible()


def bring_with_the_form(page: Page) -> None:
    """The first file is added by the button, the second goes with the form."""
    choose(page, NEW_USER_WORKSHEET, paper("worksheet.pdf"))
    press(page, "Add the chosen files now")
    expect(page.get_by_role("link", name="worksheet.pdf")).to_be_visible()
    expect(line(page, NEW_USER_WORKSHEET).get_by_text("There")).to_be_visible()
    expect(page.get_by_label("Legal last name")).to_have_value("Lund")
    choose(page, AGREEMENT_AND_ETHICS, paper("signed.pdf"))


def test_somebody_back_from_a_leave_logs_in_again(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    person = new_page()
    password = password_of(live_server, "june.park")
    admin = enter(new_page(), live_server, ADMIN)
    admin.get_by_role("link", name="Reactivate License, June Park").click()
    admin.get_by_label("did not log in for a while").check()
    expect(admin.get_by_label("Back at work since")).to_be_hidden()
    admin.get_by_label("back from a leave").check()
    admin.get_by_label("Back at work since").fill(day(1))
    number = send(admin)

    approve_as_staff(enter(new_page(), live_server, STAFF), number)
    told = mail(smtp_server, "june.park", "is active again: log in within 24 hours")
    assert number in told.subject
    assert "tell June Park to log in within 24 hours" in mail(
        smtp_server, ADMIN, f"[{number}] Reactivate License for June Park: done"
    ).text
    is_active(person, "june.park", password, "June")
    admin.reload()
    expect(admin.get_by_text("Tell June Park to log in today")).to_be_visible()


def test_an_agency_admin_renews_a_license_before_it_ends(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    admin = enter(new_page(javascript=False), live_server, ADMIN)
    find_form(admin, "vera.blum", "has expired, or soon will")
    tell(admin)
    choose(admin, RECERTIFICATION_WORKSHEET, paper("Vera’s worksheet.pdf"))
    number = send(admin)
    approve_as_staff(enter(new_page(), live_server, STAFF), number, "Vera’s worksheet.pdf")
    for username in ("vera.blum", ADMIN):
        done = mail(smtp_server, username, f"{number}] Recertification for Vera Blum: done, good")
        assert "is recertified" in done.text
    vera = new_page()
    is_active(vera, "vera.blum", password_of(live_server, "vera.blum"), "Vera")
    vera.get_by_role("link", name=number).click()
    expect(vera.get_by_text("Your license goes on; your password is the same.")).to_be_visible()


def test_a_licensee_renews_through_a_mailed_link_on_a_phone(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    phone = new_page(size=PHONE)
    phone.goto("/cant-log-in")
    phone.get_by_label("HMIS username").fill("theo.wynn")
    press(phone, "Send")
    phone.goto(one_time_link(mail(smtp_server, "theo.wynn", "Your link to file")))
    press(phone, "Continue as Theo Wynn")
    phone.get_by_role("link", name="Recertification").first.click()
    tell(phone)
    attach(phone, RECERTIFICATION_WORKSHEET)
    number = send(phone)
    expect(phone.get_by_text("HAND has the request and will look at it.")).to_be_visible()
    expect(phone.get_by_role("link", name="Recertification Worksheet.pdf").first).to_be_visible()

    approve_as_staff(enter(new_page(), live_server, STAFF), number, "Recertification Worksheet.pdf")
    assert "It is good until" in mail(smtp_server, "theo.wynn", "done, good until").text
    is_active(new_page(), "theo.wynn", password_of(live_server, "theo.wynn"), "Theo")
