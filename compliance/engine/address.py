"""Where an OPA server is, and how to be let in."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from compliance.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is and how to be let in; `url` has no slash at its end."""

    url: str
    token: str | None = None
    ca_file: Path | None = None

    @classmethod
    def parse(cls, url: str, *, token: str | None = None, ca_file: Path | None = None) -> Address:
        """Check a URL that a user gave.

        Raises:
            UsageError: it is no plain http or https URL, would send the token for everybody to read, or there is no
                such file of certificates.
        """
        try:
            parts = urlsplit(url)
            usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.query or parts.fragment:
            raise UsageError("that is no URL of an OPA server", remedy="use https://HOST:PORT")
        if parts.username or parts.password:
            raise UsageError("a password does not belong into --opa-url", remedy="set OPA_TOKEN")
        if ca_file is not None and not ca_file.is_file():
            raise UsageError(f"{ca_file} is no file of certificates", remedy="correct --opa-ca-file")
        address = cls(url.rstrip("/"), token, ca_file)
        if token and not address.secure and not address.local:
            raise UsageError(f"OPA_TOKEN is not sent to {url} in clear text", remedy="use https")
        return address

    @property
    def secure(self) -> bool:
        """Whether the connection is encrypted."""
        return urlsplit(self.url).scheme == "https"

    @property
    def local(self) -> bool:
        """Whether it is this machine, so that no proxy has to do with it."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def verify(self) -> bool | str:
        """By what a certificate is judged, as requests wants it."""
        return str(self.ca_file) if self.ca_file else True
