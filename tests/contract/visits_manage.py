"""What the manager's pages answer to everybody: they are open to managers alone."""

from collections.abc import Callable
from dataclasses import asdict

from helpdesk.extensions import db
from helpdesk.models.import_run import ImportKind
from helpdesk.models.license import License
from helpdesk.models.role import Grant, Role
from helpdesk.models.sweep_hold import SweepHold, waiting_hold
from helpdesk.services import grids
from helpdesk.services.facts import today
from helpdesk.services.grid_csv import as_csv
from helpdesk.services.imports.roster_rows import FIELDS
from helpdesk.services.straight import rules
from helpdesk.transaction import transaction
from tests import factories, second_steps
from tests.contract.house import House
from tests.contract.visit import Rewound, Values, Visit, named
from tests.helpdesk.user_csv import text_of, user
from tests.support.grid import table_of
from workflows.guards import NEW_PASSWORD, REACTIVATE
from workflows.training import STANDARD

PAGE = "in 403 403 403 403 403 200"
ACT = "403 403 403 403 403 403 302"
GONE = "in 403 403 403 403 403 404"
NOBODY = {"person_id": "999999"}


def rule_as_shown(house: House, _where: Values) -> Values:
    """Off, as it is: the house has no rule on."""
    with house.app.app_context():
        seen = rules.standing(db.session(), NEW_PASSWORD)
        numbers = {name: value for name, value in asdict(seen.terms).items() if name != "active"}
    return {"seen": seen.version, "active": "off", "reason": "As it was.", **numbers}


def agency(house: House) -> Values:
    with house.app.app_context():
        return {"agency_id": factories.agency().id}


def with_people(house: House) -> Values:
    """An agency of which somebody could be named admin."""
    with house.app.app_context():
        place = factories.agency()
        factories.licensee(of=place)
        return {"agency_id": place.id}


def first_of(house: House, where: Values) -> Values:
    with house.app.app_context():
        (row,) = db.session.query(License).filter_by(agency_id=where["agency_id"])
        return {"person": row.person_id}


def switched(act: str) -> Callable[[House], Values]:
    return lambda house: agency(house) | {"act": act}


def new_name(house: House, _where: Values) -> Values:
    return {"name": f"Haven {next(house.numbers)}"}


def person(house: House) -> Values:
    return {"person_id": house.licensee().id}


def nameless(house: House) -> Values:
    with house.app.app_context():
        return {"person_id": factories.nameless().id}


def new_username(house: House, _where: Values) -> Values:
    return {"username": f"nia.{next(house.numbers)}"}


def account(act: str) -> Callable[[House], Values]:
    return lambda house: person(house) | {"act": act}


def hold(house: House) -> Values:
    """A sweep that waits for a manager."""
    with house.app.app_context(), transaction() as session:
        row = waiting_hold(session)
        if row is None:
            row = SweepHold(changes=42, held=300)
            session.add(row)
        row.released_at = None
        session.flush()
        return {"hold_id": row.id}


def grant(house: House) -> Values:
    """A role of somebody new."""
    with house.app.app_context():
        holder = factories.staff()
        row = db.session.query(Grant).filter_by(person_id=holder.person_id).one()
        return {"person_id": holder.person_id, "grant_id": row.id}


def in_two_steps(house: House) -> Values:
    with house.app.app_context():
        owner = factories.licensee()
        second_steps.give_app(owner.id)
        return {"person_id": owner.id}


def no_account(house: House) -> Values:
    with house.app.app_context():
        return {"person_id": factories.person(account=False).id, "act": "disable"}


def newcomer(house: House, _where: Values) -> Values:
    number = next(house.numbers)
    return {"first_name": "Nia", "last_name": "New", "username": f"nia.{number}",
            "email": f"nia.{number}@hand.example", "role": Role.STAFF, "agency": "0"}  # fmt: skip


def posted(**values: str) -> Callable[[House, Values], Values]:
    return lambda house, where: dict(values)


def dry_run(house: House) -> Values:
    return {"run_id": house.import_run()}


def roster(house: House) -> Values:
    """A file of which nobody has said what its columns hold."""
    return {"run_id": house.import_run(ImportKind.ROSTER)}


def columns(house: House, _where: Values) -> Values:
    return dict.fromkeys((field.name for field in FIELDS), "") | {"username": "1", "order": "mdy"}


def done(house: House) -> Values:
    return {"run_id": house.import_run(applied=True)}


def as_shown(house: House, where: Values) -> Values:
    return {"digest": house.digest(where["run_id"])}


def file_of_people(house: House, _where: Values) -> Values:
    content = Rewound(text_of(user(next(house.numbers))).encode())
    return {"kind": "users", "as_of": "2026-11-20", "file": (content, "User.csv")}


def edition(house: House) -> Values:
    with house.app.app_context():
        plan = grids.Plan(today(), STANDARD.courses, "As it was.",
                          grids.editions(db.session()).newest)  # fmt: skip
        return {"edition_id": grids.save(plan, factories.ANY_STAFF)}


def further_course(house: House, _where: Values) -> Values:
    with house.app.app_context():
        label = f"Course {next(house.numbers)}"
        return table_of(label_6=label, yearly_6="read_only", go="save")


def file_of_courses(_house: House, _where: Values) -> Values:
    return {"file": (Rewound(as_csv(STANDARD).encode()), "Grid.csv")}


NO_RUN = {"run_id": "999999"}

