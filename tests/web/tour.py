"""A tour of every page, on a fresh demo desk that mails into files.

Each guide walks as one kind of visitor and yields a name wherever there is something to look at:
the checks of accessibility and `scripts/screenshots.py` do the looking.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from helpdesk.views.show.guide import BEGIN, ENDINGS, QUESTIONS
from tests.support.servers import LiveServer
from tests.web.house import (
    by_hand,
    demo_ticket,
    filing_form,
    mail_to,
    one_time_link,
    patiently,
    person_id,
)
from tests.web.tour_account import ACCOUNT_GUIDES
from tests.web.tour_imports import imports
from tests.web.tour_requests import REQUEST_GUIDES
from tests.web.walk import WAY_IN, ask_for_link, enter, sign_out, submit

Guide = Callable[[Page, LiveServer], Iterator[str]]


def stranger(page: Page, server: LiveServer) -> Iterator[str]:
    page.goto("/sign-in")
    yield "sign-in"
    submit(page, "Sign in")
    yield "sign-in-empty"
    page.get_by_label("Username").fill("nobody.here")
    page.get_by_label("Password", exact=True).fill("not a password")
    submit(page, "Sign in")
    yield "sign-in-wrong"
    page.goto("/forgot-password")
    yield "forgot-password"
    submit(page, "Send")
    yield "forgot-password-empty"
    page.get_by_label("Username").fill("omar.haddad")
    submit(page, "Send")
    yield "forgot-password-sent"
    for step in ("", *(f"/{name}" for name in {**QUESTIONS, **ENDINGS} if name != BEGIN)):
        page.goto(f"/why-cant-i-log-in{step}")
        yield f"why{step.replace('/', '-')}"
    page.goto("/cant-log-in")
    yield "cant-log-in"
    submit(page, "Send")
    yield "cant-log-in-empty"
    ask_for_link(page, "noor.aziz")
    yield "cant-log-in-sent"
    page.goto(one_time_link(mail_to(server, "noor.aziz", WAY_IN)))
    yield "link"
    page.goto("/link/long-gone")
    yield "link-ended"
    page.goto("/nowhere")
    yield "not-found"


def owner_of_a_new_password(page: Page, server: LiveServer) -> Iterator[str]:
    page.goto(one_time_link(mail_to(server, "paul.weiss", "choose a new password")))
    yield "set-password"
    page.get_by_label("New password").fill("short")
    page.get_by_label("The same once more").fill("short")
    submit(page, "Save my new password")
    yield "set-password-weak"
    page.goto("/set-password/long-gone")
    yield "set-password-ended"
    submit(page, "Send me a new link")
    yield "set-password-new-link"


def licensee_by_link(page: Page, server: LiveServer) -> Iterator[str]:
    ask_for_link(page, "ivy.stone")
    page.goto(one_time_link(mail_to(server, "ivy.stone", WAY_IN)))
    submit(page, "Continue as Ivy Stone")
    yield "link-home"
    page.goto("/requests/new")
    yield "link-choice"
    page.get_by_role("link", name="Request New Password").click()
    yield "link-file"
    submit(page, "Send request to HAND")
    yield "link-file-empty"
    page.goto("/sign-out")
    yield "wrong-method"


def licensee(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "kim.bauer")
    yield "licensee-home"
    page.goto("/requests/new")
    yield "licensee-choice"
    page.goto(demo_ticket("kim.bauer"))
    yield "licensee-ticket-withdrawn"


def agency_admin(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "dana.price")
    yield "agency-home"
    yield from my_people(page)
    page.goto("/agencies")
    yield "agency-mine"
    page.goto("/account/security")
    yield "agency-account-security"
    page.goto("/weekly-email/made-up")
    yield "weekly-email-no-link"
    page.goto("/requests/new")
    yield "agency-who"
    submit(page, "Continue")
    yield "agency-who-empty"
    page.goto(filing_form("ben.ito"))
    yield "agency-file-not-fitting"
    page.goto(filing_form("maria.lopez"))
    yield "agency-already-open"
    page.goto(demo_ticket("maria.lopez"))
    yield "agency-ticket-submitted"
    page.goto(demo_ticket("maria.lopez") + "/withdraw")
    yield "agency-withdraw"
    page.goto(demo_ticket("gail.novak"))
    yield "agency-ticket-waiting"
    submit(page, "Send answer")
    yield "agency-answer-empty"
    page.goto(demo_ticket("ruth.okafor"))
    yield "agency-ticket-rejected"
    page.goto("/queue")
    yield "forbidden"
    page.goto(filing_form("ruth.okafor"))
    yield "agency-file"
    submit(page, "Send request to HAND")
    yield "agency-file-empty"
    page.get_by_label("The password is forgotten").check()
    page.get_by_label("Anything HAND should know?").fill("She starts at 7 am.\nThank you!")
    page.get_by_label("I know that it is Ruth Okafor").check()
    elsewhere = page.context.new_page()
    elsewhere.goto("/")
    sign_out(elsewhere)
    elsewhere.close()
    submit(page, "Send request to HAND")
    yield "signed-out-meanwhile"


def my_people(page: Page) -> Iterator[str]:
    page.goto("/people")
    yield "people"
    page.get_by_text("Sort, filter").click()
    yield "people-filter-open"
    page.goto("/people?show=now&state=expired&sort=expires")
    yield "people-nobody"
    page.goto("/people")
    page.get_by_label("Find one of my people").fill("park")
    submit(page, "Find")
    yield "people-found"
    page.get_by_label("More about June Park").click()
    yield "people-menu-open"
    page.goto(f"/people/{person_id('june.park')}")
    yield "people-person"
    page.goto(f"/people/{person_id('ruth.okafor')}/leave")
    page.get_by_label("Back on").fill("2020-01-01")
    submit(page, "Report the leave")
    yield "people-leave-error"
    page.goto(f"/people/{person_id('dana.price')}/departure")
    yield "people-departure-last-admin"
    page.goto(f"/people/{person_id('june.park')}/correct")
    yield "people-correct"
    page.get_by_label("Work email").fill("june at home")
    submit(page, "Save what is right")
    yield "people-correct-error"
    page.goto(f"/people/{person_id('dana.price')}/correct")
    yield "people-correct-oneself"


def other_admin(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "lee.tran")
    page.goto(demo_ticket("paul.weiss"))
    yield "agency-ticket-completed"
    page.goto(demo_ticket("wen.li"))
    yield "agency-ticket-closed"
    page.goto(demo_ticket("maria.lopez"))
    yield "not-mine"
    page.goto(filing_form("kim.bauer"))
    page.get_by_label("Something else").check()
    page.get_by_label("I know that it is Kim Bauer").check()
    submit(page, "Send request to HAND")
    yield "agency-ticket-filed"


def staff(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "sam.reed")
    yield "staff-home"
    yield from queue(page)
    page.goto(demo_ticket("maria.lopez"))
    yield "staff-ticket-submitted"
    page.goto(demo_ticket("omar.haddad"))
    yield "staff-ticket-in-review"
    submit(page, "Ask for more")
    yield "staff-ask-empty"
    for step in ("approve", "reject", "hand_over"):
        page.goto(f"{demo_ticket('omar.haddad')}/{step}")
        yield f"staff-{step}"
    submit(page, "Hand over")
    page.goto(f"{demo_ticket('omar.haddad')}/approve")
    submit(page, "Approve")
    yield "staff-approve-empty"
    page.goto(f"/people/{person_id('noor.aziz')}")
    yield "staff-person"
    yield from transfer(page)
    for person in ("gail.novak", "paul.weiss", "ruth.okafor"):
        page.goto(demo_ticket(person))
        yield f"staff-ticket-{person.partition('.')[0]}"
    page.goto(f"{demo_ticket('paul.weiss')}/reject")
    yield "staff-step-not-possible"
    page.goto("/agencies")
    yield "staff-agencies"
    yield from stale(page)


def transfer(page: Page) -> Iterator[str]:
    """Sent empty, then planned and taken back."""
    page.goto(f"/people/{person_id('noor.aziz')}/transfer")
    yield "staff-transfer"
    submit(page, "Transfer")
    yield "staff-transfer-empty"
    page.get_by_label("To the agency").select_option(label="Harbor House")
    page.get_by_label("First day there").fill(f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}")
    page.get_by_label("Why").fill("A new job.")
    submit(page, "Transfer")
    yield "staff-transfer-planned"
    submit(page, "Take it back")


def how_requests_work(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "joan.abara")
    page.get_by_text("Joan Abara").first.click()
    yield "menu-open"
    page.get_by_role("link", name="How requests work").click()
    yield "workflows"
    for link in page.locator(".flows a").all():
        address = link.get_attribute("href") or ""
        page.goto(address)
        page.locator("details.fold summary").click()
        yield f"workflow-{address.rpartition('/')[2]}"
        page.go_back()


def queue(page: Page) -> Iterator[str]:
    page.goto("/queue")
    yield "queue"
    page.locator("details.filter summary").click()
    yield "queue-filter-open"
    page.goto("/queue?view=open&state=waiting&agency=1")
    yield "queue-filtered"
    page.get_by_label("Number or name").fill("lopez")
    page.get_by_role("button", name="Find").click()
    yield "queue-found"
    page.goto("/queue?view=closed")
    yield "queue-closed"
    page.goto("/queue?view=mine&agency=999")
    yield "queue-empty"


def stale(page: Page) -> Iterator[str]:
    """As though the page had been loaded before the last step."""
    page.goto(demo_ticket("omar.haddad"))
    page.get_by_label("Message").fill("Please call us: which screen do you see?\nThanks, Sam")
    age(page)
    submit(page, "Ask for more")
    yield "conflict"
    page.goto(f"{demo_ticket('omar.haddad')}/reject")
    page.get_by_label("Why").select_option("duplicate")
    page.get_by_label("What would have to change").fill("It repeats another request.")
    age(page)
    submit(page, "Reject")
    yield "conflict-reject"


def age(page: Page) -> None:
    for field in page.locator("input[name=version]").all():
        field.evaluate("field => { field.value = 1 }")


def manager(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "morgan.hale")
    page.goto("/manage/agencies")
    yield "manage-agencies"
    yield from manage_agency(page)
    yield from manage_people(page)
    page.goto("/manage/approvers")
    yield "manage-approvers"
    yield from manage_deadlines(page, server)
    yield from manage_straight_through(page)
    yield from manage_grid(page)
    yield from manage_settings(page)


def manage_deadlines(page: Page, server: LiveServer) -> Iterator[str]:
    """Nothing waits; then a sweep does, and has been let run."""
    page.goto("/manage/deadlines")
    yield "manage-deadlines"
    by_hand(
        server,
        "INSERT INTO sweep_hold (waits, changes, held, made_at)"
        " VALUES (TRUE, 12, 30, '2026-11-23 05:10:00')",
    )
    page.goto("/")
    yield "manager-home-sweep-waits"
    page.goto("/manage/deadlines")
    yield "manage-deadlines-waits"
    by_hand(server, "UPDATE sweep_hold SET released_at = '2026-11-23 14:00:00', released_by_id = 1")
    page.reload()
    yield "manage-deadlines-released"


def manage_straight_through(page: Page) -> Iterator[str]:
    page.goto(demo_ticket("mia.roth"))
    yield "staff-ticket-a-sample"
    page.goto("/manage/straight-through")
    yield "manage-straight"
    page.get_by_role("link", name="Request New Password").click()
    yield "manage-straight-rule"
    page.get_by_label("On: the desk approves by it").check()
    page.get_by_label("Tried out on").fill("2")
    page.get_by_label("Why do you change it?").fill("Morgan and Sam have looked at the samples.")
    submit(page, "Save the rule")
    yield "manage-straight-too-many-faults"
    page.get_by_label("Most faults, in percent").fill("50")
    submit(page, "Save the rule")
    page.get_by_role("link", name="Request New Password").click()
    yield "manage-straight-rule-on"
    page.get_by_label("Off: people approve").check()
    page.get_by_label("Why do you change it?").fill("Only to look.")
    submit(page, "Save the rule")


def manage_grid(page: Page) -> Iterator[str]:
    page.goto("/manage/grid")
    yield "manage-grid"
    page.get_by_role("link", name="Change the grid").click()
    yield "manage-grid-edit"
    submit(page, "See what changes")
    yield "manage-grid-edit-error"
    page.get_by_label("Name of the new course").fill("Code of Ethics")
    page.get_by_label("Everybody: Each year: the new course").check()
    page.get_by_label("In force from").fill("2099-01-01")  # the other guides go by today’s
    page.get_by_label("Why").fill("Decided by the board.")
    submit(page, "See what changes")
    yield "manage-grid-preview"
    submit(page, "Save the grid")
    yield "manage-grid-saved"
    page.get_by_role("link", name="The whole grid").click()
    yield "manage-grid-edition"
    page.goto("/manage/grid/import")
    yield "manage-grid-import"


def manage_settings(page: Page) -> Iterator[str]:
    page.goto("/manage/settings/SESSION_IDLE")
    yield "manage-setting-span"
    page.get_by_label("Signed out when idle for").fill("900")
    submit(page, "Save")
    yield "manage-setting-out-of-bounds"
    page.goto("/manage/settings/OPENS")
    page.get_by_label("Opens").fill("08:30")
    submit(page, "Save")
    yield "manage-settings"
    page.goto("/manage/settings/OPENS")
    yield "manage-setting-changed"
    submit(page, "Back to the default")


def manage_agency(page: Page) -> Iterator[str]:
    """A new one without an admin, then one that has everything."""
    page.goto("/manage/agencies/new")
    submit(page, "Add")
    yield "manage-agency-add-empty"
    page.get_by_label("Name of the agency").fill("Lantern Street Shelter")
    submit(page, "Add")
    yield "manage-agency-new"
    address = page.url
    page.goto(f"{address}/admin")
    yield "manage-agency-admin-nobody"
    page.goto(f"{address}/deactivate")
    yield "manage-agency-deactivate"
    submit(page, "Deactivate")
    yield "manage-agency-inactive"
    page.goto("/manage/agencies/1/edit")
    page.get_by_label("Email of the contact").fill("nobody")
    submit(page, "Save")
    yield "manage-agency-edit-error"
    page.goto("/manage/agencies/1")
    yield "manage-agency"
    page.goto("/manage/agencies/1/admin")
    yield "manage-agency-admin"
    page.goto("/manage/agencies/1")
    page.get_by_role("link", name="Take the role away").click()
    yield "manage-role-revoke"


def manage_people(page: Page) -> Iterator[str]:
    page.goto("/manage/people")
    yield "manage-people"
    page.get_by_label("Find a person").fill("nobody of that name")
    submit(page, "Find")
    yield "manage-people-none"
    page.goto("/manage/people/new")
    yield "manage-person-add"
    page.get_by_label("First name").fill("Nia")
    page.get_by_label("Last name").fill("Brandt")
    page.get_by_label("Username").fill("sam.reed")
    page.get_by_label("Work email").fill("nia.brandt@example.org")
    page.get_by_label("Role").select_option("staff")
    submit(page, "Add and send the link")
    yield "manage-person-add-known"
    page.get_by_label("Username").fill("nia.brandt")
    submit(page, "Add and send the link")
    yield "manage-person-new"
    page.goto("/manage/people/1/disable")
    submit(page, "Disable")
    yield "manage-person-disable-refused"
    for path in ("", "/disable", "/roles/new"):
        page.goto(f"/manage/people/{person_id('dana.price')}{path}")
        yield f"manage-person{path.replace('/', '-')}"
    submit(page, "Give the role")
    yield "manage-role-empty"
    page.goto("/manage/people")
    page.get_by_label("Find a person").fill("Ella Brooks")
    submit(page, "Find")
    page.get_by_role("link", name="Ella Brooks").click()
    page.get_by_role("link", name="Add the username").click()
    yield "manage-person-username"
    page.get_by_label("Username").fill("sam.reed")
    submit(page, "Save")
    yield "manage-person-username-taken"


def failures(page: Page, server: LiveServer) -> Iterator[str]:
    """Staff file for somebody whose account is lost; a colleague approves; it can't be done."""
    enter(page, server, "sam.reed")
    page.goto("/effects")
    yield "effects-none"
    page.goto(filing_form("ivy.stone"))
    yield "staff-file"
    page.get_by_label("The license is locked").check()
    page.get_by_label("Who asks for it?").select_option(label="Ivy Stone")
    page.get_by_label("know that it is Ivy Stone").check()
    submit(page, "Send request to HAND")
    submit(page, "Take it")
    yield "staff-ticket-own-filing"
    address = page.url.partition("?")[0]
    page.goto(f"{address}/approve")
    yield "staff-approve-refused"
    page.context.clear_cookies()
    enter(page, server, "morgan.hale")
    lose_account(server, "ivy.stone")
    page.goto(f"{address}/approve")
    page.get_by_label("I have checked the person").check()
    submit(page, "Approve")
    yield "staff-approved"
    page.goto("/effects")
    patiently("a failed account action", lambda: reloaded(page, "There is no account"))
    fail_mail(server)
    page.reload()
    yield "effects"
    page.get_by_role("link", name="Give up on Unlock the account of Ivy Stone").click()
    yield "effects-give-up"
    submit(page, "Give up")
    yield "effects-give-up-empty"
    page.goto(address)
    yield "staff-ticket-needs-attention"


