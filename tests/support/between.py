"""A server between a client and a real API server, which does to requests what networks and busy servers do.

It speaks TLS by a certificate of the control plane's own authority, and asks the API server as admin, or by the
client's own token.
"""

from __future__ import annotations

import http.client
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from api_server import Answer, Fault, Request, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from control_plane import ControlPlane

_PASSED_ON = ("Accept", "Authorization", "Impersonate-User", "User-Agent")


@dataclass(slots=True)
class Between:
    """What stands between; `faults` are asked first, `statuses` are what the API server said, by path."""

    plane: ControlPlane
    address: str = ""
    faults: list[Fault] = field(default_factory=list)
    statuses: list[tuple[str, int]] = field(default_factory=list)

    def kubeconfig(self) -> Path:
        """A kubeconfig for clients that are to come this way."""
        return self.plane.kubeconfig(server=self.address)

    def answer(self, request: Request) -> Answer:
        """Do what a fault says, or ask the API server."""
        for fault in self.faults:
            if (made := fault(request)) is not None:
                return made
        try:
            status, body = self._ask(request)
        except (OSError, http.client.HTTPException):
            return Answer(None)
        self.statuses.append((request.path, status))
        return Answer(status, body=body)

    def _ask(self, request: Request) -> tuple[int, bytes]:
        context = ssl.create_default_context(cafile=str(self.plane.authority))
        if "Authorization" not in request.headers:
            pki = self.plane.folder / "pki"
            context.load_cert_chain(pki / "admin.crt", pki / "admin.key")
        parts = urlsplit(self.plane.url)
        connection = http.client.HTTPSConnection(str(parts.hostname), parts.port, context=context, timeout=60)
        headers = {name: value for name, value in request.headers.items() if name in _PASSED_ON}
        try:
            connection.request("GET", request.target, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def standing_between(plane: ControlPlane) -> Iterator[Between]:
    """Stand between for the length of a block."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(plane.folder / "pki" / "apiserver.crt", plane.folder / "pki" / "apiserver.key")
    with serving(Between(plane), context) as between:
        yield between
