"""Templates, read as text: nothing inline that the policy would block, nothing unescaped."""

import re
from pathlib import Path

import pytest

from helpdesk.processes import ROOT

PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.parts)
SCRIPTS = sorted((ROOT / "helpdesk" / "static").glob("*.js"))
SHEETS = sorted((ROOT / "helpdesk" / "static").glob("*.css"))

FORBIDDEN = {
    "a script within the page": r"<script(?![^>]*\ssrc=)",
    "a style within the page": r"<style\b|\sstyle\s*=",
    "an event handler": r"\son[a-z]+\s*=\s*[\"']",
    "a script as an address": r"javascript:",
    "an address on another host": r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
    "text that is not escaped": r"(?<!['\"])\s*\|\s*safe\b|autoescape\s+false",  # a literal may be
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_templates_to_look_at() -> None:
    assert len(PAGES) > 20
    assert SCRIPTS
    assert SHEETS


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_holds_nothing_that_the_policy_forbids(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert [what for what, bad in FORBIDDEN.items() if re.search(bad, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_form_that_acts_carries_the_token(path: Path) -> None:
    text = path.read_text()
    posting = re.findall(
        r"<form\b[^>]*method=[\"']post[\"'].*?</form>", text, re.DOTALL | re.IGNORECASE
    )
    without = [form for form in posting if not re.search(r"csrf_token|hidden\(|hidden_tag", form)]
    assert without == []
    assert len(posting) == len(re.findall(r"method=[\"']post[\"']", text, re.IGNORECASE))


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_makes_no_html_out_of_text(path: Path) -> None:
    bad = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.style\b"
    assert re.findall(bad, path.read_text()) == []


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_a_style_sheet_fetches_nothing_from_elsewhere(path: Path) -> None:
    assert re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//", path.read_text()) == []
