"""Files that are not taken: what they are, and what to do instead, as far as one can tell."""

CONVERT = "Please save it as a PDF."
PHOTO = "Please save it as a JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)."
PICTURE = "Please save it as a PNG or JPEG."
OPENED = "Please unpack it and choose the documents in it one by one."

OLDER = (
    "is an older Office file, or one with a password. Please save it as a .docx without a"
    " password, or as a PDF."
)

HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"}

BEGINNINGS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLDER),
    (b"GIF8", f"is a GIF picture. {PICTURE}"),
    (b"BM", f"is a BMP picture. {PICTURE}"),
    (b"II*\0", f"is a TIFF picture. {CONVERT}"),
    (b"MM\0*", f"is a TIFF picture. {CONVERT}"),
    (b"{\\rtf", f"is an RTF file. {CONVERT}"),
    (b"%!PS", f"is a PostScript file. {CONVERT}"),
    (b"7z\xbc\xaf\x27\x1c", f"is an archive. {OPENED}"),
    (b"Rar!", f"is an archive. {OPENED}"),
    (b"\x1f\x8b", f"is an archive. {OPENED}"),
    (b"BZh", f"is an archive. {OPENED}"),
    (b"\xfd7zXZ\0", f"is an archive. {OPENED}"),
    (b"PK", f"is an archive. {OPENED}"),
    (b"MZ", "is a program, not a document."),
    (b"\x7fELF", "is a program, not a document."),
    (b"\xca\xfe\xba\xbe", "is a program, not a document."),
    (b"\xcf\xfa\xed\xfe", "is a program, not a document."),
    (b"#!", "is a program, not a document."),
)  # fmt: skip
"""How files of a kind begin, and what is said of them after their name."""


def advice(head: bytes) -> str:
    """The rest of a sentence that begins with the file's name."""
    for beginning, words in BEGINNINGS:
        if head.startswith(beginning):
            return words
    if head[4:8] == b"ftyp":
        photo = head[8:12] in HEIC_BRANDS
        return f"is a HEIC photo. {PHOTO}" if photo else "is a video or a sound."
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return f"is a WebP picture. {PICTURE}"
    return _text(head)


def _text(head: bytes) -> str:
    """The end of the head may cut a character in two."""
    try:
        text = head.decode("utf-8", "strict" if len(head) < 1024 else "ignore")
    except UnicodeDecodeError:
        text = "\0"
    begins = text.lstrip("\ufeff \t\r\n").lower()
    if begins.startswith("<") and "<svg" in begins:
        return f"is an SVG drawing. {PICTURE}"
    if begins.startswith("<"):
        return f"is a web page or XML. {CONVERT}"
    if "\0" not in text:
        return f"is a text file. {CONVERT}"
    return "is a kind of file that we do not know."
