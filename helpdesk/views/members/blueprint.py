"""The blueprint that all pages about people share."""

from flask import Blueprint

pages = Blueprint("people", __name__, url_prefix="/people")
