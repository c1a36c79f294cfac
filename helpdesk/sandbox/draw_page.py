"""Draws a page of a PDF, or a picture anew, as a PNG. Runs as a program of its own, with limits set
by `run`, because the file is a stranger's: nothing of ours is imported here.

Standard input: one line of JSON, then the bytes of the file. Standard output: one line of JSON,
then the bytes of the PNG, none where this page could not be drawn.

The question: {"type": "pdf" or "picture", "page": n from 0, "most": pages that are looked at}. The
answer: {"count": pages, "pages": [[left, bottom, right, top, rotation], …]}, in points as the PDF
counts them, before it is turned; or {"fault": word}.
"""

import contextlib
import json
import sys
import warnings
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageOps

WIDE = 1400  # pixels: a form's small print can be read
CLOSEST = 4.0  # pixels a point: a tiny page does not become a blot
MOST = 4_000_000  # pixels of what is drawn
MOST_TAKEN = 120_000_000  # pixels of a picture that is decoded
FORMATS = ("PNG", "JPEG")

Sizes = dict[str, Any]
Drawn = tuple[Sizes, Image.Image | None]


class Fault(Exception):
    """Why there is nothing to see."""


def main() -> None:
    question = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    draw: Callable[..., Drawn] = of_pdf if question["type"] == "pdf" else of_picture
    try:
        answer, image = draw(data, question["page"], question["most"])
    except Fault as fault:
        answer, image = {"fault": str(fault)}, None
    except MemoryError:
        answer, image = {"fault": "memory"}, None
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    if image is not None:
        plain(image).save(sys.stdout.buffer, "PNG", compress_level=4)
    sys.stdout.buffer.flush()


def of_pdf(data: bytes, number: int, most: int) -> Drawn:
    document = opened(data)
    count = len(document)
    if not count:
        raise Fault("damaged")
    document.init_forms()
    pages = [size(document, n) for n in range(min(count, most))]
    image = None
    with contextlib.suppress(pypdfium2.PdfiumError):
        image = rendered(document[number]) if number < len(pages) else None
    return {"count": count, "pages": pages}, image


def opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        encrypted = "password" in str(error).lower()
        raise Fault("encrypted" if encrypted else "damaged") from None


def size(document: pypdfium2.PdfDocument, number: int) -> list[float]:
    """A page that can't be opened counts as a sheet of letter paper, so that the others keep their
    numbers."""
    try:
        page = document[number]
        box = [round(float(edge), 2) for edge in page.get_bbox()]
        return [*box, page.get_rotation()]
    except pypdfium2.PdfiumError:
        return [0.0, 0.0, 612.0, 792.0, 0]


def rendered(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise Fault("damaged")
    scale = min(WIDE / width, CLOSEST, (MOST / (width * height)) ** 0.5)
    image: Image.Image = page.render(scale=scale, may_draw_forms=True).to_pil()
    return image


def of_picture(data: bytes, number: int, _most: int) -> Drawn:
    """Decoded, turned as the camera was held, and smaller; what else was in the file is gone."""
    Image.MAX_IMAGE_PIXELS = MOST_TAKEN
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            image.draft("RGB", (WIDE, WIDE))
            smaller = shrunk(image)
            picture = ImageOps.exif_transpose(smaller)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Fault("pixels") from None
    except (OSError, ValueError, TypeError, SyntaxError, ZeroDivisionError, EOFError, KeyError):
        raise Fault("damaged") from None
    sizes = {"count": 1, "pages": [[0, 0, picture.width, picture.height, 0]]}
    return sizes, picture if number == 0 else None


def shrunk(image: Image.Image) -> Image.Image:
    """Colors of a palette can't be mixed, and 16 bits a color are more than a screen shows."""
    image.load()
    if image.mode in {"P", "PA"}:
        image = image.convert("RGBA")
    elif image.mode not in {"1", "L", "LA", "RGB", "RGBA", "CMYK"}:
        image = image.convert("RGB")
    longest = max(WIDE, round(MOST / WIDE))
    image.thumbnail((WIDE, longest), reducing_gap=2.0)
    return image


def plain(image: Image.Image) -> Image.Image:
    """On white, without anything but pixels, and in gray where there is no color."""
    if "A" in image.getbands():
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    image = image.convert("RGB")
    red, green, blue = image.split()
    gray = ImageChops.difference(red, green).getbbox() is None
    gray = gray and ImageChops.difference(green, blue).getbbox() is None
    bare = Image.new("L" if gray else "RGB", image.size)
    bare.paste(red if gray else image)
    return bare


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
