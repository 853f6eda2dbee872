"""A real Kubernetes control plane on loopback: etcd, API server, controllers, scheduler, and kwok as kubelet.

It is up in 5 to 10 seconds, takes 560 MB, needs neither root nor containers, and ends with its block. Users: `admin`
(system:masters), `viewer` (the ClusterRole view) and `nobody` (no rights), each with a kubeconfig.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import kwok_stages
from cluster_certificates import Authority
from control_plane_flags import flags_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Object = dict[str, Any]

PROGRAMS: Final = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kubectl")
_START_DEADLINE: Final = 120.0
_END_DEADLINE: Final = 10.0
_ATTEMPTS: Final = 3
_NODES: Final = 3
_HOSTS: Final = ("127.0.0.1", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "10.96.0.1")
_USERS: Final = {
    "admin": ("admin", ("system:masters",)),
    "viewer": ("viewer", ("viewers",)),
    "controllers": ("system:kube-controller-manager", ("system:masters",)),
    "scheduler": ("system:kube-scheduler", ()),
    "kwok": ("kwok", ("system:masters",)),
    "kubelet-client": ("kube-apiserver-kubelet-client", ("system:masters",)),
}
_AUDIT: Final = """\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: None
    nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi*", "/api", "/api/*", "/apis", "/apis/*"]
  - level: None
    users: ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver", "kwok"]
  - level: None
    userGroups: ["system:nodes", "system:serviceaccounts:kube-system"]
  - level: Metadata
"""


class NotStartedError(Exception):
    """A part ended or was not ready in time; the message holds the end of its log."""


class ApiError(Exception):
    """The API server answered with an error."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body[:500]}")
        self.status = status


@dataclass(slots=True)
class ControlPlane:
    """A running control plane; `token` is the user nobody's."""

    folder: Path
    programs: Mapping[str, Path]
    ports: Mapping[str, int]
    token: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    flags: Sequence[str] = ()
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _local: threading.local = field(default_factory=threading.local)
    _connections: list[http.client.HTTPSConnection] = field(default_factory=list)
    _starter: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @property
    def url(self) -> str:
        """The API server's address."""
        return f"https://127.0.0.1:{self.ports['apiserver']}"

    @property
    def audit_log(self) -> Path:
        """JSON lines, one for each request that was answered; written before the answer."""
        return self.folder / "audit.log"

    @property
    def authority(self) -> Path:
        """The certificate by which the API server is known."""
        return self.folder / "pki" / "ca.crt"

    def kubeconfig(self, user: str = "admin", *, server: str | None = None) -> Path:
        """Write a kubeconfig of a user, perhaps for a server that stands in between; its cluster is called `test`."""
        pki = self.folder / "pki"
        credentials = {"client-certificate": str(pki / f"{user}.crt"), "client-key": str(pki / f"{user}.key")}
        return self.kubeconfig_with(credentials if user in _USERS else {"token": self.token}, user, server=server)

    def kubeconfig_with(self, credentials: Object, name: str, *, server: str | None = None) -> Path:
        """Write a kubeconfig with these credentials."""
        cluster = {"server": server or self.url, "certificate-authority": str(self.authority)}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": name, "user": credentials}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": name}}],
        }
        file = self.folder / f"{name}{'-between' if server else ''}.kubeconfig"
        file.touch(mode=0o600)
        file.write_text(json.dumps(config))
        return file

    def kubectl(self, *arguments: str, stdin: str | None = None, user: str = "admin") -> str:
        """Run kubectl, which must succeed; what it prints."""
        kubeconfig = self.folder / f"{user}.kubeconfig"
        done = subprocess.run(  # noqa: S603 - the tests' own commands
            [
                self.programs["kubectl"],
                f"--kubeconfig={kubeconfig}",
                f"--cache-dir={self.folder / 'kubectl-cache'}",
                *arguments,
            ],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"kubectl {arguments}: {done.stderr}"
        return done.stdout

    def call(
        self, method: str, path: str, body: object = None, kind: str = "application/json", accept: str = "*/*"
    ) -> Object:
        """Ask the API server as admin.

        Raises:
            ApiError: it answers with an error.
        """
        data = None if body is None else json.dumps(body)
        try:
            return self._call(method, path, data, kind, accept)
        except (http.client.HTTPException, ConnectionError, ssl.SSLError):
            self._local.connection.close()  # an idle connection that the server has closed meanwhile
            return self._call(method, path, data, kind, accept)

    def _call(self, method: str, path: str, data: str | None, kind: str, accept: str) -> Object:
        if not hasattr(self._local, "connection"):
            context = ssl.create_default_context(cafile=str(self.authority))
            context.load_cert_chain(self.folder / "pki" / "admin.crt", self.folder / "pki" / "admin.key")
            port = self.ports["apiserver"]
            self._local.connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=60)
            self._connections.append(self._local.connection)
        connection = self._local.connection
        connection.request(method, path, data, {"Content-Type": kind, "Accept": accept})
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status >= http.client.BAD_REQUEST:
            raise ApiError(answer.status, text)
        found: Object = json.loads(text) if text.startswith("{") else {}
        return found

    def apply(self, path: str, value: Object, manager: str = "tests") -> Object:
        """Apply an object on the server's side; `path` is that of its list."""
        query = urlencode({"fieldManager": manager, "force": "true"})
        target = f"{path}/{value['metadata']['name']}?{query}"
        return self.call("PATCH", target, value, "application/apply-patch+yaml")

    def namespace(self, name: str) -> str:
        """Make a namespace, and wait until Pods may be made in it."""
        self.apply("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        self.wait_for(f"/api/v1/namespaces/{name}/serviceaccounts/default", lambda _: True)
        return name

    def wait_for(self, path: str, ready: Callable[[Object], bool], deadline: float = 60.0) -> Object:
        """Ask for a path until it is there and as it should be."""
        end = time.monotonic() + deadline
        while True:
            with suppress(ApiError, OSError, http.client.HTTPException):
                if ready(found := self.call("GET", path)):
                    return found
            self.check()
            assert time.monotonic() < end, f"{path} is not as it should be in {deadline} s"
            time.sleep(0.05)

    def compact_etcd(self) -> None:
        """Forget older revisions, as the API server does every five minutes; tokens of lists on their way expire."""
        status = self._etcd("/v3/maintenance/status", {})
        self._etcd("/v3/kv/compaction", {"revision": status["header"]["revision"], "physical": True})

    def _etcd(self, path: str, body: Object) -> Object:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["etcd"], timeout=30)
        connection.request("POST", path, json.dumps(body))
        answer = connection.getresponse()
        found: Object = json.loads(answer.read())
        connection.close()
        assert answer.status == http.client.OK, found
        return found

    def log(self, name: str) -> str:
        """What a part has written."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def check(self) -> None:
        """Raise NotStartedError when a part has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise NotStartedError(f"{name} ended with {process.returncode}:\n{self.log(name)[-3000:]}")

    def start(self, name: str) -> None:
        """Start a part, perhaps again, and do not wait for it."""
        # What is to die with us dies with the thread that started it: one that lives as long as we do.
        self._processes[name] = self._starter.submit(self._start, name).result()

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        setpriv = shutil.which("setpriv")
        with_us = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
        with log:
            return subprocess.Popen(  # noqa: S603 - the tests' own commands
                [*with_us, self.programs[name], *flags_of(self.ports, self.flags)[name]],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """End a part at once."""
        process = self._processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(_END_DEADLINE)

    def wait_until_ready(self) -> None:
        """Wait for the API server."""
        self.wait_for("/readyz", lambda _: True, _START_DEADLINE)

    def memory(self) -> dict[str, int]:
        """The resident size of each part, in MiB."""
        found = {}
        for name, process in self._processes.items():
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            found[name] = next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))
        return found

    def stop(self) -> None:
        """End all parts, the one that others need last."""
        for name in reversed([name for name in PROGRAMS if name in self._processes]):
            process = self._processes.pop(name)
            for wish in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, wish)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_END_DEADLINE)
                    break
        self._starter.shutdown()
        for connection in self._connections:
            connection.close()


