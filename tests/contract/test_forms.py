"""Every form of the house: it speaks our words, and takes whatever text comes."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import wtforms
from flask import Flask
from flask_wtf import FlaskForm

from helpdesk import forms
from helpdesk.forms.desk_form import DeskForm
from tests.contract.rooms import modules

for _found in iter_modules(forms.__path__):
    import_module(f"{forms.__name__}.{_found.name}")

Form = type[DeskForm]


def subclasses(of: type[Any]) -> Iterator[type[Any]]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


FORMS: list[Form] = [each for each in subclasses(DeskForm) if each.__module__ in
                     {module.name for module in modules()}]  # fmt: skip
JUNK = ("", " \n ", "\0", "x", "x" * 5000, "-1", "9" * 40, "1e400", "2026-99-99", "@", "<b>")


def test_every_form_of_the_house_is_a_form_of_the_desk() -> None:
    assert len(FORMS) > 8
    others = [module.name for module in modules() if "flask_wtf.FlaskForm" in module.imports()]
    assert others == ["helpdesk.forms.desk_form"]
    assert set(FlaskForm.__subclasses__()) == {DeskForm}


def words_of_wtforms() -> re.Pattern[str]:
    """What its rules and fields say of their own accord, whatever the numbers in it."""
    found: set[str] = set()
    for file in Path(wtforms.__path__[0]).rglob("*.py"):
        found |= set(re.findall(r'gettext\(\s*"([^"]+)"(?!")', file.read_text()))
        found |= set(re.findall(r'"(Field [^"]*characters[^"]*)"', file.read_text()))
    assert {"This field is required.", "Not a valid choice."} <= found
    patterns = (re.sub(r"%\\\(\w+\\\)[ds]", ".*", re.escape(words)) for words in sorted(found))
    return re.compile("|".join(patterns))


THEIRS = words_of_wtforms()


def said(app: Flask, form_class: Form, junk: str) -> list[str]:
    """What the form finds wrong when this is in all of its fields."""
    names = [name for name in dir(form_class) if hasattr(getattr(form_class, name), "field_class")]
    with app.test_request_context(method="POST", data=dict.fromkeys(names, junk)):
        form = form_class(meta={"csrf": False})
        for field in form:
            if getattr(field, "choices", ()) is None:
                field.choices = [("1", "Ann Lee")]
        form.validate()
        return [str(error) for errors in form.errors.values() for error in errors]


@pytest.mark.parametrize("form_class", FORMS, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_what_is_wrong_is_said_in_our_words(app: Flask, form_class: Form) -> None:
    words = {error for junk in JUNK for error in said(app, form_class, junk)}
    assert {each for each in words if THEIRS.search(each)} == set()
    assert {each for each in words if not each.endswith((".", "!", "?")) or "%" in each} == set()


def test_the_words_of_theirs_would_be_found(app: Flask) -> None:
    class Plain(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
        name = wtforms.StringField(validators=[wtforms.validators.Length(max=3)])
        choice = wtforms.RadioField(choices={"a": "A"})
        needed = wtforms.StringField(validators=[wtforms.validators.InputRequired()])

    with app.test_request_context(method="POST", data={"name": "xxxx", "choice": "b"}):
        form = Plain(meta={"csrf": False})
        assert not form.validate()
        errors = [str(error) for errors in form.errors.values() for error in errors]
    assert len(errors) == 3
    assert all(THEIRS.search(error) for error in errors)
    del Plain


@pytest.mark.parametrize("form_class", FORMS, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_a_form_takes_forms_only(app: Flask, form_class: Form) -> None:
    """What comes as JSON could be anything, and is nothing that a form asked for."""
    junk = {"username": 5, "message": ["x"], "version": None}
    with app.test_request_context(method="POST", json=junk):
        form = form_class(meta={"csrf": False})
        assert not form.is_submitted() or all(not field.raw_data for field in form)
