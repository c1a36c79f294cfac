"""The mail room: render a mail (pure), send it, and read what development wrote to files.

An adapter. It takes and gives plain values and knows no model, service or request:
a `Letter` goes out through `open_mailer`, and what goes wrong is a `MailError`.
"""

from helpdesk.mail.errors import MailBusy, MailError, MailRefused, MailUncertain
from helpdesk.mail.mailbox import StoredMail, list_mails, read_mail
from helpdesk.mail.message import Letter, build, message_id
from helpdesk.mail.render import BadTemplate, NoMail, Rendered, find, has_mail, render
from helpdesk.mail.send import Mailer, open_mailer
from helpdesk.mail.settings import MailSettings

__all__ = [
    "BadTemplate",
    "Letter",
    "MailBusy",
    "MailError",
    "MailRefused",
    "MailSettings",
    "MailUncertain",
    "Mailer",
    "NoMail",
    "Rendered",
    "StoredMail",
    "build",
    "find",
    "has_mail",
    "list_mails",
    "message_id",
    "open_mailer",
    "read_mail",
    "render",
]
