"""What can go wrong with a mail.

`str(error)` is one plain sentence for staff. It never quotes the server's words, the mail or the
settings: a server may echo the mail, and the mail may hold a one-time link.
"""


class MailError(Exception):
    """A mail that was not accepted, or may not have been."""


class MailBusy(MailError):
    """Try again later: the server, the network or the desk's own settings are at fault."""


class MailUncertain(MailBusy):
    """The mail was sent whole, the answer never came: repeat it with the same Message-ID."""


class MailRefused(MailError):
    """Final for this recipient: trying again cannot help."""
