"""Names of uploaded files: harmless, and still what people called them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.documents.names import LONGEST, harmless, suffix_of

NAMES = {
    "Agreement.pdf": "Agreement.pdf",
    "  User   Agreement .pdf": "User Agreement.pdf",
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    "C:\\Users\\ann\\Desktop\\scan.png": "scan.png",
    "/absolute/a.pdf": "a.pdf",
    "folder/": "folder",
    "": "document",
    ".": "document",
    "..": "document",
    "/": "document",
    ".pdf": "document.pdf",
    " .pdf": "document.pdf",
    "...pdf": "document.pdf",
    "a.pdf.": "a.pdf",
    "a.pdf. . ": "a.pdf",
    "a\0.pdf": "a.pdf",
    "a\r\nContent-Type: text/html\r\n\r\n.pdf": "html.pdf",
    "a\r\nX-Evil: 1.pdf": "aX-Evil- 1.pdf",
    "a\tb\x1b[31m.pdf": "ab[31m.pdf",
    "a\u202efdp.exe": "afdp.exe",
    "\u2066a\u2069.pdf": "a.pdf",
    "a\u2028b\u2029.pdf": "ab.pdf",
    "\ufeffa.pdf": "a.pdf",
    "a\ud800.pdf": "a.pdf",
    'my "final" <b>.pdf': "my -final- -b-.pdf",
    "a.pdf:evil.exe": "a.pdf-evil.exe",
    "what? *really*|.pdf": "what- -really--.pdf",
    "CON": "_CON",
    "con.pdf": "_con.pdf",
    "NUL.tar.pdf": "_NUL.tar.pdf",
    "aux .pdf": "_aux.pdf",
    "COM1.docx": "_COM1.docx",
    "LPT².png": "_LPT².png",
    "CONTRACT.pdf": "CONTRACT.pdf",
    "e\u0301te\u0301.pdf": "été.pdf",
    "合同 协议.pdf": "合同 协议.pdf",
    "עברית.pdf": "עברית.pdf",
    "عقد.docx": "عقد.docx",
    "نامه‌ها.pdf": "نامه‌ها.pdf",
    "Договор.jpeg": "Договор.jpeg",
    "👩‍👩‍👧 signed 🖊️.png": "👩‍👩‍👧 signed 🖊️.png",
    "=cmd|calc.pdf": "=cmd-calc.pdf",
    "'; DROP TABLE document;--.pdf": "'; DROP TABLE document;--.pdf",
    "{{ 7*7 }}.pdf": "{{ 7-7 }}.pdf",
    "<script>alert(1)</script>.pdf": "script-.pdf",
    "%2e%2e%2fa.pdf": "%2e%2e%2fa.pdf",
    "no suffix at all": "no suffix at all",
    "ends in a sentence. Then more": "ends in a sentence. Then more",
    "x" * 300 + ".pdf": "x" * 116 + ".pdf",
    "x" * 300: "x" * 120,
    "字" * 300 + ".docx": "字" * 115 + ".docx",
    "a." + "y" * 300: ("a." + "y" * 300)[:120],
    "x" * 115 + " . .jpeg": "x" * 115 + ".jpeg",
}


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:40])
def test_a_name_is_made_harmless_and_kept_for_people(name: str) -> None:
    assert harmless(name) == NAMES[name]


@given(st.text(alphabet=st.characters(), max_size=200))
def test_whatever_it_was_it_is_one_harmless_part(name: str) -> None:
    made = harmless(name)
    assert 0 < len(made) <= LONGEST
    assert harmless(made) == made
    assert not set(made) & set('\\/<>:"|?*\u202e\u2066\u2028')
    assert not {unicodedata.category(c) for c in made} & {"Cc", "Cs"}
    assert made[0] not in ". "
    assert made[-1] not in ". "
    assert made.encode()


def test_a_suffix_is_read_in_small_letters() -> None:
    suffixes = {"a.PDF": ".pdf", "a": "", "a.b.DocX": ".docx", "a.": ""}
    assert {name: suffix_of(name) for name in suffixes} == suffixes
