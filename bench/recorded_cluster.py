"""Times `compliance audit` on a cluster of any size: python bench/recorded_cluster.py [--pods 10000 50000 100000].

One namespace of a real API server, with the good example's Deployment in twenty copies whose Pods the real controllers
made, is recorded, answer by answer. A server of its own process then replays it as many times as the Pods need, page by
page under new names and uids, so that only the audit is measured; and, as next to nothing is wrong, only its reading
and judging. Needs the control plane that `make tools` builds.
"""

from __future__ import annotations

import argparse
import copy
import json
import multiprocessing
import re
import sys
import tempfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import yaml

_ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(_ROOT / "tests" / "support"), str(_ROOT / "tests" / "real" / "tools")]

import control_plane  # noqa: E402 - found by the lines above
import install  # noqa: E402 - likewise
from clusters import audit  # noqa: E402 - beside this file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from control_plane import ControlPlane

Object = dict[str, Any]

_RECORDED: Final = "recorded"
_DEPLOYMENTS: Final = 20
_REPLICAS: Final = 5
_PODS: Final = _DEPLOYMENTS * _REPLICAS
_AGGREGATED: Final = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_UID: Final = re.compile(r'"([0-9a-f]{8})(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"')


@dataclass(slots=True)
class Recording:
    """Answers by path: whole ones, and the items of lists of namespaced kinds, as JSON texts in the order of names."""

    whole: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, list[str]]] = field(default_factory=dict)


def main() -> int:
    """Record, and audit what is replayed in each size."""
    parser = argparse.ArgumentParser(description="Time an audit of a recorded cluster of any size.")
    parser.add_argument("--pods", type=int, nargs="+", default=[10_000, 20_000, 50_000, 100_000])
    options = parser.parse_args()
    programs = {name: install.install(name) for name in control_plane.PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with control_plane.running(programs, home / "plane") as plane:
            recording = _record(plane)
        for pods in options.pods:
            _replay(recording, pods, home)
    return 0


def _record(plane: ControlPlane) -> Recording:
    plane.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(_example()))
    path = f"/apis/apps/v1/namespaces/{_RECORDED}/deployments"
    plane.wait_for(path, lambda found: all(map(_is_available, found["items"])), 300.0)
    recording = Recording({"/version": json.dumps(plane.call("GET", "/version"))})
    for root in ("/api", "/apis"):
        groups = plane.call("GET", root, accept=_AGGREGATED)
        recording.whole[root] = json.dumps(groups)
        for path, resource in _resources(root, groups):
            _record_list(plane, recording, path, namespaced=resource["scope"] == "Namespaced")
    return recording


def _example() -> list[Object]:
    """The good example without its database and quota, with its Deployment in copies, and the Secret that it mounts."""
    found: list[Object] = []
    for name in ("namespace", "app", "config", "network"):
        file = _ROOT / "examples" / "good" / "kubernetes" / f"{name}.yaml"
        found.extend(yaml.safe_load_all(file.read_text()))
    (app,) = (value for value in found if value["kind"] == "Deployment")
    found = [value for value in found if value["kind"] not in {"Deployment", "ResourceQuota"}]
    found.extend(_copy(app, f"app-{number:02}") for number in range(_DEPLOYMENTS))
    labels = {"app.kubernetes.io/part-of": "shop", "team": "checkout"}
    secret = {"apiVersion": "v1", "kind": "Secret", "immutable": True, "stringData": {"password": "correct-horse"}}
    found.append({**secret, "metadata": {"name": "app-credentials-20261101", "namespace": "shop", "labels": labels}})
    for value in found:
        value["metadata"]["namespace" if "namespace" in value["metadata"] else "name"] = _RECORDED
    return found


def _copy(app: Object, name: str) -> Object:
    made = copy.deepcopy(app)
    made["metadata"]["name"] = name
    made["spec"]["replicas"] = _REPLICAS
    for labels in (made["spec"]["selector"]["matchLabels"], made["spec"]["template"]["metadata"]["labels"]):
        labels["app.kubernetes.io/instance"] = name
    return made


def _is_available(value: Object) -> bool:
    return bool(value["status"].get("availableReplicas") == _REPLICAS)


def _resources(root: str, groups: Object) -> Iterator[tuple[str, Object]]:
    for group in groups["items"]:
        name = group["metadata"].get("name")
        for version in group["versions"]:
            base = f"{root}/{name}/{version['version']}" if name else f"{root}/{version['version']}"
            yield from ((f"{base}/{one['resource']}", one) for one in version["resources"] if "list" in one["verbs"])


def _record_list(plane: ControlPlane, recording: Recording, path: str, *, namespaced: bool) -> None:
    answer = plane.call("GET", path)
    items = answer.pop("items") or []
    if not namespaced and path != "/api/v1/namespaces":
        recording.whole[path] = json.dumps({**answer, "items": items})
        return
    ours = [one for one in items if _RECORDED in (one["metadata"].get("namespace"), one["metadata"]["name"])]
    texts = [json.dumps(one) for one in sorted(ours, key=lambda one: str(one["metadata"]["name"]))]
    recording.lists[path] = (json.dumps({**answer, "metadata": {"resourceVersion": "1"}}), texts)


def _replay(recording: Recording, pods: int, home: Path) -> None:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(recording, -(-pods // _PODS), theirs), daemon=True
    )
    server.start()
    try:
        address = ours.recv()
        audit(_kubeconfig(home, address), home / f"cache-{pods}", f"{pods:,} Pods")
    finally:
        server.terminate()
        server.join()


def _serve(recording: Recording, namespaces: int, told: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            body = _answer(recording, namespaces, asked.path, query)
            aggregated = asked.path in {"/api", "/apis"}
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", _AGGREGATED if aggregated else "application/json")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """The requests are counted by the audit itself."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.send(f"http://127.0.0.1:{server.server_address[1]}")
        server.serve_forever()


def _answer(recording: Recording, namespaces: int, path: str, query: dict[str, str]) -> bytes | None:
    if path in recording.whole:
        return recording.whole[path].encode()
    if path not in recording.lists:
        return None
    frame, texts = recording.lists[path]
    first, limit = int(query.get("continue", "0")), int(query.get("limit", "500"))
    last = min(first + limit, namespaces * len(texts))
    items = (_renamed(texts[number % len(texts)], number // len(texts)) for number in range(first, last))
    answer: Object = json.loads(frame)
    if last < namespaces * len(texts):
        answer["metadata"]["continue"] = str(last)
    head = json.dumps(answer)
    return f'{head[:-1]}, "items": [{", ".join(items)}]}}'.encode()


def _renamed(text: str, number: int) -> str:
    return _UID.sub(lambda found: f'"{number:08x}{found[2]}"', text.replace(f'"{_RECORDED}"', f'"team-{number:05}"'))


def _kubeconfig(home: Path, address: str) -> Path:
    said = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "recorded",
        "clusters": [{"name": "recorded", "cluster": {"server": address}}],
        "users": [{"name": "nobody", "user": {}}],
        "contexts": [{"name": "recorded", "context": {"cluster": "recorded", "user": "nobody"}}],
    }
    file = home / "recorded.kubeconfig"
    file.touch(mode=0o600)
    file.write_text(json.dumps(said))
    return file


if __name__ == "__main__":
    sys.exit(main())
