"""A scripted API server with a privileged Deployment in each of a few namespaces, and the environment to audit it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from api_server import ApiServer, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Object = dict[str, Any]


def deployment(name: str, namespace: str) -> Object:
    """A Deployment that rules object to."""
    container = {"name": "web", "image": "registry.example/web:1", "securityContext": {"privileged": True}}
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace, "uid": f"{namespace}-{name}"},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": template},
    }


@contextmanager
def small_cluster(namespaces: int = 1, deployments: int = 1) -> Iterator[ApiServer]:
    """Serve it for the length of a block."""
    with serving(ApiServer()) as server:
        for number in range(namespaces):
            name = f"shop-{number:02}"
            server.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "uid": name}})
            server.add(*(deployment(f"web-{each:03}", name) for each in range(deployments)))
        yield server


def environment(server: ApiServer, folder: Path) -> dict[str, str]:
    """What an audit of it needs to find in its environment."""
    return {"KUBECONFIG": server.kubeconfig(folder / "kubeconfig"), "XDG_CACHE_HOME": str(folder / "cache")}
