"""What a Pod mounts of its node, sorted by how much of the node it gives away."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.containers import sites
from compliance.sources.kubernetes.fields import flag, mappings, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOCKETS: Final = frozenset(
    {
        "buildkitd.sock",
        "containerd.sock",
        "cri-dockerd.sock",
        "crio.sock",
        "docker.sock",
        "dockershim.sock",
        "podman.sock",
    }
)
_PIPES: Final = ("\\pipe\\docker_engine", "\\pipe\\containerd-containerd")
_SENSITIVE: Final = frozenset(
    {
        "/",
        "/boot",
        "/dev",
        "/etc",
        "/etc/passwd",
        "/etc/shadow",
        "/etc/ssh",
        "/etc/sudoers",
        "/home",
        "/lib",
        "/proc",
        "/root",
        "/run",
        "/run/containerd",
        "/run/crio",
        "/sys",
        "/usr",
        "/var",
        "/var/lib",
        "/var/lib/containerd",
        "/var/lib/docker",
        "/var/lib/kubelet",
    }
)
_SENSITIVE_TREES: Final = ("/etc/kubernetes", "/root", "/var/lib/etcd", "/var/lib/kubelet/pki")


def host_paths(pod: dict[str, Any], at: str) -> Iterator[dict[str, Any]]:
    """Tell each hostPath volume of the pod spec written at `at`.

    `exposes` is the worst of: `runtime_socket` (whoever talks to it owns the node), `sensitive` (a folder of the system
    or of its secrets), `writable` (some container mounts it without `readOnly: true`), `read_only`.
    """
    volumes = [volume for volume in mappings(pod.get("volumes")) if isinstance(volume.get("hostPath"), dict)]
    if not volumes:
        return
    writable = {
        mount.get("name")
        for _, _, container, _ in sites(pod, ())
        for mount in mappings(container.get("volumeMounts"))
        if isinstance(mount.get("name"), str) and not flag(mount.get("readOnly"))
    }
    for volume in volumes:
        name, path = text(volume.get("name")) or "", text(volume["hostPath"].get("path")) or ""
        exposes = _exposes(path) or ("writable" if name in writable else "read_only")
        yield {"name": name, "at": f"{at}.volumes[{name}]", "path": path, "exposes": exposes}


def _exposes(written: str) -> str | None:
    path = _clean(written)
    if posixpath.basename(path) in _SOCKETS or path.endswith(_PIPES):
        return "runtime_socket"
    below = any(path == tree or path.startswith(f"{tree}/") for tree in _SENSITIVE_TREES)
    return "sensitive" if path in _SENSITIVE or below else None


def _clean(path: str) -> str:
    """Without `..`, doubled and trailing slashes; /var/run is a link to /run on every node."""
    if not path.startswith("/"):
        return path
    # POSIX keeps exactly two leading slashes; on Linux they name the root all the same.
    clean = "/" + posixpath.normpath(path).lstrip("/")
    return clean.removeprefix("/var") if f"{clean}/".startswith("/var/run/") else clean
