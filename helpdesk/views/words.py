"""What every template can say: who is signed in, where they can go, where the assets are."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, g, request, url_for

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.services.checklists import count_open
from helpdesk.services.directories import by_hand

STATIC = Path(__file__).resolve().parent.parent / "static"


@dataclass(frozen=True)
class Place:
    """An entry of the navigation. `count`: how much waits there; None where nothing is counted."""

    label: str
    url: str
    icon: str
    current: bool
    count: int | None = None


def register(app: Flask) -> None:
    app.context_processor(_shared)
    app.jinja_env.globals["asset"] = asset


def _shared() -> dict[str, object]:
    actor: Actor | None = g.get("actor") if g.get("menu", True) else None
    return {"me": actor, "nav": _places(actor) if actor and not actor.owes_second_step else []}


def _places(actor: Actor) -> list[Place]:
    places = [_place("Home", "home.home", "house")]
    if actor.staff:
        places += [_place("Queue", "queue.index", "inbox")]
    if actor.agency_admin and not actor.manager:  # a manager has five places without it
        places.append(_place("My people", "people.index", "people"))
    if actor.staff and by_hand():
        waiting = count_open(db.session())
        places.append(_place("To carry out", "checklists.index", "list-check", waiting or None))
    if not (actor.manager and by_hand()):  # it is on the home page, too
        places.append(_place("File a request", "requests.start", "plus-lg"))
    if actor.staff:
        places.append(_place("Failed", "effects.index", "exclamation-triangle"))
    if actor.manager:
        places.append(_place("Manage", "manage.agencies", "gear"))
    return places


def _place(label: str, endpoint: str, icon: str, count: int | None = None) -> Place:
    blueprint = endpoint.partition(".")[0]
    return Place(label, url_for(endpoint), icon, request.blueprint == blueprint, count)


def asset(filename: str) -> str:
    """The address of a static file; it changes with the content, so it may be kept for good."""
    return _asset(request.script_root, filename)


@cache
def _asset(_root: str, filename: str) -> str:
    """Found once for each place that the desk is mounted at: a page names dozens."""
    return url_for("static", filename=filename, v=_fingerprint(filename))


def _fingerprint(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:12]
