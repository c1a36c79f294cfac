"""Who may ask for which page. A route that is not named here is denied."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from helpdesk.actor import Actor


class Rule(StrEnum):
    """Who may ask for a page at all."""

    PUBLIC = "anybody"
    SIGNED_IN = "anybody who is signed in"
    OWNER = "anybody who is signed in, but not by a link"
    FILER = "agency admins, licensees and HAND staff"
    AGENCY = "agency admins"
    MEMBERS = "agency admins and HAND staff"
    STAFF = "HAND staff"
    MANAGER = "HAND managers"
    DEVELOPMENT = "anybody, while developing"


RULES: dict[str, Rule] = {
    "static": Rule.PUBLIC,
    "bootstrap.static": Rule.PUBLIC,
    "health.healthz": Rule.PUBLIC,
    "health.readyz": Rule.PUBLIC,
    "sign_in.sign_in": Rule.PUBLIC,
    "sign_in.sign_out": Rule.PUBLIC,
    "sign_in.passkey": Rule.PUBLIC,
    "second_step.ask": Rule.PUBLIC,
    "guide.begin": Rule.PUBLIC,
    "guide.step": Rule.PUBLIC,
    "links.ask": Rule.PUBLIC,
    "links.forgot": Rule.PUBLIC,
    "links.open": Rule.PUBLIC,
    "links.set_password": Rule.PUBLIC,
    "links.judge": Rule.PUBLIC,
    "links.renew": Rule.PUBLIC,
    "signing.show": Rule.PUBLIC,
    "signing.decline": Rule.PUBLIC,
    "signing.worksheet": Rule.PUBLIC,
    "weekly_email.off": Rule.PUBLIC,
    "home.home": Rule.SIGNED_IN,
    "account.security": Rule.OWNER,
    "account.sign_out_others": Rule.OWNER,
    "account.app_add": Rule.OWNER,
    "account.passkey_add": Rule.OWNER,
    "account.factor_rename": Rule.OWNER,
    "account.factor_remove": Rule.OWNER,
    "account.recovery_codes": Rule.OWNER,
    "account.weekly_email": Rule.OWNER,
    "people.index": Rule.AGENCY,
    "people.show": Rule.MEMBERS,
    "people.departure": Rule.MEMBERS,
    "people.leave": Rule.MEMBERS,
    "people.take_back": Rule.MEMBERS,
    "people.transfer": Rule.STAFF,
    "people.transfer_take_back": Rule.STAFF,
    "people.suspend": Rule.STAFF,
    "people.lift": Rule.MANAGER,
    "agencies.index": Rule.MEMBERS,
    "agencies.show": Rule.MEMBERS,
    "people.correct": Rule.MEMBERS,
    "people.course_enter": Rule.STAFF,
    "people.course_take_back": Rule.STAFF,
    "requests.start": Rule.FILER,
    "requests.file": Rule.FILER,
    "bulk.start": Rule.MEMBERS,
    "bulk.show": Rule.MEMBERS,
    "bulk.add": Rule.MEMBERS,
    "documents.show": Rule.SIGNED_IN,
    "documents.view": Rule.SIGNED_IN,
    "documents.page": Rule.SIGNED_IN,
    "documents.add": Rule.FILER,
    "documents.remove": Rule.FILER,
    "worksheets.download": Rule.FILER,
    "review.begin": Rule.STAFF,
    "review.show": Rule.STAFF,
    "review.mark": Rule.STAFF,
    "review.correct": Rule.STAFF,
    "review.take_date": Rule.STAFF,
    "tickets.show": Rule.SIGNED_IN,
    "tickets.step": Rule.SIGNED_IN,
    "queue.index": Rule.STAFF,
    "queue.find": Rule.STAFF,
    "workflows.index": Rule.STAFF,
    "workflows.show": Rule.STAFF,
    "checklists.index": Rule.STAFF,
    "checklists.show": Rule.STAFF,
    "checklists.confirm": Rule.STAFF,
    "checklists.could_not": Rule.STAFF,
    "deletions.index": Rule.STAFF,
    "deletions.confirm": Rule.STAFF,
    "deletions.keep": Rule.STAFF,
    "effects.index": Rule.STAFF,
    "effects.retry": Rule.STAFF,
    "effects.give_up": Rule.STAFF,
    "manage.agencies": Rule.MANAGER,
    "manage.agency_add": Rule.MANAGER,
    "manage.agency": Rule.MANAGER,
    "manage.agency_edit": Rule.MANAGER,
    "manage.agency_active": Rule.MANAGER,
    "manage.agency_admin": Rule.MANAGER,
    "manage.people": Rule.MANAGER,
    "manage.person_add": Rule.MANAGER,
    "manage.person": Rule.MANAGER,
    "manage.person_username": Rule.MANAGER,
    "manage.person_account": Rule.MANAGER,
    "manage.person_invite": Rule.MANAGER,
    "manage.person_second_step": Rule.MANAGER,
    "manage.role_grant": Rule.MANAGER,
    "manage.role_revoke": Rule.MANAGER,
    "manage.approvers": Rule.MANAGER,
    "manage.imports": Rule.MANAGER,
    "manage.import_add": Rule.MANAGER,
    "manage.import_run": Rule.MANAGER,
    "manage.import_columns": Rule.MANAGER,
    "manage.import_apply": Rule.MANAGER,
    "manage.import_drop": Rule.MANAGER,
    "manage.import_undo": Rule.MANAGER,
    "manage.import_faulty": Rule.MANAGER,
    "manage.grid": Rule.MANAGER,
    "manage.grid_edition": Rule.MANAGER,
    "manage.grid_edit": Rule.MANAGER,
    "manage.grid_export": Rule.MANAGER,
    "manage.grid_import": Rule.MANAGER,
    "manage.deadlines": Rule.MANAGER,
    "manage.deadlines_run": Rule.MANAGER,
    "manage.straight": Rule.MANAGER,
    "manage.straight_rule": Rule.MANAGER,
    "manage.settings": Rule.MANAGER,
    "manage.setting": Rule.MANAGER,
    "manage.setting_default": Rule.MANAGER,
    "mailbox.index": Rule.DEVELOPMENT,
    "mailbox.show": Rule.DEVELOPMENT,
}

FRESH = {
    "account.sign_out_others",
    "account.app_add",
    "account.passkey_add",
    "account.factor_remove",
    "account.recovery_codes",
    "people.correct",
    "people.suspend",
    "people.lift",
    "deletions.confirm",
    "manage.agency_active",
    "manage.agency_admin",
    "manage.person_add",
    "manage.person_username",
    "people.transfer",
    "manage.person_account",
    "manage.person_invite",
    "manage.person_second_step",
    "manage.role_grant",
    "manage.role_revoke",
    "manage.import_apply",
    "manage.import_undo",
    "manage.grid_edit",
    "manage.deadlines_run",
    "manage.straight_rule",
    "manage.setting",
    "manage.setting_default",
}
"""Acts for which it is asked again who sits there, unless that was shown lately."""

FRESH_STEPS = {"override"}
"""Steps of a ticket that are such acts."""

_HOLDS: dict[Rule, Callable[[Actor], bool]] = {
    Rule.SIGNED_IN: lambda _actor: True,
    Rule.OWNER: lambda actor: not actor.link_only,
    Rule.FILER: lambda actor: actor.staff or actor.agency_admin or actor.licensee,
    Rule.AGENCY: lambda actor: actor.agency_admin,
    Rule.MEMBERS: lambda actor: actor.agency_admin or actor.staff,
    Rule.STAFF: lambda actor: actor.staff,
    Rule.MANAGER: lambda actor: actor.manager,
}


def must_set_up_first(rule: Rule, actor: Actor | None) -> bool:
    """Whoever owes a second step gets no further than the pages where it is set up."""
    owes = actor is not None and actor.owes_second_step
    return owes and rule not in {Rule.PUBLIC, Rule.DEVELOPMENT, Rule.OWNER}


def may_ask(rule: Rule, actor: Actor | None) -> bool:
    """Whether a page under `rule` is open to `actor` (None: a stranger)."""
    if rule in {Rule.PUBLIC, Rule.DEVELOPMENT}:
        return True
    return actor is not None and _HOLDS[rule](actor)


def wants_fresh(endpoint: str | None, view_args: Mapping[str, Any] | None) -> bool:
    step = (view_args or {}).get("trigger") if endpoint == "tickets.step" else None
    return endpoint in FRESH or step in FRESH_STEPS
