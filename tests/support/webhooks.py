"""A web server on loopback that takes what is posted to it, and answers as a test asks for."""

from __future__ import annotations

import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from certificates import Issued

_DRIP = 0.05
_MOST_DRIPS = 100


@dataclass(frozen=True, slots=True)
class Received:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """The body, read."""
        return orjson.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request gets: None hangs up, `drips` goes on with the body, slowly, `before` is called first."""

    status: int | None = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False
    before: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Webhook:
    """The server: `replies` are used up in order, then every request is accepted; `accepted` are those that got 2xx."""

    address: str = ""
    replies: list[Reply] = field(default_factory=list)
    requests: list[Received] = field(default_factory=list)
    accepted: list[Received] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def take(self, request: Received) -> Reply:
        """Keep a request, and choose its reply."""
        self.requests.append(request)
        reply = self.replies.pop(0) if self.replies else Reply()
        if reply.status is not None and reply.status // 100 == 2:
            self.accepted.append(request)
        reply.before()
        return reply


def _send(handler: BaseHTTPRequestHandler, status: int, reply: Reply, ending: threading.Event) -> None:
    handler.send_response(status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    if not reply.drips:
        handler.send_header("Content-Length", str(len(reply.body)))
    handler.end_headers()
    handler.wfile.write(reply.body)
    with suppress(OSError):
        for _ in range(_MOST_DRIPS if reply.drips else 0):
            if ending.wait(_DRIP):
                break
            handler.wfile.write(b".")


@contextmanager
def webhook(issued: Issued | None = None, host: str = "127.0.0.1") -> Iterator[Webhook]:
    """Serve for the length of a block, with TLS where there is a certificate."""
    server = Webhook()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = server.take(Received(self.command, self.path, dict(self.headers.items()), body))
            self.close_connection = True
            if reply.status is not None:
                _send(self, reply.status, reply, server.ending)

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that goes away, or trusts nobody here, is what tests are about."""

    with Server((host, 0), Handler) as listening:
        if issued is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(issued.certificate, issued.key)
            listening.socket = context.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
        server.address = f"{'https' if issued else 'http'}://{host}:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.ending.set()
            listening.shutdown()
            thread.join()


@dataclass(slots=True)
class Time:
    """A clock that only sleeping moves; `slept` are the pauses."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        """The time, in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds
        time.sleep(0)
