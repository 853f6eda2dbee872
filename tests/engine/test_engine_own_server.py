"""The OPA server that we start ourselves: ours alone, and gone with us."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from compliance.engine import _server, build, opa, open_engine
from compliance.engine._server import LocalServer
from compliance.engine.address import Address
from compliance.errors import EngineError, EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compliance.catalogue import Catalogue

    Document = Callable[..., bytes]

pytestmark = pytest.mark.real


@pytest.fixture(scope="session")
def bundle(samples: build.Source, opa: Path) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(opa.parent), prepend=":")
        return build.build_bundle(samples)


@pytest.fixture
def server(opa: Path, bundle: bytes) -> Iterator[LocalServer]:
    server = LocalServer(opa, bundle)
    yield server
    server.close()


@pytest.fixture
def engine(server: LocalServer, sample_catalogue: Catalogue) -> Iterator[opa.OpaEngine]:
    engine = opa.OpaEngine(Address(server.url, server.token), sample_catalogue, deadline=1)
    yield engine
    engine.close()


def test_it_answers_as_an_engine(engine: opa.OpaEngine, document: Document) -> None:
    inputs = [document("demo.named", "demo.many", name=name, items=["b", "a"]) for name in ("web", None)]
    many = [{"msg": "a", "at": "items[a]"}, {"msg": "b", "at": "items[b]"}]
    assert engine.evaluate("workload", inputs) == [
        {"demo.named": [{"msg": "name is web", "at": "name"}], "demo.many": many},
        {"demo.named": [], "demo.many": many},
    ]
    assert engine.evaluate("namespace", [document()]) == [{}]


def test_an_unknown_schema_is_an_error(engine: opa.OpaEngine, document: Document) -> None:
    with pytest.raises(EngineError, match="has no document compliance/entry/nonsense_batch"):
        engine.evaluate("nonsense", [document()])


def test_a_runaway_rule_is_cut_and_stops_running(engine: opa.OpaEngine, document: Document) -> None:
    cut, answered = engine.evaluate("workload", [document("demo.runaway", run=run) for run in (True, False)])
    assert isinstance(cut, EvaluationError)
    assert answered == {"demo.runaway": []}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/policies/mine"),
        ("GET", "/v1/policies"),
        ("DELETE", "/v1/policies/rules.tar.gz"),
        ("GET", "/v1/data"),
        ("POST", "/v1/data"),
        ("PUT", "/v1/data/compliance/entry/digest"),
        ("PATCH", "/v1/data/compliance/entry/digest"),
        ("GET", "/v1/data/compliance/entry/digest"),
        ("POST", "/v1/data/system/authz"),
        ("POST", "/v1/data/compliance/door"),
        ("POST", "/v1/query"),
        ("POST", "/v1/compile"),
        ("GET", "/v1/config"),
        ("GET", "/metrics"),
        ("POST", "/"),
    ],
)
def test_even_with_the_token_nothing_is_allowed_but_to_ask(server: LocalServer, method: str, path: str) -> None:
    headers = {"Authorization": f"Bearer {server.token}"}
    answer = requests.request(method, server.url + path, data=b"{}", headers=headers, timeout=10)
    assert answer.status_code == 401


@pytest.mark.parametrize("token", [None, "", "wrong", "Bearer"])
def test_without_the_token_nobody_is_answered(
    server: LocalServer, token: str | None, sample_catalogue: Catalogue
) -> None:
    with pytest.raises(EngineError, match="refuses us"):
        opa.OpaEngine(Address(server.url, token), sample_catalogue, deadline=1)


def test_it_listens_on_loopback_only(server: LocalServer) -> None:
    port = int(server.url.rpartition(":")[2])
    assert server.url == f"http://127.0.0.1:{port}"
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in addresses - {"127.0.0.1"}:
        with socket.socket() as probe:
            assert probe.connect_ex((str(address), port)) != 0


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_its_files_are_the_users_own_and_hold_no_token(server: LocalServer) -> None:
    folder = Path(server._folder.name)  # noqa: SLF001 - where it keeps its files is nobody else's business
    assert folder.stat().st_mode & 0o077 == 0
    assert not [file for file in folder.rglob("*") if file.is_file() and server.token.encode() in file.read_bytes()]


def test_closing_ends_it_and_removes_its_files(opa: Path, bundle: bytes) -> None:
    server = LocalServer(opa, bundle)
    folder = Path(server._folder.name)  # noqa: SLF001 - where it keeps its files is nobody else's business
    server.close()
    assert not folder.exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=5)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_does_not_outlive_us_however_we_end(opa: Path, bundle: bytes, tmp_path: Path, how: int) -> None:
    (tmp_path / "bundle.tar.gz").write_bytes(bundle)
    script = (
        "import pathlib, sys, time\n"
        "from compliance.engine._server import LocalServer\n"
        "server = LocalServer(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_bytes())\n"
        "print(server.url, flush=True)\n"
        "time.sleep(60)\n"
    )
    argv = [sys.executable, "-c", script, str(opa), str(tmp_path / "bundle.tar.gz")]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert requests.get(url, timeout=5).status_code == 401
        process.send_signal(how)
    assert _gone(url)


def _gone(url: str) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            return True
        time.sleep(0.05)
    return False


def test_a_stranger_on_the_port_gets_no_token_and_another_port_is_taken(
    opa: Path, bundle: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str | None] = []

    class Stranger(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.headers.get("Authorization"))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"result": "trust me"}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    stranger = HTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=stranger.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    ports = iter([stranger.server_address[1], _server._free_port()])  # noqa: SLF001 - the port is the point
    monkeypatch.setattr(_server, "_free_port", lambda: next(ports))
    server = LocalServer(opa, bundle)
    try:
        assert not server.url.endswith(f":{stranger.server_address[1]}")
        assert set(heard) <= {None}
    finally:
        server.close()
        stranger.shutdown()
        thread.join()
        stranger.server_close()


@pytest.mark.skipif(sys.platform == "win32", reason="a script plays opa")
def test_an_opa_that_does_not_start_is_an_error_with_what_it_said(tmp_path: Path) -> None:
    broken = tmp_path / "opa"
    broken.write_text("#!/bin/sh\necho 'unknown flag: --bundle' >&2\nexit 1\n")
    broken.chmod(0o700)
    with pytest.raises(EngineError, match="unknown flag: --bundle") as failure:
        LocalServer(broken, b"")
    assert "--engine wasm" in failure.value.remedy


def test_settings_for_opa_in_the_environment_do_not_reach_it(
    opa: Path, bundle: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA_RUN_AUTHORIZATION", "off")
    monkeypatch.setenv("OPA_AUTHORIZATION", "off")
    monkeypatch.setenv("OPA_LOG_LEVEL", "nonsense")
    server = LocalServer(opa, bundle)
    try:
        assert requests.get(f"{server.url}/v1/data", timeout=5).status_code == 401
    finally:
        server.close()


@pytest.mark.usefixtures("opa_on_path")
def test_the_door_opens_it_with_the_catalogues_rules(
    catalogue: Callable[[dict[str, str]], Catalogue], document: Document
) -> None:
    rules = catalogue({"demo.one": '\ndeny contains {"msg": regex.replace(input.name, "a", "b"), "at": "name"}\n'})
    engine = open_engine("opa", rules)
    try:
        assert engine.name == "opa"
        (result,) = engine.evaluate("workload", [document("demo.one", name="aha")])
        assert result == {"demo.one": [{"msg": "bhb", "at": "name"}]}
    finally:
        engine.close()


@pytest.mark.usefixtures("opa_on_path")
def test_what_fails_is_named_by_the_users_own_file(
    catalogue: Callable[[dict[str, str]], Catalogue], document: Document, tmp_path: Path
) -> None:
    body = '\n_f(x) := 1 if x.a\n\n_f(x) := 2 if x.b\n\ndeny contains {"msg": "m", "at": "a"} if _f(input.x) == 1\n'
    for choice in ("opa", "wasm"):
        engine = open_engine(choice, catalogue({f"demo.{choice}": body}))
        (failed,) = engine.evaluate("workload", [document(f"demo.{choice}", x={"a": True, "b": True})])
        engine.close()
        assert isinstance(failed, EvaluationError)
        assert f"{tmp_path}/rules/demo/{choice}/{choice}.rego:" in failed.message
