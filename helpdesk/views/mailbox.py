"""The mails that became files, for development: nothing leaves this machine then."""

from flask import Blueprint, render_template, url_for

from helpdesk.access import NotForYou
from helpdesk.extensions import settings
from helpdesk.mail import StoredMail, list_mails, read_mail
from helpdesk.views.show.pieces import when

pages = Blueprint("mailbox", __name__, url_prefix="/dev/mail")


@pages.get("")
def index() -> str:
    mails = [
        {"name": mail.name, "url": url_for("mailbox.show", name=mail.name), "to": mail.to,
         "subject": mail.subject, "when": when(mail.when)}
        for mail in list_mails(settings().MAIL_DIRECTORY)
    ]  # fmt: skip
    return render_template("mailbox/index.html", mails=mails)


@pages.get("/<name>")
def show(name: str) -> str:
    mail: StoredMail | None = read_mail(settings().MAIL_DIRECTORY, name)
    if mail is None:
        raise NotForYou
    shown = {**vars(mail), "when": when(mail.when), "sender": "", "headers": []}
    return render_template("mailbox/show.html", mail=shown)