def deletions(page: Page, server: LiveServer) -> Iterator[str]:
    """As though the sweep had proposed to delete a license that nobody used for long."""
    enter(page, server, "sam.reed")
    page.goto("/deletions")
    yield "deletions-none"
    long_ago = "inactive_at = '2026-09-01 10:00:00', deletion_proposed_at = '2026-11-20 10:00:00'"
    person = f"person_id = {person_id('lena.fox')}"
    by_hand(server, f"UPDATE license SET {long_ago}, deletable_on = '2026-11-20' WHERE {person}")
    page.goto("/")
    yield "staff-home-deletions-wait"
    page.get_by_role("main").get_by_role("link", name="Licenses to delete").click()
    yield "deletions"
    page.get_by_role("link", name="Keep Lena Fox").click()
    submit(page, "Keep it")
    yield "deletions-keep-empty"
    page.goto("/deletions")
    page.get_by_label("Delete Lena Fox").check()
    submit(page, "Delete the chosen …")
    yield "deletions-confirm"
    submit(page, "Delete it")
    yield "deletions-confirmed"


def courses(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "sam.reed")
    page.goto(f"/people/{person_id('june.park')}")
    page.get_by_role("link", name="Enter a course").click()
    yield "course-enter"
    submit(page, "Put it on file")
    yield "course-enter-empty"
    page.get_by_label("Course").select_option(label="Basic Privacy & Security")
    page.get_by_label("Completed on").fill("2026-11-02")
    page.get_by_label("Score").fill("72")
    submit(page, "Put it on file")
    yield "staff-person-courses"
    page.get_by_role("link", name="Take back").click()
    yield "course-take-back"
    submit(page, "Take it back")
    yield "course-take-back-empty"


