"""`reset-access`: the last resort for whoever lost password, phone and codes."""

import pytest
from flask import Flask
from flask.ctx import AppContext

from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.counter import Counter
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.second_factor import RecoveryCode
from helpdesk.models.web_session import WebSession
from helpdesk.services.sign_in import sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import NO_EMAIL, PASSWORD
from tests.helpdesk.owed import effects, name_of
from tests.second_steps import begin, factors, give_app, give_codes
from workflows import license as life

HERE = "192.0.2.1"


@pytest.fixture
def sam(app_context: AppContext) -> Person:
    actor = factories.staff("sam.reed", password=PASSWORD)
    return db.session.get_one(Person, actor.person_id)


def run(app: Flask, username: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["reset-access", username])
    db.session.expire_all()
    return result.exit_code, result.output


def test_everything_is_taken_away_and_a_link_is_mailed(app: Flask, sam: Person) -> None:
    give_app(sam.id)
    codes = give_codes(sam.id)
    begin(sam.id)
    for _ in range(6):
        sign_in("sam.reed", "wrong", HERE)
    status, said = run(app, "Sam.Reed")
    assert (status, "on its way" in said) == (0, True)
    account = db.session.query(Account).filter_by(person_id=sam.id).one()
    assert (factors(sam.id), account.password_hash) == ([], None)
    assert db.session.query(RecoveryCode).count() == db.session.query(Counter).count() == 0
    assert all(row.ended_at for row in db.session.query(WebSession).all())
    letter = effects()[-1]
    assert (name_of(letter), letter.payload["link"]) == ("access_reset", "desk_password")
    assert not any(code in said for code in [PASSWORD, *codes])


def test_a_lock_of_the_license_stays(app: Flask, app_context: AppContext) -> None:
    maria = factories.licensee(life.LOCKED, username="maria", password=PASSWORD)
    assert run(app, "maria")[0] == 0
    row = license_of(db.session(), maria.id)
    assert row is not None
    assert row.state == life.LOCKED


def test_where_no_link_would_arrive_nothing_is_taken_away(app: Flask, sam: Person) -> None:
    factories.person("no.mail", email=NO_EMAIL, password=PASSWORD)
    factories.person("no.account", account=False)
    with transaction() as session:
        session.query(Account).filter_by(person_id=sam.id).one().disabled = True
    told = {"nobody": "Nobody with an account", "no.account": "Nobody with an account",
            "no.mail": "no email on file", "sam.reed": "disabled"}  # fmt: skip
    for username, words in told.items():
        status, said = run(app, username)
        assert (status, words in said) == (1, True), said
    kept = db.session.query(Account).filter(Account.password_hash.is_not(None)).count()
    assert (kept, effects()) == (2, [])
