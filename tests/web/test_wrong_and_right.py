"""What goes wrong with a request and how people mend it: the wrong type, the wrong file, a
rejection, a paper that is asked for again, a rule that a manager sets aside."""

import pytest
from playwright.sync_api import Page, expect

from helpdesk.demo.stories import STORIES
from tests.support.browser import NewPage
from tests.support.papers import png
from tests.support.servers import LiveServer
from tests.support.smtp import SmtpServer
from tests.web.filing import (
    SEND,
    attach,
    choose,
    find_form,
    introduce,
    line,
    paper,
    send,
    tell_courses,
)
from tests.web.house import demo_ticket, filing_form
from tests.web.walk import approve, enter, file_for, mail, number_on, press, take_from_queue
from workflows.papers import (
    AGREEMENT_AND_ETHICS,
    CODE_OF_ETHICS,
    NEW_USER_WORKSHEET,
    OTHER,
    RECERTIFICATION_WORKSHEET,
    USER_AGREEMENT,
)

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def test_a_refused_form_leads_to_the_right_one(live_server: LiveServer, new_page: NewPage) -> None:
    dana = enter(new_page(), live_server, "dana.price")
    find_form(dana, "june.park", "locked out or forgot")
    expect(dana.get_by_role("alert")).to_contain_text("June Park has an inactive license.")
    expect(dana.get_by_role("button", name=SEND)).to_have_count(0)
    dana.get_by_role("link", name="File Reactivate License instead").click()
    expect(dana.get_by_role("heading", name="Reactivate License")).to_be_visible()
    expect(dana.get_by_role("heading", name="June Park")).to_be_visible()
    expect(dana.get_by_role("button", name=SEND)).to_be_visible()


