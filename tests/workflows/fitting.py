"""For each request type the facts of a request that nothing speaks against.

Written from HAND's rules and not from the definitions: the tests judge those by these.
"""

from typing import Any

from workflows.engine import Party

TODAY_A_YEAR_AGO = "2025-11-23"
"""Just in date on `making.TODAY`."""

EVERYBODYS = {"basic_privacy": "2026-10-01", "policy_procedure": "2026-09-15"}
NEW_USERS = EVERYBODYS | {"informed_consent": "2026-08-20", "intake": "2026-08-21"}

FITTING: dict[str, dict[str, Any]] = {
    "new_user_license": {
        "license_state": "absent",
        "fields": {
            "email": "ann.lee@agency.example", "access_level": "agency_staff",
            "provider": "Harbor Shelter", "courses": NEW_USERS,
        },
        "documents": ("new_user_worksheet", "user_agreement", "code_of_ethics"),
    },
    "request_new_password": {"license_state": "locked", "fields": {"identity": "link"}},
    "reactivate_license": {
        "license_state": "inactive",
        "fields": {"reason": "leave", "returned_on": "2026-11-20"},
    },
    "recertification": {
        "license_state": "expired",
        "fields": {"courses": EVERYBODYS},
        "documents": ("recertification_worksheet",),
    },
}  # fmt: skip

LATER = {"new_user_license": {"license_state": "requested"}}
"""What is different once it is filed."""

FILERS = {
    "new_user_license": {Party.AGENCY, Party.STAFF},
    "request_new_password": {Party.AGENCY, Party.LICENSEE, Party.STAFF},
    "reactivate_license": {Party.AGENCY, Party.STAFF},
    "recertification": {Party.AGENCY, Party.LICENSEE, Party.STAFF},
}


def filing(name: str, **changes: Any) -> dict[str, Any]:
    """Facts with which a request of this type is filed; `fields` are added to its own."""
    fields = {**FITTING[name]["fields"], **changes.pop("fields", {})}
    return FITTING[name] | {"fields": fields} | changes


def filed(name: str, **changes: Any) -> dict[str, Any]:
    """The same once it is filed."""
    return filing(name, **(LATER.get(name, {}) | changes))
