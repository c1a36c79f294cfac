"""A form with nothing but a note and documents, so that files are tried apart from any request."""

from flask import Blueprint, Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from helpdesk.extensions import db
from helpdesk.forms.desk_form import DeskForm
from helpdesk.models.document import documents_of
from helpdesk.models.person import named
from helpdesk.routes import RULES, Rule
from helpdesk.services import drafts
from helpdesk.views import uploads
from helpdesk.views.guard import actor
from helpdesk.views.show.documents import document_box, documents_shown
from workflows.papers import CODE_OF_ETHICS, NEW_USER_WORKSHEET, USER_AGREEMENT

ENDPOINT, PATH = "trial.form", "/trial"
KEY = "the-key-of-the-trial-form"
PAPERS = (NEW_USER_WORKSHEET, USER_AGREEMENT, CODE_OF_ETHICS)

PAGE = """
{% extends 'base.html' %}
{% import 'macros/documents.html' as documents %}
{% from 'macros/fields.html' import error_summary, fields, hidden %}
{% block title %}Trial{% endblock %}
{% block head %}{{ documents.head() }}{% endblock %}
{% block content %}
<h1>Trial</h1>
{{ error_summary(form) }}{{ documents.problems(box) }}
<form method="post" novalidate enctype="multipart/form-data" class="form-cols">
  <div class="stack">
    {{ documents.first_button('Send') }}{{ hidden(form) }}{{ fields(form) }}
    {{ documents.checklist(box) }}
  </div>
  <section class="box send-box"><button class="btn btn-main btn-wide">Send</button></section>
</form>
{% endblock %}
"""
TICKET = """
{% extends 'base.html' %}
{% import 'macros/documents.html' as documents %}
{% block title %}Sent{% endblock %}
{% block head %}{{ documents.head() }}{% endblock %}
{% block content %}<h1>Sent</h1><section class="box"><h2>Documents</h2>
{{ documents.listing(docs) }}</section>{% endblock %}
"""


class Form(DeskForm):
    key = HiddenField(default=KEY)
    note = StringField("Note", validators=[InputRequired("Write a note.")])


def page() -> ResponseReturnValue:
    me, form = actor(), Form()
    assert me.person_id is not None, "nobody fills in the form"
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        arrived = uploads.take_files(form.key.data or "", me, PAPERS)
        errors = arrived.errors
        if not arrived.files_only and form.validate() and not errors:
            return "Sent"
    came = drafts.on_form(db.session(), me.person_id, form.key.data or "")
    box = document_box(PAPERS, came, errors)
    return render_template_string(PAGE, form=form, box=box), 200


def listed(ticket_id: int) -> str:
    attached = documents_of(db.session(), ticket_id)
    people = named(db.session(), {document.owner_id for document in attached})
    found = documents_shown(attached, people)
    return render_template_string(TICKET, docs=found)


def build_into(app: Flask) -> Flask:
    trial = Blueprint("trial", __name__)
    trial.add_url_rule(PATH, "form", page, methods=["GET", "POST"])
    trial.add_url_rule(f"{PATH}/<int:ticket_id>", "listed", listed)
    app.register_blueprint(trial)
    return app


def rules() -> dict[str, Rule]:
    return {ENDPOINT: Rule.FILER, "trial.listed": Rule.SIGNED_IN} | RULES
