"""Times `compliance audit` on a real API server with KWOK: python bench/clusters.py [--deployments 2000 ...].

Needs the control plane that `make tools` builds. Making 10,000 Pods through the real controllers takes some minutes;
`--bare` makes them without Deployments, each its own subject.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

_ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(_ROOT / "tests" / "support"), str(_ROOT / "tests" / "real" / "tools")]

import control_plane  # noqa: E402 - found by the lines above
import install  # noqa: E402 - likewise

if TYPE_CHECKING:
    from control_plane import ControlPlane

_WRITERS = 8
_READY_DEADLINE = 3600.0
_LOAD_FLAGS = (
    "--enable-priority-and-fairness=false",
    "--max-requests-inflight=0",
    "--max-mutating-requests-inflight=0",
)


def main() -> int:
    """Make the objects, audit them twice, and print what it took."""
    parser = argparse.ArgumentParser(description="Time an audit of a real API server.")
    parser.add_argument("--deployments", type=int, default=2000)
    parser.add_argument("--replicas", type=int, default=5)
    parser.add_argument("--namespaces", type=int, default=20)
    options = parser.parse_args()
    programs = {name: install.install(name) for name in control_plane.PROGRAMS}
    with (
        tempfile.TemporaryDirectory() as folder,
        control_plane.running(programs, Path(folder) / "plane", _LOAD_FLAGS) as plane,
    ):
        _make(plane, options.deployments, options.replicas, options.namespaces)
        for run in ("first run", "second run"):
            _audit(plane, Path(folder), run)
        print(f"control plane, MiB: {plane.memory()}")
    return 0


def _make(plane: ControlPlane, deployments: int, replicas: int, namespaces: int) -> None:
    started = time.monotonic()
    names = [f"team-{number:02}" for number in range(namespaces)]
    for name in names:
        plane.namespace(name)
    with ThreadPoolExecutor(_WRITERS) as pool:
        for _ in pool.map(lambda n: _deploy(plane, names[n % namespaces], n, replicas), range(deployments)):
            pass
    print(f"{deployments} Deployments applied: {time.monotonic() - started:.0f} s", flush=True)
    wanted = deployments * replicas
    path = "/api/v1/pods?limit=1&fieldSelector=status.phase%3DRunning"

    def all_run(_: object) -> bool:
        page = plane.call("GET", path.replace("limit=1", "limit=100000"), kind="application/json")
        return len(page["items"]) >= wanted

    while not plane.wait_for(path, lambda _: True) or not all_run(None):
        if time.monotonic() - started > _READY_DEADLINE:
            raise TimeoutError(f"{wanted} Pods do not run")
        time.sleep(10)
    print(f"{wanted} Pods run: {time.monotonic() - started:.0f} s", flush=True)


def _deploy(plane: ControlPlane, namespace: str, number: int, replicas: int) -> None:
    name = f"app-{number:05}"
    container: dict[str, Any] = {
        "name": "app",
        "image": f"registry.example.com/{namespace}/app:v1.{number}.0",
        "ports": [{"name": "http", "containerPort": 8080}],
        "env": [{"name": "LOG_LEVEL", "value": "info"}],
        "resources": {"requests": {"cpu": "1m", "memory": "1Mi"}, "limits": {"memory": "64Mi"}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
        "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True},
    }
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    value = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}
    plane.apply(f"/apis/apps/v1/namespaces/{namespace}/deployments", value)


def _audit(plane: ControlPlane, folder: Path, run: str) -> None:
    command = [sys.executable, "-m", "compliance", "audit", "-q", "-o", f"json={folder / 'result.json'}", "--qps=1000"]
    env = {**os.environ, "KUBECONFIG": str(plane.kubeconfig()), "XDG_CACHE_HOME": str(folder / "cache")}
    started = time.monotonic()
    process = os.posix_spawn(sys.executable, command, env)
    _, status, used = os.wait4(process, 0)
    wall = time.monotonic() - started
    result = json.loads((folder / "result.json").read_bytes())
    (cluster,) = result["clusters"]
    print(
        f"{run}: exit code {os.waitstatus_to_exitcode(status)}, "
        f"{wall:.1f} s ({used.ru_utime + used.ru_stime:.1f} CPU-s), "
        f"{used.ru_maxrss // 1024} MiB, {cluster['requests']} requests, {cluster['objects']} objects, "
        f"{cluster['copies']} copies, {result['subjects']} subjects, "
        f"{sum(count > 0 for count in result['judged'].values())} rules, {len(result['findings'])} findings, "
        f"{len(result['gaps'])} gaps",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
