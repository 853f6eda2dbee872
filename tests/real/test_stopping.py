"""A signal to an audit ends what it has started too."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import own_processes
import pytest
from api_server import Answer, ApiServer, Request
from small_cluster import environment, small_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real


@pytest.fixture
def server() -> Iterator[ApiServer]:
    """A cluster whose second page of Deployments takes a minute."""

    def slow(request: Request) -> Answer | None:
        waits = request.path.endswith("/deployments") and "continue" in request.query
        return Answer(None, delay=60) if waits else None

    with small_cluster(4, 5) as server:
        server.page = 10
        server.faults.append(slow)
        yield server


@pytest.mark.usefixtures("opa", "tool_path")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_the_opa_server_of_an_audit_ends_with_it(
    server: ApiServer, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    argv = own_processes.command("compliance", ["audit", "-q", "--engine", "opa"])
    with own_processes.started(argv, tmp_path, environment(server, tmp_path)) as running:
        own_processes.wait_until(
            lambda: any("continue" in request.query for request in server.requests), "the slow answer"
        )
        children = running.descendants()
        running.signal(number)

        assert running.ended() == code

    assert len(children) >= 2  # the keeper, and opa
    own_processes.wait_until(
        lambda: not any(own_processes.is_alive(pid) for pid in children), "the end of what it had started"
    )
