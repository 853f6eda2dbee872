"""Who we are to an API server, and what happens when that expires: token files, service accounts, exec plugins."""

from __future__ import annotations

import json
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from api_server import Answer, ApiServer, Request, serving
from cluster_certificates import Authority

from compliance.errors import ClusterError, UsageError
from compliance.sources.cluster import connection, exec_plugin
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.connection import Access, connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_VERSION = "client.authentication.k8s.io/v1"


class _Plugin:
    """A program that counts how often it is run, and prints what `prints` holds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = folder / "plugin"
        self.calls = folder / "calls"
        self.asked = folder / "asked"
        self.does("cat printed")

    def does(self, shell: str) -> None:
        steps = ("#!/bin/sh", f"cd {self._folder}", "echo >> calls", 'echo "$KUBERNETES_EXEC_INFO" > asked', shell, "")
        self.file.write_text("\n".join(steps))
        self.file.chmod(0o700)

    def gives(self, token: str, **status: object) -> None:
        self.prints(token=token, **status)

    def prints(self, **status: object) -> None:
        said = {"apiVersion": _VERSION, "kind": "ExecCredential", "status": status}
        (self._folder / "printed").write_text(json.dumps(said))

    @property
    def runs(self) -> int:
        return len(self.calls.read_text().splitlines()) if self.calls.exists() else 0


@pytest.fixture
def plugin(tmp_path: Path) -> _Plugin:
    return _Plugin(tmp_path)


@pytest.fixture
def client_of(server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Client]]:
    """Makes clients of users with these entries."""
    made: list[Client] = []

    def make(user: dict[str, Any], **changes: object) -> Client:
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "config", {**user, **changes}))
        made.append(Client(Access(qps=1000), patience=2.0))
        return made[-1]

    yield make
    for client in made:
        client.close()


def _exec(plugin: _Plugin, **changes: object) -> dict[str, Any]:
    return {"exec": {"apiVersion": _VERSION, "command": str(plugin.file), **changes}}


def _only(token: str) -> Callable[[Request], Answer | None]:
    """Refuse every other token, as a server does once one has expired."""

    def fault(request: Request) -> Answer | None:
        known = request.headers.get("Authorization", "").lower() == f"bearer {token}"
        return None if known else Answer(401, "Unauthorized")

    return fault


def test_a_plugin_gives_the_token_and_is_run_once(
    server: ApiServer, plugin: _Plugin, client_of: Callable[..., Client]
) -> None:
    plugin.gives("of-plugin")
    client = client_of(_exec(plugin))
    assert plugin.runs == 0

    for _ in range(3):
        client.get("/version")

    assert server.requests[-1].headers["Authorization"] == "Bearer of-plugin"
    assert plugin.runs == 1


def test_a_plugin_is_told_what_client_go_tells_it(
    server: ApiServer, plugin: _Plugin, client_of: Callable[..., Client]
) -> None:
    plugin.gives("t")
    env = [{"name": "PROFILE", "value": "prod"}]
    plugin.does('echo "$PROFILE $1" > given; cat printed')

    client_of(_exec(plugin, args=["login"], env=env, provideClusterInfo=True)).get("/version")

    asked = json.loads(plugin.asked.read_text())
    assert asked == {
        "apiVersion": _VERSION,
        "kind": "ExecCredential",
        "spec": {"interactive": False, "cluster": {"server": server.address}},
    }
    assert plugin.file.with_name("given").read_text() == "prod login\n"


def test_a_relative_path_is_relative_to_the_kubeconfig(plugin: _Plugin, client_of: Callable[..., Client]) -> None:
    plugin.gives("t")

    client_of(_exec(plugin, command="./plugin")).get("/version")

    assert plugin.runs == 1


def test_an_expired_token_is_asked_for_anew_before_it_is_refused(
    plugin: _Plugin, client_of: Callable[..., Client]
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    plugin.gives("first", expirationTimestamp=soon.isoformat())
    client = client_of(_exec(plugin))
    client.get("/version")
    plugin.gives("second")

    time.sleep(1.1)
    client.get("/version")

    assert client.requests == 2
    assert plugin.runs == 2


def test_threads_that_are_refused_together_run_the_plugin_once_and_all_go_on(
    server: ApiServer, plugin: _Plugin, client_of: Callable[..., Client]
) -> None:
    plugin.gives("first")
    client = client_of(_exec(plugin))
    client.get("/version")
    plugin.gives("second")
    refuse = _only("second")
    together = threading.Barrier(4)

    def fault(request: Request) -> Answer | None:
        refused = refuse(request)
        if refused is not None:
            together.wait(10)
        return refused

    server.faults.append(fault)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(client.json, ["/version"] * 12))

    assert {answer["gitVersion"] for answer in answers} == {"v1.34.9"}
    assert plugin.runs == 2
    assert client.requests == 1 + 12 + 4


def test_a_clock_that_is_ahead_makes_no_request_run_the_plugin(
    plugin: _Plugin, client_of: Callable[..., Client]
) -> None:
    plugin.gives("t", expirationTimestamp="2020-01-01T00:00:00Z")
    client = client_of(_exec(plugin))

    for _ in range(5):
        client.get("/version")

    assert plugin.runs == 2


def test_a_refused_token_makes_the_plugin_run_once_more(
    server: ApiServer, plugin: _Plugin, client_of: Callable[..., Client]
) -> None:
    plugin.gives("first")
    client = client_of(_exec(plugin))
    client.get("/version")
    plugin.gives("second")
    server.faults.append(_only("second"))

    client.get("/version")

    assert plugin.runs == 2


def test_tokens_that_are_all_refused_make_it_run_once_more_and_not_forever(
    server: ApiServer, plugin: _Plugin, client_of: Callable[..., Client]
) -> None:
    plugin.gives("first")
    server.faults.append(_only("none"))
    client = client_of(_exec(plugin))

    for _ in range(3):
        with pytest.raises(ClusterError, match="401"):
            client.get("/version")

    assert plugin.runs == 2


def test_a_plugin_that_fails_at_the_renewal_says_why(
    server: ApiServer, plugin: _Plugin, client_of: Callable[..., Client]
) -> None:
    plugin.gives("first")
    client = client_of(_exec(plugin))
    client.get("/version")
    plugin.does("echo the session is over >&2; exit 1")
    server.faults.append(_only("second"))

    with pytest.raises(ClusterError, match=r"have expired: .*the session is over") as raised:
        client.get("/version")

    assert "log in" in raised.value.remedy


@pytest.mark.parametrize(
    ("shell", "why"),
    [
        ("echo please log in >&2; exit 3", "it ended with 3: please log in"),
        ("echo '{'", "something else than an ExecCredential"),
        ("echo '[]'", "neither a token nor a certificate"),
        ('echo \'{"status": {"clientCertificateData": "x"}}\'', "neither a token nor a certificate"),
        ('echo \'{"apiVersion": "v2", "status": {"token": "x"}}\'', "it speaks v2"),
        ("echo token=hunter2xyz >&2; exit 1", r"token=\*\*\*"),
        ("sleep 60", "ran longer than 0.5 s"),
        ("yes", "printed more than"),
    ],
)
def test_a_plugin_that_gives_nothing_is_an_error_of_its_cluster(
    plugin: _Plugin,
    client_of: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    shell: str,
    why: str,
) -> None:
    monkeypatch.setattr(exec_plugin, "_DEADLINE", 0.5 if "sleep" in shell else 60.0)
    plugin.does(shell)

    with pytest.raises(ClusterError, match=why):
        client_of(_exec(plugin)).get("/version")

    assert capfd.readouterr().err == ""


def test_a_plugin_that_is_not_installed_says_how_to_get_it(client_of: Callable[..., Client], plugin: _Plugin) -> None:
    with pytest.raises(ClusterError, match="cannot be started") as raised:
        client_of(_exec(plugin, command="no-such-plugin", installHint="get it at example.com")).get("/version")

    assert raised.value.remedy == "get it at example.com"


def test_a_plugin_that_wants_a_person_is_not_run(client_of: Callable[..., Client], plugin: _Plugin) -> None:
    with pytest.raises(ClusterError, match="wants a person"):
        client_of(_exec(plugin, interactiveMode="Always")).get("/version")

    assert plugin.runs == 0


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[tuple[ApiServer, Path]]:
    """A server that wants a client's certificate or token, and the folder of its authority."""
    authority = Authority(tmp_path / "pki")
    authority.issue("apiserver", "kube-apiserver", hosts=("127.0.0.1",))
    authority.issue("robot", "robot")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pki" / "apiserver.crt", tmp_path / "pki" / "apiserver.key")
    context.load_verify_locations(tmp_path / "pki" / "ca.crt")
    context.verify_mode = ssl.CERT_OPTIONAL
    with serving(ApiServer(), context) as server:
        yield server, tmp_path / "pki"


