"""A worksheet is signed by whoever opens the link that was mailed to them. GET shows, POST acts."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.documents.errors import CannotStore
from helpdesk.forms.signing import Decline, Sign, sign_form
from helpdesk.services import signing
from helpdesk.services.signing import CannotSign, Paper, Why
from helpdesk.views.documents import as_download
from helpdesk.views.show.signing import ending, lines_signed, parts_read, statement
from workflows.signing import SIGNERS

pages = Blueprint("signing", __name__, url_prefix="/sign")


STATUS = {Why.SIGNED: 200, Why.BUSY: 503}
"""Of any other link, nothing is there any more."""


@pages.errorhandler(CannotSign)
def ended(reason: CannotSign) -> ResponseReturnValue:
    title, words = ending(reason.why, reason.paper)
    page = render_template("sign/ended.html", title=title, words=words, why=reason.why,
                           about=_about(reason.paper) if reason.paper else None)  # fmt: skip
    return page, STATUS.get(reason.why, 410)


@pages.route("/<token>", methods=["GET", "POST"])
def show(token: str) -> ResponseReturnValue:
    paper = signing.opened(token)
    form = sign_form(paper.asked.name)
    if form.validate_on_submit() and _signed(token, form):
        return redirect(url_for("signing.show", token=token))
    return _page(token, paper, form)


def _signed(token: str, form: Sign) -> bool:
    """Without room for the worksheet nothing is signed."""
    try:
        signing.sign(token, form.signed_name())
    except CannotStore:
        form.signature.errors = ["We have no room to keep it just now. Please try again later."]
        return False
    return True


@pages.route("/<token>/cannot", methods=["GET", "POST"])
def decline(token: str) -> ResponseReturnValue:
    paper = signing.opened(token)
    form = Decline()
    if form.validate_on_submit():
        signing.decline(token, form.reason.data or "")
        return redirect(url_for("signing.show", token=token))
    return render_template("sign/decline.html", form=form, about=_about(paper),
                           back=url_for("signing.show", token=token))  # fmt: skip


@pages.get("/<token>/worksheet")
def worksheet(token: str) -> ResponseReturnValue:
    """The document itself, as it is signed by now."""
    return as_download(signing.opened(token).document)


def _page(token: str, paper: Paper, form: Sign) -> str:
    return render_template(
        "sign/page.html",
        form=form,
        about=_about(paper),
        parts=parts_read(paper),
        signatures=lines_signed(paper),
        statement=statement(paper),
        decline_url=url_for("signing.decline", token=token),
        pdf_url=url_for("signing.worksheet", token=token),
    )


def _about(paper: Paper) -> dict[str, str | None]:
    sheet = paper.reading.sheet if paper.document.reading else None
    return {
        "title": sheet.title if sheet else paper.document.name,
        "person": paper.person.name,
        "agency": paper.agency,
        "filer": paper.filer.name,
        "told": paper.told,
        "filled_in_by": paper.filled_in_by,
        "name": paper.asked.name,
        "signs_as": SIGNERS[paper.asked.who],
        "address": paper.asked.address,
    }
