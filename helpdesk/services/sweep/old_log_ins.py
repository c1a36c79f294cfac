"""Tells staff that log-ins are known too badly to judge anybody by them."""

from sqlalchemy.exc import IntegrityError

from helpdesk.models.role import approvers
from helpdesk.outbox.owe import owe_once
from helpdesk.services import log_ins
from helpdesk.services.letters import personal_letter
from helpdesk.services.words import day_in_words
from helpdesk.transaction import transaction


def tell_staff() -> bool:
    """Once for each import that has grown old. False if they know."""
    as_of = log_ins.too_old()
    if as_of is None:
        return False
    says = {"as_of_words": day_in_words(as_of), "path": "/manage/imports"}
    try:
        with transaction() as session:
            debts = [
                personal_letter(f"log-ins-old:{as_of:%Y%m%dT%H%M%S}:{person.id}",
                                "desk/log_ins_old", person, says=says)
                for person in approvers(session) if person.email is not None
            ]  # fmt: skip
            return owe_once(session, debts) > 0
    except IntegrityError:
        return False  # another sweep tells them right now
