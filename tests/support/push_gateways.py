"""Prometheus' push gateway on loopback, with TLS and an account by exporter-toolkit's web configuration."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certificates import issue_certificate
from servers import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USERNAME = "builder"
PASSWORD = "correct horse battery staple"  # noqa: S105 - of a gateway that lives as long as a test
_BCRYPT = "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"
_LISTENING = r"Listening on.*127\.0\.0\.1:(\d+)"


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway at `url`; `authority` (PEM) vouches for its certificate."""

    url: str
    authority: Path


@contextmanager
def push_gateway_server(program: Path, folder: Path) -> Iterator[Running]:
    """Run one that keeps nothing on disk, for the length of a block."""
    issued = issue_certificate(folder)
    configuration = folder / "web.yml"
    configuration.write_text(
        f"tls_server_config: {{cert_file: {issued.certificate}, key_file: {issued.key}}}\n"
        f"basic_auth_users: {{{USERNAME}: {_BCRYPT}}}\n"
    )
    listen = ("--web.listen-address=127.0.0.1:0", f"--web.config.file={configuration}")
    with running([program, *listen, "--persistence.file="], folder / "log", _LISTENING) as port:
        yield Running(f"https://127.0.0.1:{port}", issued.authority)
