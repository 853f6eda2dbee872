"""A scripted API server, and a client that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from api_server import ApiServer, serving

from compliance.sources.cluster import client as client_module
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.connection import Access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """A server with the usual kinds and no objects; KUBECONFIG points at it, and pauses are short."""
    monkeypatch.setattr(client_module, "_FIRST_PAUSE", 0.01)
    with serving(ApiServer()) as server:
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        yield server


@pytest.fixture
def client(server: ApiServer) -> Iterator[Client]:
    """A client of that server."""
    del server
    made = Client(Access(qps=1000), patience=2.0)
    yield made
    made.close()
