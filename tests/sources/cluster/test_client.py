"""Requests that are repeated where that helps, counted, and never give away who asks."""

from __future__ import annotations

import gzip
import json
import logging
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson
import pytest
from api_server import Answer, ApiServer, serving
from cluster_certificates import Authority

from compliance.errors import ClusterError, UsageError
from compliance.sources.cluster.client import MAX_SENT, Client
from compliance.sources.cluster.connection import Access, connect
from compliance.sources.cluster.failures import AnswerTooLarge, NoAnswer, StatusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_for_again_and_counted(server: ApiServer, client: Client, status: int) -> None:
    server.fail("/version", Answer(status, "busy"), times=2)

    assert client.json("/version")["gitVersion"] == "v1.34.9"
    assert client.requests == 3


@pytest.mark.parametrize("pause", ["1", "Thu, 01 Jan 2026 02:00:01 GMT"])
def test_the_server_s_retry_after_is_waited_for(server: ApiServer, client: Client, pause: str) -> None:
    server.clock = lambda: datetime(2026, 1, 1, 2, tzinfo=UTC)
    server.fail("/version", Answer(429, headers={"Retry-After": pause}))
    started = time.monotonic()

    client.get("/version")

    assert time.monotonic() - started >= 1


def test_a_wait_beyond_reason_is_not_waited_for(server: ApiServer, client: Client) -> None:
    server.fail("/version", Answer(429, headers={"Retry-After": "3600"}))

    with pytest.raises(StatusError, match="429") as raised:
        client.get("/version")

    assert "--qps" in raised.value.remedy
    assert client.requests == 1


@pytest.mark.parametrize("answer", [Answer(None), Answer(200, body={"whole": "x" * 1000}, cut=True)])
def test_a_dropped_connection_is_made_again(server: ApiServer, client: Client, answer: Answer) -> None:
    server.fail("/version", answer)

    assert client.json("/version")["minor"] == "34+"
    assert client.requests == 2


@pytest.mark.parametrize("status", [400, 403, 404, 410, 302])
def test_what_will_not_change_is_asked_for_once(server: ApiServer, client: Client, status: int) -> None:
    server.fail("/version", Answer(status, "no", {"Location": "http://127.0.0.1:9/"}), times=9)

    with pytest.raises(StatusError, match=f"{status}: no"):
        client.get("/version")

    assert client.requests == 1


def test_a_server_that_keeps_failing_is_given_up_in_time(server: ApiServer, client: Client) -> None:
    server.fail("/version", Answer(503), times=10_000)
    client.get("/api")
    started = time.monotonic()

    with pytest.raises(StatusError, match="503"):
        client.get("/version")

    assert time.monotonic() - started < 3


def test_a_server_that_is_gone_is_waited_for_only_once(server: ApiServer, client: Client) -> None:
    client.get("/version")
    server.faults.append(lambda _request: Answer(None))
    with pytest.raises(NoAnswer):
        client.get("/version")
    before = client.requests

    with pytest.raises(NoAnswer, match="cannot be reached"):
        client.get("/version")

    assert client.requests == before + 1


def test_where_nothing_listens_the_reason_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(ApiServer()) as server:
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
    monkeypatch.setattr("compliance.sources.cluster.client._FIRST_PATIENCE", 0.0)

    with closing(Client(Access())) as client, pytest.raises(NoAnswer, match=r"hangs up \(Connection refused\)$"):
        client.get("/version")


def test_an_expired_token_is_read_again_from_its_file(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.write_text("old")
    monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "config", {"tokenFile": str(token)}))
    client = Client(Access())
    token.write_text("new")
    server.faults.append(
        lambda request: None if request.headers["Authorization"] == "Bearer new" else Answer(401, "Unauthorized")
    )

    assert client.json("/version")["major"] == "1"
    client.close()


def test_a_token_that_stays_refused_is_an_error_that_says_so(server: ApiServer, client: Client) -> None:
    server.fail("/version", Answer(401, "Unauthorized"), times=9)

    with pytest.raises(StatusError, match="401: Unauthorized") as raised:
        client.get("/version")

    assert "expired" in raised.value.remedy
    assert client.requests == 2


