"""Checks the workflows against the house around them: performers, mails, forms."""

from helpdesk.forms.registry import NoForm, request_form, step_form
from helpdesk.mail import BadTemplate, NoMail, render
from helpdesk.mail.sample import samples
from helpdesk.outbox.performers import ACTIONS
from helpdesk.services.letters import COMMON_FOLDER
from workflows import license as licenses
from workflows.check import AnyWorkflow, Surroundings, faults
from workflows.effects import AccountAction, Action, Effect, LicenseStep
from workflows.engine import Party
from workflows.registry import all_workflows


def all_faults() -> list[str]:
    """Every fault of every workflow as a sentence."""
    around = Surroundings(effect=_effect, form=_form)
    return [fault for flow in all_workflows().values() for fault in faults(flow, around)]


def _effect(workflow: AnyWorkflow, effect: Effect) -> str | None:
    if isinstance(effect, AccountAction):
        return _action(effect.action, of_license=workflow is licenses.WORKFLOW)
    if isinstance(effect, LicenseStep):
        return _license_step(effect)
    folders = [f"{workflow.name}/{effect.name}"]
    if workflow is not licenses.WORKFLOW:
        folders.append(f"{COMMON_FOLDER}/{effect.name}")
    try:
        for context in samples():
            render(folders, context)
    except NoMail:
        return f"there is no mail “{effect.name}”."
    except BadTemplate as bad:
        return f"the mail “{effect.name}” does not render: {bad}"
    return None


def _action(action: Action, *, of_license: bool) -> str | None:
    """Once a ticket's account action is done, the desk has the license take the step of the same
    name; one that the license itself owes has been told of already."""
    if action not in ACTIONS:
        return f"nobody performs the account action “{action}”."
    if of_license:
        return None
    steps = licenses.WORKFLOW.steps
    if not any(step.trigger == action and Party.SYSTEM in step.who for step in steps):
        return f"a license takes no step “{action}” when its account is changed."
    return None


def _license_step(effect: LicenseStep) -> str | None:
    """The desk itself has the license take it."""
    steps = licenses.WORKFLOW.steps
    if any(step.trigger == effect.trigger and Party.SYSTEM in step.who for step in steps):
        return None
    return f"a license takes no step “{effect.trigger}” by itself."


def _form(workflow: AnyWorkflow, name: str) -> str | None:
    try:
        if name == workflow.name:
            request_form(name)
        else:
            step_form(workflow.name, name)
    except NoForm as missing:
        return str(missing)
    return None
