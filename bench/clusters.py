"""Times `compliance audit` on a real API server: python bench/clusters.py [--deployments 2000 --replicas 5 ...].

Needs the control plane that `make tools` builds. Deployments, their ReplicaSets and Pods are made as helm, controllers
and kubelets would make them, by eight writers, without any of these: three minutes for 10,000 Pods. Drift is looked for
as by default; `--against` compares all Deployments with what is declared, too, without and with dry runs.
"""

from __future__ import annotations

import argparse
import hashlib
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

Object = dict[str, Any]

_WRITERS = 8
_HASH = "6d9f7"


def main() -> int:
    """Make the objects, audit them twice, and print what it took."""
    parser = argparse.ArgumentParser(description="Time an audit of a real API server.")
    parser.add_argument("--deployments", type=int, default=2000)
    parser.add_argument("--replicas", type=int, default=5)
    parser.add_argument("--namespaces", type=int, default=20)
    parser.add_argument("--against", action="store_true")
    options = parser.parse_args()
    programs = {name: install.install(name) for name in control_plane.PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with control_plane.running(programs, home / "plane", alone=True) as plane:
            _make(plane, options.deployments, options.replicas, options.namespaces)
            for run in ("first run", "second run"):
                audit(plane.kubeconfig(), home / "cache", run)
            if options.against:
                _declare(home / "deploy", options.deployments, options.replicas, options.namespaces)
                for dry_run in ("never", "auto"):
                    (home / "drift.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
                    words = (f"--config={home / 'drift.yaml'}", f"--against={home / 'deploy'}")
                    audit(plane.kubeconfig(), home / "cache", f"against, dry runs {dry_run}", *words)
            print(f"control plane, MiB: {plane.memory()}")
    return 0


def _make(plane: ControlPlane, deployments: int, replicas: int, namespaces: int) -> None:
    started = time.monotonic()
    names = [f"team-{number:02}" for number in range(namespaces)]
    for name in names:
        plane.apply("/api/v1/namespaces", _object("v1", "Namespace", name), "helm")
        accounts = f"/api/v1/namespaces/{name}/serviceaccounts"
        plane.apply(accounts, _object("v1", "ServiceAccount", "default"), "kube-controller-manager")
    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(lambda n: _deploy(plane, names[n % namespaces], f"app-{n:05}", replicas), range(deployments)))
    print(
        f"{deployments} Deployments with {deployments * replicas} Pods: {time.monotonic() - started:.0f} s", flush=True
    )


def _declare(folder: Path, deployments: int, replicas: int, namespaces: int) -> None:
    folder.mkdir()
    for number in range(deployments):
        value = deployment(f"app-{number:05}", replicas)
        value["metadata"]["namespace"] = f"team-{number % namespaces:02}"
        (folder / f"{number}.json").write_text(json.dumps(value))


def _deploy(plane: ControlPlane, namespace: str, name: str, replicas: int) -> None:
    base, by = f"/apis/apps/v1/namespaces/{namespace}", "fieldManager=kube-controller-manager"
    made_by = plane.apply(f"{base}/deployments", deployment(name, replicas), "helm")
    template = deployment(name, replicas)["spec"]["template"]
    labels = {"app": name, "pod-template-hash": _HASH}
    spec = deployment(name, replicas)["spec"] | {"selector": {"matchLabels": labels}}
    spec["template"]["metadata"]["labels"] = labels
    made = _object("apps/v1", "ReplicaSet", f"{name}-{_HASH}", owner=made_by, labels=labels)
    replica_set = plane.call("POST", f"{base}/replicasets?{by}", made | {"spec": spec})
    pods = f"/api/v1/namespaces/{namespace}/pods"
    for number in range(replicas):
        made = _object("v1", "Pod", f"{name}-{_HASH}-{number}", owner=replica_set, labels=labels)
        pod = {**template["spec"], "nodeName": f"node-{number}"}
        plane.call("POST", f"{pods}?{by}", made | {"spec": pod})
        path = f"{pods}/{made['metadata']['name']}/status?fieldManager=kubelet"
        plane.call("PATCH", path, {"status": _status(pod)}, "application/merge-patch+json")


def _status(pod: Object) -> Object:
    """What a kubelet reports of a Pod that runs."""
    (container,) = pod["containers"]
    image, started = container["image"], time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    digest = hashlib.sha256(image.encode()).hexdigest()
    status = {
        "name": container["name"],
        "image": image,
        "imageID": f"{image.rpartition(':')[0]}@sha256:{digest}",
        "containerID": f"containerd://{digest}",
        "ready": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": started}},
    }
    return {"phase": "Running", "startTime": started, "containerStatuses": [status]}


def _object(version: str, kind: str, name: str, *, owner: Object | None = None, **metadata: object) -> Object:
    if owner is not None:
        reference = {key: owner[key] for key in ("apiVersion", "kind")} | {"controller": True}
        reference |= {key: owner["metadata"][key] for key in ("name", "uid")}
        metadata["ownerReferences"] = [reference]
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **metadata}}


def deployment(name: str, replicas: int) -> Object:
    """A Deployment as a team might write it."""
    container = {
        "name": "app",
        "image": f"registry.example.com/team/{name}:v1.0.0",
        "ports": [{"name": "http", "containerPort": 8080}],
        "env": [{"name": "LOG_LEVEL", "value": "info"}],
        "resources": {"requests": {"cpu": "1m", "memory": "1Mi"}, "limits": {"memory": "64Mi"}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
        "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True},
    }
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    return _object("apps/v1", "Deployment", name) | {"spec": spec}


def audit(kubeconfig: Path, cache: Path, run: str, *options: str) -> None:
    """Audit in a process of its own, and print what it took."""
    file = kubeconfig.with_name("result.json")
    command = [sys.executable, "-m", "compliance", "audit", "-q", "-o", f"json={file}", "--qps=1000"]
    command += ["--log-format=none", *options]
    env = {**os.environ, "KUBECONFIG": str(kubeconfig), "XDG_CACHE_HOME": str(cache)}
    started = time.monotonic()
    process = os.posix_spawn(sys.executable, command, env)
    _, status, used = os.wait4(process, 0)
    wall = time.monotonic() - started
    result = json.loads(file.read_bytes())
    (cluster,) = result["clusters"]
    rules = sum(count > 0 for count in result["judged"].values())
    print(
        f"{run}: exit code {os.waitstatus_to_exitcode(status)}, "
        f"{wall:.1f} s ({used.ru_utime + used.ru_stime:.1f} CPU-s), {used.ru_maxrss // 1024} MiB, "
        f"{cluster['requests']} requests, {cluster['objects']} objects, {cluster['copies']} copies, "
        f"{result['subjects']} subjects, {rules} rules, {len(result['findings'])} findings, "
        f"{len(result['gaps'])} gaps, load {os.getloadavg()[0]:.0f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
