"""One person: the license, what is to come, what can be reported, and the requests about them."""

from flask import render_template

from helpdesk.access import get_member_for
from helpdesk.views.guard import actor
from helpdesk.views.members.blueprint import pages
from helpdesk.views.show.member import member_page


@pages.get("/<int:person_id>")
def show(person_id: int) -> str:
    me = actor()
    person, row = get_member_for(me, person_id)
    return render_template("people/show.html", **member_page(person, row, me))