@pytest.mark.parametrize("body", [b"<html>", b"[]"])
def test_an_answer_that_is_no_json_object_is_an_error(
    client: Client, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(client, "get", lambda *_: body)

    with pytest.raises(ClusterError, match="something else than"):
        client.json("/version")


def test_impersonation_is_told_with_every_request(server: ApiServer) -> None:
    client = Client(Access(user="jane", groups=("a", "b")))

    client.get("/version")

    headers = server.requests[-1].headers
    assert headers["Impersonate-User"] == "jane"
    assert headers["Impersonate-Group"] in {"a", "b"}
    client.close()


def test_a_kubeconfig_s_own_impersonation_counts_as_it_does_for_kubectl(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = {"token": "t", "as": "robot", "as-groups": ["machines"]}
    monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "config", user))

    assert connect(Access()).headers == {"Impersonate-User": "robot", "Impersonate-Group": ("machines",)}
    assert connect(Access(user="jane")).headers == {"Impersonate-User": "jane"}


def test_neither_logs_nor_representations_hold_the_token(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    client.get("/version")

    assert "a-token" not in caplog.text
    assert "a-token" not in repr(connect(Access()))


def test_an_unknown_context_is_an_error_that_names_those_there_are(server: ApiServer) -> None:
    del server
    with pytest.raises(UsageError, match="no context 'prod'") as raised:
        connect(Access(context="prod"))

    assert raised.value.remedy == "use one of test, again"


def test_without_a_kubeconfig_the_error_says_how_to_give_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))

    with pytest.raises(UsageError, match="no kubeconfig") as raised:
        connect(Access())

    assert "KUBECONFIG" in raised.value.remedy


def _drips() -> Iterator[bytes]:
    yield b'{"major": "1'
    while True:
        time.sleep(0.05)
        yield b" "


def _floods() -> Iterator[bytes]:
    while True:
        yield b"x" * 100_000


def test_a_body_that_never_ends_is_given_up_at_the_deadline(
    server: ApiServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.sources.cluster.client._ANSWER_TIME", 0.5)
    client.get("/version")
    server.faults.append(lambda _request: Answer(200, chunks=_drips))
    client._patience = 0.1  # noqa: SLF001 - the first answer is enough
    started = time.monotonic()

    with pytest.raises(NoAnswer, match="did not come in time"):
        client.get("/version")

    assert time.monotonic() - started < 5


def test_a_body_of_any_size_is_read_up_to_a_limit(
    server: ApiServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.sources.cluster.answers.body.__defaults__", (1_000_000,))
    server.faults.append(lambda _request: Answer(200, chunks=_floods))

    with pytest.raises(AnswerTooLarge):
        client.get("/version")


def _zipped(body: bytes, *, cut: bool = False) -> Answer:
    return Answer(200, headers={"Content-Encoding": "gzip"}, body=gzip.compress(body), cut=cut)


def test_a_compressed_answer_is_read(server: ApiServer, client: Client) -> None:
    body = orjson.dumps({"items": ["x" * 3_000_000]})
    server.fail("/version", _zipped(body))

    assert client.get("/version") == body


def test_a_compressed_answer_that_breaks_off_is_asked_for_again(server: ApiServer, client: Client) -> None:
    server.fail("/version", _zipped(b'{"whole": "not"}', cut=True))

    assert client.json("/version")["minor"] == "34+"
    assert client.requests == 2


def test_a_compressed_answer_counts_as_large_as_it_is(
    server: ApiServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.sources.cluster.answers.body.__defaults__", (1_000_000,))
    server.fail("/version", _zipped(b"0" * 100_000_000))

    with pytest.raises(AnswerTooLarge):
        client.get("/version")


def test_what_is_no_gzip_though_it_says_so_is_an_error(server: ApiServer, client: Client) -> None:
    server.fail("/version", Answer(200, headers={"Content-Encoding": "gzip"}, body=b"plain"), times=99)
    client._patience = 0.1  # noqa: SLF001 - it would be asked for again

    with pytest.raises(NoAnswer):
        client.get("/version")


@pytest.mark.parametrize(("hours", "why"), [(26, "certificate is not yet valid"), (-26, "certificate has expired")])
def test_a_clock_that_does_not_fit_the_certificate_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int, why: str
) -> None:
    pki = tmp_path / "pki"
    authority = Authority(pki)
    authority.ahead = timedelta(hours=hours)
    authority.issue("apiserver", "kube-apiserver", hosts=("127.0.0.1",))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pki / "apiserver.crt", pki / "apiserver.key")
    with serving(ApiServer(), context) as server:
        file = tmp_path / "config"
        server.kubeconfig(file)
        config = orjson.loads(file.read_bytes())
        config["clusters"][0]["cluster"]["certificate-authority"] = str(pki / "ca.crt")
        file.write_bytes(orjson.dumps(config))
        monkeypatch.setenv("KUBECONFIG", str(file))
        client = Client(Access())

        with pytest.raises(NoAnswer, match=why) as raised:
            client.get("/version")

    assert raised.value.remedy.startswith(f"the clock here says {datetime.now(UTC):%Y-%m-%dT%H}")
    assert client.requests == 1


def test_what_is_wrong_with_a_kubeconfig_is_said_without_its_users(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config"
    server.kubeconfig(file, {"token": "very-secret"})
    file.write_text(file.read_text().replace('"cluster": "unit"', '"clutser": "unit"'))
    monkeypatch.setenv("KUBECONFIG", str(file))

    with pytest.raises(UsageError, match="cannot be used") as raised:
        connect(Access())

    assert "very-secret" not in raised.value.message


def test_threads_share_one_budget(server: ApiServer) -> None:
    del server
    client, started = Client(Access(qps=20)), time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client.get, ["/version"] * 60))
    client.close()

    assert client.requests == 60
    assert time.monotonic() - started >= 0.9