MANAGE = (
    Visit("manage.agencies", "GET", PAGE),
    Visit("manage.agency_add", "GET", PAGE),
    Visit("manage.agency_add", "POST", ACT, data=new_name),
    Visit("manage.agency", "GET", PAGE, agency),
    Visit("manage.agency", "GET", GONE, named(agency_id="999999"), about="that does not exist"),
    Visit("manage.agency_edit", "GET", PAGE, agency),
    Visit("manage.agency_edit", "POST", ACT, agency, new_name),
    Visit("manage.agency_active", "GET", PAGE, switched("deactivate")),
    Visit("manage.agency_active", "POST", ACT, switched("deactivate"), about="off"),
    Visit("manage.agency_active", "POST", ACT, switched("reactivate"), about="on"),
    Visit("manage.agency_admin", "GET", PAGE, with_people),
    Visit("manage.agency_admin", "POST", ACT, with_people, first_of),
    Visit("manage.people", "GET", PAGE),
    Visit("manage.people", "POST", "403 403 403 403 403 403 200", data=posted(q="Lee")),
    Visit("manage.person_add", "GET", PAGE),
    Visit("manage.person_add", "POST", ACT, data=newcomer),
    Visit("manage.person", "GET", PAGE, person),
    Visit("manage.person", "GET", GONE, named(**NOBODY), about="who does not exist"),
    Visit("manage.person_username", "GET", PAGE, nameless),
    Visit("manage.person_username", "GET", GONE, person, about="that is there"),
    Visit("manage.person_username", "POST", ACT, nameless, new_username),
    Visit("manage.person_account", "GET", PAGE, account("disable")),
    Visit("manage.person_account", "GET", GONE, no_account, about="that does not exist"),
    Visit("manage.person_account", "POST", ACT, account("disable"), about="off"),
    Visit("manage.person_account", "POST", ACT, account("enable"), about="on"),
    Visit("manage.person_invite", "POST", ACT, person),
    Visit("manage.person_second_step", "GET", PAGE, in_two_steps),
    Visit("manage.person_second_step", "GET", GONE, person, about="that does not exist"),
    Visit("manage.person_second_step", "POST", ACT, in_two_steps, posted(reason="Lost phone.")),
    Visit("manage.role_grant", "GET", PAGE, person),
    Visit("manage.role_grant", "GET", GONE, named(**NOBODY), about="to nobody"),
    Visit("manage.role_grant", "POST", ACT, person, posted(role="staff", agency="0")),
    Visit("manage.role_revoke", "GET", PAGE, grant),
    Visit("manage.role_revoke", "GET", GONE, named(grant_id="999999", **NOBODY), about="of nobody"),
    Visit("manage.role_revoke", "POST", ACT, grant),
    Visit("manage.approvers", "GET", PAGE),
    Visit("manage.imports", "GET", PAGE),
    Visit("manage.import_add", "GET", PAGE),
    Visit("manage.import_add", "POST", ACT, data=file_of_people),
    Visit("manage.import_run", "GET", PAGE, dry_run, about="before"),
    Visit("manage.import_run", "GET", PAGE, done, about="afterwards"),
    Visit("manage.import_run", "GET", GONE, named(**NO_RUN), about="that does not exist"),
    Visit("manage.import_faulty", "GET", PAGE, dry_run),
    Visit("manage.import_columns", "GET", PAGE, roster),
    Visit("manage.import_columns", "GET", GONE, dry_run, about="that are laid down"),
    Visit("manage.import_columns", "POST", ACT, roster, columns),
    Visit("manage.import_apply", "POST", ACT, dry_run, as_shown),
    Visit("manage.import_apply", "POST", "403 403 403 403 403 403 409", dry_run, about="unseen"),
    Visit("manage.import_drop", "POST", ACT, dry_run),
    Visit("manage.import_undo", "GET", PAGE, done),
    Visit("manage.import_undo", "POST", ACT, done),
    Visit("manage.grid", "GET", PAGE),
    Visit("manage.grid_edition", "GET", PAGE, edition),
    Visit("manage.grid_edition", "GET", GONE, named(edition_id="999999"), about="of nobody"),
    Visit("manage.grid_edit", "GET", PAGE),
    Visit("manage.grid_edit", "POST", ACT, data=further_course),
    Visit("manage.grid_export", "GET", PAGE),
    Visit("manage.grid_import", "GET", PAGE),
    Visit("manage.grid_import", "POST", "403 403 403 403 403 403 200", data=file_of_courses),
    Visit("manage.deadlines", "GET", PAGE),
    Visit("manage.deadlines", "GET", PAGE, lambda house: hold(house) and {}, about="that wait"),
    Visit("manage.deadlines_run", "POST", ACT, hold),
    Visit("manage.straight", "GET", PAGE),
    Visit("manage.straight_rule", "GET", PAGE, named(type_name=NEW_PASSWORD)),
    Visit("manage.straight_rule", "GET", GONE, named(type_name=REACTIVATE), about="of no such"),
    Visit("manage.straight_rule", "POST", ACT, named(type_name=NEW_PASSWORD), rule_as_shown),
    Visit("manage.settings", "GET", PAGE),
    Visit("manage.setting", "GET", PAGE, named(name="LOCK_AFTER")),
    Visit("manage.setting", "GET", GONE, named(name="SECRET_KEY"), about="that is none"),
    Visit("manage.setting", "POST", ACT, named(name="DESK_PHONE"), posted(value="313-555-0111")),
    Visit("manage.setting_default", "POST", ACT, named(name="DESK_PHONE")),
)
