"""Registries on loopback: Debian's docker-registry (distribution 2.8) in several settings, and one with referrers.

Configuration: distribution's docs/configuration.md of release 2.8. Each is given an empty folder to live in.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certificates import issue_certificate
from servers import running
from token_server import TokenServer, serving_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

USERNAME = "builder"
PASSWORD = "correct horse battery staple"  # noqa: S105 - of a registry that lives as long as a test
_BCRYPT = "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"
_LISTENING = r'msg="listening on 127\.0\.0\.1:(\d+)[",]'


@dataclass(frozen=True, slots=True)
class ProtectedRegistry:
    """A registry on plain HTTP that wants `username` and `password` (Basic authentication)."""

    address: str
    username: str = USERNAME
    password: str = PASSWORD


@dataclass(frozen=True, slots=True)
class TlsRegistry:
    """A registry on HTTPS whose certificate the PEM file `authority` vouches for."""

    address: str
    authority: Path


@dataclass(frozen=True, slots=True)
class TokenRegistry:
    """A registry on plain HTTP that wants a Bearer token of `tokens`, which wants `username` and `password`."""

    address: str
    tokens: TokenServer
    username: str = USERNAME
    password: str = PASSWORD


@contextmanager
def docker_registry(program: Path, folder: Path, **settings: Mapping[str, object]) -> Iterator[str]:
    """Run docker-registry with delete enabled; "127.0.0.1:PORT". `settings` are more sections of its configuration."""
    configuration: dict[str, object] = {
        "version": "0.1",
        "log": {"level": "info", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}, "delete": {"enabled": True}},
        **settings,
        "http": {"addr": "127.0.0.1:0", "secret": "one server only", **settings.get("http", {})},
    }
    file = folder / "registry.yml"
    file.write_text(json.dumps(configuration))
    with running([program, "serve", file], folder / "log", _LISTENING) as port:
        yield f"127.0.0.1:{port}"


@contextmanager
def docker_registry_with_auth(program: Path, folder: Path) -> Iterator[ProtectedRegistry]:
    """Run docker-registry behind Basic authentication."""
    users = folder / "htpasswd"
    users.write_text(f"{USERNAME}:{_BCRYPT}\n")
    with docker_registry(program, folder, auth={"htpasswd": {"realm": "tests", "path": str(users)}}) as address:
        yield ProtectedRegistry(address)


@contextmanager
def tls_registry(program: Path, folder: Path) -> Iterator[TlsRegistry]:
    """Run docker-registry on HTTPS, with a certificate for 127.0.0.1 and localhost of an authority of its own."""
    issued = issue_certificate(folder)
    tls = {"certificate": str(issued.certificate), "key": str(issued.key)}
    with docker_registry(program, folder, http={"tls": tls}) as address:
        yield TlsRegistry(address, issued.authority)


@contextmanager
def token_registry(program: Path, folder: Path) -> Iterator[TokenRegistry]:
    """Run docker-registry behind Bearer tokens, and the server that gives them."""
    with serving_tokens(folder, USERNAME, PASSWORD) as tokens:
        token = {
            "realm": tokens.realm,
            "service": tokens.service,
            "issuer": tokens.issuer,
            "rootcertbundle": str(tokens.authority),
        }
        with docker_registry(program, folder, auth={"token": token}) as address:
            yield TokenRegistry(address, tokens)


@contextmanager
def referrers_registry(program: Path, folder: Path) -> Iterator[str]:
    """Run our registry with the referrers API; "127.0.0.1:PORT"."""
    with running([program], folder / "log", r"^(\d+)\n") as port:
        yield f"127.0.0.1:{port}"
