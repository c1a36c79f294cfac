"""The floors: the least that a page of fifty rows and an upload can cost with the same tools.

Served by gunicorn like the desk; knows nothing of it but the names of its tables.
"""

import os
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Flask, render_template, request
from sqlalchemy import Engine, create_engine, event, text

QUEUE = """
    SELECT ticket.id, ticket.type, ticket.state, ticket.due_at, ticket.version,
           person.first_name, person.last_name, agency.name AS agency
    FROM ticket
    JOIN person ON person.id = ticket.person_id
    LEFT JOIN agency ON agency.id = ticket.agency_id
    WHERE {open} AND ticket.waits_on = 'staff'
    ORDER BY ticket.due_at, ticket.id LIMIT 50
"""
OPEN = {"sqlite": "ticket.open = 1", "postgresql": "ticket.open"}
"""In the very words of the index, so that it is used."""

KEEP = text("INSERT INTO floor_upload (name, size) VALUES (:name, :size)")

app = Flask(__name__, template_folder="templates")


def make_engine(url: str) -> Engine:
    """SQLite commits as durably as the desk's does."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
    return engine


def _durable(connection: Any, _record: object) -> None:
    for pragma in ("synchronous=FULL", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


engine = make_engine(os.environ["BENCH_DATABASE_URL"])
read_queue = text(QUEUE.format(open=OPEN[engine.dialect.name]))
folder = Path(os.environ["BENCH_FOLDER"])


@app.get("/queue")
def queue() -> str:
    with engine.connect() as link:
        return render_template("floor.html", rows=link.execute(read_queue).all())


@app.post("/upload")
def upload() -> tuple[str, int]:
    for file in request.files.values():
        name, content = token_hex(16), file.read()
        draft = folder / f"{name}.draft"
        with draft.open("xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(folder / name)
        with engine.begin() as link:
            link.execute(KEEP, {"name": name, "size": len(content)})
    return "", 201
