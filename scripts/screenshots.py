"""Take pictures of every page, in light and dark, at 1280 and 390 pixels, from a demo desk.

    python -m scripts.screenshots FOLDER [GUIDE …]

The pages are those of `tests/web/tour.py`; GUIDE picks some of its guides by name. Each picture
shows the whole page, so what is fixed to the bottom of a phone's screen stands in its middle.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import FLAGS, PATIENCE, PHONE, WIDE, find_chromium
from tests.support.servers import LiveServer, start
from tests.web.tour import GUIDES, Guide

SIZES = {"1280": WIDE, "390": PHONE}


def take(page: Page, folder: Path, name: str) -> None:
    """Four pictures of the page as it is: what was typed or opened stays."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for label, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=folder / f"{name}-{label}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def walk(guide: Guide, browser: Browser, server: LiveServer, folder: Path) -> None:
    session = browser.new_context(
        base_url=server.base_url,
        locale="en-US",
        timezone_id="America/Detroit",
        reduced_motion="reduce",  # no color halfway between light and dark
    )
    session.set_default_timeout(PATIENCE)
    page = session.new_page()
    for name in guide(page, server):
        print(name, flush=True)
        take(page, folder, name)
    session.close()


def main(folder: Path, chosen: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        server = start(Path(temporary), {})
        try:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
            for name, guide in GUIDES.items():
                if name in chosen or not chosen:
                    walk(guide, browser, server, folder)
            browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
