"""A cluster's objects by kubectl's names: which lists a `Get` comes to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from api_server import USUAL, ApiServer, Served, serving
from shell_rules import namespace, pod

from compliance.errors import ReadError
from compliance.interop.cluster_objects import ClusterObjects
from compliance.interop.kubectl_get import Get
from compliance.model import Subject
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.connection import Access

KINDS = (
    *USUAL,
    Served("events.k8s.io", "v1", "Event", "events", short=("ev",)),
    Served("example.com", "v1alpha1", "Mouse", "mice", short=("mo",)),
)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    with serving(ApiServer(KINDS)) as server:
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        yield server


@pytest.fixture
def client(server: ApiServer) -> Iterator[Client]:
    del server
    made = Client(Access(qps=1000), patience=2.0)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("get", "path", "query"),
    [
        (Get("po"), "/api/v1/namespaces/team/pods", {}),
        (Get("pods", namespace="a"), "/api/v1/namespaces/a/pods", {}),
        (Get("pods", all_namespaces=True), "/api/v1/pods", {}),
        (Get("ns", namespace="a"), "/api/v1/namespaces", {}),
        (Get("deploy.apps", selector="a=b"), "/apis/apps/v1/namespaces/team/deployments", {"labelSelector": "a=b"}),
        (Get("pod", name="x"), "/api/v1/namespaces/team/pods", {"fieldSelector": "metadata.name=x"}),
        (
            Get("po", field_selector="metadata.namespace!=x"),
            "/api/v1/namespaces/team/pods",
            {"fieldSelector": "metadata.namespace!=x"},
        ),
        (Get("mouse"), "/apis/example.com/v1alpha1/namespaces/team/mice", {}),
        (Get("mo"), "/apis/example.com/v1alpha1/namespaces/team/mice", {}),
        (Get("ev"), "/api/v1/namespaces/team/events", {}),
        (Get("events.events.k8s.io"), "/apis/events.k8s.io/v1/namespaces/team/events", {}),
    ],
)
def test_a_get_comes_to_a_list(server: ApiServer, client: Client, get: Get, path: str, query: dict[str, str]) -> None:
    ClusterObjects(client, "team")(get)
    asked = server.requests[-1]
    assert asked.path == path
    assert {key: value for key, value in asked.query.items() if key.endswith("Selector")} == query


def test_items_say_what_they_are_and_where(server: ApiServer, client: Client) -> None:
    server.add(pod("a"), namespace("default"))
    objects = ClusterObjects(client)
    (found,) = objects(Get("pods"))["items"]
    assert (found["apiVersion"], found["kind"], found["metadata"]["name"]) == ("v1", "Pod", "a")
    assert str(objects.origin(Subject("Pod", "a", "default", "unit"))) == "unit/default/Pod/a"
    assert (objects.inputs[0].subjects, objects.readings[0].version) == (1, "v1.34.9")


def test_what_the_cluster_does_not_serve_is_an_error(client: Client) -> None:
    with pytest.raises(ReadError, match="no resource type 'sts'"):
        ClusterObjects(client)(Get("sts"))
