"""A central OPA server as it may behave: a small server of ours plays it."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compliance.catalogue import Catalogue
from compliance.engine import opa
from compliance.engine.address import Address
from compliance.errors import DeadlineError, EngineError, EvaluationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIGEST = "the digest"
FOLDER = Path("mine")
Answer = tuple[int, bytes]


@dataclass
class Play:
    """What the server does, and what it was asked."""

    batch: Callable[[list[Any]], Answer]
    digest: Callable[[], Answer] = lambda: (200, json.dumps({"result": DIGEST}).encode())
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def batches(self) -> list[list[Any]]:
        """The documents of each batch."""
        bodies = [body for path, _, body in self.requests if path.endswith("_batch")]
        return [json.loads(body)["input"]["items"] for body in bodies]

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer one request, and remember it."""
        self.requests.append((path, headers, body))
        if path == "/v1/data/compliance/entry/digest":
            return self.digest()
        return self.batch(json.loads(body)["input"]["items"])


def results(items: list[Any]) -> Answer:
    return answered([{"demo.rule": [{"msg": str(item["name"]), "at": "x"}]} for item in items])


def answered(found: object, digest: str = DIGEST) -> Answer:
    return 200, json.dumps({"result": {"digest": digest, "results": found}}).encode()


def refused(message: str) -> Answer:
    return 500, json.dumps(
        {"code": "internal_error", "message": "evaluating", "errors": [{"message": message}]}
    ).encode()