def test_a_request_of_the_wrong_type_goes_on_as_the_right_one(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    dana, sam = (enter(new_page(), live_server, who) for who in ("dana.price", "sam.reed"))
    first = file_for(dana, "ada.moss", "Something else", "She can’t get in.")
    address = dana.url.partition("?")[0]
    take_from_queue(sam, first)
    sam.get_by_role("link", name="Change the type").click()
    sam.get_by_label("Recertification").check()
    sam.get_by_label("Why").fill("Her license runs out soon.")
    press(sam, "Change the type")
    expect(sam.get_by_text("Waiting on Agency").first).to_be_visible()
    number = number_on(sam)
    assert number != first

    told = mail(smtp_server, "dana.price", f"[{number}] Recertification for Ada Moss")
    assert first in told.text
    assert "Attach the User License Recertification Worksheet." in told.text
    dana.goto(address)
    dana.get_by_role("link", name=number).click()
    needed = dana.get_by_role("region", name="What HAND needs")
    expect(needed).to_contain_text("Her license runs out soon.")
    expect(needed).to_contain_text("Attach the User License Recertification Worksheet.")
    expect(needed).to_contain_text("Policy & Procedure is required: say when it was completed.")
    expect(line(dana, RECERTIFICATION_WORKSHEET).get_by_text("Needed")).to_be_visible()

    dana.get_by_label("Message").fill("Here is everything.")
    tell_courses(dana)
    attach(dana, RECERTIFICATION_WORKSHEET)
    press(dana, "Send answer")
    expect(dana.get_by_text("HAND is checking the request.")).to_be_visible()
    sam.reload()
    expect(sam.get_by_text("Every document that is needed is attached.")).to_be_visible()
    expect(sam.get_by_text("Every required course is in date.")).to_be_visible()
    approve(sam)
    assert "is recertified" in mail(smtp_server, "ada.moss", "done, good until").text
    dana.goto(address)
    expect(dana.get_by_text("It goes on as HD-")).to_contain_text(number)


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_file_that_is_not_taken_costs_nothing_else(
    javascript: bool, live_server: LiveServer, new_page: NewPage
) -> None:
    name = "Ines Roth" if javascript else "Otto Roth"
    dana = enter(new_page(javascript=javascript), live_server, "dana.price")
    dana.goto("/requests/new/new_user_license")
    introduce(dana, name, f"{name.split(maxsplit=1)[0].lower()}.roth@example.org")
    tell_courses(dana)
    choose(dana, NEW_USER_WORKSHEET, paper("worksheet.pdf"))
    choose(dana, AGREEMENT_AND_ETHICS, paper("IMG_1.HEIC", HEIC))
    if not javascript:
        press(dana, SEND)
        expect(dana.get_by_role("alert")).to_contain_text("One file was not taken")
    wrong = line(dana, AGREEMENT_AND_ETHICS)
    expect(wrong.locator(".error")).to_contain_text("“IMG_1.HEIC” is a HEIC photo.")
    expect(dana.get_by_role("link", name="worksheet.pdf", exact=True)).to_be_visible()
    expect(dana.get_by_label("Primary provider")).to_have_value("Harbor House – Shelter")
    expect(dana.get_by_label("Policy & Procedure")).not_to_have_value("")
    choose(dana, AGREEMENT_AND_ETHICS, paper("signed.png", png()))
    number = send(dana)
    expect(dana.get_by_text(f"Its number is {number}")).to_be_visible()
    for document in ("worksheet.pdf", "signed.png"):
        expect(dana.get_by_role("link", name=document, exact=True)).to_have_count(1)
    expect(dana.get_by_text("IMG_1.HEIC")).to_have_count(0)


def test_a_rejected_request_is_filed_again_with_what_was_right(
    live_server: LiveServer, new_page: NewPage
) -> None:
    rosa = enter(new_page(), live_server, "rosa.klein")
    rosa.goto(demo_ticket("Ida Frost"))
    rosa.get_by_role("link", name="File it again").click()
    story = next(story for story in STORIES if story.about == "Ida Frost")
    for label, field in {"Title": "title", "Primary provider": "provider"}.items():
        expect(rosa.get_by_label(label)).to_have_value(story.fields[field])
    expect(rosa.get_by_label("Policy & Procedure")).to_have_value(
        story.fields["courses"]["policy_procedure"]
    )
    rosa.get_by_role("checkbox", name="User Agreement and Code of Ethics").uncheck()
    press(rosa, SEND)
    expect(rosa.get_by_text("Attach the User Agreement.").first).to_be_visible()
    attach(rosa, USER_AGREEMENT, CODE_OF_ETHICS)
    number = send(rosa)
    asked = rosa.get_by_role("region", name="What was asked")
    expect(asked.get_by_role("link").filter(has_not_text="View")).to_have_text(
        ["New User License Worksheet.pdf", "User Agreement.pdf", "Code of Ethics.pdf"]
    )
    joan = enter(new_page(), live_server, "joan.abara")
    take_from_queue(joan, number)
    joan.get_by_text("Earlier requests").click()
    expect(joan.get_by_role("link", name="New User License").first).to_be_visible()


def test_papers_that_are_asked_for_are_named_and_answered(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    sam = enter(new_page(), live_server, "sam.reed")
    sam.goto(demo_ticket("tess.moran"))
    sam.get_by_label("Message").fill("The second page is missing.")
    sam.get_by_label("User License Recertification Worksheet").check()
    press(sam, "Ask for more")
    needed = mail(smtp_server, "dana.price", "Tess Moran: we need something more")
    assert "- User License Recertification Worksheet" in needed.text
    assert "The second page is missing." in needed.text
    dana = enter(new_page(), live_server, "dana.price")
    dana.goto(demo_ticket("tess.moran"))
    box = dana.get_by_role("region", name="What HAND needs")
    expect(box.get_by_role("listitem").first).to_have_text("User License Recertification Worksheet")
    expect(line(dana, RECERTIFICATION_WORKSHEET).get_by_text("Needed")).to_be_visible()
    dana.get_by_label("Message").fill("Both pages.")
    choose(dana, RECERTIFICATION_WORKSHEET, paper("both pages.pdf"))
    expect(line(dana, RECERTIFICATION_WORKSHEET).get_by_text("There")).to_be_visible()
    choose(dana, OTHER, paper("certificate.png", png()))
    certificate = line(dana, OTHER).get_by_role("link", name="certificate.png", exact=True)
    expect(certificate).to_be_visible()
    press(dana, "Send answer")
    expect(dana.get_by_text("Attached: both pages.pdf, certificate.png.")).to_be_visible()
    assert "Both pages." in mail(smtp_server, "sam.reed", "there is an answer").text


def test_a_manager_sets_a_rule_aside_with_a_reason(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    sam = enter(new_page(), live_server, "sam.reed")
    unfinished(enter(new_page(), live_server, "lee.tran"), sam)
    sam.reload()
    wrong = sam.get_by_role("listitem").filter(has_text="Wrong:")
    expect(wrong).to_contain_text(["Attach the User License Recertification Worksheet."])
    for step in ("Approve", "Approve anyway"):
        expect(sam.get_by_role("link", name=step, exact=True)).to_have_count(0)
    morgan = enter(new_page(), live_server, "morgan.hale")
    morgan.goto(sam.url.partition("?")[0])
    expect(morgan.get_by_role("link", name="Approve", exact=True)).to_have_count(0)
    morgan.get_by_role("link", name="Approve anyway").click()
    press(morgan, "Approve anyway")
    expect(morgan.get_by_role("alert")).to_contain_text("Say why it is approved anyway.")
    morgan.get_by_label("Why it is approved against the rules").fill("The paper is on my desk.")
    press(morgan, "Approve anyway")
    expect(morgan.get_by_text("You approved the request against the rules.")).to_be_visible()
    expect(morgan.get_by_text("The paper is on my desk.")).to_be_visible()
    assert number_on(sam) in mail(smtp_server, "lee.tran", "done, good until").subject


def unfinished(lee: Page, sam: Page) -> None:
    """A recertification in review whose worksheet never came; Sam looks at it."""
    lee.goto(filing_form("lee.tran"))
    lee.get_by_label("Something else").check()
    take_from_queue(sam, send(lee))
    sam.get_by_role("link", name="Change the type").click()
    sam.get_by_label("Recertification").check()
    press(sam, "Change the type")
    expect(sam.get_by_text("Waiting on Agency").first).to_be_visible()
    lee.goto(sam.url.partition("?")[0])
    tell_courses(lee)
    lee.get_by_label("Message").fill("The worksheet is on its way by car.")
    press(lee, "Send answer")
    expect(lee.get_by_role("alert")).to_contain_text("and it is not attached.")
    lee.get_by_label("I can’t give it now.").check()
    press(lee, "Send answer")
    expect(lee.get_by_text("HAND is checking the request.")).to_be_visible()
