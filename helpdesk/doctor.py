"""What keeps a desk from its work though it starts: asked by `flask --app wsgi doctor`."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from helpdesk.models.role import approvers
from helpdesk.services.held_documents import lost
from helpdesk.services.scans import scanner
from helpdesk.services.worksheets import cannot_read

FEWEST = 2
"""Who files or is a request's own licensee does not approve it."""


def complaints(session: Session) -> Iterator[str]:
    """A sentence for each thing that is wrong."""
    found = len(approvers(session))
    if found < FEWEST:
        who = "Nobody" if found == 0 else "Only one person"
        yield f"{who} can approve requests. Give a second one a role at HAND: a request waits else."
    why = cannot_read()
    if why is not None:
        yield (
            f"Worksheets can’t be read ({why}), so that each waits for a person. See that"
            " requirements.txt is installed, and that a process may have 512 MB."
        )
    for document in lost(session):
        yield (
            f"The file of “{document.name}” (document {document.id}) is not there, so that no virus"
            " scanner can judge it, and nobody is given it. Restore it, or ask for it anew."
        )
    asked = scanner()
    if asked is not None and not asked.answers:
        what = "each document is held" if asked.required else "documents go unchecked"
        yield (
            f"The virus scanner at {asked.address} gives no answer, so that {what}. See that clamd"
            " runs, and that this user may reach it."
        )
