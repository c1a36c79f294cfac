"""Every mail there is: it renders, text and HTML agree, and it says what it has to say."""

import html
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from helpdesk.mail import BadTemplate, Rendered, render
from helpdesk.mail.render import PARTS, TEMPLATES
from helpdesk.mail.sample import SAMPLE, samples

FOLDERS = sorted(str(path.parent.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("subject.txt"))
EXPECTED = {
    "account/access_reset", "account/address_gone", "account/address_left", "account/attempts",
    "account/corrected", "account/factor_added", "account/factor_removed",
    "account/factors_reset", "account/filing_link",
    "account/invited", "account/password_changed", "account/recovery_code_used",
    "account/recovery_codes", "account/set_password", "account/wrong_codes",
    "license/locked", "request_new_password/completed",
    "ticket/answered", "ticket/approved", "ticket/closed_no_response", "ticket/needed",
    "ticket/received", "ticket/rejected", "ticket/withdrawn",
}  # fmt: skip
LINK = str(SAMPLE["link"])


def sample(folder: str, **changes: object) -> Rendered:
    return render([folder], {**SAMPLE, **changes})


def read_html(page: str) -> str:
    """The words of a page as its reader gets them."""
    shown = page.partition("</head>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def test_no_mail_is_missing() -> None:
    assert set(FOLDERS) >= EXPECTED


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_mail_has_all_its_files(folder: str) -> None:
    assert all((TEMPLATES / folder / part).is_file() for part in PARTS)


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("context", list(samples()))
def test_a_mail_renders_in_every_turn(folder: str, context: Mapping[str, object]) -> None:
    mail = render([folder], context)
    for words in (mail.subject, mail.text, read_html(mail.html)):
        assert not re.search(r"\bNone\b|Undefined|\{[{%]|[{%]\}|\(\)|  [a-z]", words)
    assert "\n\n\n" not in mail.text
    assert mail.text.startswith("Hello")
    assert "\n\n-- \nQuestions? Ask the HAND Help Desk" in mail.text


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("context", list(samples()))
def test_text_and_html_say_the_same(folder: str, context: Mapping[str, object]) -> None:
    mail = render([folder], context)
    page = read_html(mail.html)
    for line in mail.text.splitlines():
        if line != "-- ":
            assert " ".join(line.split()).removeprefix("- ").removesuffix(":") in page


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_page_is_plain_enough_for_mail_programs(folder: str) -> None:
    page = sample(folder).html
    assert not re.search(r"<(img|script|link|iframe|form|svg)\b|@import|url\(|\son\w+=", page)
    assert 'lang="en"' in page
    assert "prefers-color-scheme: dark" in page
    assert page.count('class="button"') <= 1
    assert len(page.encode()) < 20_000
    assert not re.search(r"<(p|td|table)>", page.replace("<p>", ""))


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=str)
def test_no_html_template_borrows_from_text(path: Path) -> None:
    """A macro from a .txt file puts its values into the page unescaped."""
    assert ".txt" not in path.read_text()


@pytest.mark.parametrize("folder", FOLDERS)
def test_one_time_links_go_to_the_licensee_alone(folder: str) -> None:
    for recipient in ("filer", "assignee"):
        for has_email in (True, False):
            mail = sample(folder, recipient=recipient, licensee_has_email=has_email)
            if not folder.startswith(("account/", "ticket/sign")):  # those go to nobody else
                assert LINK not in mail.text + mail.html + mail.subject


def test_a_link_to_sign_goes_to_who_is_asked_alone_and_opens_nothing_else() -> None:
    mail = sample("ticket/sign", recipient="signers")
    assert LINK in mail.text
    assert LINK in mail.html
    assert str(SAMPLE["ticket_url"]) not in mail.text + mail.html


def test_received_says_who_has_still_to_sign() -> None:
    who = "Ed Moss, as the executive director (ed@agency.example)"
    text = sample("ticket/received", unsigned=[who]).text
    assert f"- {who}" in text
    assert "You need not do anything" not in text


def test_who_filled_in_their_own_worksheet_is_said_to_have() -> None:
    text = sample("ticket/sign", recipient="signers", their_own=True).text
    assert f"{SAMPLE['filled_in_by']} has filled in their own worksheet" in text


@pytest.mark.parametrize(
    ("recipient", "waits", "words"),
    [
        ("filer", True, "fill in the worksheet anew, and all are asked to sign that"),
        ("filer", False, "HAND has the request, and asks you for a new worksheet"),
        ("assignee", True, "whoever filed it fills in the worksheet anew"),
        ("assignee", False, "ask for a new worksheet with “Ask for more”"),
    ],
)
def test_who_can_go_on_where_somebody_can_not_sign_is_told_how(
    recipient: str, waits: bool, words: str
) -> None:
    text = sample("ticket/not_signed", recipient=recipient, waits_on_agency=waits).text
    assert words in text
    assert text.count("worksheet anew") == waits


def test_a_link_to_sign_works_until_its_request_is_closed() -> None:
    assert "It works until Friday, December 11, 4 pm, and" in sample("ticket/sign").text
    mail = sample("ticket/sign", works_until=None, link_life="14 days")
    assert "It works for 14 days" in mail.text


def test_a_reminder_of_signatures_asks_nobody_for_an_answer() -> None:
    mail = sample("ticket/reminder", unsigned=["Ed Moss, as the executive director (ed@…)"],
                  ticket_url=None)  # fmt: skip
    for text in (mail.text, mail.html):
        assert "Each of them was mailed a new link." in text
        assert "All have to sign by" in text
        assert "answer" not in text


def test_received_says_number_what_next_and_by_when() -> None:
    text = sample("ticket/received").text
    assert "Its number is HD-1042." in text
    assert "You will hear from us by Wednesday, November 25, 4 pm." in text


def test_needed_says_exactly_what_and_how_to_answer() -> None:
    text = sample("ticket/needed", recipient="filer").text
    assert "    Please confirm the spelling of the name.\n    A call is fine, too.\n" in text
    assert "open the ticket and write your answer there" in text
    assert "https://desk.example/tickets/42" in text


def test_approved_does_not_claim_what_has_not_happened() -> None:
    text = sample("ticket/approved").text
    assert "we write again as soon as it is done" in text
    assert "unlocked" not in text


def test_rejected_says_why_and_how_to_mend_it() -> None:
    text = sample("ticket/rejected").text
    assert "Why: Unauthorized submitter." in text
    assert "The request has to come from an agency admin" in text
    assert "file the request again" in text


def test_the_licensee_learns_what_to_do_with_the_link() -> None:
    text = sample("request_new_password/completed").text
    assert LINK in text
    assert "The link works once, for 72 hours." in text
    assert "Spam or Junk" in text
    assert "let nobody else use your license" in text


def test_without_a_link_the_licensee_is_led_to_forgot_password() -> None:
    text = sample("request_new_password/completed", link=None).text
    assert "choose Forgot Password" in text
    assert "works once" not in text


@pytest.mark.parametrize(
    "folder", ["account/filing_link", "account/invited", "account/set_password"]
)
def test_a_mail_that_is_about_a_link_cannot_go_without(folder: str) -> None:
    with pytest.raises(BadTemplate, match="None"):
        sample(folder, link=None)


def test_the_one_who_filed_learns_what_to_tell_them() -> None:
    text = sample("request_new_password/completed", recipient="filer").text
    assert "is on its way to Ann Lee by email" in text
    assert "Spam or Junk" in text


def test_without_an_address_on_file_hand_calls() -> None:
    mail = sample("request_new_password/completed", recipient="filer", licensee_has_email=False)
    assert "the HAND Help Desk calls Ann Lee" in mail.text
    assert "on its way" not in mail.text


def test_locked_says_how_it_comes_back_and_what_if_it_was_not_you() -> None:
    text = sample("license/locked", state="locked").text
    assert "3 times in a row" in text
    assert "ask your agency admin to file Request New Password" in text
    assert "https://desk.example/cant-log-in" in text
    assert "If it was not you who tried to log in, tell the HAND Help Desk" in text


def test_a_link_nobody_asked_for_can_be_ignored() -> None:
    for folder in ("account/filing_link", "account/set_password"):
        assert "If you did not ask for this, ignore this email." in sample(folder).text


def test_a_changed_password_tells_whom_to_call() -> None:
    text = sample("account/password_changed").text
    assert "Monday, November 23, 3:12 pm" in text
    assert "If it was not you, call the HAND Help Desk (phone 313-555-0100" in text
