"""From a mailed link to a new password with no person in between, once a manager wants it so."""

from playwright.sync_api import expect

from tests.support.browser import NewPage
from tests.support.servers import LiveServer
from tests.support.smtp import SmtpServer
from tests.web.house import by_hand
from tests.web.walk import (
    WAY_IN,
    ask_for_link,
    choose_password,
    enter,
    mail,
    number_on,
    one_time_link,
    press,
    sign_in,
)

LICENSEE = "ivy.stone"
PASSWORD = "nine lanterns drift past noon"


def test_a_locked_licensee_gets_back_in_while_everybody_at_hand_is_asleep(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    manager = enter(new_page(), live_server, "morgan.hale")
    manager.goto("/manage/straight-through")
    manager.get_by_role("link", name="Request New Password").click()
    manager.get_by_label("On: the desk approves by it").check()
    manager.get_by_label("Tried out on").fill("1")  # the demo has had more
    manager.get_by_label("Most faults, in percent").fill("50")
    manager.get_by_label("Samples, in percent").fill("1")
    manager.get_by_label("Why do you change it?").fill("Nights and weekends.")
    press(manager, "Save the rule")
    expect(manager.get_by_text("is on and saved")).to_be_visible()
    by_hand(live_server, "UPDATE straight_rule SET share = 0")  # chance has no say in a test

    licensee = new_page()
    ask_for_link(licensee, LICENSEE)
    licensee.goto(one_time_link(mail(smtp_server, LICENSEE, WAY_IN)))
    press(licensee, "Continue as Ivy Stone")
    licensee.goto("/requests/new/request_new_password")
    licensee.get_by_label("The license is locked").check()
    press(licensee, "Send request to HAND")
    number = number_on(licensee)

    link = one_time_link(mail(smtp_server, LICENSEE, "choose a new password now"))
    choose_password(licensee, link, PASSWORD)
    sign_in(licensee, LICENSEE, PASSWORD)
    expect(licensee.get_by_text("Active")).to_be_visible()

    manager.goto("/manage/straight-through")
    expect(manager.get_by_role("row", name="Request New Password")).to_contain_text("On")
    news = [m.subject for m in smtp_server.messages if number in m.subject]
    assert len(news) == len(set(news)) == 3
