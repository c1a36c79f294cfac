"""How requests work: every workflow as a picture and a table, from the rules themselves."""

from flask import Blueprint, render_template

from helpdesk.access import NotForYou
from helpdesk.views.show import flows

pages = Blueprint("workflows", __name__, url_prefix="/workflows")


@pages.get("")
def index() -> str:
    return render_template("workflows/index.html", flows=flows.summaries())


@pages.get("/<name>")
def show(name: str) -> str:
    found = flows.shown(name)
    if found is None:
        raise NotForYou
    return render_template("workflows/show.html", flow=found)
