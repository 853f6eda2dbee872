"""A cluster's objects by kubectl's names: which kind, namespace and selectors a `Get` comes to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from compliance.errors import ReadError
from compliance.interop.cluster_objects import ClusterObjects, ServedKind
from compliance.interop.kubectl_get import Get


@dataclass(frozen=True)
class Kind:
    """A kind that the cluster serves."""

    group: str
    version: str
    kind: str
    resource: str
    namespaced: bool = True


KINDS = (
    Kind("", "v1", "Pod", "pods"),
    Kind("", "v1", "Namespace", "namespaces", namespaced=False),
    Kind("", "v1", "Event", "events"),
    Kind("events.k8s.io", "v1", "Event", "events"),
    Kind("apps", "v1", "Deployment", "deployments"),
    Kind("example.com", "v1alpha1", "Mouse", "mice"),
)


@dataclass
class Cluster:
    """Remembers what it was asked for, and holds one object of everything."""

    asked: list[tuple[str, str | None, dict[str, str]]] = field(default_factory=list)

    def __call__(
        self, kind: ServedKind, namespace: str | None, selectors: Mapping[str, str]
    ) -> Iterable[dict[str, Any]]:
        """Give the one object."""
        self.asked.append((kind.resource, namespace, dict(selectors)))
        yield {"metadata": {"name": "x"}}


@pytest.mark.parametrize(
    ("get", "asked"),
    [
        (Get("po"), ("pods", "team", {})),
        (Get("pods", namespace="a"), ("pods", "a", {})),
        (Get("pods", all_namespaces=True), ("pods", None, {})),
        (Get("ns", namespace="a"), ("namespaces", None, {})),
        (Get("deploy.apps", selector="a=b"), ("deployments", "team", {"labelSelector": "a=b"})),
        (Get("pod", name="x"), ("pods", "team", {"fieldSelector": "metadata.name=x"})),
        (Get("po", field_selector="status.phase=Failed"), ("pods", "team", {"fieldSelector": "status.phase=Failed"})),
        (Get("mouse"), ("mice", "team", {})),
    ],
)
def test_a_get_comes_to_a_list(get: Get, asked: tuple[str, str | None, dict[str, str]]) -> None:
    cluster = Cluster()
    ClusterObjects(KINDS, cluster, "team")(get)
    assert cluster.asked == [asked]


def test_items_say_what_they_are() -> None:
    objects = ClusterObjects(KINDS, Cluster())
    assert objects(Get("deploy"))["items"] == [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}}
    ]
    assert objects(Get("ev"))["items"][0]["apiVersion"] == "v1"
    assert objects(Get("events.events.k8s.io"))["items"][0]["apiVersion"] == "events.k8s.io/v1"


def test_what_the_cluster_does_not_serve_is_an_error() -> None:
    with pytest.raises(ReadError, match="no resource type 'netpol'"):
        ClusterObjects(KINDS, Cluster())(Get("netpol"))
