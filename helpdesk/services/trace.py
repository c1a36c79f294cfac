"""A line in the log for each change of roles, agencies and accounts: who, what, before, after.

Ids only: nobody's name or address stands in a log.
"""

import logging

from helpdesk.actor import Actor

log = logging.getLogger(__name__)


def changed(actor: Actor, what: str, before: object, after: object) -> None:
    """Call it after the commit. A warning, so that it is kept where nobody set up logging."""
    log.warning("%s: %r -> %r, by person %s", what, before, after, actor.person_id)
