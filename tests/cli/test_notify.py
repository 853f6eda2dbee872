"""`compliance notify test`, and what an audit does about a push gateway and channels that fail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from histories import finding, night
from webhooks import Reply, Webhook, webhook

from compliance.cli import main, notify_options
from compliance.errors import NotificationError
from compliance.model import Decision, ExitCode
from compliance.notify.push_gateway import push_gateway
from compliance.notify.telling import Failed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHANNELS = """\
notifications:
  channels:
  - {name: chat, kind: slack, url_env: CHAT_WEBHOOK}
  - {name: tickets, kind: generic, url_env: TICKETS_WEBHOOK}
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    """A webhook that two configured channels lead to."""
    with webhook() as serving:
        (tmp_path / "compliance.yaml").write_text(CHANNELS)
        monkeypatch.setenv("CHAT_WEBHOOK", f"{serving.address}/hooks/chat-nGz7LuJ6")
        monkeypatch.setenv("TICKETS_WEBHOOK", f"{serving.address}/hooks/tickets-nGz7LuJ6")
        monkeypatch.chdir(tmp_path)
        yield serving


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main([*arguments])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


def test_every_channel_is_tried_unless_one_is_named(server: Webhook, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = run(capsys, "notify", "test")
    assert (code, printed) == (0, "the channel chat took the message\nthe channel tickets took the message\n")
    run(capsys, "notify", "test", "--channel", "tickets")
    assert [request.path.partition("-")[0] for request in server.accepted] == [
        "/hooks/chat",
        "/hooks/tickets",
        "/hooks/tickets",
    ]
    assert all("this is a test" in request.body.decode() for request in server.accepted)


def test_a_channel_that_fails_is_told_apart_and_gives_no_secret_away(
    server: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    server.replies.append(Reply(404, b"no such hook chat-nGz7LuJ6"))
    code, printed, errors = run(capsys, "notify", "test")
    assert (code, printed) == (4, "the channel tickets took the message\n")
    assert "the channel chat failed: 127.0.0.1 answered 404" in errors
    assert "nGz7" not in errors


def test_a_missing_address_is_said_by_its_name(
    server: Webhook, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHAT_WEBHOOK")
    code, _, errors = run(capsys, "notify", "test", "--channel", "chat")
    assert (code, server.requests) == (4, [])
    assert "the environment variable CHAT_WEBHOOK" in errors


@pytest.mark.parametrize(
    ("channels", "arguments", "said"),
    [
        (CHANNELS, ("--channel", "caht"), "there is no channel 'caht'"),
        ("fail_on: high\n", (), "there is no channel"),
    ],
)
def test_a_channel_that_is_not_configured_is_a_usage_error(
    server: Webhook,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    channels: str,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    (tmp_path / "compliance.yaml").write_text(channels)
    code, _, errors = run(capsys, "notify", "test", *arguments)
    assert (code, server.requests) == (2, [])
    assert said in errors


@pytest.mark.parametrize(
    ("decided", "ends"),
    [
        (ExitCode.CLEAN, ExitCode.FAILED),
        (ExitCode.REFUSED, ExitCode.REFUSED),
        (ExitCode.NOT_JUDGED, ExitCode.NOT_JUDGED),
    ],
)
def test_a_channel_that_fails_spoils_only_a_clean_run(
    capsys: pytest.CaptureFixture[str], decided: ExitCode, ends: ExitCode
) -> None:
    failed = Failed("chat", NotificationError("127.0.0.1 answered 404", remedy="look at its address"))
    decision = Decision(decided, ("",))
    assert notify_options.tell(night(0), decision, None, lambda: (failed,)) is ends
    assert capsys.readouterr().err == (
        "error: the channel chat was not told: 127.0.0.1 answered 404\n  look at its address\n"
    )
    assert notify_options.tell(night(0), decision, None) is decided


def test_metrics_are_pushed_and_a_gateway_that_refuses_them_spoils_a_clean_run(
    server: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway = push_gateway(server.address, None, None, None)
    decision = Decision(ExitCode.CLEAN, ("clean",))
    assert notify_options.tell(night(0, [finding("web")]), decision, gateway) is ExitCode.CLEAN
    server.replies.append(Reply(400, b"inconsistent"))
    assert notify_options.tell(night(1), decision, gateway) is ExitCode.FAILED
    assert "the metrics were not pushed: 127.0.0.1 answered 400: inconsistent" in capsys.readouterr().err
    (request,) = server.accepted
    assert request.path == "/metrics/job/compliance/instance/production"
    assert b'compliance_last_run_exit_code{scope="production"} 0.0' in request.body


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--push-gateway", "gateway:9091"), "no address of a web server"),
        (("--push-gateway-ca-file", "ca.pem"), "belongs to a push gateway"),
        (("--push-gateway", "http://gateway:9091"), "set PUSH_GATEWAY_USERNAME and PUSH_GATEWAY_PASSWORD"),
    ],
)
def test_a_push_gateway_is_checked_before_any_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/nowhere/to/be/found")
    if "set" in said:
        monkeypatch.setenv("PUSH_GATEWAY_USERNAME", "somebody")
    code, _, errors = run(capsys, "audit", *arguments)
    assert code == 2
    assert said in errors


def test_a_test_message_is_of_now(server: Webhook, capsys: pytest.CaptureFixture[str]) -> None:
    before = datetime.now(UTC)
    run(capsys, "notify", "test", "--channel", "tickets")
    assert datetime.fromisoformat(server.accepted[0].json["taken_at"]) >= before
