"""“Why can’t I log in?”, for everybody: every step is a page of its own, so that Back goes back."""

from flask import Blueprint, render_template

from helpdesk.access import NotForYou
from helpdesk.extensions import settings
from helpdesk.services.directories import hmis_elsewhere
from helpdesk.views.show.guide import BEGIN, ENDINGS, QUESTIONS

pages = Blueprint("guide", __name__, url_prefix="/why-cant-i-log-in")


@pages.get("")
def begin() -> str:
    return _question(BEGIN)


@pages.get("/<step>")
def step(step: str) -> str:
    if step in ENDINGS:
        return _ending(step)
    if step not in QUESTIONS or step == BEGIN:
        raise NotForYou
    return _question(step)


def _question(name: str) -> str:
    return render_template("guide/question.html", question=QUESTIONS[name], first=name == BEGIN)


def _ending(name: str) -> str:
    config = settings()
    return render_template(
        f"guide/{name}.html",
        button=ENDINGS[name](),
        elsewhere=hmis_elsewhere(),
        hmis=config.HMIS_NAME,
        attempts=config.LOCK_AFTER,
        window=config.RECERTIFICATION_WINDOW_DAYS,
    )