def test_a_plugin_may_give_a_certificate(
    tls: tuple[ApiServer, Path], tmp_path: Path, plugin: _Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, pki = tls
    certificate, key = (pki / "robot.crt").read_text(), (pki / "robot.key").read_text()
    plugin.prints(clientCertificateData=certificate, clientKeyData=key)
    file = tmp_path / "config"
    server.kubeconfig(file, _exec(plugin))
    config = json.loads(file.read_text())
    config["clusters"][0]["cluster"]["certificate-authority"] = str(pki / "ca.crt")
    file.write_text(json.dumps(config))
    monkeypatch.setenv("KUBECONFIG", str(file))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    client = Client(Access())

    assert client.json("/version")["major"] == "1"

    kept = list((tmp_path / "temporary").glob("*/client.key"))
    client.close()
    assert [file.exists() for file in kept] == [False]


@pytest.fixture
def in_cluster(tls: tuple[ApiServer, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ApiServer, Path]:
    """The server, and the token's file of a Pod that runs in its cluster."""
    server, pki = tls
    token = tmp_path / "token"
    token.write_text("first")
    (tmp_path / "namespace").write_text("audit\n")
    host, _, port = server.address.removeprefix("https://").partition(":")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
    monkeypatch.setattr(connection, "_SERVICE_ACCOUNT", token)
    monkeypatch.setattr("kubernetes.config.incluster_config.SERVICE_TOKEN_FILENAME", str(token))
    monkeypatch.setattr("kubernetes.config.incluster_config.SERVICE_CERT_FILENAME", str(pki / "ca.crt"))
    return server, token


def test_a_rotated_token_of_a_service_account_is_read_again(in_cluster: tuple[ApiServer, Path]) -> None:
    server, token = in_cluster
    client = Client(Access())
    client.get("/version")
    token.write_text("second")
    server.faults.append(_only("second"))

    client.get("/version")

    assert client.namespace == "audit"
    assert client.requests == 3
    client.close()


@pytest.mark.parametrize("content", ["", None])
def test_a_token_that_has_gone_is_an_error_of_its_cluster(
    in_cluster: tuple[ApiServer, Path], content: str | None
) -> None:
    server, token = in_cluster
    client = Client(Access())
    client.get("/version")
    token.unlink() if content is None else token.write_text(content)
    server.faults.append(_only("second"))

    with pytest.raises(ClusterError, match=r"credentials have expired: .*oken"):
        client.get("/version")
    client.close()


def test_a_token_with_a_line_break_at_its_end_is_a_token(
    server: ApiServer, tmp_path: Path, client_of: Callable[..., Client]
) -> None:
    (tmp_path / "token").write_text("abc\n")

    client_of({"tokenFile": str(tmp_path / "token")}).get("/version")

    assert server.requests[-1].headers["Authorization"] == "Bearer abc"


def test_a_token_with_a_line_break_in_it_is_no_token(tmp_path: Path, client_of: Callable[..., Client]) -> None:
    (tmp_path / "token").write_text("abc\r\nX-Evil: 1")

    with pytest.raises(ClusterError, match="no header may have"):
        client_of({"tokenFile": str(tmp_path / "token")}).get("/version")


def test_a_plugin_of_another_context_is_not_run(
    server: ApiServer, tmp_path: Path, plugin: _Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config"
    server.kubeconfig(file, _exec(plugin))
    config = json.loads(file.read_text())
    config["users"].append({"name": "other", "user": {"token": "t"}})
    config["contexts"].append({"name": "second", "context": {"cluster": "unit", "user": "other"}})
    file.write_text(json.dumps(config))
    monkeypatch.setenv("KUBECONFIG", str(file))

    client = Client(Access(context="second"))
    client.get("/version")
    client.close()

    assert plugin.runs == 0


def test_what_is_known_of_credentials_is_in_no_representation(
    server: ApiServer, tmp_path: Path, plugin: _Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin.gives("of-plugin")
    env = [{"name": "SECRET", "value": "of-env"}]
    monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "config", _exec(plugin, env=env)))
    made = connect(Access())
    made.pool()

    assert "of-plugin" not in repr(made)
    assert "of-env" not in repr(made)
    made.close()


def test_a_kubeconfig_that_cannot_be_used_is_still_an_error_of_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[]")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))

    with pytest.raises(UsageError):
        connect(Access())
