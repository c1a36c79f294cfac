"""Settings: what each is now, where that comes from, what it does; changed one at a time."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.access import NotForYou
from helpdesk.forms.manage import clash
from helpdesk.forms.manage_settings import SETTING_FORMS, SettingForm
from helpdesk.services import overlay
from helpdesk.services.changeable import DOCUMENTS
from helpdesk.services.overlay import Standing
from helpdesk.services.scans import scanner as ask_scanner
from helpdesk.transaction import release
from helpdesk.views.guard import actor
from helpdesk.views.manage.blueprint import pages
from helpdesk.views.show import pieces


@pages.get("/settings")
def settings() -> str:
    found: dict[str, list[Standing]] = {}
    for standing in overlay.standings():
        found.setdefault(standing.entry.group, []).append(standing)
    groups = [_group(title, standings) for title, standings in found.items()]
    scanner, everything = _scanner(), "all" in request.args
    return render_template("manage/settings.html", groups=groups, scanner=scanner,
                           documents=DOCUMENTS, everything=everything)  # fmt: skip


def _group(title: str, standings: list[Standing]) -> dict[str, Any]:
    """`differing`: how many are not as they come."""
    differing = [each for each in standings if each.row or each.from_environment]
    return {"title": title, "settings": [_shown(each) for each in standings],
            "differing": len(differing)}  # fmt: skip


def _scanner() -> dict[str, str]:
    """Whether documents are checked for viruses. The database is let go before anybody is asked."""
    release()
    found = ask_scanner()
    if found is None:
        return {"tone": "info", "words": NO_SCANNER}
    if found.answers:
        return {"tone": "success", "words": SCANNED}
    return {"tone": "warning", "words": f"{SILENT} {HELD if found.required else UNCHECKED}"}


SCANNED = "A virus scanner checks each document as it arrives, and it answers."
NO_SCANNER = (
    "No virus scanner is set up, so documents are not checked for viruses. Whoever runs the server"
    " can set one up (HELPDESK_CLAMD)."
)
SILENT = "The virus scanner does not answer. Please tell whoever runs the server."
HELD = "Until it does, documents that arrive are held, and nobody can open them."
UNCHECKED = "Until it does, documents are taken without being checked."


@pages.route("/settings/<name>", methods=["GET", "POST"])
def setting(name: str) -> ResponseReturnValue:
    standing = _standing(name)
    form = SETTING_FORMS[standing.entry.kind]()
    form.fit(standing.entry.label, standing.value, standing.entry.scale, standing.entry.blank)
    if form.validate_on_submit() and _saved(name, form):
        flash(f"{standing.entry.label}: saved. It holds now.", "success")
        return redirect(url_for("manage.settings"))
    return _page(standing, form)


@pages.post("/settings/<name>/default")
def setting_default(name: str) -> ResponseReturnValue:
    standing = _standing(name)
    try:
        overlay.reset(name, actor())
    except overlay.Unfit as why:
        form = SETTING_FORMS[standing.entry.kind](formdata=None)
        form.fit(standing.entry.label, standing.value, standing.entry.scale, standing.entry.blank)
        clash(form.main_field(), str(why))
        return _page(standing, form), 409
    flash(f"{standing.entry.label}: back to the default.", "success")
    return redirect(url_for("manage.settings"))


def _saved(name: str, form: SettingForm) -> bool:
    try:
        overlay.save(name, form.notation(), actor())
    except overlay.Unfit as why:
        clash(form.main_field(), str(why))
        return False
    return True


def _standing(name: str) -> Standing:
    found = next((s for s in overlay.standings() if s.entry.name == name), None)
    if found is None:
        raise NotForYou
    return found


def _page(standing: Standing, form: SettingForm) -> str:
    return render_template("manage/setting.html", s=_shown(standing), form=form)


def _shown(standing: Standing) -> dict[str, Any]:
    entry, row = standing.entry, standing.row
    bounds = entry.least is not None
    return {
        "label": entry.label,
        "says": entry.says,
        "unit": entry.unit,
        "value": entry.in_words(standing.value),
        "default": entry.in_words(standing.default),
        "bounds": (entry.in_words(entry.least), entry.in_words(entry.most)) if bounds else None,
        "from_environment": standing.from_environment,
        "changed": pieces.when(row.changed_at) if row else None,
        "changed_by": standing.changed_by,
        "url": url_for("manage.setting", name=entry.name),
        "default_url": url_for("manage.setting_default", name=entry.name),
    }
