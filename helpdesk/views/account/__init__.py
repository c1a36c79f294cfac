"""The pages of one's own account: the second step, recovery codes, where one is signed in."""

from helpdesk.views.account import app, codes, factor, passkey, security
from helpdesk.views.account.blueprint import pages

__all__ = ["app", "codes", "factor", "pages", "passkey", "security"]
