"""A scripted API server on loopback: discovery, paged lists with continue tokens, and whatever fault a test asks for.

It keeps to what the API concepts say of lists (order, tokens, 410 with a token for the rest), of server-side apply by
one manager, and of deletes with a precondition; and to nothing else: what depends on a real server is tested on one,
in tests/real/.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    import ssl
    from datetime import datetime
    from pathlib import Path

Object = dict[str, Any]

_AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


@dataclass(frozen=True, slots=True)
class Served:
    """A kind that the server serves."""

    group: str
    version: str
    kind: str
    resource: str
    namespaced: bool = True
    short: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        """`apps/v1`, or `v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def described(self, *, aggregated: bool) -> Object:
        """The kind as discovery tells it."""
        if aggregated:
            said = {"group": self.group, "version": self.version, "kind": self.kind}
            scope = "Namespaced" if self.namespaced else "Cluster"
            return {
                "resource": self.resource,
                "responseKind": said,
                "scope": scope,
                "singularResource": self.kind.lower(),
                "shortNames": list(self.short),
                "verbs": ["get", "list"],
            }
        return {
            "name": self.resource,
            "singularName": self.kind.lower(),
            "shortNames": list(self.short),
            "kind": self.kind,
            "namespaced": self.namespaced,
            "verbs": ["get", "list"],
        }


USUAL = (
    Served("", "v1", "Namespace", "namespaces", namespaced=False, short=("ns",)),
    Served("", "v1", "Pod", "pods", short=("po",)),
    Served("", "v1", "Secret", "secrets"),
    Served("", "v1", "ConfigMap", "configmaps"),
    Served("", "v1", "Service", "services"),
    Served("", "v1", "Event", "events", short=("ev",)),
    Served("apps", "v1", "Deployment", "deployments", short=("deploy",)),
    Served("apps", "v1", "ReplicaSet", "replicasets"),
    Served("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", short=("netpol",)),
    Served("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", namespaced=False),
)
REPORTS = (
    Served("wgpolicyk8s.io", "v1alpha2", "PolicyReport", "policyreports"),
    Served("wgpolicyk8s.io", "v1alpha2", "ClusterPolicyReport", "clusterpolicyreports", namespaced=False),
    Served("openreports.io", "v1alpha1", "Report", "reports"),
    Served("openreports.io", "v1alpha1", "ClusterReport", "clusterreports", namespaced=False),
)
"""What may be served beside the usual kinds."""


@dataclass(slots=True)
class Request:
    """What a client asked for."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    target: str = ""
    method: str = "GET"
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    """What a fault makes of a request: a status with a Status object, after a while; None hangs up.

    `chunks` makes a body that is sent in these parts, for as long as somebody reads it.
    """

    status: int | None
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: Object | bytes | None = None
    delay: float = 0.0
    cut: bool = False
    chunks: Callable[[], Iterator[bytes]] | None = None


Fault = Callable[[Request], Answer | None]


class ApiServer:
    """What the server holds and how it behaves; `address` is its URL."""

    def __init__(self, kinds: tuple[Served, ...] = USUAL) -> None:
        self.kinds = kinds
        self.aggregated = True
        self.stale: frozenset[str] = frozenset()
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.page: int | None = None
        self.clock: Callable[[], datetime] | None = None
        self.address = ""
        self._objects: dict[tuple[str, str], list[Object]] = {}

    def add(self, *values: Object) -> None:
        """Hold these objects, as an etcd would order them."""
        for value in values:
            kind = next(
                one for one in self.kinds if (one.api_version, one.kind) == (value["apiVersion"], value["kind"])
            )
            held = self._objects.setdefault((kind.group, kind.resource), [])
            held.append({key: part for key, part in value.items() if key not in {"apiVersion", "kind"}})
            held.sort(key=_key)

    def clear(self) -> None:
        """Hold nothing, and do as asked."""
        self._objects.clear()
        self.faults.clear()

    def remove(self, group: str, resource: str, name: str) -> None:
        """Hold an object no more."""
        held = self._objects[group, resource]
        held[:] = [value for value in held if value["metadata"]["name"] != name]

    def fail(self, path: str, answer: Answer, *, times: int = 1, after: int = 0) -> None:
        """Answer so to the next requests whose path ends with `path`, once `after` of them were let through."""
        left = [after, times]

        def fault(request: Request) -> Answer | None:
            if not request.path.endswith(path):
                return None
            number = 0 if left[0] else 1
            if left[number] <= 0:
                return None
            left[number] -= 1
            return answer if number else None

        self.faults.append(fault)

    def held(self, group: str, resource: str) -> list[Object]:
        """What it holds of a kind."""
        return self._objects.get((group, resource), [])

    def writes(self) -> list[tuple[str, str]]:
        """The requests that were no reading: method and path, in order."""
        return [(request.method, request.path) for request in self.requests if request.method != "GET"]

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests]

    def answer(self, request: Request) -> Answer:
        """What a request gets."""
        answer = self._answer(request)
        if self.clock is not None:
            answer.headers["Date"] = format_datetime(self.clock(), usegmt=True)
        return answer

    def _answer(self, request: Request) -> Answer:
        self.requests.append(request)
        for fault in self.faults:
            if (made := fault(request)) is not None:
                return made
        if request.method != "GET":
            return self._write(request) or Answer(404, "the server could not find the requested resource")
        if request.path == "/version":
            return Answer(200, body={"major": "1", "minor": "34+", "gitVersion": "v1.34.9"})
        if request.path in {"/api", "/apis"}:
            return Answer(200, body=self._roots(request))
        return self._list(request) or Answer(404, "the server could not find the requested resource")

    def _roots(self, request: Request) -> Object:
        core = request.path == "/api"
        groups: dict[str, dict[str, list[Served]]] = {}
        for kind in self.kinds:
            if (kind.group == "") == core:
                groups.setdefault(kind.group, {}).setdefault(kind.version, []).append(kind)
        if self.aggregated and _AGGREGATED in request.headers.get("Accept", ""):
            items = [
                {
                    "metadata": {"name": group},
                    "versions": [
                        {
                            "version": version,
                            "freshness": "Stale" if group in self.stale else "Current",
                            "resources": [kind.described(aggregated=True) for kind in kinds],
                        }
                        for version, kinds in versions.items()
                    ],
                }
                for group, versions in groups.items()
            ]
            return {"kind": "APIGroupDiscoveryList", "items": items}
        if core:
            return {"kind": "APIVersions", "versions": list(groups.get("", {}))}
        listed = [
            {
                "name": group,
                "versions": [{"version": version} for version in versions],
                "preferredVersion": {"version": next(iter(versions))},
            }
            for group, versions in groups.items()
        ]
        return {"kind": "APIGroupList", "groups": listed}

    def _list(self, request: Request) -> Answer | None:
        for kind in self.kinds:
            base = f"/apis/{kind.api_version}" if kind.group else f"/api/{kind.version}"
            if request.path == base:
                listed = [one.described(aggregated=False) for one in self.kinds if one.api_version == kind.api_version]
                return Answer(200, body={"kind": "APIResourceList", "resources": listed})
            if request.path == f"{base}/{kind.resource}":
                return self._page(self._objects.get((kind.group, kind.resource), []), request.query)
            if not kind.namespaced and (one := self._one(kind, request.path.removeprefix(f"{base}/"))):
                return Answer(200, body=one)
            start, end = f"{base}/namespaces/", f"/{kind.resource}"
            if request.path.startswith(start) and request.path.endswith(end):
                namespace = request.path[len(start) : -len(end)]
                held = self._objects.get((kind.group, kind.resource), [])
                return self._page([one for one in held if one["metadata"].get("namespace") == namespace], request.query)
        return None

    def _one(self, kind: Served, path: str) -> Object | None:
        held = self._objects.get((kind.group, kind.resource), [])
        found = (one for one in held if f"{kind.resource}/{one['metadata']['name']}" == path)
        return next(({"apiVersion": kind.api_version, "kind": kind.kind, **one} for one in found), None)

    def _write(self, request: Request) -> Answer | None:
        for kind in self.kinds:
            start = f"/apis/{kind.api_version}/" if kind.group else f"/api/{kind.version}/"
            *place, resource, name = request.path.removeprefix(start).split("/")
            if not request.path.startswith(start) or resource != kind.resource or bool(place) != kind.namespaced:
                continue
            held = self._objects.setdefault((kind.group, kind.resource), [])
            of_place = [one for one in held if one["metadata"].get("namespace") == (place[-1] if place else None)]
            found = next((one for one in of_place if one["metadata"]["name"] == name), None)
            if request.method == "DELETE":
                return self._delete(held, found, request)
            return self._apply(kind, found, request)
        return None

    def _delete(self, held: list[Object], found: Object | None, request: Request) -> Answer:
        if found is None:
            return Answer(404, "not found")
        if json.loads(request.body)["preconditions"]["uid"] != found["metadata"]["uid"]:
            return Answer(409, "the UID in the precondition does not match")
        held.remove(found)
        return Answer(200, body={"kind": "Status", "status": "Success"})

    def _apply(self, kind: Served, found: Object | None, request: Request) -> Answer:
        value = json.loads(request.body)
        uid = found["metadata"]["uid"] if found else f"made-{len(self.requests)}"
        value["metadata"] |= {"uid": uid}
        fields: Object = {f"f:{key}": {} for key in value.keys() - {"apiVersion", "kind"}}
        manager = request.query["fieldManager"]
        value["metadata"]["managedFields"] = [{"manager": manager, "operation": "Apply", "fieldsV1": fields}]
        if found:
            self._objects[kind.group, kind.resource].remove(found)
        self.add(value)
        return Answer(200 if found else 201, body=value)

    def _page(self, held: list[Object], query: dict[str, str]) -> Answer:
        held = [value for value in held if _selected(value, query)]
        behind = query.get("continue", "").partition(":")[2]
        rest = [value for value in held if not behind or _key(value) > behind]
        limit = min(int(query.get("limit", len(rest) or 1)), self.page or len(rest) or 1)
        page, more = rest[:limit], len(rest) > limit
        metadata = {"resourceVersion": "7", **({"continue": f"7:{_key(page[-1])}"} if more else {})}
        return Answer(200, body={"kind": "List", "metadata": metadata, "items": page})

    def kubeconfig(self, file: Path, user: Object | None = None) -> str:
        """Write a kubeconfig with the contexts `test` and `again` of the cluster `unit`."""
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "unit", "cluster": {"server": self.address}}],
            "users": [{"name": "somebody", "user": user or {"token": "a-token"}}],
            "contexts": [
                {"name": name, "context": {"cluster": "unit", "user": "somebody"}} for name in ("test", "again")
            ],
        }
        file.write_text(json.dumps(config))
        return str(file)


def _key(value: Object) -> str:
    metadata = value["metadata"]
    return f"{metadata['namespace']}/{metadata['name']}" if "namespace" in metadata else str(metadata["name"])


def _selected(value: Object, query: dict[str, str]) -> bool:
    metadata = value["metadata"]
    terms = [term for term in query.get("fieldSelector", "").split(",") if term]
    excluded = [term.partition("!=")[2] for term in terms if "!=" in term]
    types = [term.partition("=")[2] for term in terms if term.startswith("type=")]
    names = [term.partition("=")[2] for term in terms if "!=" not in term and not term.startswith("type=")]
    labels = dict(term.split("=") for term in query.get("labelSelector", "").split(",") if term)
    if (names and metadata["name"] not in names) or (types and value.get("type") not in types):
        return False
    return metadata.get("namespace") not in excluded and labels.items() <= metadata.get("labels", {}).items()


class Answering(Protocol):
    """What can be served; `address` is told to it."""

    address: str

    def answer(self, request: Request) -> Answer:
        """What a request gets."""


_Answers = TypeVar("_Answers", bound=Answering)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Say nothing of clients that hang up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _request(handler: BaseHTTPRequestHandler) -> Request:
    parts = urlsplit(handler.path)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    return Request(parts.path, query, dict(handler.headers.items()), handler.path, handler.command, body)


def _body(answer: Answer) -> bytes:
    status = {"kind": "Status", "code": answer.status, "message": answer.message}
    return answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body or status).encode()


class _Handler(BaseHTTPRequestHandler):
    """Hands requests to what is served; `serving` makes a class of its own for each."""

    answering: Answering
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body would wait 40 ms for a client to acknowledge the head

    def do_GET(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        answer = self.answering.answer(_request(self))
        time.sleep(answer.delay)
        if answer.status is None:
            self.close_connection = True
            return
        body = _body(answer)
        self.send_response_only(answer.status)
        self.send_header("Date", answer.headers.pop("Date", self.date_time_string()))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.chunks is not None:
            self._send_chunks(answer.chunks())
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if answer.cut else body)
        self.close_connection = answer.cut

    def _send_chunks(self, chunks: Iterator[bytes]) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        with suppress(ConnectionError):
            for chunk in chunks:
                self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(server: _Answers, tls: ssl.SSLContext | None = None) -> Iterator[_Answers]:
    """Serve for the length of a block."""
    handler = type("Handler", (_Handler,), {"answering": server})
    with _Server(("127.0.0.1", 0), handler) as listening:
        if tls is not None:
            listening.socket = tls.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
        server.address = f"{'http' if tls is None else 'https'}://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
