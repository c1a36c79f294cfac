"""Pages of documents as pictures: what is drawn, what is not, and what is kept of it."""

import hashlib
import io
import os
from typing import Any

import pypdf
import pytest
from flask.ctx import AppContext
from PIL import Image
from pypdf.generic import NameObject, NumberObject, RectangleObject

from helpdesk.documents.drawing import CannotDraw, Page, draw
from helpdesk.documents.errors import NotThere
from helpdesk.documents.types import JPEG, PDF, PNG
from helpdesk.extensions import settings
from helpdesk.services import documents, page_images
from helpdesk.services.page_images import NoSuchPage, page_image, pages_of
from tests.support import worksheets
from tests.support.apps import MakeApp
from tests.support.papers import docx, page, pdf
from workflows.worksheets import NEW_USER

PDF_TYPE = PDF.content_type


def put(content: bytes) -> str:
    return documents.store().put(io.BytesIO(content), 10**8).sha256


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def pages(count: int) -> bytes:
    writer = pypdf.PdfWriter()
    for number in range(count):
        writer.append(io.BytesIO(page(f"Page {number}")))
    return written(writer)


def written(writer: pypdf.PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def picture(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **how: Any) -> bytes:
    """The left half is black."""
    image = Image.new(mode, (width, height), "white" if mode != "P" else 1)
    image.paste(0, (0, 0, width // 2, height))
    target = io.BytesIO()
    image.save(target, kind, **how)
    return target.getvalue()


def test_what_is_filled_into_a_form_is_on_the_picture(app_context: AppContext) -> None:
    empty, filled = worksheets.fillable(NEW_USER), worksheets.filled(NEW_USER)
    images = [opened(page_image(put(data), PDF_TYPE, 0)) for data in (empty, filled)]
    assert [image.width for image in images] == [1400, 1400]
    inks = [sum(image.convert("L").histogram()[:100]) for image in images]
    assert inks[1] > inks[0] + 2000


def test_every_page_has_its_picture_and_none_lies_beyond(app_context: AppContext) -> None:
    sha256 = put(pages(3))
    assert pages_of(sha256, PDF_TYPE).count == 3
    seen = {page_image(sha256, PDF_TYPE, number) for number in range(3)}
    assert len(seen) == 3
    for number in (3, 2**31, -1):
        with pytest.raises(NoSuchPage):
            page_image(sha256, PDF_TYPE, number)


def test_as_many_pages_are_shown_as_the_setting_says(make_app: MakeApp) -> None:
    with make_app(DOCUMENT_MAX_PAGES=2).app_context():
        sha256 = put(pages(3))
        paged = pages_of(sha256, PDF_TYPE)
        assert (paged.count, len(paged.pages)) == (3, 2)
        with pytest.raises(NoSuchPage):
            page_image(sha256, PDF_TYPE, 2)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_place_told_in_points_is_found_on_a_page_that_is_cut_and_turned(turn: int) -> None:
    """A black box at (300, 500), on a page of which the lower left corner is cut off."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(page("")))
    sheet = writer.pages[0]
    sheet.cropbox = RectangleObject((100, 50, 600, 750))
    sheet[NameObject("/Rotate")] = NumberObject(turn)
    ink = pypdf.generic.DecodedStreamObject()
    ink.set_data(b"300 500 40 20 re f")
    sheet[NameObject("/Contents")] = writer._add_object(ink)
    drawn = draw(written(writer), PDF_TYPE, 0, 10)
    shown = drawn.paged.pages[0]
    assert {shown.width, shown.height} == {500, 700}
    assert (shown.width > shown.height) is (turn in {90, 270})
    image = opened(drawn.png or b"").convert("L")
    dark = image.point(lambda shade: 255 if shade < 128 else 0).getbbox() or ()
    left, top, width, height = shown.edges(300, 500, 40, 20)
    place = (left * image.width, top * image.height,
             (left + width) * image.width, (top + height) * image.height)  # fmt: skip
    assert all(abs(a - b) <= 2 for a, b in zip(dark, place, strict=True))


def test_a_box_in_the_corner_of_a_plain_page_stands_in_the_corner() -> None:
    assert Page(0, 0, 256, 512).edges(0, 0, 64, 128) == (0, 0.75, 0.25, 0.25)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_kind_is_drawn(mode: str) -> None:
    image = Image.new(mode, (40, 30))
    target = io.BytesIO()
    image.save(target, "PNG")
    drawn = draw(target.getvalue(), PNG.content_type, 0, 10)
    assert opened(drawn.png or b"").size == (40, 30)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_of_any_kind_is_drawn(mode: str) -> None:
    drawn = draw(picture(40, 30, mode=mode), JPEG.content_type, 0, 10)
    assert opened(drawn.png or b"").size == (40, 30)


def test_a_photo_is_turned_as_it_was_taken_and_tells_nothing_more() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A phone of Dana Price"
    data = picture(3000, 2000, exif=exif, comment=b"At home")
    assert b"Dana" in data
    drawn = draw(data, JPEG.content_type, 0, 10)
    png = drawn.png or b""
    image = opened(png)
    assert image.width < image.height
    assert image.convert("L").getpixel((image.width // 2, 5)) == 0  # the left is on top now
    assert drawn.paged.pages[0].width == image.width
    assert not image.info
    assert b"Dana" not in png
    assert b"home" not in png


def test_what_is_clear_is_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(target, "PNG")
    image = opened(draw(target.getvalue(), PNG.content_type, 0, 10).png or b"")
    assert image.convert("L").getextrema() == (255, 255)


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(page("Secret")))
    writer.encrypt("a password")
    return written(writer)


CANNOT = {
    "a Word file": (docx(), "application/msword", "kind"),
    "a PDF with a password": (encrypted(), PDF_TYPE, "encrypted"),
    "a PDF without pages": (pdf(), PDF_TYPE, "damaged"),
    "half a PDF": (page("x")[:200], PDF_TYPE, "damaged"),
    "half a JPEG": (picture(2000, 2000)[:4000], JPEG.content_type, "damaged"),
    "a PNG of noise": (b"\x89PNG\r\n\x1a\n" + bytes(80), PNG.content_type, "damaged"),
    "a PNG as large as a field": (
        picture(12_000, 11_000, "PNG", "1"), PNG.content_type, "pixels"),
}  # fmt: skip


@pytest.mark.parametrize("what", CANNOT)
def test_what_cannot_be_drawn_is_told_with_its_reason(what: str, app_context: AppContext) -> None:
    content, content_type, fault = CANNOT[what]
    sha256 = put(content)
    for _again in range(2):
        with pytest.raises(CannotDraw, match=fault):
            pages_of(sha256, content_type)
        with pytest.raises(CannotDraw, match=fault):
            page_image(sha256, content_type, 0)


def kept(sha256: str) -> list[str]:
    folder = settings().PAGES / sha256[:2] / sha256[2:]
    return sorted(path.name for path in folder.glob("*"))


def test_a_page_is_drawn_once(app_context: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = put(pages(2))
    first = page_image(sha256, PDF_TYPE, 0)
    assert kept(sha256) == ["0.png", "pages.json"]
    monkeypatch.setattr(page_images, "draw", None)
    assert page_image(sha256, PDF_TYPE, 0) == first
    assert pages_of(sha256, PDF_TYPE).count == 2


def test_what_is_kept_of_a_page_and_is_damaged_is_drawn_anew(app_context: AppContext) -> None:
    sha256 = put(pages(1))
    pages_of(sha256, PDF_TYPE)
    (settings().PAGES / sha256[:2] / sha256[2:] / "pages.json").write_bytes(b"{")
    assert pages_of(sha256, PDF_TYPE).count == 1


def test_pictures_go_with_their_file_or_when_they_are_old(app_context: AppContext) -> None:
    gone, old, young = (put(page(name)) for name in ("gone", "old", "young"))
    for sha256 in (gone, old, young):
        page_image(sha256, PDF_TYPE, 0)
    (settings().DOCUMENTS / gone[:2] / gone[2:]).unlink()
    os.utime(settings().PAGES / old[:2] / old[2:], (0, 0))
    documents.tidy()
    assert (kept(gone), kept(old)) == ([], [])
    assert "0.png" in kept(young)


def test_a_page_is_drawn_though_there_is_no_room_to_keep_it(app_context: AppContext) -> None:
    sha256 = put(pages(1))
    settings().PAGES.write_text("a file stands where the folder would be")
    assert opened(page_image(sha256, PDF_TYPE, 0)).width == 1400


def test_bytes_that_are_lost_are_told_as_lost(app_context: AppContext) -> None:
    with pytest.raises(NotThere):
        pages_of(hashlib.sha256(b"never sent").hexdigest(), PDF_TYPE)


def test_a_scan_is_drawn_like_any_other(app_context: AppContext) -> None:
    scan = worksheets.scanned(worksheets.filled(NEW_USER))
    assert pages_of(put(scan), PDF_TYPE).count == 2
    assert opened(page_image(put(scan), PDF_TYPE, 1)).width == 1400


def test_a_page_without_color_is_drawn_in_gray() -> None:
    assert opened(draw(page("Black on white"), PDF_TYPE, 0, 10).png or b"").mode == "L"