@pytest.fixture
def play() -> Iterator[Play]:
    play = Play(results)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # a body would wait 40 ms for a client to acknowledge the head

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, content = play.answer(self.path, dict(self.headers), body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in play.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that has gone is expected."""

    server = Server(("127.0.0.1", 0), Handler)
    play.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield play
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def connect(play: Play) -> Iterator[Callable[..., opa.OpaEngine]]:
    engines: list[opa.OpaEngine] = []

    def make(url: str | None = None, *, token: str | None = None, deadline: float = 0.5) -> opa.OpaEngine:
        address = Address.parse(url or play.url, token=token)
        engine = opa.OpaEngine(address, Catalogue({}, DIGEST, (FOLDER,)), deadline=deadline)
        engines.append(engine)
        return engine

    yield make
    for engine in engines:
        engine.close()


def documents(*names: str) -> list[bytes]:
    return [json.dumps({"name": name}).encode() for name in names]


Connect = "Callable[..., opa.OpaEngine]"


def test_documents_go_in_batches_and_come_back_in_order(play: Play, connect: Connect) -> None:
    names = [str(number) for number in range(150)]
    found = connect().evaluate("workload", documents(*names))
    assert [result["demo.rule"][0]["msg"] for result in found] == names
    assert sorted(map(len, play.batches())) == [22, 64, 64]
    assert {path for path, _, _ in play.requests[1:]} == {"/v1/data/compliance/entry/workload_batch"}


def test_large_documents_do_not_wait_for_a_full_batch(play: Play, connect: Connect) -> None:
    large = [json.dumps({"name": "x" * (opa.BATCH_BYTES // 3)}).encode()] * 4
    connect(deadline=10).evaluate("workload", large)
    assert sorted(map(len, play.batches())) == [2, 2]


def test_nothing_is_asked_for_nothing(play: Play, connect: Connect) -> None:
    assert connect().evaluate("workload", []) == []
    assert play.batches() == []


def test_the_token_goes_along_and_nothing_of_netrc(
    play: Play, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    connect(token="s3cret")  # noqa: S106 - a test's
    connect()
    assert [headers.get("Authorization") for _, headers, _ in play.requests] == ["Bearer s3cret", None]


def test_this_machine_is_asked_without_a_proxy(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert connect().evaluate("workload", documents("a"))


def test_one_bad_document_costs_only_itself(play: Play, connect: Connect) -> None:
    def conflict(items: list[Any]) -> Answer:
        bad = any(item["name"] == "bad" for item in items)
        return refused("rules/demo/rule/rule.rego:7: eval_conflict_error") if bad else results(items)

    play.batch = conflict
    first, failed, last = connect().evaluate("workload", documents("a", "bad", "z"))
    assert (first["demo.rule"][0]["msg"], last["demo.rule"][0]["msg"]) == ("a", "z")
    assert isinstance(failed, EvaluationError)
    assert failed.message == "mine/demo/rule/rule.rego:7: eval_conflict_error"


def test_one_slow_document_costs_only_itself(play: Play, connect: Connect) -> None:
    def slow(items: list[Any]) -> Answer:
        if any(item["name"] == "slow" for item in items):
            time.sleep(1.5)
        return results(items)

    play.batch = slow
    first, cut, last = connect(deadline=0.3).evaluate("workload", documents("a", "slow", "z"))
    assert (first["demo.rule"][0]["msg"], last["demo.rule"][0]["msg"]) == ("a", "z")
    assert isinstance(cut, DeadlineError)


def test_a_number_that_json_does_not_have_costs_only_its_document(play: Play, connect: Connect) -> None:
    def infinite(items: list[Any]) -> Answer:
        bad = any(item["name"] == "bad" for item in items)
        return (200, b'{"result": {"digest": "the digest", "results": [{"a": 1e400}]}}') if bad else results(items)

    play.batch = infinite
    failed, answered_ = connect().evaluate("workload", documents("bad", "b"))
    assert isinstance(failed, EvaluationError)
    assert answered_["demo.rule"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_refuses_us_says_what_is_missing(play: Play, connect: Connect, status: int) -> None:
    play.digest = lambda: (status, b'{"code": "unauthorized"}')
    with pytest.raises(EngineError, match=f"refuses us .HTTP status {status}") as refusal:
        connect()
    assert "OPA_TOKEN" in refusal.value.remedy


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, b"<html>welcome</html>"), "does not answer"),
        ((200, b"[]"), "does not answer"),
        ((200, b"{}"), "has no document"),
        ((200, b'{"decision_id": "1"}'), "has no document compliance/entry/digest"),
        ((200, b'{"result": "another"}'), "holds other rules"),
        ((200, b'{"result": null}'), "holds other rules"),
        ((404, b"not found"), "nonsense"),
        ((302, b""), "nonsense"),
        ((500, b"Traceback"), "nonsense"),
        ((500, b'{"code": "internal_error", "message": "broken"}'), "does not answer: broken"),
        ((503, b"busy"), "is not ready"),
    ],
)
def test_a_server_that_is_of_no_use_is_found_out_at_once(
    play: Play, connect: Connect, answer: Answer, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    play.digest = lambda: answer
    with pytest.raises(EngineError, match=said) as refusal:
        connect()
    assert refusal.value.remedy
    assert not isinstance(refusal.value, EvaluationError)


@pytest.mark.parametrize(
    "found",
    [None, {}, "text", [], [{"a": []}], [None, None], [[], []], [{"a": []}, {"b": []}, {"c": []}]],
)
def test_an_answer_of_the_wrong_shape_is_never_taken_for_a_verdict(play: Play, connect: Connect, found: object) -> None:
    play.batch = lambda _items: answered(found)
    with pytest.raises(EngineError, match="document by document"):
        connect().evaluate("workload", documents("a", "b"))


def test_rules_that_change_in_between_are_noticed(play: Play, connect: Connect) -> None:
    play.batch = lambda _items: answered([{}], digest="new rules")
    with pytest.raises(EngineError, match="holds other rules"):
        connect().evaluate("workload", documents("a"))


def test_a_server_that_turns_to_nonsense_is_no_gap_for_each_document(play: Play, connect: Connect) -> None:
    engine = connect()
    play.batch = lambda _items: (200, b"<html>")
    play.digest = lambda: (200, b"<html>")
    with pytest.raises(EngineError, match="does not answer"):
        engine.evaluate("workload", documents("a", "b"))


def test_a_redirect_is_not_followed(play: Play, connect: Connect) -> None:
    play.digest = lambda: (307, b"")
    play.headers["Location"] = f"{play.url}/v1/data/elsewhere"
    with pytest.raises(EngineError, match="nonsense"):
        connect(token="s3cret")  # noqa: S106 - a test's
    assert len(play.requests) == 1


def test_a_busy_server_is_asked_again(play: Play, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    engine = connect()
    states = iter([(503, b""), (502, b"")])
    play.batch = lambda items: next(states, None) or results(items)
    assert engine.evaluate("workload", documents("a"))[0]["demo.rule"]


def test_a_server_that_drips_is_cut_off(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = connect(deadline=0.3)
    monkeypatch.setattr(opa, "_PROBE", 0.3)
    write = BaseHTTPRequestHandler.send_response

    def drip(self: BaseHTTPRequestHandler, code: int, message: str | None = None) -> None:
        write(self, code, message)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b" ")
            self.wfile.flush()
            threading.Event().wait(0.05)

    monkeypatch.setattr(BaseHTTPRequestHandler, "send_response", drip)
    begun = time.monotonic()
    with pytest.raises(EngineError, match="does not answer"):
        engine.evaluate("workload", documents("a"))
    assert time.monotonic() - begun < 5


def test_a_server_that_is_down_is_an_error_with_the_reason(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    with pytest.raises(EngineError, match=r"http://127\.0\.0\.1:1 does not answer .*refused") as failure:
        connect("http://127.0.0.1:1")
    assert "--opa-url" in failure.value.remedy


def test_https_needs_a_certificate_to_trust(play: Play, connect: Connect) -> None:
    with pytest.raises(EngineError):
        connect(play.url.replace("http:", "https:"))
    assert play.requests == []


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "opa:8181",
            "ftp://opa:8181",
            "https://",
            "https://opa/?x=1",
            "https://opa/#x",
            "https://u:p@opa/",
            "//opa",
        ),
        *("http://[::1", "https://opa:99999", "https://opa:port", "https://opa:0", "http:///x"),
    ],
)
def test_a_url_that_cannot_be_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError) as refusal:
        Address.parse(url)
    assert refusal.value.remedy


def test_a_missing_file_of_certificates_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file of certificates"):
        Address.parse("https://opa", ca_file=tmp_path / "none.pem")


def test_a_token_is_not_sent_in_clear_text_over_the_network() -> None:
    token = "s3cret"  # noqa: S105 - a test's
    with pytest.raises(UsageError, match="clear text") as refusal:
        Address.parse("http://opa.example.com:8181", token=token)
    assert token not in str(refusal.value)
    for url in ("http://127.0.0.1:8181", "http://[::1]:8181", "http://localhost:8181", "https://opa.example.com"):
        assert Address.parse(url, token=token).url == url


def test_a_path_in_the_url_is_kept(play: Play, connect: Connect) -> None:
    play.answer = lambda path, _headers, _body: (404, path.encode())  # type: ignore[method-assign]
    with pytest.raises(EngineError, match=r"/gateway/opa answers with nonsense"):
        connect(f"{play.url}/gateway/opa/")
