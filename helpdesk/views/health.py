"""Is it alive, is it ready: for load balancers, and for the launcher."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from helpdesk.extensions import db
from helpdesk.jobs.worker import is_alive
from helpdesk.services.scans import scanner

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")


@pages.get("/readyz")
def readyz() -> tuple[Response, int]:
    """503 until the database answers, has all migrations, and a worker has been seen. A virus
    scanner that is silent is told, and keeps nothing from working: documents wait for it."""
    checks = {"database": False, "migrations": False, "worker": False}
    try:
        connection = db.session.connection()
        checks["database"] = True
        current = MigrationContext.configure(connection).get_current_heads()
        checks["migrations"] = set(current) == set(_heads())
        checks["worker"] = checks["migrations"] and is_alive()
    except SQLAlchemyError:
        current_app.logger.warning("readyz: the database does not answer")
    ready = all(checks.values())
    told: dict[str, object] = {"status": "ready" if ready else "not ready", "checks": checks}
    if (found := scanner()) is not None:
        told["scanner"] = found.answers
    return jsonify(told), 200 if ready else 503


def _heads() -> list[str]:
    directory = current_app.extensions["migrate"].directory
    return list(ScriptDirectory(directory).get_heads())
