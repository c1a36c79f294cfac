"""People and tickets to try things on, in an empty development instance.

Everything comes about as it would in life: licenses and tickets take their steps through the
gateways. Passwords are random and stand in `demo-accounts.csv` in the instance folder.
"""

from helpdesk.demo.fill import NotHere, fill

__all__ = ["NotHere", "fill"]
