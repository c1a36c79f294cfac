"""What an uploaded file is called: kept for people, in any script, and harmless as a name."""

import unicodedata
from pathlib import PurePosixPath

LONGEST = 120
"""Characters, the suffix among them."""

SHORT = 60
NO_NAME = "document"
FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "-"))
"""Windows takes no such names, and `:` would name a hidden stream there."""

DECEIVING = {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\ufeff",
             *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}  # fmt: skip
"""They turn the direction of what follows: `annual-\u202efdp.exe` reads as `annual-exe.pdf`."""

UNSEEN = {"Cc", "Cs", "Cn"}
"""Categories: control characters, halves of pairs, and what is no character at all."""

PORTS = {f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"}
RESERVED = {"CON", "PRN", "AUX", "NUL", *PORTS}


def harmless(name: str) -> str:
    """One path part without control characters, never empty, at most `LONGEST` long."""
    bare = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(c for c in bare if c not in DECEIVING and unicodedata.category(c) not in UNSEEN)
    kept = unicodedata.normalize("NFC", kept).translate(FORBIDDEN)
    stem, suffix = _parts(" ".join(kept.split()).rstrip(". "))
    if stem.partition(".")[0].rstrip().upper() in RESERVED:
        stem = f"_{stem}"
    return stem[: LONGEST - len(suffix)].rstrip(". ") + suffix


def suffix_of(name: str) -> str:
    """`.pdf` of `Agreement.PDF`; empty where there is none."""
    return PurePosixPath(name).suffix.lower()


def shortened(name: str) -> str:
    """For a sentence, which nobody reads to its end when a name fills it."""
    if len(name) <= SHORT:
        return name
    suffix = suffix_of(name)[:10]
    return f"{name[: SHORT - len(suffix)]}…{suffix}"


def _parts(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10 or " " in ending:
        stem, dot, ending = name, "", ""
    return stem.strip(". ") or NO_NAME, dot + ending
