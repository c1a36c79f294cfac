"""PDFs that look like any other from outside, and are traps for whoever opens them."""

import io
import zlib
from collections.abc import Callable

import pypdf

from tests.support.papers import page

Objects = dict[int, bytes]
Files = dict[str, Callable[[], bytes]]
"""Made when they are wanted: some take a second."""

LEAF = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>"
FORM = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> %s >>"
FIELD = b"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [10 10 90 30] %s >>"


def built(changed: Objects | None = None, *, pages: bytes = b"", leaf: bytes = b"",
          content: bytes = b"0 0 m 9 9 l S", filters: bytes = b"", trailer: bytes = b"",
          catalog: bytes = b"<< /Type /Catalog /Pages 2 0 R >>") -> bytes:  # fmt: skip
    """A PDF of one page, with this instead of what would stand there."""
    objects = {
        1: catalog,
        2: pages or b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: LEAF % leaf,
        4: stream(content, filters),
        **(changed or {}),
    }
    made, places = b"%PDF-1.7\n", {}
    for number, body in sorted(objects.items()):
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places.items())
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (max(objects) + 1, trailer)
    return made + b"xref\n0 1\n0000000000 65535 f \n%s%sstartxref\n%d\n%%%%EOF\n" % (
        table, end, len(made))  # fmt: skip


def stream(content: bytes, filters: bytes = b"", more: bytes = b"") -> bytes:
    named = b"/Filter %s" % filters if filters else b""
    return b"<< /Length %d %s %s >>\nstream\n%s\nendstream" % (len(content), named, more, content)


def squeezed(size: int, what: bytes = b" ") -> bytes:
    """So many of these, and little memory to make them."""
    squeezer, piece = zlib.compressobj(9), what * min(size, 100_000)
    made = b"".join(squeezer.compress(piece) for _ in range(max(1, size // 100_000)))
    return made + squeezer.flush()


def image(width: int, height: int, content: bytes, filters: bytes, more: bytes = b"") -> Objects:
    about = (b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray"
             b" /BitsPerComponent 8 %s") % (width, height, more)  # fmt: skip
    return {5: stream(content, filters, about)}


SHOWN = b"q 600 0 0 700 0 0 cm /X Do Q"
WITH_X = b"/Resources << /XObject << /X 5 0 R >> >>"
LOOP = b"/Type /XObject /Subtype /Form /BBox [0 0 600 700] /Resources << /XObject << /X 5 0 R >> >>"


def chained(depth: int) -> Objects:
    """Page trees in page trees."""
    links = {n: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 1)
             for n in range(10, 10 + depth)}  # fmt: skip
    return links | {10 + depth: LEAF % b""}


def fields(count: int, more: bytes = b"") -> bytes:
    widgets = {n: FIELD % (b"/T (f%d) /V (x) %s" % (n, more)) for n in range(6, 6 + count)}
    named = b" ".join(b"%d 0 R" % n for n in widgets)
    catalog = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] >> >>" % named
    return built(widgets, catalog=catalog, leaf=b"/Annots [%s]" % named)


def field(about: bytes, more: Objects | None = None, catalog: bytes = b"") -> bytes:
    return built({6: FIELD % about} | (more or {}), catalog=FORM % catalog, leaf=b"/Annots [6 0 R]")


def many_pages(count: int) -> bytes:
    leaves = dict.fromkeys(range(10, 10 + count), LEAF % b"")
    kids = b" ".join(b"%d 0 R" % n for n in leaves)
    return built(leaves, pages=b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count))


def locked(owner: str, user: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(page("Secret")))
    writer.encrypt(user, owner)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def boxed(box: bytes, more: bytes = b"") -> bytes:
    sheet = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R %s >>" % (box, more)
    return built({3: sheet})


WHOLE = page("Agreement", "signed")
NAME = b"".join(b"\\%03o" % (n % 32) for n in range(4096))
ENTITIES = b"<!DOCTYPE a [<!ENTITY a 'ha'>%s]><a>&z;</a>" % b"".join(
    b"<!ENTITY %c '&%c;&%c;&%c;&%c;'>" % (n, n - 1, n - 1, n - 1, n - 1) for n in range(98, 123)
)

