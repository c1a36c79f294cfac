"""Files that are no documents, or pretend to be: a name, the bytes, and words of the refusal."""

import struct

from tests.support.papers import archive, chunk, docx, jpeg, pdf, png, segment

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\0" + bytes(200)
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
MACRO = docx({"word/vbaProject.bin": OLE})
ZIP64_END = b"PK\x06\x06" + bytes(52) + b"PK\x06\x07" + bytes(16)
LOCKED = docx().replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")
BOMB = docx({"word/bomb.xml": bytes(50_000_000)})
"""50 MB of nothing in 50 KB: it is not unpacked, so it is harmless; refused in no test."""

DAMAGED, RENAME = "damaged or incomplete", "Please rename it"

HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "nothing at all": ("empty.pdf", b"", "is empty"),
    "an empty picture": ("empty.png", b"", "is empty"),
    "one byte": ("a.pdf", b"%", "text file"),
    "NULs": ("a.pdf", bytes(100), "do not know"),
    "noise": ("a.pdf", bytes(range(128, 256)) * 3, "do not know"),
    # pretending by name
    "a web page": ("page.html", HTML, "web page"),
    "a web page called PDF": ("page.pdf", HTML, "web page"),
    "a web page called PNG": ("page.png", b"\xef\xbb\xbf \n" + HTML, "web page"),
    "a drawing": ("x.svg", SVG, "SVG"),
    "a drawing called PNG": ("x.png", b'<?xml version="1.0"?>' + SVG, "SVG"),
    "a drawing called JPEG": ("x.jpg", b"\n\n" + SVG, "SVG"),
    "XML called Word": ("x.docx", b"<?xml version='1.0'?><a/>", "web page or XML"),
    "text": ("notes.txt", b"Dear HAND,", "text file"),
    "text called PDF": ("notes.pdf", "Привет".encode() * 200, "text file"),
    "a table": ("people.csv", b"=cmd|' /C calc'!A0,2\n", "text file"),
    "PHP": ("shell.php", b"<?php system($_GET['c']); ?>", "web page or XML"),
    "a program": ("setup.exe", EXE, "program"),
    "a program called PDF": ("agreement.pdf", EXE, "program"),
    "a program called PDF twice": ("agreement.pdf.exe", EXE, "program"),
    "a program for Linux": ("a.pdf", b"\x7fELF\x02\x01\x01" + bytes(60), "program"),
    "a program for Macs": ("a.pdf", b"\xcf\xfa\xed\xfe" + bytes(60), "program"),
    "a class": ("a.docx", b"\xca\xfe\xba\xbe" + bytes(60), "program"),
    "a script": ("a.pdf", b"#!/bin/sh\nrm -rf /\n", "program"),
    "GIF": ("x.gif", b"GIF89a\x01\0\x01\0\0\0\0;", "GIF"),
    "GIF called PNG": ("x.png", b"GIF89a\x01\0\x01\0\0\0\0;", "GIF"),
    "HEIC": ("IMG_1.HEIC", HEIC, "save it as a JPEG"),
    "HEIC called JPEG": ("IMG_1.jpg", HEIC, "save it as a JPEG"),
    "a film": ("a.mp4", b"\0\0\0\x18ftypisom\0\0\2\0" + bytes(60), "video"),
    "WebP": ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 " + bytes(60), "WebP"),
    "TIFF": ("a.tif", b"II*\0" + bytes(60), "TIFF"),
    "the other TIFF": ("a.tif", b"MM\0*" + bytes(60), "TIFF"),
    "BMP": ("a.bmp", b"BM" + bytes(60), "BMP"),
    "RTF": ("a.rtf", b"{\\rtf1\\ansi Hello}", "RTF"),
    "RTF called Word": ("a.docx", b"{\\rtf1{\\object\\objocx}}", "RTF"),
    "PostScript": ("a.pdf", b"%!PS-Adobe-3.0\n(x) run\n", "PostScript"),
    "7z": ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(60), "archive"),
    "RAR": ("a.rar", b"Rar!\x1a\x07\x01\0" + bytes(60), "archive"),
    "gzip": ("a.gz", b"\x1f\x8b\x08" + bytes(60), "archive"),
    "bzip2": ("a.bz2", b"BZh9" + bytes(60), "archive"),
    "xz": ("a.xz", b"\xfd7zXZ\0" + bytes(60), "archive"),
    "an empty archive": ("a.zip", archive({}), "archive"),
    # names that do not agree
    "PDF called PNG": ("a.png", pdf(), RENAME),
    "PNG called JPEG": ("a.jpg", png(), RENAME),
    "JPEG called PNG": ("a.png", jpeg(), RENAME),
    "Word called PDF": ("a.pdf", docx(), RENAME),
    "Word called macro Word": ("a.docm", docx(), RENAME),
    "PDF without a suffix": ("agreement", pdf(), RENAME),
    "PDF called a program": ("a.pdf.exe", pdf(), RENAME),
    "PDF called a web page": ("a.html", pdf(), RENAME),
    "PDF by a hidden stream": ("a.exe:x.png", pdf(), RENAME),
    "PDF turned round": ("a\u202efdp.exe", pdf(), RENAME),
    "PDF with a NUL in its name": ("a.exe\0.png", pdf(), RENAME),
    # Word
    "an older Word": ("a.doc", OLE, "older Office file"),
    "a Word file with a password": ("a.docx", OLE, "password"),
    "macros": ("a.docx", MACRO, "macros"),
    "macros, called so": ("a.docm", MACRO, "macros"),
    "macros elsewhere": ("a.docx", docx({"x/VBAPROJECT.BIN": b"x"}), "macros"),
    "controls": ("a.docx", docx({"word/activeX/activeX1.bin": b"x"}), "macros"),
    "Excel": ("a.docx", archive({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "archive"),
    "an archive": ("a.docx", archive({"a.pdf": pdf()}), "archive"),
    "an archive by its name": ("a.zip", archive({"a.pdf": pdf()}), "archive"),
    "Java": ("a.docx", archive({"META-INF/MANIFEST.MF": b""}), "archive"),
    "no document in it": ("a.docx", archive({"[Content_Types].xml": b""}), "archive"),
    "no types in it": ("a.docx", archive({"word/document.xml": b""}), "archive"),
    "parts locked by a password": ("a.docx", LOCKED, "password"),
    "far too many parts": ("a.docx", docx({f"w/{n}": b"" for n in range(1001)}), DAMAGED),
    "far too long names": ("a.docx", docx({f"{n}" * 60_000: b"" for n in range(3)}), DAMAGED),
    "half a Word file": ("a.docx", docx()[:200], DAMAGED),
    "the start of an archive": ("a.docx", b"PK\x03\x04", DAMAGED),
    "a Word file behind a program": ("a.docx", b"PK\x03\x04" + EXE + docx(), DAMAGED),
    "a Word file with a tail": ("a.docx", docx() + HTML, DAMAGED),
    "a Word file with a comment": ("a.docx", archive({"a": b""}, HTML), DAMAGED),
    "a Word file of too many disks": ("a.docx", docx()[:-22] + ZIP64_END + docx()[-22:], DAMAGED),
    "a table that is none": ("a.docx", docx().replace(b"PK\x01\x02", b"PK\x01\x03"), DAMAGED),
    # PDF
    "half a PDF": ("a.pdf", pdf()[:40], DAMAGED),
    "a PDF with its end far away": ("a.pdf", pdf() + bytes(2000), DAMAGED),
    "a PDF that is an archive, too": ("a.pdf", pdf() + archive({"a": b""}) + b"%%EOF", DAMAGED),
    "a PDF of no version": ("a.pdf", pdf().replace(b"%PDF-1.7", b"%PDF-x.y"), "text file"),
    "a PDF behind a web page": ("a.pdf", HTML + pdf(), "web page"),
    "a PDF behind much space": ("a.pdf", b" " * 40 + pdf(), "text file"),
    # pictures
    "half a PNG": ("a.png", png()[:30], DAMAGED),
    "a PNG's signature": ("a.png", png()[:8], DAMAGED),
    "a PNG without an end": ("a.png", png()[:-12], DAMAGED),
    "a PNG with a tail": ("a.png", png() + HTML, DAMAGED),
    "a PNG that is an archive, too": ("a.png", png()[:-12] + archive({"a": b""}), DAMAGED),
    "a PNG of no size": ("a.png", png(0, 5), DAMAGED),
    "a PNG as large as a field": ("a.png", png(60_000, 60_000), "3,600 megapixels"),
    "a PNG as large as numbers go": ("a.png", png(2**32 - 1, 2**32 - 1), "megapixels"),
    "a PNG whose header comes later": (
        "a.png", png()[:8] + chunk(b"tEXt", b"a\0b") + png()[8:], DAMAGED),
    "half a JPEG": ("a.jpg", jpeg()[:12], DAMAGED),
    "a JPEG's signature": ("a.jpg", b"\xff\xd8\xff", DAMAGED),
    "a JPEG without an end": ("a.jpg", jpeg()[:-2], DAMAGED),
    "a JPEG without a frame": (
        "a.jpg", b"\xff\xd8" + segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\xff\xd9", DAMAGED),
    "a JPEG of no height": ("a.jpg", jpeg(4, 0), DAMAGED),
    "a JPEG as large as numbers go": ("a.jpg", jpeg(65535, 65535), "megapixels"),
    "a JPEG of endless parts": ("a.jpg", b"\xff\xd8" + segment(0xFE, b"") * 5000, DAMAGED),
    "a JPEG of fillings": ("a.jpg", b"\xff\xd8" + b"\xff" * 9000, DAMAGED),
    "a JPEG that is an archive, too": ("a.jpg", jpeg(after=archive({"a": b""})), DAMAGED),
    "a JPEG that is a web page": ("a.jpg", b"\xff\xd8\xff" + HTML, DAMAGED),
}  # fmt: skip

PHONE = segment(0xE1, b"Exif\0\0" + b"\xff\xd8\xff\xd9" * 9) + b"\xff" + segment(0xFE, b"hi")
"""A small picture within the large one, which has an end of its own, and a filling."""

GOOD: dict[str, tuple[str, bytes]] = {
    "PDF": ("Agreement.pdf", pdf()),
    "PDF in capitals": ("AGREEMENT.PDF", pdf()),
    "PDF after a byte order mark": ("a.pdf", b"\xef\xbb\xbf" + pdf()),
    "PDF after a line end": ("a.pdf", b"\r\n" + pdf()),
    "PDF with a short tail": ("a.pdf", pdf() + bytes(500)),
    "PDF 2.0": ("a.pdf", pdf().replace(b"1.7", b"2.0")),
    "Word": ("Worksheet.docx", docx()),
    "Word with a bomb that nobody unpacks": ("a.docx", BOMB),
    "Word with a way out that nobody goes": ("a.docx", docx({"../../etc/passwd": b"x"})),
    "PNG": ("scan.png", png()),
    "JPEG": ("photo.jpg", jpeg()),
    "JPEG in full": ("photo.JPEG", jpeg()),
    "JPEG of a phone": ("IMG_2.jpg", jpeg(before=PHONE, after=b"SEFT" + struct.pack("<I", 9))),
    "JPEG of 108 megapixels": ("a.jpg", jpeg(12000, 9000)),
}
