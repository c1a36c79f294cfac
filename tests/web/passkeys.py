"""A device with a passkey on it, as Chromium plays one: unlocked by its owner, or not."""

from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.support.servers import LiveServer
from tests.web.walk import press

OPTIONS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """Belongs to one page; what is on it is lost with the page."""

    def __init__(self, page: Page) -> None:
        self.link: CDPSession = page.context.new_cdp_session(page)
        self.link.send("WebAuthn.enable")
        made = self.link.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS})
        self.id: str = made["authenticatorId"]

    def unlocks(self, verified: bool) -> None:
        """Whether the next one to touch it is its owner."""
        self.send("WebAuthn.setUserVerified", isUserVerified=verified)

    def keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.send("WebAuthn.getCredentials")["credentials"]
        return found

    def send(self, method: str, **more: Any) -> Any:
        return self.link.send(method, {"authenticatorId": self.id, **more})


def by_name(server: LiveServer) -> str:
    """Where passkeys work: at a name, not at an address of numbers."""
    return server.base_url.replace("127.0.0.1", "localhost")


def make_passkey(page: Page, name: str) -> None:
    """From account security to a passkey that is known."""
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill(name)
    with page.expect_navigation():
        press(page, "Make the passkey")
