"""The watch after a reactivation: who does not log in in time is told of, once."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.models.license import License
from helpdesk.services import licenses
from helpdesk.transaction import release, transaction
from workflows.license import HELD


def missed(moment: datetime) -> int:
    """Notes every log-in that was due before `moment`; tells how many. Each is its own commit,
    so that one that can't be noted keeps no other from it."""
    query = select(License.id).where(_overdue(moment)).order_by(License.log_in_by, License.id)
    overdue = list(db.session.scalars(query))
    release()
    return sum(_note(license_id, moment) for license_id in overdue)


def _note(license_id: int, moment: datetime) -> bool:
    """False when somebody else, or the log-in, was faster."""
    with transaction() as session:
        query = select(License.id).where(License.id == license_id, _overdue(moment))
        if session.scalar(query.with_for_update()) is None:
            return False
        licenses.act(license_id, "miss_log_in", THE_DESK)
        return True


def _overdue(moment: datetime) -> ColumnElement[bool]:
    return and_(License.log_in_by < moment, License.state.in_(HELD))
