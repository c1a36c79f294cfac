"""The pages. A view translates: it reads the request, calls a verb, and shows what came of it."""

from flask import Flask

from helpdesk.views import (
    account,
    agencies,
    bulk,
    checklists,
    deletions,
    documents,
    effects,
    errors,
    fresh,
    freshness,
    guard,
    guide,
    headers,
    health,
    home,
    links,
    mailbox,
    manage,
    members,
    queue,
    requests,
    review,
    second_step,
    sign_in,
    signing,
    tickets,
    uploads,
    weekly_email,
    words,
    workflows,
    worksheets,
)
from helpdesk.views.numbers import RowId

BLUEPRINTS = (
    health.pages,
    sign_in.pages,
    second_step.pages,
    links.pages,
    signing.pages,
    weekly_email.pages,
    guide.pages,
    home.pages,
    account.pages,
    members.pages,
    agencies.pages,
    requests.pages,
    bulk.pages,
    documents.pages,
    worksheets.pages,
    review.pages,
    tickets.pages,
    queue.pages,
    checklists.pages,
    effects.pages,
    deletions.pages,
    workflows.pages,
    manage.pages,
    mailbox.pages,
)


def register(app: Flask) -> None:
    """Settings and guards first, so that no page can be asked for before they stand."""
    app.url_map.converters["int"] = RowId
    uploads.register(app)
    freshness.register(app)
    guard.register(app)
    fresh.register(app)
    headers.register(app)
    errors.register(app)
    words.register(app)
    for pages in BLUEPRINTS:
        app.register_blueprint(pages)
