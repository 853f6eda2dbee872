"""What `compliance audit` says on standard error where nobody watches: events, and nothing but events."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import own_processes
import pytest
from api_server import Answer, ApiServer
from small_cluster import environment, small_cluster

from compliance.cli import main
from compliance.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Event = dict[str, Any]


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    with small_cluster() as server:
        for name, value in environment(server, tmp_path).items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield server


def _audit(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "-q", *options])
    return int(stopped.value.code or 0), capsys.readouterr().err


def _events(printed: str) -> list[Event]:
    return [json.loads(line) for line in printed.splitlines()]


def _named(events: list[Event], name: str) -> Event:
    (found,) = [event for event in events if event["event"] == name]
    return found


def test_a_run_tells_its_steps_in_json(
    server: ApiServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.cli.session._PROGRESS_EVERY", 3600.0)
    code, printed = _audit(capsys, "-o", "json=report.json")

    events = _events(printed)
    assert [event["event"] for event in events] == [
        "audit.started",
        "audit.progress",
        "cluster.connected",
        "cluster.read",
        "gate.decided",
        "report.written",
        "audit.finished",
    ]
    assert _named(events, "cluster.connected")["version"] == "v1.34.9"
    read = _named(events, "cluster.read")
    assert (read["cluster"], read["objects"], read["requests"]) == ("unit", 2, len(server.requests))
    assert read["judged"] > 0
    assert read["reused"] == 0
    decided = _named(events, "gate.decided")
    assert (decided["subjects"], decided["gaps"], decided["reason"][:8]) == (2, 0, "refused:")
    assert decided["high"] > 0
    assert {"critical", "high", "medium", "low", "info"} <= decided.keys()
    assert _named(events, "report.written")["file"] == "report.json"
    assert _named(events, "audit.finished")["exit_code"] == code == 1


def test_one_id_is_in_every_line_and_request(
    server: ApiServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLIANCE_CORRELATION_ID", "nightly-7")

    _, printed = _audit(capsys)

    assert {event["correlation_id"] for event in _events(printed)} == {"nightly-7"}
    agents = {request.headers["User-Agent"] for request in server.requests}
    assert all(agent.endswith("(run nightly-7)") for agent in agents)


def test_two_runs_have_two_ids(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    del server
    ids = {_events(_audit(capsys)[1])[0]["correlation_id"] for _ in range(2)}

    assert len(ids) == 2


def test_the_id_changes_no_report(server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del server
    _, printed = _audit(capsys, "-o", "json=report.json")

    assert _events(printed)[0]["correlation_id"] not in (tmp_path / "report.json").read_text()


def test_a_second_run_says_what_it_did_not_evaluate_again(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    first = _named(_events(_audit(capsys)[1]), "cluster.read")

    second = _named(_events(_audit(capsys)[1]), "cluster.read")

    assert (second["judged"], second["reused"]) == (0, first["judged"])


def test_gaps_are_events(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.fail("/secrets", Answer(403, "secrets is forbidden"), times=9)

    _, printed = _audit(capsys)

    gap = _named(_events(printed), "gap")
    assert (gap["level"], gap["about"]) == ("warning", "unit/secrets")
    assert "--print-rbac" in gap["remedy"]


def test_repeated_requests_are_told_at_a_bounded_rate(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.fail("/pods", Answer(503, "not yet"), times=3)

    events = _events(_audit(capsys)[1])

    assert _named(events, "request.repeated")["path"] == "/api/v1/pods"
    assert _named(events, "cluster.read")["repeated"] == 3


@pytest.mark.parametrize(
    ("options", "code", "what"),
    [
        (["--context", "nowhere"], 2, "no context 'nowhere'"),
        (["--config", "none.yaml"], 2, "none.yaml"),
        (["-o", "json=/dev/null/report"], 2, "cannot be written"),
    ],
)
def test_the_error_that_ends_a_run_is_an_event_too(
    server: ApiServer, capsys: pytest.CaptureFixture[str], options: list[str], code: int, what: str
) -> None:
    del server
    ended, printed = _audit(capsys, *options)

    events = _events(printed)
    error = _named(events, "error")
    assert ended == code == events[-1]["exit_code"]
    assert error["level"] == "error"
    assert what in f"{error['where']} {error['what']}"
    assert events[-1]["event"] == "audit.finished"


def test_a_fault_of_ours_is_an_event_without_a_traceback(
    server: ApiServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del server
    monkeypatch.setattr("compliance.nightly.scan_clusters", lambda *_: 1 / 0)

    code, printed = _audit(capsys)

    error = _named(_events(printed), "error")
    assert code == 4
    assert error["what"].startswith("internal error: ZeroDivisionError")
    assert "traceback" not in error


def test_secrets_of_an_error_are_masked(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.fail("/pods", Answer(400, "password=hunter2xyz is wrong"), times=9)

    _, printed = _audit(capsys)

    assert "is wrong" in printed
    assert "hunter2xyz" not in printed


def test_what_is_not_known_of_the_rights_is_an_event_too(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.stale = frozenset({"apps"})

    _, printed = _audit(capsys, "--print-rbac")
    assert _named(_events(printed), "gap")["about"] == "unit/apps/v1"
    _, printed = _audit(capsys, "--print-rbac", "--log-format=none")
    assert printed.startswith("not known: unit/apps/v1: ")


def test_logfmt_is_one_line_an_event(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    del server
    _, printed = _audit(capsys, "--log-format", "logfmt")

    assert all(line.startswith("timestamp=") for line in printed.splitlines())
    assert "event=audit.finished" in printed.splitlines()[-1]


def test_none_leaves_errors_as_text(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    del server
    code, printed = _audit(capsys, "--log-format", "none", "--context", "nowhere")

    assert code == 2
    assert printed.startswith("error: the kubeconfig has no context 'nowhere'\n")


def test_an_unknown_format_is_an_error_of_usage(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    del server
    code, printed = _audit(capsys, "--log-format", "xml")

    assert code == 2
    assert "use one of auto, json, logfmt, none" in printed


def test_an_unusable_id_is_an_error_of_usage(
    server: ApiServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLIANCE_CORRELATION_ID", "a\r\nX-Evil: 1")

    code, _ = _audit(capsys)

    assert (code, server.requests) == (2, [])


def test_without_structlog_the_run_is_done_and_says_that_it_has_no_log(
    server: ApiServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del server
    monkeypatch.setitem(sys.modules, "structlog", None)

    code, printed = _audit(capsys)

    assert code == 1
    assert printed.startswith("there is no log of this run: structlog is not installed")
    assert len(printed.splitlines()) == 1
    code, printed = _audit(capsys, "--log-format", "json")
    assert code == 2
    assert "[audit]" in printed


def test_a_terminal_has_a_progress_bar_and_text(server: ApiServer, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    argv = own_processes.command("compliance", ["audit", "-q", "--context", "nowhere"])
    env = {**os.environ, **environment(server, tmp_path), "TERM": "xterm"}

    done = subprocess.run(  # noqa: S603 - the tests' own command
        argv, stdin=subprocess.DEVNULL, stderr=theirs, env=env, check=False, timeout=60
    )
    os.close(theirs)
    printed = os.read(ours, 100_000).decode()
    os.close(ours)

    assert done.returncode == 2
    assert "reading" in printed
    assert "error: the kubeconfig has no context 'nowhere'\r\n" in printed
    assert "correlation_id" not in printed


def test_a_progress_event_comes_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.cli.session._PROGRESS_EVERY", 3600.0)
    with Session("audit", "json") as session, session.progress() as progress:
        for number in range(100):
            progress("unit", number, 100)

    told = [event for event in _events(capsys.readouterr().err) if event["event"] == "audit.progress"]
    assert [(event["what"], event["done"], event["total"]) for event in told] == [("unit", 0, 100)]
