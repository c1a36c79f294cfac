"""The application: settings, extensions, pages, commands, worker, in that order."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from helpdesk import models
from helpdesk.commands import Commands
from helpdesk.extensions import bootstrap, compress, csrf, db, migrate
from helpdesk.jobs.queue import make_queue
from helpdesk.jobs.tasks import Jobs
from helpdesk.views import register

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "helpdesk" / "migrations"

__all__ = ["create_app", "models"]


def create_app(config: Config) -> Flask:
    """An app on its own settings; several may live in one process, as tests do."""
    templates, instance = str(ROOT / "templates"), str(config.instance)
    app = Flask(__name__, template_folder=templates, instance_path=instance)
    config.instance.mkdir(parents=True, exist_ok=True)
    app.config.from_object(config)
    app.config.update(_flask_settings(config))
    app.extensions["settings"] = app.extensions["environment"] = config
    if config.PROXIES:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.PROXIES, x_proto=config.PROXIES, x_host=config.PROXIES
        )
    for extension in (db, csrf, bootstrap, compress):
        extension.init_app(app)
    app.cli = Commands(app.name)
    migrate.init_app(app, db, directory=str(MIGRATIONS))  # adds a command, too
    register(app)
    app.extensions["jobs"] = Jobs(app, make_queue(config))
    return app


# As SQLite's busy_timeout: whoever meets a lock waits so long and is then told to come back.
_POSTGRESQL = {
    "pool_pre_ping": True,
    "connect_args": {"connect_timeout": 5, "options": "-c lock_timeout=5s"},
}


def _flask_settings(config: Config) -> dict[str, object]:
    """What Flask and its extensions want to be told."""
    return {
        "SQLALCHEMY_ENGINE_OPTIONS": {
            **(_POSTGRESQL if config.on_postgresql else {}),
            "hide_parameters": True,  # what people typed has no place in a log
        },
        "SESSION_COOKIE_NAME": "__Host-helpdesk" if config.production else "helpdesk",
        "SESSION_COOKIE_SECURE": config.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # it wants a Referer, which secret addresses keep
        "BOOTSTRAP_SERVE_LOCAL": True,
        "COMPRESS_MIMETYPES": ["text/css", "text/javascript", "image/svg+xml"],
        "COMPRESS_ALGORITHM": ["gzip"],
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
    }
