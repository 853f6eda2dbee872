"""One request, to real servers on loopback: TLS, proxies, slow and hostile answers, and what errors give away."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from certificates import Issued, issue_certificate
from webhooks import Reply, Webhook, webhook

from compliance.errors import ConfigurationError, NotificationError
from compliance.notify.http import Request, address, exchange

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET_PATH = "/services/T024BE7LD/B08Q2XYZ/nGz7LuJ6yrfT0p4Q"  # noqa: S105 - opens nothing
TOKEN = "Bearer xoxb-17653672481"  # noqa: S105 - likewise


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    """A certificate for loopback."""
    return issue_certificate(tmp_path_factory.mktemp("tls"))


def post(server: Webhook, *, ca_file: Path | None = None, seconds: float = 5.0) -> None:
    url = address(server.address + SECRET_PATH, "its address")
    exchange(Request("POST", url, {"Authorization": TOKEN}, b'{"a": 1}', ca_file), seconds)


def refusal(server: Webhook, *replies: Reply, ca_file: Path | None = None, seconds: float = 5.0) -> NotificationError:
    server.replies.extend(replies)
    with pytest.raises(NotificationError) as caught:
        post(server, ca_file=ca_file, seconds=seconds)
    return caught.value


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_request_arrives_as_it_is(issued: Issued, status: int) -> None:
    with webhook(issued) as server:
        server.replies.append(Reply(status, b"" if status == 204 else b"ok"))
        post(server, ca_file=issued.authority)
    (request,) = server.accepted
    assert (request.method, request.path, request.body) == ("POST", SECRET_PATH, b'{"a": 1}')
    assert request.headers["Authorization"] == TOKEN
    assert request.headers["User-Agent"].startswith("immutable-compliance/")


def test_a_server_that_nobody_vouches_for_gets_nothing(issued: Issued) -> None:
    with webhook(issued) as server:
        error = refusal(server)
    assert "127.0.0.1 is not to be trusted" in str(error)
    assert (error.passing, server.requests) == (False, [])
    assert "ca_file" in error.remedy


def test_a_certificate_for_another_name_is_none(issued: Issued) -> None:
    with webhook(issued, "127.0.0.2") as server:
        error = refusal(server, ca_file=issued.authority)
    assert "127.0.0.2 is not to be trusted" in str(error)
    assert (error.passing, server.requests) == (False, [])


@pytest.mark.parametrize(
    ("status", "passing"),
    [(429, True), (500, True), (503, True), (408, True), (400, False), (403, False), (404, False), (410, False)],
)
def test_some_answers_pass_and_others_do_not(status: int, passing: bool) -> None:  # noqa: FBT001 - a parameter
    with webhook() as server:
        error = refusal(server, Reply(status, b"no_service"))
    assert str(error) == f"127.0.0.1 answered {status}: no_service"
    assert error.passing is passing


def test_a_redirect_is_not_followed() -> None:
    with webhook() as elsewhere, webhook() as server:
        error = refusal(server, Reply(307, headers={"Location": elsewhere.address}))
        assert elsewhere.requests == []
    assert "redirects are not followed" in str(error)
    assert not error.passing


def test_a_server_says_how_long_to_wait() -> None:
    with webhook() as server:
        assert refusal(server, Reply(429, headers={"Retry-After": "30"})).wait == 30.0


def test_who_hangs_up_may_be_asked_again() -> None:
    with webhook() as server:
        assert refusal(server, Reply(None)).passing


def test_a_server_that_is_not_there_may_come_back() -> None:
    with webhook() as server:
        pass
    error = refusal(server)
    assert "Connection refused" in str(error)
    assert error.passing


def test_an_answer_without_an_end_ends_in_time() -> None:
    with webhook() as server, within(4.0):
        error = refusal(server, Reply(drips=True), seconds=0.5)
    assert "no answer in time" in str(error)
    assert error.passing


def test_of_a_large_answer_only_the_beginning_is_read() -> None:
    with webhook() as server:
        error = refusal(server, Reply(400, b"too many things " * 1_000_000))
    assert len(str(error)) < 300


def test_an_answer_that_repeats_the_address_or_a_header_gives_nothing_away() -> None:
    with webhook() as server:
        said = f"no webhook {server.address}{SECRET_PATH} for {TOKEN}, nor nGz7LuJ6yrfT0p4Q"
        error = refusal(server, Reply(404, said.encode()))
    for secret in (*SECRET_PATH.split("/")[2:], TOKEN.partition(" ")[2]):
        assert secret not in str(error) + error.remedy
    assert "no webhook" in str(error)


def test_an_answer_cannot_forge_a_line_of_a_log() -> None:
    with webhook() as server:
        error = refusal(server, Reply(400, b"no\r\n::error::forged\x1b[31m"))
    assert str(error) == "127.0.0.1 answered 400: no ::error::forged"


def test_a_request_shows_no_secret(issued: Issued) -> None:
    url = address(f"https://hooks.example.org{SECRET_PATH}", "its address")
    shown = repr(Request("POST", url, {"Authorization": TOKEN}, b"body", issued.authority))
    assert "nGz7" not in shown
    assert "xoxb" not in shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hooks.example.org/nGz7", "is no address"),
        ("ftp://hooks.example.org/nGz7", "is no address"),
        ("https:///nGz7", "is no address"),
        ("https://hooks.example.org:nGz7/", "is no address"),
        ("https://hooks.example.org/" + "nGz7" * 1000, "is no address"),
        ("https://user:nGz7@hooks.example.org/", "holds a password"),
        ("http://hooks.example.org/nGz7", "without TLS"),
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(text: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as caught:
        address(text, "its address")
    assert "nGz7" not in str(caught.value) + caught.value.remedy


def test_a_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with webhook() as proxy:
        monkeypatch.setenv("http_proxy", proxy.address)
        monkeypatch.setenv("no_proxy", "")
        url = address("http://gateway.example.org:9091/metrics", "its address", plain=True)
        exchange(Request("PUT", url, {}, b"x", None), 5.0)
    (request,) = proxy.accepted
    assert request.path == "http://gateway.example.org:9091/metrics"


def test_a_proxy_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1080")
    monkeypatch.setenv("no_proxy", "")
    url = address("http://gateway.example.org/", "its address", plain=True)
    with pytest.raises(ConfigurationError, match="a proxy of the kind socks5"):
        exchange(Request("PUT", url, {}, b"x", None), 5.0)
