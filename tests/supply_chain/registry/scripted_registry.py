"""A registry on loopback that answers as a test tells it to, over real sockets, and remembers what it was asked."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import MSG_PEEK
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from compliance.image_reference import ImageReference
from compliance.supply_chain.registry import Access, open_registry
from compliance.supply_chain.registry.credentials import Anonymous, Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from compliance.supply_chain.registry.attaching import RegistryRepository

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
_TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True)
class Answer:
    """What to send; `pauses` are seconds before each byte of the body, `length` overrides Content-Length."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    pause: float = 0.0
    length: int | None = None


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def authorization(self) -> str | None:
        """The header of that name."""
        return self.headers.get("authorization")


@dataclass(frozen=True)
class Known:
    """Credentials for everybody who asks."""

    credentials: Credentials

    def find(self, registry: str, repository: str) -> Credentials:  # noqa: ARG002 - the protocol's
        """The same for all."""
        return self.credentials


class ScriptedRegistry:
    """Answers by method and path; of several answers the last is repeated, and what nobody scripted is 404."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self._answers: dict[tuple[str, str], list[Answer | Callable[[Asked], Answer]]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._scheme = "https" if context else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """Scheme and host."""
        return f"{self._scheme}://{self.host}"

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def on(self, method: str, path: str, *answers: Answer | Callable[[Asked], Answer]) -> None:
        """Script the answers to a path, with its query or without."""
        self._answers[method, path] = [*answers]

    def calls(self, method: str, path: str = "") -> list[Asked]:
        """What was asked so far by a method, at paths that hold `path`."""
        return [one for one in self.asked if one.method == method and path in one.path]

    def serve(self, raw: bytes, media_type: str = OCI_MANIFEST, *tags: str, repository: str = "app") -> str:
        """Serve a manifest under its digest and tags; gives the digest."""
        digest = digest_of(raw)
        headers = {"Content-Type": media_type, "Docker-Content-Digest": digest}
        for reference in (digest, *tags):
            self.on("GET", f"/v2/{repository}/manifests/{reference}", Answer(200, headers, raw))
        return digest

    def open(self, repository: str = "app", **access: Any) -> RegistryRepository:  # noqa: ANN401 - fields of Access
        """Open a repository of it; short pauses, and nobody's credentials unless given."""
        given = {"credentials": Anonymous(), "deadline": 10.0, "max_retries": 2, **access}
        return open_registry(ImageReference(self.host, repository, None, None), Access(**given))

    def answer(self, asked: Asked) -> Answer:
        """The scripted answer to a request."""
        with self._lock:
            self.asked.append(asked)
            bare = asked.path.partition("?")[0]
            answers = self._answers.get((asked.method, asked.path)) or self._answers.get((asked.method, bare))
            if not answers:
                return Answer(404)
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, Answer) else answer(asked)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle(self) -> None:
                if registry._scheme == "http" and self.connection.recv(1, MSG_PEEK) == _TLS_HANDSHAKE:
                    return
                try:
                    super().handle()
                except (ConnectionError, ssl.SSLError):
                    self.close_connection = True

            def do(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {key.lower(): value for key, value in self.headers.items()}
                answer = registry.answer(Asked(self.command, self.path, headers, body))
                self.send_response(answer.status)
                for key, value in answer.headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
                self.end_headers()
                if self.command != "HEAD":
                    self._send(answer)
                self.close_connection = answer.length is not None

            def _send(self, answer: Answer) -> None:
                for part in _parts(answer):
                    time.sleep(answer.pause)
                    self.wfile.write(part)
                    self.wfile.flush()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = do  # noqa: N815 - http.server's names

        return Handler


def _parts(answer: Answer) -> Iterable[bytes]:
    return (answer.body[at : at + 1] for at in range(len(answer.body))) if answer.pause else (answer.body,)


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def descriptor(data: bytes, media_type: str) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": digest_of(data), "size": len(data)}


def manifest(**more: Any) -> bytes:  # noqa: ANN401 - JSON
    """An image manifest without layers; `more` tells it from others."""
    config = descriptor(b"{}", "application/vnd.oci.empty.v1+json")
    return json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [], **more}).encode()


def index(*entries: dict[str, Any], **more: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries, **more}).encode()


def certificates(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for 127.0.0.1, and the file of the authority that signed it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test's authority")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "authority.pem", folder / "key.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    return context, file
