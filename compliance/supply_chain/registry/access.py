"""How registries may be reached: what may be plain http, whom TLS trusts, with which credentials, and for how long."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compliance.supply_chain.registry.credentials import DockerConfig

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.supply_chain.registry.credentials import CredentialSource

_HUB: Final = "docker.io"
_HUB_SERVER: Final = "registry-1.docker.io"


@dataclass(frozen=True, slots=True)
class Access:
    """What a user allows and gives for all registries; times in seconds.

    `insecure_registries` are `host` or `host:port` where plain http is allowed. `ca_file` (PEM) replaces the system's
    certificate authorities. `deadline` is for one request with its retries; `transfer_deadline` for one blob.
    """

    insecure_registries: frozenset[str] = frozenset()
    ca_file: Path | None = None
    credentials: CredentialSource = field(default_factory=DockerConfig.from_environment)
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    deadline: float = 90.0
    transfer_deadline: float = 1800.0
    max_retries: int = 4
    chunk_size: int = 16 * 1024 * 1024
    """Blobs above this many bytes are uploaded in chunks of it."""

    def allows_plain_http(self, host: str, port: int | None) -> bool:
        """Whether a host may be spoken to without TLS: on this machine, or because the user says so."""
        return is_loopback(host) or host in self.insecure_registries or f"{host}:{port}" in self.insecure_registries


def server_of(registry: str) -> tuple[str, int | None]:
    """The host and port that answer for a registry's name; brackets of an IPv6 address are taken off."""
    host, port = _split(_HUB_SERVER if registry == _HUB else registry)
    return host, port


def is_loopback(host: str) -> bool:
    """Whether a host's name says that it is this machine; no name is looked up."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(registry: str) -> tuple[str, int | None]:
    if registry.startswith("["):
        host, _, rest = registry[1:].partition("]")
        return host, int(rest[1:]) if rest else None
    host, _, port = registry.partition(":")
    return host.lower(), int(port) if port else None
