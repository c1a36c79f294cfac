"""The letters on a worksheet: which of them can be printed, and how much room they take.

DejaVu Sans has Latin with the letters of Vietnamese, Greek, Cyrillic, Armenian and Georgian. What
runs from the right, or stacks its marks, would want a program that sets it, and is not printed.
"""

import unicodedata
from pathlib import Path
from typing import Any

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "DejaVuSans", "VeraBd"
FILES = {
    PLAIN: Path(__file__).parent / "fonts" / "DejaVuSans.ttf",
    BOLD: Path(reportlab.__file__).parent / "fonts" / "VeraBd.ttf",  # for words of ours alone
}
LARGEST, SMALLEST = 9.0, 5.0
FROM_THE_RIGHT = {"R", "AL", "AN"}
NEVER = {"Mn", "Mc", "Me", "Cc", "Cf"}
"""Kinds of letters that stand on or between others: marks, joiners, controls."""
HIGHEST = "\uffff"
"""reportlab draws those above it, and tells whoever copies the text that they are others."""


def have_fonts() -> None:
    for name, path in FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, path))


def composed(text: str) -> str:
    """A letter and its accent as one: the font has them so."""
    return unicodedata.normalize("NFC", text)


def printable(text: str) -> bool:
    """Whether all of it can be printed. Half a name would be somebody else's."""
    have_fonts()
    font: Any = pdfmetrics.getFont(PLAIN)
    return all(ord(letter) in font.face.charToGlyph and _stands_alone(letter)
               for letter in composed(text))  # fmt: skip


def _stands_alone(letter: str) -> bool:
    direction, kind = unicodedata.bidirectional(letter), unicodedata.category(letter)
    return letter <= HIGHEST and direction not in FROM_THE_RIGHT and kind not in NEVER


def width(text: str, size: float) -> float:
    return pdfmetrics.stringWidth(composed(text), PLAIN, size)


def fitting(text: str, room: float) -> float:
    """The size of the letters: long texts are printed smaller."""
    wanted = width(text, LARGEST)
    return LARGEST if wanted <= room else max(SMALLEST, LARGEST * room / wanted)
