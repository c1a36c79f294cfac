"""My people, filtered, sorted, page by page, for an agency's admins. The address says what is
shown, except for a name that is searched for: that is posted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for

from helpdesk.access import visible_tickets
from helpdesk.extensions import db
from helpdesk.forms.people import FindMember
from helpdesk.services import roster
from helpdesk.services.roster import Sort, Which, Whose
from helpdesk.services.urgency import Light
from helpdesk.views.guard import actor
from helpdesk.views.members.blueprint import pages
from helpdesk.views.show.places import place_in, place_words
from helpdesk.views.show.roster import LIGHT_WORDS, SORT_WORDS, members_shown
from workflows.license import WORKFLOW

STATES = {name: WORKFLOW.states[name].label for name in roster.SHOWN}


@pages.route("", methods=["GET", "POST"])
def index() -> str:
    me, session, form = actor(), db.session(), FindMember()
    asked = request.form if request.method == "POST" else request.args
    which = _which(asked, (form.q.data or "") if form.validate_on_submit() else "")
    after = place_in(which.sort, asked.get("after", ""))
    whose = Whose(me.agencies, visible_tickets(me))
    page = roster.read_page(session, whose, which, after)
    return render_template(
        "people/index.html",
        members=members_shown(page, me),
        lights=_lights(which, roster.counts(session, whose)),
        headings=_headings(which),
        filters=_filters(which),
        chips=_chips(which),
        words=which.words,
        posted=_posted(which),
        more=_more(which, page),
        first_url=_url(which) if after and not which.words else None,
        filtered=which != Which(sort=which.sort),
    )


def _which(asked: Mapping[str, str], words: str) -> Which:
    """What an address names and we don't know is left aside."""
    show, state, sort = (asked.get(name, "") for name in ("show", "state", "sort"))
    return Which(
        light=Light(show) if show in set(Light) else None,
        state=state if state in STATES else None,
        words=words,
        sort=Sort(sort) if sort in set(Sort) else Sort.URGENCY,
    )


def _posted(which: Which) -> dict[str, str]:
    """What stands in the address, less what goes without saying."""
    sort = which.sort if which.sort is not Sort.URGENCY else None
    said = {"show": which.light, "state": which.state, "sort": sort}
    return {name: str(value) for name, value in said.items() if value}


def _url(which: Which, **more: str) -> str:
    return url_for("people.index", **_posted(which), **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class LightShown:
    """`name` None: everybody."""

    name: str | None
    label: str
    count: int
    url: str
    current: bool


def _lights(which: Which, numbers: dict[Light, int]) -> list[LightShown]:
    everybody = LightShown(None, "Everybody", sum(numbers.values()),
                           _url(replace(which, light=None)), which.light is None)  # fmt: skip
    return [everybody, *(
        LightShown(light, LIGHT_WORDS[light], count, _url(replace(which, light=light)),
                   which.light is light)
        for light, count in numbers.items()
    )]  # fmt: skip


def _headings(which: Which) -> dict[str, dict[str, Any]]:
    """The columns that sort: each by its name, with whether it does so now."""
    return {
        sort: {"url": _url(replace(which, sort=sort)), "current": which.sort is sort}
        for sort in Sort
    }


def _filters(which: Which) -> list[dict[str, Any]]:
    return [
        {"name": "state", "label": "License", "chosen": which.state or "",
         "options": [("", "Any"), *STATES.items()]},
        {"name": "sort", "label": "Sort by", "chosen": which.sort,
         "options": list(SORT_WORDS.items())},
    ]  # fmt: skip


def _chips(which: Which) -> list[dict[str, str]]:
    """What is filtered by besides the light, each with the way to take it off."""
    chips = []
    if which.words:
        chips.append({"label": f"“{which.words}”", "clear_url": _url(which)})
    if which.state:
        cleared = _url(replace(which, state=None))
        chips.append({"label": f"License: {STATES[which.state]}", "clear_url": cleared})
    return chips


def _more(which: Which, page: roster.Page) -> dict[str, Any] | None:
    """The next page: by its address, or with the words in a form of their own."""
    if page.following is None:
        return None
    after = place_words(page.following)
    if not which.words:
        return {"url": _url(which, after=after)}
    return {"url": None, "posted": {**_posted(which), "q": which.words, "after": after}}
