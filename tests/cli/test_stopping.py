"""An audit that is stopped, or killed, in the middle: what it leaves, and that the next one goes on from there."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any

import own_processes
import pytest
import shell_rules
from api_server import Answer, ApiServer, Request
from own_processes import Running, command, started, wait_until
from small_cluster import environment, small_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Event = dict[str, Any]

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"),
    pytest.mark.usefixtures("own_cache"),
]

_OPTIONS = ["audit", "-q", "-o", "json=report.json"]
_SAVES_OFTEN = "from compliance.engine import kept_results; kept_results._SAVE_EVERY = 0.05"


@pytest.fixture
def server() -> Iterator[ApiServer]:
    """Twelve namespaces of five Deployments each, in pages of five; from the ninth page on, answers take a minute."""
    with small_cluster(12, 5) as server:
        server.page = 5
        pages = [0]

        def slow(request: Request) -> Answer | None:
            if request.path.endswith("/deployments"):
                pages[0] += 1
            return Answer(None, delay=60) if pages[0] >= 9 else None

        server.faults.append(slow)
        yield server


@pytest.fixture
def env(server: ApiServer, tmp_path: Path) -> dict[str, str]:
    return environment(server, tmp_path)


def _waits(server: ApiServer) -> bool:
    """Whether the audit waits for an answer that does not come."""
    return sum(request.path.endswith("/deployments") for request in server.requests) >= 9


def _last(events: list[Event], name: str) -> Event:
    return [event for event in events if event["event"] == name][-1]


def _next_run(server: ApiServer, folder: Path, env: dict[str, str]) -> Event:
    """What the next audit, which nothing stops, tells of its reading."""
    server.faults.clear()
    with started(command("compliance", _OPTIONS), folder, env) as running:
        assert running.ended() == 1
        return _last(running.events(), "cluster.read")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_an_audit_and_the_next_one_goes_on(
    server: ApiServer, env: dict[str, str], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    (tmp_path / "report.json").write_text("of yesterday")
    with started(command("compliance", _OPTIONS), tmp_path, env) as running:
        wait_until(lambda: _waits(server), "the slow answer")
        running.signal(number)

        assert running.ended() == code
        events = running.events()

    assert [event["event"] for event in events[-3:]] == ["cluster.stopped", "audit.stopped", "audit.finished"]
    assert events[-2]["signal"] == number.name
    assert events[-1]["exit_code"] == code
    assert (tmp_path / "report.json").read_text() == "of yesterday"
    stopped, read = events[-3], _next_run(server, tmp_path, env)
    assert read["reused"] == stopped["judged"] > 0
    assert read["judged"] > 0


def test_a_killed_audit_is_gone_on_with(server: ApiServer, env: dict[str, str], tmp_path: Path) -> None:
    with started(command("compliance", _OPTIONS, _SAVES_OFTEN), tmp_path, env) as running:
        wait_until(lambda: _waits(server), "the slow answer")
        wait_until(lambda: list(tmp_path.glob("cache/compliance-audit/results-*")), "a first saving")
        running.signal(signal.SIGKILL)

        assert running.ended() == -signal.SIGKILL

    first = _next_run(server, tmp_path, env)
    second = _next_run(server, tmp_path, env)
    assert first["reused"] > 0
    assert first["judged"] > 0
    assert first["reused"] + first["judged"] == second["reused"]


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    program = """
import time
from contextlib import contextmanager
from compliance.cli.session import Session

with Session("audit", "json") as session:
    try:
        session.log("working")
        time.sleep(60)
    finally:
        session.log("cleaning")
        time.sleep(60)
"""
    with started([sys.executable, "-c", program], tmp_path, {}) as running:
        for event in ("working", "cleaning"):
            wait_until(lambda event=event: _has(running, event), event)
            running.signal(signal.SIGTERM)

        assert running.ended() == -signal.SIGTERM


def _has(running: Running, name: str) -> bool:
    return any(event["event"] == name for event in running.events())


def test_a_signal_that_is_ignored_stays_ignored(server: ApiServer, env: dict[str, str], tmp_path: Path) -> None:
    ignores = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    with started(command("compliance", _OPTIONS, ignores), tmp_path, env) as running:
        wait_until(lambda: _waits(server), "the slow answer")
        running.signal(signal.SIGHUP)
        running.signal(signal.SIGTERM)

        assert running.ended() == 143


def test_without_a_log_one_line_says_what_happened(server: ApiServer, env: dict[str, str], tmp_path: Path) -> None:
    with started(command("compliance", [*_OPTIONS, "--log-format=none"]), tmp_path, env) as running:
        wait_until(lambda: _waits(server), "the slow answer")
        running.signal(signal.SIGTERM)

        assert running.ended() == 143

    assert running.errors.read_text() == (
        "stopped by SIGTERM before the end; run again to go on: what was judged is kept\n"
    )


def test_its_programs_end_with_it(tmp_path: Path) -> None:
    rule = shell_rules.rule("kubectl get pods -o json | jq 'last(range(1e15)) as $x | .items[]'")
    (tmp_path / "rules.yaml").write_text(rule)
    (tmp_path / "pods.json").write_text('{"apiVersion": "v1", "kind": "List", "items": []}')
    arguments = ["--config=rules.yaml", "--objects=pods.json", "--output=report.json"]
    with started(command("compliance-scanner", arguments), tmp_path, {}) as running:
        wait_until(lambda: _has(running, "scanner.progress") and running.descendants(), "the process of jq")
        children = running.descendants()
        running.signal(signal.SIGTERM)

        assert running.ended() == 143

    assert not any(own_processes.is_alive(pid) for pid in children)
