"""A scripted API server with its client, a scripted registry, and repositories of Git."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from api_server import ApiServer, serving
from repositories import Repository

from compliance.sources.cluster import client as client_module
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.connection import Access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_SCRIPTED = Path(__file__).parent.parent / "supply_chain" / "registry" / "scripted_registry.py"


@pytest.fixture(scope="session")
def scripted() -> ModuleType:
    """The module of the scripted registry."""
    if _SCRIPTED.stem not in sys.modules:
        spec = importlib.util.spec_from_file_location(_SCRIPTED.stem, _SCRIPTED)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[_SCRIPTED.stem] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[_SCRIPTED.stem])
    return sys.modules[_SCRIPTED.stem]


@pytest.fixture
def registry(scripted: ModuleType) -> Iterator[Any]:
    """A registry on loopback, plain http."""
    made = scripted.ScriptedRegistry()
    yield made
    made.close()


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


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with a commit on `main`: a ConfigMap in `deploy/`."""
    made = Repository(tmp_path / "repository")
    made.commit({"deploy/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n"})
    return made
