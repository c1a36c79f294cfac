"""How requests work: what the list says, what a workflow's own page shows, and the command."""

import pytest
from flask import Flask

from tests import factories
from tests.web.conftest import Visit
from tests.web.counted import queries
from workflows.diagram import mermaid, table
from workflows.papers import PAPERS
from workflows.registry import all_workflows, ticket_types

each_name = pytest.mark.parametrize("name", all_workflows())


def test_the_list_tells_of_each_type_what_people_ask_first(
    cast: factories.Cast, visit: Visit
) -> None:
    page = visit(cast.sam).get("/workflows")
    for kind in ticket_types().values():
        assert kind.label in page.words
        assert kind.summary in page.words
        for paper in kind.papers:
            assert PAPERS[paper] in page.words
    assert "Target 1 business day" in page.words
    assert "Who files it HAND staff, the agency’s admin or the licensee" in page.words


def test_staff_find_it_in_their_menu_and_nobody_else_does(
    cast: factories.Cast, visit: Visit
) -> None:
    assert 'href="/workflows"' in visit(cast.sam).get("/").text
    assert 'href="/workflows"' not in visit(cast.admin).get("/").text


@each_name
def test_a_workflow_is_a_picture_a_table_and_a_text(
    name: str, cast: factories.Cast, visit: Visit
) -> None:
    flow = all_workflows()[name]
    page = visit(cast.sam).get(f"/workflows/{name}")
    assert page.status == 200
    assert page.text.count('<svg class="drawing"') == 1
    for row in table(flow):
        assert row.label in page.words
        for sentence in (*row.guards, *row.follows):
            assert " ".join(sentence.split()) in page.words
    assert " ".join(mermaid(flow).split()) in page.words
    assert page.text.count("<tr>") == 1 + len(table(flow))


def test_rules_are_read_from_no_database(app: Flask, cast: factories.Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    with queries(app) as seen:
        sam.get("/workflows/license")
    assert len(seen) <= 4, seen  # who is asking


@each_name
def test_the_command_prints_one(app: Flask, name: str) -> None:
    result = app.test_cli_runner().invoke(args=["workflows", "diagram", name])
    assert result.exit_code == 0
    assert result.output.startswith(f"## {all_workflows()[name].label} (`{name}`)")
    assert mermaid(all_workflows()[name]) in result.output
    assert result.output.count("```mermaid") == 1


def test_the_command_prints_all(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["workflows", "diagram"])
    assert result.exit_code == 0
    for flow in all_workflows().values():
        assert mermaid(flow) in result.output


def test_the_command_says_which_there_are(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["workflows", "diagram", "nonsense"])
    assert result.exit_code == 1
    assert "There is no workflow “nonsense”. There are: " in result.output
    assert "request_new_password" in result.output