NASTY_PDFS: Files = {
    # bombs
    "a bomb of 300 MB": lambda: built(content=squeezed(300_000_000), filters=b"/FlateDecode"),
    "a bomb in a bomb": lambda: built(content=zlib.compress(squeezed(300_000_000), 9),
                              filters=b"[/FlateDecode /FlateDecode]"),
    "a bomb of operators": lambda: built(
        content=squeezed(20_000_000, b"q "), filters=b"/FlateDecode"),
    "a bomb of paths": lambda: built(
        content=squeezed(3_000_000, b"1 1 l "), filters=b"/FlateDecode"),
    "a bomb of text": lambda: built(
        content=squeezed(2_000_000, b"(x)Tj "), filters=b"/FlateDecode"),
    "a bomb as a letter shape": lambda: built({7: stream(squeezed(90_000_000), b"/FlateDecode")},
        leaf=b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /X"
             b" /FontDescriptor << /FontFile 7 0 R >> >> >> >>", content=b"BT /F 9 Tf (x) Tj ET"),
    "fifty filters": lambda: built(content=b"x", filters=b"[" + b"/ASCIIHexDecode " * 50 + b"]"),
    "a predictor of endless rows": lambda: built({4: stream(squeezed(9), b"/FlateDecode",
        b"/DecodeParms << /Predictor 12 /Columns 2147483647 >>")}),
    "entities in entities": lambda: field(b"/T (a)", catalog=b"/AcroForm << /XFA 8 0 R >>",
                                  more={8: stream(ENTITIES)}),
    # circles
    "a page tree that is its own leaf": lambda: built(
        pages=b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "a page that is its own parent": lambda: built(
        {3: b"<< /Type /Page /Parent 3 0 R /Contents 4 0 R >>"}),
    "a drawing within itself": lambda: built(
        {5: stream(SHOWN, b"", LOOP)}, leaf=WITH_X, content=SHOWN),
    "a field that is its own parent": lambda: field(b"/T (a) /Parent 6 0 R /Kids [6 0 R]"),
    "fields in a circle": lambda: field(
        b"/T (a) /Parent 7 0 R", {7: FIELD % b"/T (b) /Parent 6 0 R"}),
    "a value that is its own value": lambda: field(b"/T (a) /V 7 0 R", {7: b"7 0 R"}),
    "an outline without end": lambda: built({7: b"<< /First 7 0 R /Next 7 0 R /Title (x) >>"},
        catalog=b"<< /Type /Catalog /Pages 2 0 R /Outlines 7 0 R >>"),
    "a length that is its own stream": lambda: built(
        {4: b"<< /Length 4 0 R >>\nstream\nx\nendstream"}),
    "tables in a circle": lambda: built(trailer=b"/Prev 9"),
    "a look that looks at itself": lambda: field(b"/T (a) /AP << /N 5 0 R >>",
                                            {5: stream(SHOWN, b"", LOOP)}),
    # depth
    "200,000 lists in lists": lambda: built(content=b"[" * 200_000),
    "200,000 lists in the catalog": lambda: built(
        catalog=b"<< /Pages 2 0 R /X " + b"[" * 200_000 + b"]" * 200_000 + b" >>"),
    "100,000 dictionaries in dictionaries": lambda: built(
        catalog=b"<< /Pages 2 0 R /X " + b"<< /X " * 100_000 + b">>" * 100_000 + b" >>"),
    "3,000 page trees in page trees": lambda: built(
        chained(3000), pages=b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"),
    "500,000 states put aside": lambda: built(content=b"q " * 500_000),
    # numbers
    "10,000 fields": lambda: fields(10_000),
    "501 fields": lambda: fields(501),
    "a field of 4 KB of control characters": lambda: field(b"/T (%s) /V (x)" % NAME),
    "a value of a megabyte": lambda: field(b"/T (a) /V (%s)" % (b"x" * 1_000_000)),
    "3,000 pages": lambda: many_pages(3000),
    "two billion pages, it says": lambda: built(
        pages=b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>"),
    "fewer than no pages": lambda: built(pages=b"<< /Type /Pages /Kids [3 0 R] /Count -9 >>"),
    "no pages": lambda: built(pages=b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "the same content 20,000 times": lambda: built(
        {3: b"<< /Type /Page /Parent 2 0 R /Contents [%s] >>"
                                               % (b"4 0 R " * 20_000)}),
    # pages
    "a page as large as a country": lambda: boxed(b"[0 0 1e9 1e9]"),
    "a page beyond all numbers": lambda: boxed(b"[0 0 1e38 1e38]"),
    "a page of no size": lambda: boxed(b"[0 0 0 0]"),
    "a page inside out": lambda: boxed(b"[612 792 0 0]"),
    "a page as thin as a hair": lambda: boxed(b"[0 0 0.001 14400]"),
    "a page of words": lambda: boxed(b"[(a) (b) (c) (d)]"),
    "a page without corners": lambda: boxed(b"[]"),
    "a page turned by a little": lambda: boxed(b"[0 0 612 792]", b"/Rotate 45"),
    "a page of large units": lambda: boxed(b"[0 0 612 792]", b"/UserUnit 1000000"),
    "a page cut away": lambda: boxed(b"[0 0 612 792]", b"/CropBox [5000 5000 6000 6000]"),
    # pictures on pages
    "a picture of 10,000 megapixels": lambda: built(
        image(100_000, 100_000, squeezed(99), b"/FlateDecode"),
                                            leaf=WITH_X, content=SHOWN),
    "a picture that fills all memory": lambda: built(
        image(20_000, 20_000, squeezed(400_000_000, b"\0"), b"/FlateDecode"),
        leaf=WITH_X, content=SHOWN),
    "a picture of noise as JBIG2": lambda: built(
        image(900, 900, bytes(range(256)), b"/JBIG2Decode"),
                                         leaf=WITH_X, content=SHOWN),
    "a picture of noise as JPEG 2000": lambda: built(
        image(900, 900, bytes(range(256)), b"/JPXDecode"),
                                             leaf=WITH_X, content=SHOWN),
    "a picture of noise as a fax": lambda: built(
        image(60_000, 60_000, bytes(range(256)), b"/CCITTFaxDecode"), leaf=WITH_X, content=SHOWN),
    "a picture masked by itself": lambda: built(
        image(9, 9, squeezed(81), b"/FlateDecode", b"/SMask 5 0 R"), leaf=WITH_X, content=SHOWN),
    # what acts
    "a script at opening": lambda: built(catalog=b"<< /Pages 2 0 R /OpenAction << /S /JavaScript"
                                         b" /JS (while(true){}) >> >>"),
    "a program at opening": lambda: built(catalog=b"<< /Pages 2 0 R /OpenAction << /S /Launch"
                                          b" /F (/bin/sh) >> >>"),
    "a form that sends itself": lambda: field(
        b"/T (a) /A << /S /SubmitForm /F (http://127.0.0.1:9/) >>"),
    "a field that computes": lambda: field(
        b"/T (a) /AA << /C << /S /JavaScript /JS (for(;;);) >> >>"),
    # whole no more
    "with a password": lambda: locked("o", "u"),
    "with a password for changes alone": lambda: locked("owner", ""),
    "half of one": lambda: WHOLE[: len(WHOLE) // 2] + b"%%EOF",
    "without its table": lambda: WHOLE[: WHOLE.index(b"xref")] + b"%%EOF",
    "with a table elsewhere": lambda: WHOLE.replace(b"startxref\n", b"startxref\n99999999"),
    "with the table of another": lambda: built(trailer=b"/XRefStm 9"),
    "two in one": lambda: WHOLE + WHOLE,
    "a web page, too": lambda: WHOLE.replace(
        b"%PDF-1.4\n", b"%PDF-1.4\n<script>alert(1)</script>\n"),
    "with a page gone": lambda: WHOLE.replace(b"3 0 obj", b"9 0 obj"),
}  # fmt: skip
