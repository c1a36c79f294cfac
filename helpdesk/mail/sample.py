"""Made-up values for every mail: for the check of the definitions, and for tests.

The keys are the whole vocabulary of the templates; a new word in a template comes here too.
"""

from collections.abc import Iterator, Mapping

SAMPLE: Mapping[str, object] = {
    "recipient": "licensee",  # or "filer" (the one who filed), "assignee" (of HAND's staff)
    "recipient_name": "Ann Lee",
    "ticket_number": "HD-1042",
    "type_label": "Request New Password",
    "person_name": "Ann Lee",  # whom it is about
    "agency_name": "Harbor House",
    "former_name": "Harbor House",  # or None: the agency that somebody comes from, and goes to
    "new_name": "North Star Outreach",  # or None
    "actor_name": "Bea Ortiz",  # who took the step
    "ticket_url": "https://desk.example/tickets/42",  # or None: no page of the ticket to open
    "due_words": "Wednesday, November 25, 4 pm",  # or None
    "waits_on_agency": True,  # False: it is HAND's turn
    "when_words": "Monday, November 23, 3:12 pm",  # or None
    "message": "Please confirm the spelling of the name.\nA call is fine, too.",
    "asked": "Which site does she work at?",  # what HAND has asked for, in a reminder
    "reason_label": "Unauthorized submitter",
    "reason_text": "The request has to come from an agency admin of Harbor House.",  # or ""
    "own": False,  # whether the licensee has filed it
    "licensee_has_email": True,
    "papers": ["User Agreement", "Code of Ethics"],  # or []
    "from_number": "HD-1041",  # the ticket that this one came of
    "username": "ann.lee",  # or None
    "until_words": "Nov 25, 2027",  # or None
    "log_in_hours": 24,
    "state": "active",  # of the license, after the step
    "request_label": "Recertification",  # the request that is next; None where none helps
    "button_url": "https://desk.example/requests/new/recertification?person=7",  # or None
    "days_left": 7,  # until the license expires; 0 on its last day
    "courses": ["Basic Privacy & Security", "Policy & Procedure"],  # still missing; or []
    "idle_days": 30,
    "said": "Please call us about the training.",  # or None: HAND's words for those concerned
    "from_words": "Jan 25, 2027",  # the first day on which the license may be deleted
    "last_day_words": "Nov 28, 2026",  # the last on which a log-in keeps the license active
    "on_words": "Nov 30, 2026",  # or None: the day that a report is about
    "back_words": "Feb 1, 2027",  # or None: nobody knows the day of return
    "link": "https://desk.example/link/sample",  # one-time; None for anyone but the licensee
    "link_life": "72 hours",
    "password_way": "link",  # or "temporary", "product": see services/directories.py
    "log_ins_seen": True,  # whether the desk learns of log-ins by itself
    "cant_log_in_url": "https://desk.example/cant-log-in",
    "bad_log_ins": 3,
    "license_state": "locked",
    "license_locked": True,
    "factor_words": "the authenticator app “My phone”",
    "codes_left": 7,
    "as_of_words": "Nov 14, 2026",  # up to when log-ins are known
    "changes": 42,  # licenses that a sweep would change
    "held": 300,  # of so many
    "percent": 14,
    "faulted": 3,  # samples of a rule in which people found a fault
    "judged": 30,  # of so many
    "limit": 5,  # percent that the rule allows
    "name_before": "Ann Lea",  # or None: the name stays as it was
    "address_is_new": True,
    "now_count": 3,  # people who need their admin now
    "soon_count": 1,
    "groups": [
        {"heading": "Locked: file Request New Password", "lines": ["Ann Lee", "Cy Young"],
         "more": True},
        {"heading": "Runs out soon: file Recertification", "lines": ["Di Fox: Dec 3, 2026"],
         "more": False},
    ],
    "sent_lines": ["HD-1042: Ann Lee", "HD-1043: Cy Young"],
    "off_url": "https://desk.example/weekly-email/sample",
    "document_name": "Worksheet.pdf",
    "unsigned": [],  # or who has still to sign: "Ed Moss, as the executive director (ed@…)"
    "filled_in_by": "Bea Ortiz",  # who asks for a signature, or "HAND"
    "their_own": False,  # whether that is whom the worksheet is about
    "works_until": "Friday, December 11, 4 pm",  # a link to sign, where its request ends first
    "signs_as": "the executive director",
    "virus": "Win.Test.EICAR_HDB-1",
    "infected_request": "HD-1042",  # or None: it was not filed yet
    "role_words": "agency admin of Harbor House",
    "desk_name": "HAND Help Desk",
    "desk_phone": "313-555-0100",  # or None
    "desk_email": "help@desk.example",  # or None
    "hmis_name": "Community Services",
}

_TURNS: tuple[Mapping[str, object], ...] = (
    {},
    {"recipient": "filer", "recipient_name": "Bea Ortiz"},
    {"recipient": "filer", "recipient_name": "", "licensee_has_email": False},
    {"recipient": "assignee", "recipient_name": "Cy Young"},
    {"desk_phone": None, "link_life": "1 hour", "reason_text": "", "license_locked": False},
    {"desk_email": None, "due_words": None, "when_words": None, "message": "", "papers": []},
    {"license_state": "expired"},
    {"codes_left": 1},
    {"own": True},
    {"now_count": 0},
    {"soon_count": 0, "now_count": 1},
    {"sent_lines": ["HD-1042: Ann Lee"]},
    {"recipient": "admins", "until_words": None, "log_in_hours": 1},
    {"recipient": "admins", "days_left": 1, "courses": []},
    {"recipient": "admins", "state": "inactive", "request_label": "Reactivate License"},
    {"state": "locked", "button_url": None, "request_label": "Request New Password"},
    {"state": "inactive", "button_url": None, "days_left": 0, "last_day_words": None},
    {"recipient": "admins", "on_words": None, "back_words": None, "button_url": None},
    {"on_words": None, "back_words": None, "agency_name": None},
    {"recipient": "staff", "recipient_name": "Cy Young"},
    {"recipient": "former_admins"},
    {"recipient": "new_admins"},
    {"recipient": "former_admins", "former_name": None, "new_name": None, "on_words": None},
    {"recipient": "new_admins", "former_name": None, "new_name": None, "on_words": None},
    {"former_name": None, "new_name": None, "on_words": None},
    {"password_way": "temporary"},
    {"password_way": "product", "log_ins_seen": False},
    {"password_way": "temporary", "recipient": "filer"},
    {"password_way": "product", "recipient": "filer", "log_ins_seen": False},
    {"desk_phone": None, "desk_email": None, "ticket_url": None, "agency_name": None},
    {"name_before": None},
    {"infected_request": None, "ticket_url": None},
    {"address_is_new": False},
    {"recipient": "signers", "agency_name": None},
    {"unsigned": ["Ed Moss, as the executive director (ed@agency.example)"]},
    {"recipient": "signers", "own": True},
    {"recipient": "signers", "their_own": True},
    {"recipient": "filer", "waits_on_agency": False},
    {"recipient": "assignee", "waits_on_agency": False},
    {"due_words": None, "unsigned": ["Ann Lee, as the user (ann@agency.example)"]},
)


def samples() -> Iterator[Mapping[str, object]]:
    """Contexts that between them take every turn a template can take."""
    for turn in _TURNS:
        yield {**SAMPLE, **turn}
    yield {**SAMPLE}
