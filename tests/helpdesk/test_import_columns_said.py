"""What the columns hold may be said by two people at once: what is applied is what is kept."""

import pytest

from helpdesk.extensions import db
from helpdesk.models.import_run import ImportRun, Phase, log_ins_as_of
from helpdesk.models.person import with_username
from helpdesk.services.imports import runs
from helpdesk.services.imports.columns import Layout, beginning
from tests.factories import Cast
from tests.helpdesk.roster_csv import begun, member, text_of

pytestmark = pytest.mark.usefixtures("app_context", "clock")


def test_a_run_whose_columns_a_colleague_has_changed_is_shown_anew(cast: Cast) -> None:
    """As when a page has read the run, and a colleague says something else before it is locked."""
    run = begun(text_of(member()), cast.joan)
    seen = runs.propose(run).digest()
    db.session.expunge(run)
    other = db.session.get_one(ImportRun, run.id)
    layout = Layout.from_json(other.layout or {})
    without = {name: place for name, place in layout.columns.items() if name != "last_login"}
    runs.lay_out(other, beginning(runs.source_of(other)), Layout(without, layout.order))
    with pytest.raises(runs.Differs):
        runs.apply(run, seen, cast.joan)
    kept = db.session.get_one(ImportRun, run.id, populate_existing=True)
    assert (kept.phase, with_username(db.session(), "ann.lee")) == (Phase.PLANNED, None)
    runs.apply(kept, runs.propose(kept).digest(), cast.joan)
    assert with_username(db.session(), "ann.lee") is not None
    assert log_ins_as_of(db.session()) is None
