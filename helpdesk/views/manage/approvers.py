"""Who can approve requests: four eyes need two people."""

from flask import render_template

from helpdesk.extensions import db
from helpdesk.services import roles
from helpdesk.views.manage.blueprint import pages


@pages.get("/approvers")
def approvers() -> str:
    found = roles.who_can_approve(db.session())
    return render_template(
        "manage/approvers.html",
        approvers=found,
        too_few=len(found) < roles.ENOUGH_APPROVERS,
        enough=roles.ENOUGH_APPROVERS,
    )
