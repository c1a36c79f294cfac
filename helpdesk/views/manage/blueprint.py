"""The blueprint, and the tabs that all its pages share."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for

pages = Blueprint("manage", __name__, url_prefix="/manage")

TABS = (
    ("Agencies", "manage.agencies", "/manage/agencies"),
    ("People", "manage.people", "/manage/people"),
    ("Approvers", "manage.approvers", "/manage/approvers"),
    ("Training grid", "manage.grid", "/manage/grid"),
    ("Imports", "manage.imports", "/manage/imports"),
    ("Deadlines", "manage.deadlines", "/manage/deadlines"),
    ("Straight through", "manage.straight", "/manage/straight-through"),
    ("Settings", "manage.settings", "/manage/settings"),
)


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


@pages.context_processor
def _tabs() -> dict[str, object]:
    path = request.path
    return {
        "tabs": [Tab(label, url_for(name), path.startswith(root)) for label, name, root in TABS]
    }
