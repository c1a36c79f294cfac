"""The PDF of a worksheet that was filled in on a page: all of it legible, whatever was typed."""

import io

import pypdf
import pytest

from helpdesk.worksheets.render import NOT_HERE, Written, render
from tests.support.worksheets import LACKING
from workflows.worksheets import NEW_USER, RECERTIFICATION, Sheet

HOW = "Signed electronically, signed in as dana.price, Nov 26, 2026, 4 pm."


def told(sheet: Sheet, **texts: str) -> str:
    data = render(sheet, Written(texts, ["Policy & Procedure"], "ABCD-EFGH", {"admin": HOW}))
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    assert all("/Annots" not in page for page in pages)
    lines = "\n".join(page.extract_text() for page in pages).splitlines()
    return "\n".join(line.strip() for line in lines)


@pytest.mark.parametrize("sheet", [RECERTIFICATION, NEW_USER], ids=lambda sheet: sheet.number)
def test_it_tells_what_was_filled_in_and_how_it_was_signed(sheet: Sheet) -> None:
    words = told(sheet, **{"email": "maria.l@harbor.example", "admin.signature": "Dana Price"})
    assert {"maria.l@harbor.example", "Dana Price", HOW, "Policy & Procedure"} <= set(
        words.splitlines()
    )


def test_a_tick_is_a_cross() -> None:
    assert "X" in told(NEW_USER, **{"level.volunteer": "x"}).splitlines()
    assert "X" not in told(NEW_USER).splitlines()


@pytest.mark.parametrize("length", [80, 5000])
def test_a_long_answer_is_small_and_cut_at_the_end_of_its_line(length: int) -> None:
    (line,) = (each for each in told(NEW_USER, phone="7" * length).splitlines() if "777" in each)
    assert line.endswith("…")
    assert len(line) < 80


@pytest.mark.parametrize("name", ["Nguyễn Thị Ngọc Ánh", "Ґалаґан Їжакевич", "Ελένη Παπαδοπούλου"])
def test_a_name_is_printed_in_its_own_letters(name: str) -> None:
    lines = told(NEW_USER, supervisor=name, **{"user.signature": name}).splitlines()
    assert lines.count(name) == 2


@pytest.mark.parametrize("title", [*LACKING, "合同 עברית \u202e\ufffd\x01 👩‍👩‍👧"])
def test_what_cannot_be_printed_is_left_out_and_the_paper_says_where_it_stands(title: str) -> None:
    lines = told(NEW_USER, title=title, supervisor="Sol Ray").splitlines()
    assert {"Sol Ray", f"Title – {NOT_HERE}"} <= set(lines)
    assert not set(title.split()) & set(" ".join(lines).split())
