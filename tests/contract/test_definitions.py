"""The definitions fit the house around them: performers, mails and forms are all there."""

from typing import Any, cast

import pytest
from flask import Flask

from helpdesk import checks
from helpdesk.forms.registry import request_form, step_form
from helpdesk.jobs import drain
from helpdesk.mail import BadTemplate, has_mail, render
from helpdesk.mail.sample import samples
from helpdesk.models.effect import Kind
from helpdesk.outbox.performers import ACTIONS, PURPOSES
from helpdesk.services.straight import rules
from workflows import license as licenses
from workflows.check import Surroundings, faults
from workflows.effects import AccountAction, Action, Effect, Link, Mail, Recipient
from workflows.engine import Party, State, Step, Workflow
from workflows.registry import ticket_types

FLOWS: list[Workflow[Any]] = [*(k.workflow for k in ticket_types().values()), licenses.WORKFLOW]
BY_RULE = {kind.label for kind in rules.straight_types()}
AROUND = Surroundings(effect=checks._effect, form=checks._form)

each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)


def effects(flow: Workflow[Any]) -> list[Effect]:
    return [effect for step in flow.steps for effect in step.effects]


def folders(flow: Workflow[Any], mail: Mail) -> list[str]:
    own = f"{flow.name}/{mail.name}"
    return [own] if flow is licenses.WORKFLOW else [own, f"ticket/{mail.name}"]


@each_flow
def test_every_mail_that_a_step_names_is_written_and_can_be_filled_in(flow: Workflow[Any]) -> None:
    mails = [effect for effect in effects(flow) if isinstance(effect, Mail)]
    assert mails
    for mail in mails:
        assert has_mail(folders(flow, mail)), mail
        for context in samples():
            rendered = render(folders(flow, mail), context)
            assert rendered.subject
            assert rendered.text.strip()
            assert rendered.html.strip()


@each_flow
def test_every_account_action_that_a_step_names_has_a_performer(flow: Workflow[Any]) -> None:
    for effect in effects(flow):
        if isinstance(effect, AccountAction):
            assert effect.action in ACTIONS


def test_every_ticket_type_changes_an_account() -> None:
    for kind in ticket_types().values():
        assert [e for e in effects(kind.workflow) if isinstance(e, AccountAction)], kind.name


def test_every_link_that_a_mail_can_carry_can_be_made() -> None:
    assert set(PURPOSES) == set(Link)


def test_every_kind_of_effect_is_performed_by_somebody(app: Flask) -> None:
    with app.app_context():
        assert [drain.drain(kind) for kind in Kind] == [0, 0]


@each_flow
def test_every_form_that_a_step_names_is_there(flow: Workflow[Any]) -> None:
    for step in flow.steps:
        if step.form == flow.name:
            assert request_form(flow.name)
        elif step.form is not None:
            assert step_form(flow.name, step.form)


on_one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""The command asks neither."""


@on_one_database
def test_the_command_finds_the_definitions_sound(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["workflows", "check"])
    assert (result.exit_code, result.output) == (0, "All workflows are sound.\n")


PAINT = cast(Action, "paint")


def broken(*steps: Step[Any]) -> Workflow[Any]:
    states = (State("open", "Open"), State("gone", "Gone", final=True))
    return Workflow("request_new_password", "Door", states, "open", steps)


def leave(**more: Any) -> Step[Any]:
    return Step("leave", "Leave", "left", ("open",), "gone", frozenset({Party.STAFF}), **more)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"effects": (AccountAction(PAINT),)}, "nobody performs the account action"),
        ({"effects": (Mail("valentine", Recipient.FILER),)}, "there is no mail “valentine”."),
        ({"form": "poem"}, "There is no form called poem for request_new_password."),
    ],
)
def test_what_the_house_lacks_is_named(more: dict[str, Any], fault: str) -> None:
    (found,) = faults(broken(leave(**more)), AROUND)
    assert found.startswith("Door, step “leave”: ")
    assert fault in found


def test_an_action_after_which_the_desk_could_not_move_the_license_is_named() -> None:
    action = Action.DEACTIVATE
    (found,) = faults(broken(leave(effects=(AccountAction(action),))), AROUND)
    assert f"a license takes no step “{action}” when its account is changed." in found


def test_a_type_without_a_form_of_its_own_is_named() -> None:
    flow = broken(leave(form="nobodys_type"))
    flow.name = "nobodys_type"
    (found,) = faults(flow, AROUND)
    assert "helpdesk.forms.nobodys_type" in found


def test_a_mail_that_does_not_render_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(_folders: object, _context: object) -> None:
        raise BadTemplate("ticket/received: UndefinedError: 'whom' is undefined")

    monkeypatch.setattr(checks, "render", torn)
    (found,) = faults(broken(leave(effects=(Mail("received", Recipient.FILER),))), AROUND)
    assert "the mail “received” does not render" in found
    assert "'whom' is undefined" in found


@on_one_database
def test_the_command_names_each_fault_and_fails(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "ACTIONS", {})
    result = app.test_cli_runner().invoke(args=["workflows", "check"])
    assert result.exit_code == 1
    lacking = {"New User License": "create", "Reactivate License": "reactivate",
               "Recertification": "extend", "Request New Password": "unlock"}  # fmt: skip
    of_license = [line for line in result.output.splitlines() if line.startswith("License, ")]
    assert of_license == [
        f"License, step “{step}”: nobody performs the account action “{action}”."
        for step, action in (("confirm_deletion", "delete"), ("depart", "deactivate"),
                             ("take_leave", "deactivate"), ("suspend", "deactivate"),
                             ("lift", "reactivate"))
    ]  # fmt: skip
    assert [line for line in result.output.splitlines() if line not in of_license] == [
        f"{label}, step “{step}”: nobody performs the account action “{action}”."
        for label, action in lacking.items()
        for step in ("approve", "override", *(("approve_by_rule",) if label in BY_RULE else ()))
    ]
