"""What has happened: requests of every type, in every state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk.demo.cast import CAST, EAST, HARBOR, NORTH
from workflows import papers
from workflows.guards import NEW_PASSWORD, NEW_USER, REACTIVATE, RECERTIFY
from workflows.training import STANDARD, Purpose

LEVELS = {someone.username: someone.level for someone in CAST}

Act = tuple[str, str, dict[str, object]]
"""A trigger, who pulled it (nobody: the desk itself), and what the form brought."""


@dataclass(frozen=True)
class Sheet:
    """`admin` has signed it. `name`: of the person, as it is written there, if not as on file."""

    admin: str
    name: str = ""


DANA, LEE, ROSA = Sheet("Dana Price"), Sheet("Lee Tran"), Sheet("Rosa Klein")


@dataclass(frozen=True)
class Story:
    """A ticket and what happened to it. `about` names a person on file, or a newcomer's name and
    agency. `by_link`: the licensee filed it through a mailed link. `busy`: the directory does not
    answer, so that the account action waits. `failed`: it has refused the action for good. `sheet`:
    how its worksheet is filled in; None: it is a paper that no program can read."""

    type: str
    about: str
    filer: str
    fields: dict[str, Any]
    kinds: tuple[str, ...] = ()
    steps: tuple[Act, ...] = ()
    agency: str | None = None
    sheet: Sheet | None = None
    by_link: bool = False
    busy: bool = False
    failed: bool = False


def password(about: str, filer: str, happened: str, note: str = "", **more: Any) -> Story:
    fields = {"happened": happened, "note": note, "identity": "agency"}
    return Story(NEW_PASSWORD, about, filer, fields, **more)


def proved(about: str, happened: str, **more: Any) -> Story:
    """Filed by the licensee themselves, through a link mailed to the address on file."""
    fields = {"happened": happened, "note": "", "identity": "link"}
    return Story(NEW_PASSWORD, about, about, fields, by_link=True, **more)


def reactivate(about: str, filer: str, reason: str, back: int | None = None, **more: Any) -> Story:
    """`back`: how many days ago they came back from a leave."""
    day = _day(back) if back is not None else None
    fields = {"reason": reason, "returned_on": day, "note": ""}
    return Story(REACTIVATE, about, filer, fields, **more)


def _day(ago: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=ago)).isoformat()


def courses_done(ago: int, level: str, purpose: Purpose) -> dict[str, str]:
    """ISO days by the courses’ names: one after the other, the last of them `ago` days ago."""
    needed = STANDARD.required(level, purpose)
    return {course.name: _day(ago + n) for n, course in enumerate(needed)}


def recertify(about: str, filer: str, ago: int = 20, **more: Any) -> Story:
    fields = {"courses": courses_done(ago, LEVELS[about], Purpose.YEARLY), "note": ""}
    return Story(
        RECERTIFY, about, filer, fields, kinds=(papers.RECERTIFICATION_WORKSHEET,), **more
    )


def newcomer(name: str, agency: str, filer: str, level: str, **more: Any) -> Story:
    first, last = name.split(" ", 1)
    host = agency.split(maxsplit=1)[0].lower()
    fields = {
        "first_name": first, "last_name": last,
        "email": f"{first}.{last}@{host}.example.org".lower().replace(" ", "").replace("’", ""),
        "phone": "313-555-0142", "title": "Case worker", "employment": "employee",
        "supervisor": "Robin Ames", "supervisor_email": f"robin.ames@{host}.example.org",
        "access_level": level, "provider": f"{agency} – Emergency Shelter",
        "further_providers": "", "permissions": "", "had_access": "No", "replaces": "",
        "note": "", "courses": courses_done(20, level, Purpose.NEW_USER),
    }  # fmt: skip
    kinds = more.pop("kinds", (papers.NEW_USER_WORKSHEET, papers.AGREEMENT_AND_ETHICS))
    return Story(NEW_USER, name, filer, fields, kinds=kinds, agency=agency, **more)


TAKE: Act = ("take", "sam.reed", {})
QUESTION: dict[str, object] = {
    "message": "Please confirm the spelling of the name and send us the work email address, so "
               "that the link can be mailed."}  # fmt: skip
ASK: Act = ("ask_for_more", "sam.reed", QUESTION)
UNSIGNED: Act = ("ask_for_more", "sam.reed", {
    "message": "The Code of Ethics is not signed by the executive director. Please send it again.",
    "papers": [papers.CODE_OF_ETHICS]})  # fmt: skip
CHECKED: Act = ("approve", "sam.reed", {"identity_checked": True})
APPROVE: Act = ("approve", "sam.reed", {})
FAILED: Act = ("provisioning_failed", "", {"message": "The directory knows no such account."})
CONVERT: Act = ("convert", "sam.reed", {
    "to": RECERTIFY, "message": "The password is fine; the license runs out soon."})  # fmt: skip
STARTED: Act = ("setup_started", "", {})
NOTE: Act = ("note", "sam.reed", {"message": "Called the agency; Robin is out until Monday."})

STORIES = (
    password("maria.lopez", "dana.price", "locked", "She has intakes this afternoon."),
    password("omar.haddad", "dana.price", "forgotten", steps=(TAKE,)),
    password("gail.novak", "dana.price", "locked", steps=(TAKE, ASK)),
    password("ruth.okafor", "dana.price", "forgotten", steps=(
        TAKE, ("reject", "sam.reed", {"code": "duplicate", "message": "Ruth signed in again "
        "this morning. File it again if the password is lost after all."}))),
    password("ana.silva", "lee.tran", "locked"),
    password("paul.weiss", "lee.tran", "forgotten", steps=(TAKE, CHECKED)),
    password("kim.bauer", "lee.tran", "other", "The page says “contact your administrator”.",
             steps=(("withdraw", "lee.tran", {}),)),
    password("wen.li", "lee.tran", "forgotten",
             steps=(TAKE, ASK, ("close_no_response", "", QUESTION))),
    reactivate("ben.ito", "dana.price", "leave", 1),
    reactivate("abe.marsh", "lee.tran", "no_log_in", steps=(("take", "joan.abara", {}), APPROVE)),
    reactivate("tim.vance", "rosa.klein", "no_log_in", steps=(TAKE, APPROVE, STARTED), busy=True),
    reactivate("max.engel", "rosa.klein", "leave", 1, steps=(("take", "joan.abara", {}),)),
    recertify("tess.moran", "dana.price", sheet=DANA, steps=(TAKE, NOTE)),
    recertify("jo.sund", "lee.tran", sheet=Sheet("Lee Tran", "Jo Ann Sund"), steps=(TAKE, (
        "comment", "sam.reed",
        {"message": "Thank you. I only wait for my colleague, who knows the full name."}))),
    recertify("olga.reyes", "rosa.klein", ago=320),
    recertify("sara.boyd", "rosa.klein", sheet=ROSA, steps=(TAKE, APPROVE)),
    newcomer("Ella Brooks", HARBOR, "dana.price", "case_manager_1", sheet=DANA),
    newcomer("Sean O’Neil", HARBOR, "dana.price", "agency_staff", sheet=DANA,
             steps=(TAKE, UNSIGNED)),
    newcomer("Pia Lind", NORTH, "lee.tran", "volunteer", sheet=LEE,
             steps=(TAKE, APPROVE)),
    newcomer("Ida Frost", EAST, "rosa.klein", "read_only", steps=(
        TAKE, ("reject", "sam.reed", {"code": "unsigned", "message": "The User Agreement is not "
        "signed. Please have it signed and file the request again."}))),
    password("nina.patel", "rosa.klein", "forgotten", steps=(TAKE, CHECKED, STARTED, FAILED),
             failed=True),
    password("hugo.brandt", "dana.price", "other", "It says something about his license.",
             steps=(TAKE, CONVERT)),
    # What a manager sees of the rule for new passwords before switching it on.
    proved("mia.roth", "forgotten", steps=(TAKE, APPROVE)),
    proved("dev.rao", "locked", steps=(TAKE, APPROVE)),
    proved("gus.berg", "forgotten", steps=(TAKE, APPROVE)),
    proved("cora.lunn", "forgotten", steps=(TAKE, ("reject", "sam.reed", {
        "code": "duplicate", "message": "Cora found the password again; she has told us so."}))),
)  # fmt: skip