def suspension(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "morgan.hale")
    page.goto(f"/people/{person_id('noor.aziz')}/lift")
    submit(page, "Lift the suspension")
    yield "lift-empty"
    page.goto(f"/people/{person_id('noor.aziz')}/suspend")
    yield "suspend-twice"
    page.goto(f"/people/{person_id('sara.boyd')}/suspend")
    yield "suspend"
    page.get_by_label("What are they told?").fill("Please call us about it.")
    submit(page, "Suspend the license")
    yield "suspend-empty"


def reloaded(page: Page, words: str) -> int | None:
    page.reload()
    return page.get_by_text(words).count() or None


def lose_account(server: LiveServer, username: str) -> None:
    person = f"(SELECT id FROM person WHERE username = '{username}')"
    by_hand(server, f"DELETE FROM account WHERE person_id = {person}")


def fail_mail(server: LiveServer) -> None:
    """A mail that belongs to no ticket."""
    by_hand(
        server,
        "UPDATE effect SET status = 'dead', error = '550 5.1.1 No such user here'"
        " WHERE id = (SELECT min(id) FROM effect WHERE kind = 'mail' AND ticket_id IS NULL)",
    )


def developer(page: Page, server: LiveServer) -> Iterator[str]:
    mail_to(server, "paul.weiss", "choose a new password")
    page.goto("/dev/mail")
    yield "mail"
    page.get_by_role("link", name="choose a new password").first.click()
    yield "mail-one"


GUIDES: dict[str, Guide] = {
    guide.__name__: guide
    for guide in (
        stranger,
        owner_of_a_new_password,
        licensee_by_link,
        licensee,
        agency_admin,
        other_admin,
        staff,
        manager,
        imports,
        failures,
        deletions,
        courses,
        suspension,
        how_requests_work,
        developer,
        *ACCOUNT_GUIDES,
        *REQUEST_GUIDES,
    )
}