@contextmanager
def running(
    programs: Mapping[str, Path], folder: Path, flags: Sequence[str] = (), *, alone: bool = False
) -> Iterator[ControlPlane]:
    """Run a control plane for the length of a block; `flags` are added to the API server's.

    `alone`: etcd and the API server only, where objects are to stay as they are made.

    Raises:
        NotStartedError: a part does not start.
    """
    for attempt in range(_ATTEMPTS):
        plane = ControlPlane(folder / f"attempt-{attempt}", programs, _free_ports(), flags=flags)
        try:
            _start(plane, alone=alone)
        except NotStartedError as error:
            plane.stop()
            # Between finding a free port and using it, another process may take it.
            if "address already in use" not in str(error) or attempt == _ATTEMPTS - 1:
                raise
            continue
        except BaseException:
            plane.stop()
            raise
        try:
            yield plane
        finally:
            plane.stop()
        return


def _free_ports() -> dict[str, int]:
    names = ("etcd", "peer", "apiserver", "controllers", "scheduler", "kubelet")
    sockets = [socket.socket() for _ in names]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = {name: one.getsockname()[1] for name, one in zip(names, sockets, strict=True)}
    for one in sockets:
        one.close()
    return ports


def _start(plane: ControlPlane, *, alone: bool) -> None:
    _write_files(plane)
    plane.start("etcd")
    plane.start("kube-apiserver")
    plane.wait_until_ready()
    if not alone:
        _start_controllers(plane)


def _start_controllers(plane: ControlPlane) -> None:
    for name in ("kube-controller-manager", "kube-scheduler", "kwok"):
        plane.start(name)
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "viewers"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
        "subjects": [{"kind": "Group", "name": "viewers", "apiGroup": "rbac.authorization.k8s.io"}],
    }
    plane.wait_for("/apis/rbac.authorization.k8s.io/v1/clusterroles/view", lambda _: True)
    plane.apply("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding)
    for number in range(_NODES):
        labels = {"kubernetes.io/hostname": f"node-{number}", "topology.kubernetes.io/zone": f"z{number}"}
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"node-{number}", "labels": labels}}
        plane.apply("/api/v1/nodes", node)
        plane.wait_for(f"/api/v1/nodes/node-{number}", _is_ready)
    plane.wait_for("/api/v1/namespaces/default/serviceaccounts/default", lambda _: True)


def _is_ready(node: Object) -> bool:
    conditions = node["status"].get("conditions", [])
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def _write_files(plane: ControlPlane) -> None:
    plane.folder.mkdir(mode=0o700, parents=True)
    authority = Authority(plane.folder / "pki")
    authority.issue("apiserver", "kube-apiserver", hosts=_HOSTS)
    authority.issue("kubelet", "kubelet", hosts=("127.0.0.1",))
    for name, (user, groups) in _USERS.items():
        authority.issue(name, user, groups=groups)
        plane.kubeconfig(name)
    plane.kubeconfig("nobody")
    tokens = plane.folder / "tokens.csv"
    tokens.touch(mode=0o600)
    tokens.write_text(f"{plane.token},nobody,nobody\n")
    (plane.folder / "audit.yaml").write_text(_AUDIT)
    kwok_stages.write(plane.folder / "kwok.yaml")
