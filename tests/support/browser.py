"""Debian's Chromium, driven by Playwright: `browser`, `new_page`, `page`; the marker `browser`.

A page that logs an error (a script's, or the content security policy's) fails its test.
"""

import shutil
from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.support.servers import LiveServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW_TO_GET_IT = "Chromium was not found (Debian: sudo apt-get install chromium)"

WIDE = (1280, 800)
PHONE = (390, 844)
PATIENCE = 15_000  # milliseconds, for a machine with other things to do


class NewPage(Protocol):
    """A page in a browser session of its own; addresses are relative to the live server's."""

    def __call__(
        self, *, size: tuple[int, int] = WIDE, javascript: bool = True, base_url: str | None = None
    ) -> Page: ...


def find_chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives the browser; where there is none, skip it: complete.py makes the noise."""
    missing = find_chromium() is None
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if missing and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=HOW_TO_GET_IT))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[NewPage]:
    complaints: list[str] = []
    pages: list[Page] = []

    def make(
        *, size: tuple[int, int] = WIDE, javascript: bool = True, base_url: str | None = None
    ) -> Page:
        session = browser.new_context(
            base_url=base_url or live_server.base_url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            locale="en-US",
            timezone_id="America/Detroit",
        )
        session.set_default_timeout(PATIENCE)
        pages.append(session.new_page())
        listen(pages[-1], complaints)
        return pages[-1]

    yield make
    for page in pages:
        page.context.close()
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


def listen(page: Page, complaints: list[str]) -> None:
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda message: note(message, complaints))


def note(message: ConsoleMessage, complaints: list[str]) -> None:
    """Errors, but for the line that Chromium logs at answers from 400 on: tests ask for some."""
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        complaints.append(f"{message.location['url']}: {message.text}")


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page at 1280 × 800, with JavaScript, in a fresh session on `live_server`."""
    return new_page()
