"""Finds the form of a request type: `helpdesk.forms.<type>`, with a `Form`, perhaps `STEPS`."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from helpdesk.forms.base import RequestForm
from helpdesk.forms.steps import STEP_FORMS, StepForm


class NoForm(LookupError):
    """A type without a form, or a step that asks for one nobody wrote."""


@cache
def _module(type_name: str) -> ModuleType:
    name = f"helpdesk.forms.{type_name}"
    if find_spec(name) is None:
        raise NoForm(f"There is no form for {type_name}: write {name}.")
    return import_module(name)


def request_form(type_name: str) -> type[RequestForm]:
    """Raises `NoForm`."""
    form: type[RequestForm] | None = getattr(_module(type_name), "Form", None)
    if form is None:
        raise NoForm(f"helpdesk.forms.{type_name} holds no Form.")
    return form


def step_form(type_name: str, name: str) -> type[StepForm]:
    """The type's own form of that name, else the common one. Raises `NoForm`."""
    own: dict[str, type[StepForm]] = getattr(_module(type_name), "STEPS", {})
    form = own.get(name) or STEP_FORMS.get(name)
    if form is None:
        raise NoForm(f"There is no form called {name} for {type_name}.")
    return form
