"""Run in a copy of the house that has a further type: files one and walks it to its end.

Prints what was seen on the way as JSON. Pages are asked for as a browser does.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient

import config
from helpdesk import create_app
from helpdesk.actor import Actor
from helpdesk.extensions import db, settings
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.models.web_session import Proof
from helpdesk.services import sessions
from helpdesk.transaction import transaction
from helpdesk.views.guard import TOKEN
from tests import factories

TYPE = "return_from_leave"


def browser(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    assert actor.person_id is not None
    with app.app_context(), transaction() as session:
        token = sessions.begin(session, actor.person_id, Proof.PASSWORD)
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


def send(client: FlaskClient, page: str, **data: Any) -> int:
    """Fills in the form of a page: its hidden fields are sent along."""
    hidden = r'<input[^>]*name="(csrf_token|key|version)"[^>]*value="([^"]*)"'
    given = dict(re.findall(hidden, client.get(page).text))
    return client.post(page, data=given | data).status_code


def walk(app: Flask) -> dict[str, Any]:
    with app.app_context():
        flask_migrate.upgrade()
        cast = factories.cast()
        about = factories.licensee("inactive", of=cast.agency)
    admin, sam = browser(app, cast.admin), browser(app, cast.sam)
    seen: dict[str, Any] = {"offered": f'value="{TYPE}"' in admin.get("/requests/new").text}
    seen["filed"] = send(admin, f"/requests/new/{TYPE}?person={about.id}", back_on="2026-11-23")
    seen["taken"] = send(sam, "/tickets/1/take")
    seen["approved"] = send(sam, "/tickets/1/approve")
    with app.app_context():
        seen["drained"] = [drain(kind) for kind in (Kind.ACCOUNT, Kind.MAIL)]
    seen["pages"] = [client.get(page).status_code for client in (admin, sam)
                     for page in ("/", "/tickets/1")]  # fmt: skip
    seen["in the queue"] = "Return from Leave" in sam.get("/queue?view=closed").text
    with app.app_context():
        return seen | ended(about)


def ended(about: Person) -> dict[str, Any]:
    ticket = db.session.get_one(Ticket, 1)
    row = license_of(db.session(), about.id)
    mails = settings().MAIL_DIRECTORY.glob("*.eml")
    return {
        "state": ticket.state,
        "fields": ticket.fields,
        "license": row.state if row else None,
        "mails": sum("is back" in path.read_text() for path in mails),
    }


def main(folder: Path) -> None:
    url = f"sqlite:///{folder / 'desk.db'}"
    print(json.dumps(walk(create_app(config.testing(database_url=url, instance=folder)))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