def test_requests_keep_to_the_budget(server: ApiServer) -> None:
    del server
    client = Client(Access(qps=20))
    for _ in range(40):
        client.get("/version")
    started = time.monotonic()

    for _ in range(10):
        client.get("/version")

    assert time.monotonic() - started > 0.3
    client.close()


_MAP = "/api/v1/namespaces/shop/configmaps/web"


def _config_map(server: ApiServer, uid: str = "w") -> None:
    metadata = {"name": "web", "namespace": "shop", "uid": uid}
    server.add({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})


def _applied() -> bytes:
    metadata = {"name": "web", "namespace": "shop"}
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "b"}}).encode()


def test_applying_says_who_writes_and_takes_all_fields(server: ApiServer, client: Client) -> None:
    client.apply(_MAP, _applied(), "tests")

    (request,) = server.requests
    assert (request.method, request.path) == ("PATCH", _MAP)
    assert request.query == {"fieldManager": "tests", "force": "true"}
    assert request.headers["Content-Type"] == "application/apply-patch+yaml"
    assert server.held("", "configmaps")[0]["data"] == {"a": "b"}


@pytest.mark.parametrize("answer", [Answer(429, "busy"), Answer(503, "not yet"), Answer(None)])
def test_a_write_is_repeated_as_a_reading_is(server: ApiServer, client: Client, answer: Answer) -> None:
    client.get("/version")
    server.fail("/web", answer, times=2)

    client.apply(_MAP, _applied(), "tests")

    assert len(server.writes()) == 3
    assert len(server.held("", "configmaps")) == 1


def test_a_conflict_is_told_at_once(server: ApiServer, client: Client) -> None:
    server.fail("/web", Answer(409, "the object has been modified"))

    with pytest.raises(StatusError, match="409: the object has been modified"):
        client.apply(_MAP, _applied(), "tests")

    assert len(server.requests) == 1


def test_what_is_too_large_is_not_sent(server: ApiServer, client: Client) -> None:
    with pytest.raises(ClusterError, match="too large"):
        client.apply(_MAP, b"x" * (MAX_SENT + 1), "tests")

    assert server.requests == []


def test_only_the_object_of_that_uid_is_deleted(server: ApiServer, client: Client) -> None:
    _config_map(server, "another")

    with pytest.raises(StatusError, match="409"):
        client.delete(_MAP, "w")
    client.delete(_MAP, "another")

    assert server.held("", "configmaps") == []
