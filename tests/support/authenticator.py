"""A device that makes and uses passkeys, in software: what a browser would answer for it.

It does what it is told, honest or not: another origin, no owner at it, a count that went back.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey. `origin` is the page that the browser says it shows."""

    origin: str = "http://localhost:8000"
    host: str = "localhost"
    verified: bool = True
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def name(self) -> str:
        return bytes_to_base64url(self.id)

    def make(self, options: str) -> str:
        """Its answer to a page that asks for a new passkey."""
        about = self._about(WITH_KEY) + bytes(16) + len(self.id).to_bytes(2) + self.id
        attestation = {"fmt": "none", "attStmt": {}, "authData": about + self._public()}
        return self._answer(
            clientDataJSON=self._page("webauthn.create", options),
            attestationObject=cbor2.dumps(attestation),
        )

    def use(self, options: str) -> str:
        """Its answer to a page that asks for a passkey; the count goes up."""
        self.count += 1
        about, page = self._about(), self._page("webauthn.get", options)
        signed = about + hashlib.sha256(page).digest()
        return self._answer(
            clientDataJSON=page,
            authenticatorData=about,
            signature=self.key.sign(signed, ec.ECDSA(SHA256())),
        )

    def _about(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verified else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _public(self) -> bytes:
        """As COSE writes it: an elliptic key on P-256, for ES256."""
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32), numbers.y.to_bytes(32)
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _page(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        written: dict[str, Any] = {n: bytes_to_base64url(value) for n, value in response.items()}
        answer = {"id": self.name, "rawId": self.name, "type": "public-key", "response": written}
        return json.dumps(answer)
