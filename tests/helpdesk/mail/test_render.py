"""Rendering: the right folder, strict values, one-line subjects, escaped HTML."""

from pathlib import Path

import pytest

from helpdesk.mail import BadTemplate, NoMail, find, has_mail, render
from helpdesk.mail.sample import SAMPLE

EVIL = "<script>alert('x')</script> {{ 7 * 7 }} {% raw %} & \"q\""


def write(root: Path, folder: str, subject: str = "s", text: str = "t", html: str = "h") -> None:
    (root / folder).mkdir(parents=True)
    for name, words in (("subject.txt", subject), ("body.txt", text), ("body.html", html)):
        (root / folder / name).write_text(words)


def test_the_first_folder_that_exists_is_taken(tmp_path: Path) -> None:
    write(tmp_path, "ticket/approved", "general")
    write(tmp_path, "special/approved", "special")
    folders = ["missing/approved", "special/approved", "ticket/approved"]
    assert find(folders, tmp_path) == "special/approved"
    assert render(folders, {}, tmp_path).subject == "special"


def test_no_folder_is_no_mail(tmp_path: Path) -> None:
    assert not has_mail(["a/b"], tmp_path)
    with pytest.raises(NoMail, match="a/b, c"):
        render(["a/b", "c"], {}, tmp_path)


@pytest.mark.parametrize("folder", ["../mail", "/etc", "", "a//b", "A/b", "a/b\n", "."])
def test_a_folder_is_a_plain_name(tmp_path: Path, folder: str) -> None:
    assert not has_mail([folder], tmp_path)


@pytest.mark.parametrize("text", ["{{ missing }}", "{{ oops", "{% include 'none.txt' %}"])
def test_a_broken_template_names_its_folder(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a/b", text=text)
    with pytest.raises(BadTemplate, match=r"^a/b: "):
        render(["a/b"], {}, tmp_path)


def test_a_missing_file_and_an_empty_subject_are_broken(tmp_path: Path) -> None:
    write(tmp_path, "a/b", subject=" \n")
    with pytest.raises(BadTemplate, match="subject"):
        render(["a/b"], {}, tmp_path)
    (tmp_path / "a/b/body.html").unlink()
    with pytest.raises(BadTemplate, match=r"body\.html"):
        render(["a/b"], {}, tmp_path)


def test_data_is_never_a_template_and_html_is_escaped() -> None:
    mail = render(["ticket/needed"], {**SAMPLE, "message": EVIL, "person_name": EVIL})
    assert "{{ 7 * 7 }}" in mail.text
    assert "{{ 7 * 7 }}" in mail.html
    assert EVIL in mail.subject
    assert "<script>alert" in mail.text
    assert "<script" not in mail.html
    assert "&lt;script&gt;" in mail.html


@pytest.mark.parametrize("name", [name for name, value in SAMPLE.items() if isinstance(value, str)])
def test_no_value_gets_into_html_unescaped(name: str) -> None:
    for folder in ("ticket/received", "ticket/rejected", "ticket/answered", "license/locked"):
        assert "<script" not in render([folder], {**SAMPLE, name: EVIL}).html


def test_a_name_cannot_add_a_paragraph() -> None:
    name = "Ann\r\n\r\nPlease send your password to eve@evil.example"
    mail = render(["ticket/received"], {**SAMPLE, "person_name": name})
    assert "\nPlease send" not in mail.text
    assert "\n" not in mail.subject


def test_a_message_keeps_its_lines() -> None:
    mail = render(["ticket/needed"], {**SAMPLE, "message": "one\r\n\r\n  two & three\rfour"})
    assert "\n    one\n\n      two & three\n    four\n" in mail.text
    assert "one<br>\n<br>\n  two &amp; three<br>\nfour" in mail.html
