"""A small cluster that is audited night after night, and the clocks of the machine and of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from api_server import ApiServer, serving
from audits import Clock, Nights, deployment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """A cluster with a privileged Deployment in each of two namespaces."""
    del own_cache
    with serving(ApiServer()) as server:
        for namespace in ("shop", "bank"):
            server.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "uid": namespace}})
            server.add(deployment("web", namespace))
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        monkeypatch.chdir(tmp_path)
        yield server


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the history is."""
    return f"sqlite:///{tmp_path}/history.sqlite3"


@pytest.fixture
def nights(server: ApiServer, tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]) -> Nights:
    """Audits of `server` that are kept at `url`."""
    del server
    return Nights(tmp_path, url, capsys)


@pytest.fixture
def clock(server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of the next run, to be set, which is the server's too as long as that has none of its own."""
    clock = Clock()
    monkeypatch.setattr("compliance.cli.judging.datetime", clock)
    monkeypatch.setattr("compliance.cli.history.datetime", clock)
    server.clock = lambda: clock.time
    return clock
