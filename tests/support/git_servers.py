"""Repositories over https on loopback: the real `git http-backend` (git-http-backend(1)), run for each request.

It is a CGI program (RFC 3875): the request is told in variables and on standard input, the answer is read from output.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from certificates import issue_certificate
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST = 1 << 20
_DEADLINE = 30


@dataclass(frozen=True, slots=True)
class GitServer:
    """Its URL, the authority of its certificate, and the requests that it has met, in order."""

    url: str
    authority: Path
    requests: list[str] = field(default_factory=list)


@contextmanager
def serving_repositories(root: Path, folder: Path, login: str | None = None) -> Iterator[GitServer]:
    """Serve the repositories below `root`, to all or only to `USER:PASSWORD`; certificates go into `folder`."""
    issued = issue_certificate(folder)
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server = GitServer(f"https://127.0.0.1:{httpd.server_port}", issued.authority)
    told = {"root": root, "login": login, "requests": server.requests}
    httpd.RequestHandlerClass = type("_Configured", (_Handler,), told)
    with served(httpd, issued):
        yield server


class _Handler(BaseHTTPRequestHandler):
    root: ClassVar[Path]
    login: ClassVar[str | None]
    requests: ClassVar[list[str]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as for any request."""
        self._serve()

    def do_POST(self) -> None:
        """Likewise."""
        self._serve()

    def _serve(self) -> None:
        self.requests.append(f"{self.command} {self.path}")
        asked = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _MOST))
        if self._is_refused():
            self._answer(HTTPStatus.UNAUTHORIZED, [("WWW-Authenticate", 'Basic realm="git"')], b"")
            return
        head, _, body = self._backend(asked).partition(b"\r\n\r\n")
        told = [(name, value) for name, _, value in (line.partition(": ") for line in head.decode().split("\r\n"))]
        status = next((int(value.split()[0]) for name, value in told if name == "Status"), HTTPStatus.OK)
        self._answer(status, [(name, value) for name, value in told if name != "Status"], body)

    def _is_refused(self) -> bool:
        wanted = None if self.login is None else f"Basic {base64.b64encode(self.login.encode()).decode()}"
        return wanted is not None and self.headers.get("Authorization") != wanted

    def _backend(self, asked: bytes) -> bytes:
        parts = urlsplit(self.path)
        variables = {
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(asked)),
            "REMOTE_ADDR": "127.0.0.1",
            "PATH": os.environ["PATH"],
        }
        git = shutil.which("git") or "git"
        done = subprocess.run(  # noqa: S603 - the tests' own command
            [git, "http-backend"], input=asked, env=variables, capture_output=True, check=True, timeout=_DEADLINE
        )
        return done.stdout

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
