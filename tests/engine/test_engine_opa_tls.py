"""A central OPA server behind TLS: known by its certificate, or not talked to."""

from __future__ import annotations

import shutil
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from compliance import tools
from compliance.catalogue import Catalogue
from compliance.engine import opa, open_engine
from compliance.engine.address import Address
from compliance.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES = Catalogue({}, "the digest", ())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for this machine, its key beside it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = [
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        str(folder / "key.pem"),
        "-out",
        str(folder / "c.pem"),
    ]
    assert tools.run([openssl, *request.split(), *names], deadline=30).returncode == 0
    return folder / "c.pem"


@pytest.fixture
def heard() -> list[str | None]:
    """The tokens that reached the server."""
    return []


@pytest.fixture
def url(certificate: Path, heard: list[str | None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.headers.get("Authorization"))
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"result": "the digest"}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(HTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not trust us is expected."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_unknown_certificate_ends_it_before_the_token_is_sent(url: str, heard: list[str | None]) -> None:
    with pytest.raises(EngineError, match="no certificate to trust") as failure:
        open_engine("opa", RULES, opa_url=url, opa_token="s3cret")  # noqa: S106 - a test's
    assert "--opa-ca-file" in failure.value.remedy
    assert heard == []


def test_a_certificate_file_makes_it_known(
    url: str, heard: list[str | None], certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.pem").write_text("no certificate\n")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
    engine = open_engine("opa", RULES, opa_url=url, opa_token="s3cret", opa_ca_file=certificate)  # noqa: S106 - a test's
    engine.close()
    assert heard == ["Bearer s3cret"]


def test_the_certificate_must_be_for_this_host(url: str, certificate: Path) -> None:
    named = url.replace("127.0.0.1", "localhost")
    with pytest.raises(EngineError, match="no certificate to trust"):
        opa.OpaEngine(Address.parse(named, ca_file=certificate), RULES, deadline=1)


def test_a_file_that_holds_no_certificate_is_an_error(url: str, tmp_path: Path) -> None:
    (tmp_path / "other.pem").write_text("no certificate\n")
    with pytest.raises(EngineError, match=r"does not answer|certificate"):
        opa.OpaEngine(Address.parse(url, ca_file=tmp_path / "other.pem"), RULES, deadline=1)
