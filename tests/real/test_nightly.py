"""Audits night after night: on a real API server, and with the history in a real PostgreSQL."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from api_server import ApiServer, Request, serving
from audits import Nights, deployment, new, privileged
from histories import hold_lock
from processes import started, told

from compliance.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from control_plane import ControlPlane
    from postgresql_server import PostgreSQLServer

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("own_cache")]

_VARYING = 4
"""Pieces that differ from night to night although nothing changed: how many requests it took, digests of listings."""

_DEPLOYMENTS = "/apis/apps/v1/namespaces/{}/deployments"


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.xdist_group("control-plane")
def test_what_was_mended_is_fixed_and_what_was_broken_is_new(
    control_plane: ControlPlane,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig()))
    space = f"night-{uuid.uuid4().hex[:8]}"
    control_plane.namespace(space)
    path = _DEPLOYMENTS.format(space)
    for name in ("web", "api", "old"):
        control_plane.apply(path, _applied(name, privileged=True))
    for name in ("web", "api", "old"):
        control_plane.wait_for(f"{path}/{name}", lambda value: value["status"].get("availableReplicas") == 1)
    nights = Nights(tmp_path, f"sqlite:///{tmp_path}/history", capsys)
    try:
        first, before = nights.audit(), _pieces(tmp_path)
        same, after = nights.audit(), _pieces(tmp_path)
        control_plane.apply(path, _applied("web", privileged=False))
        control_plane.apply(path, _applied("job", privileged=True))
        control_plane.call("DELETE", f"{path}/old")
        for name in ("web", "job"):
            control_plane.wait_for(f"{path}/{name}", _is_rolled_out)
        control_plane.wait_for(f"/api/v1/namespaces/{space}/pods", lambda value: len(value["items"]) == 3)
        third = nights.audit()
    finally:
        control_plane.call("DELETE", f"/api/v1/namespaces/{space}")

    assert sorted(_here(new(first), space)) == [f"{space}/api", f"{space}/old", f"{space}/web"]
    assert _here(new(same), space) == []
    assert after - before <= _VARYING
    assert (same["history"]["fixed"], same["history"]["gone"]) == ([], [])
    assert _here(new(third), space) == [f"{space}/job"]
    assert _here(privileged(third["history"]["fixed"]), space) == [f"{space}/web"]
    assert _here(privileged(third["history"]["gone"]), space) == [f"{space}/old"]
    known = [one for one in third["findings"] if one["subject"]["name"] == "api" and not one["new"]]
    assert {one["first_seen"] for one in known} == {first["taken_at"]}


def _pieces(folder: Path) -> int:
    with open_store(f"sqlite:///{folder}/history") as store:
        return store.check().pieces


def _applied(name: str, *, privileged: bool) -> dict[str, object]:
    value = deployment(name, "", privileged=privileged)
    return {**value, "metadata": {"name": name}}


def _is_rolled_out(value: dict[str, dict[str, object]]) -> bool:
    status = value["status"]
    return (status.get("updatedReplicas"), status.get("replicas"), status.get("availableReplicas")) == (1, 1, 1)


def _here(names: list[str], namespace: str) -> list[str]:
    return [name for name in names if name.startswith(f"{namespace}/")]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """A scripted cluster with a privileged Deployment; what is real here is the database."""
    with serving(ApiServer()) as server:
        server.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "uid": "s"}})
        server.add(deployment("web", "shop"))
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        yield server


@pytest.fixture
def url(postgresql: PostgreSQLServer) -> str:
    """A database of its own."""
    return postgresql.create(f"test_{uuid.uuid4().hex}")


@pytest.fixture
def nights(server: ApiServer, tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]) -> Nights:
    """Audits of `server` that are kept at `url`."""
    del server
    return Nights(tmp_path, url, capsys)


def _once(work: Callable[[], None]) -> Callable[[Request], None]:
    """Do something when the first Deployments are asked for, amid the audit."""
    left = [work]

    def fault(request: Request) -> None:
        if request.path.endswith("/deployments") and left:
            left.pop()()

    return fault


@pytest.mark.parametrize("crash", [False, True])
def test_a_database_that_restarts_amid_an_audit_has_the_night_all_the_same(
    postgresql: PostgreSQLServer, server: ApiServer, nights: Nights, url: str, *, crash: bool
) -> None:
    first = nights.audit()

    def restart() -> None:
        postgresql.stop(crash=crash)
        postgresql.start()

    server.faults.append(_once(restart))
    second = nights.audit()

    assert nights.said == ""
    assert second["history"]["previous"] == first["taken_at"]
    with open_store(url) as store:
        assert store.check().runs == 2


def test_a_database_that_goes_and_stays_away_costs_nobody_the_reports(
    postgresql: PostgreSQLServer, server: ApiServer, nights: Nights, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.store.open_store.__kwdefaults__", {"patience": 0.5, "make": True})
    first = nights.audit()
    server.faults.append(_once(postgresql.stop))
    try:
        second = nights.audit("--fail-on", "never")
    finally:
        postgresql.start()

    assert nights.code == second["decision"]["exit_code"] == 3
    assert "no connection" in nights.said
    assert privileged(second["findings"]) == ["shop/web"]
    with open_store(url) as store:
        assert store.check().runs == 1
    assert nights.audit()["history"]["previous"] == first["taken_at"]


def test_a_lock_that_went_to_another_run_while_the_database_was_away_is_not_overrun(
    postgresql: PostgreSQLServer, server: ApiServer, nights: Nights, url: str
) -> None:
    nights.audit()

    with ExitStack() as held:

        def lose() -> None:
            postgresql.stop()
            postgresql.start()
            _, ready = held.enter_context(started(hold_lock, url, "unit"))
            told(ready)

        server.faults.append(_once(lose))
        result = nights.audit("--fail-on", "never")

    assert nights.code == 3
    assert "another run is at work on 'unit'" in nights.said
    assert result["history"] is None
    with open_store(url) as store:
        assert store.check().runs == 1


def test_two_runs_do_not_overlap(server: ApiServer, nights: Nights, url: str) -> None:
    with started(hold_lock, url, "unit") as (process, ready):
        told(ready)
        nights.audit()

        assert nights.code == 3
        assert f"process {process.pid} since 20" in nights.said
        assert server.requests == []
