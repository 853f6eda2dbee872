"""Fulcio and Rekor on loopback (tests/real/keyless), and identity tokens for them."""

from __future__ import annotations

import base64
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servers import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ISSUER = "https://issuer.example.invalid"
SUBJECT = "https://ci.example.invalid/build/1"


@dataclass(frozen=True, slots=True)
class Keyless:
    """The services' address, and the files that have clients use and trust them.

    `trust_config` is a ClientTrustConfig v0.1 (sigstore-python), `trusted_root` a TrustedRoot v0.1 and `signing_config`
    a SigningConfig v0.2 (cosign 3), as sigstore's protobuf-specs define them.
    """

    url: str
    trust_config: Path
    trusted_root: Path
    signing_config: Path

    def token(self, subject: str = SUBJECT, issuer: str = ISSUER) -> str:
        """Make an identity token (JWT) for ten minutes. Its signature is worthless: these services check none."""
        now = int(time.time())
        header = {"alg": "RS256", "typ": "JWT", "kid": "none"}
        claims = {"iss": issuer, "sub": subject, "aud": "sigstore", "iat": now, "nbf": now - 5, "exp": now + 600}
        return ".".join(_base64url(part) for part in (json.dumps(header), json.dumps(claims), "no signature"))


@contextmanager
def keyless_services(program: Path, folder: Path) -> Iterator[Keyless]:
    """Run the services; their keys and their log live as long."""
    with running([program, folder], folder / "log", r"^(\d+)\n") as port:
        yield Keyless(
            f"http://127.0.0.1:{port}",
            folder / "trust-config.json",
            folder / "trusted-root.json",
            folder / "signing-config.json",
        )


def _base64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
