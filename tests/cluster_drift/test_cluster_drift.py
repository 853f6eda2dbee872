"""Drift beside the reading of a cluster: what is read for it, what is missing, and what a dry run may say."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import live_objects as objects
import pytest
from api_server import USUAL, Answer, ApiServer, Request, Served

from compliance.cluster_drift.companion import ClusterDrift, Material
from compliance.cluster_drift.declared import DeclaredObjects
from compliance.sources.cluster.source import ClusterSource
from compliance.sources.cluster.walk import Selection
from compliance.sources.drift.field_types import FieldTypes
from compliance.sources.drift.pairing import Declared
from compliance.sources.drift.terms import Terms
from compliance.sources.kubernetes.schema import KubernetesSchemas

if TYPE_CHECKING:
    from compliance.model import Facts, Gap
    from compliance.sources.cluster.client import Client

Object = dict[str, Any]

_SHOP = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "uid": "n"}}


@pytest.fixture(scope="session")
def terms() -> Terms:
    now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    return Terms(now, FieldTypes(KubernetesSchemas()), resolve_tags=False)


def _material(terms: Terms, *values: Object, **more: Any) -> Material:  # noqa: ANN401 - fields of Material
    declared = DeclaredObjects(tuple(Declared(value, "deploy.yaml") for value in values))
    settings = {"terms": terms, "selection": Selection(), "declared": lambda _client: declared, "dry_run": False}
    return Material(**{**settings, **more})


class _Told:
    """What an audit with drift alone tells: by kind and name."""

    def __init__(self, client: Client, material: Material) -> None:
        self.companion = ClusterDrift(client, material)
        source = ClusterSource(client, (), material.selection, [self.companion])
        self.facts: dict[str, Facts] = {
            f"{one.subject.kind} {one.subject.name}": one for one in source.facts() if one.schema == "live_object"
        }
        self.gaps: list[Gap] = source.told.gaps
        self.passed_over = [one.why for one in source.told.passed_over]

    def presence(self) -> dict[str, str]:
        return {name: one.body["presence"] for name, one in self.facts.items()}


def _map(name: str, namespace: str | None = "shop") -> Object:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "b"}}


def test_what_is_in_the_cluster_is_told_and_what_is_not_is_missing(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    server.add(_SHOP, *objects.shop(), _map("by-hand"))
    told = _Told(client, _material(terms, objects.declared(), _map("gone"), _map("elsewhere", "nowhere"), _SHOP))

    assert told.presence() == {
        "Deployment web": "both",
        "ConfigMap settings": "unmanaged",
        "ConfigMap by-hand": "unmanaged",
        "ConfigMap gone": "missing",
        "ConfigMap elsewhere": "missing",
        "Namespace shop": "both",
    }
    assert told.gaps == []


def test_what_may_not_be_read_is_not_missing(server: ApiServer, client: Client, terms: Terms) -> None:
    server.add(_SHOP)
    server.fail("/configmaps", Answer(403, "configmaps is forbidden"), times=9)

    told = _Told(client, _material(terms, _map("gone")))

    assert "ConfigMap gone" not in told.presence()
    assert [gap.rule for gap in told.gaps] == [None, "drift.missing_in_cluster"]


def test_a_kind_that_is_not_served_is_missing_unless_its_server_is_down(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    server.add(_SHOP)
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "namespace": "shop"}}
    assert _Told(client, _material(terms, widget)).presence()["Widget w"] == "missing"

    server.kinds = (*USUAL, Served("example.com", "v1", "Gadget", "gadgets"))
    server.stale = frozenset({"example.com"})
    told = _Told(client, _material(terms, widget))
    assert "Widget w" not in told.presence()
    assert "drift.missing_in_cluster" in {gap.rule for gap in told.gaps}


@pytest.mark.parametrize(
    "selection",
    [Selection(excluded=("kube-system",)), Selection(namespaces=("shop",)), Selection(selector="team=shop")],
)
def test_namespaces_that_are_left_out_on_purpose_miss_nothing(
    server: ApiServer, client: Client, terms: Terms, selection: Selection
) -> None:
    shop = copy.deepcopy(_SHOP)
    shop["metadata"] = {**_SHOP["metadata"], "labels": {"team": "shop"}}  # type: ignore[dict-item] # JSON
    server.add(shop, {**_SHOP, "metadata": {"name": "kube-system", "uid": "k"}})

    told = _Told(client, _material(terms, _map("gone"), _map("other", "kube-system"), selection=selection))

    missing = [name for name, presence in told.presence().items() if presence == "missing"]
    assert (missing, told.gaps) == (["ConfigMap gone"], [])


def test_silence_means_nothing_where_not_all_that_is_declared_could_be_read(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    server.add(_SHOP, _map("by-hand"))
    partly = DeclaredObjects((Declared(_map("gone"), "deploy.yaml"),), complete=False)

    told = _Told(client, _material(terms, declared=lambda _client: partly))

    assert told.presence() == {
        "Namespace shop": "not_compared",
        "ConfigMap by-hand": "not_compared",
        "ConfigMap gone": "missing",
    }
    assert [(gap.about, gap.rule) for gap in told.gaps] == [
        ("unit", "drift.field_differs"),
        ("unit", "drift.unmanaged"),
    ]


def test_a_namespace_that_is_being_deleted_misses_nothing(server: ApiServer, client: Client, terms: Terms) -> None:
    server.add({**_SHOP, "metadata": {"name": "shop", "uid": "n", "deletionTimestamp": "2026-11-19T00:00:00Z"}})
    assert _Told(client, _material(terms, _map("gone"))).presence() == {}


def test_what_names_no_namespace_lands_in_the_one_that_is_named_or_the_current_one(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    server.add(_SHOP, {**_SHOP, "metadata": {"name": "default", "uid": "d"}})
    settings = _map("settings", None)
    told = _Told(client, _material(terms, settings))
    assert told.facts["ConfigMap settings"].subject.namespace == "default"
    told = _Told(client, _material(terms, settings, selection=Selection(("shop",))))
    assert told.facts["ConfigMap settings"].subject.namespace == "shop"


def test_kinds_without_a_namespace_are_those_that_the_server_says(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    server.kinds = (*USUAL, Served("example.com", "v1", "Widget", "widgets", namespaced=False))
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}
    server.add(_SHOP, widget)
    assert _Told(client, _material(terms, widget)).presence()["Widget w"] == "both"


def test_what_clusters_write_down_is_read_only_where_it_is_declared(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    event = {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "shop"}}
    server.add(_SHOP, event)
    _Told(client, _material(terms, _map("x")))
    assert "/api/v1/events" not in server.paths()
    assert _Told(client, _material(terms, event)).presence()["Event e"] == "both"


# --- dry runs


def _patches(server: ApiServer) -> list[Request]:
    return [request for request in server.requests if request.method == "PATCH"]


def _answering(server: ApiServer, answer: Answer) -> None:
    server.faults.append(lambda request: answer if request.method == "PATCH" else None)


def _shop(server: ApiServer) -> None:
    server.add(_SHOP, *objects.shop())


def test_a_dry_run_says_what_would_change(server: ApiServer, client: Client, terms: Terms) -> None:
    _shop(server)
    after = objects.deployment()
    after["spec"]["paused"] = True
    _answering(server, Answer(200, body=after))

    told = _Told(client, _material(terms, objects.declared(), dry_run=True))

    body = told.facts["Deployment web"].body
    assert (body["declared"]["method"], [one["path"] for one in body["field_differs"]]) == ("dry_run", ["spec.paused"])
    (request,) = _patches(server)
    assert request.path == "/apis/apps/v1/namespaces/shop/deployments/web"
    assert request.query == {
        "dryRun": "All",
        "force": "true",
        "fieldManager": "compliance",
        "fieldValidation": "Ignore",
    }
    assert request.headers["Content-Type"] == "application/apply-patch+yaml"
    assert set(json.loads(request.body)["metadata"]) <= {"name", "namespace", "labels", "annotations"}


def test_it_is_applied_as_whoever_applied_it(server: ApiServer, client: Client, terms: Terms) -> None:
    live = objects.deployment()
    live["metadata"]["managedFields"] = [objects.entry("argocd-controller", {"f:spec": {}}, operation="Apply")]
    server.add(_SHOP, live)
    _answering(server, Answer(200, body=live))

    _Told(client, _material(terms, objects.declared(), dry_run=True))

    assert _patches(server)[0].query["fieldManager"] == "argocd-controller"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(403, 'cannot patch resource "deployments"'), "deployments.apps may not be patched in shop"),
        (Answer(422, "spec.selector is immutable"), "deployments.apps: the API server answers 422"),
        (Answer(405, "no"), "deployments.apps may not be patched in shop"),
    ],
)
def test_where_it_is_refused_objects_are_compared_offline_and_it_says_so(
    server: ApiServer, client: Client, terms: Terms, answer: Answer, why: str
) -> None:
    _shop(server)
    _answering(server, answer)

    told = _Told(client, _material(terms, objects.declared(), dry_run=True))

    body = told.facts["Deployment web"].body
    assert (body["declared"]["method"], body["field_differs"], told.gaps) == ("offline", [], [])
    (said,) = told.passed_over
    assert said.startswith(why)
    assert said.endswith("; compared offline: 1 object")


def test_who_may_not_patch_is_told_so_once_for_each_kind_and_namespace(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    server.add(_SHOP, *(_map(f"m{number}") for number in range(5)))
    _answering(server, Answer(403, "no"))

    told = _Told(client, _material(terms, *(_map(f"m{number}") for number in range(5)), dry_run=True))

    assert len(_patches(server)) == 1
    assert told.passed_over == ["configmaps may not be patched in shop; compared offline: 5 objects"]


def test_secrets_are_not_sent_anywhere(server: ApiServer, client: Client, terms: Terms) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop"}}
    server.add(_SHOP, {**secret, "data": {"password": "aHVudGVyMnh5eg=="}})
    told = _Told(client, _material(terms, {**secret, "stringData": {"password": "hunter2xyz"}}, dry_run=True))

    assert _patches(server) == []
    assert told.facts["Secret db"].body["declared"]["method"] == "offline"
    assert "hunter2xyz" not in str(told.facts["Secret db"].body)


@pytest.mark.parametrize(("password", "differing"), [("hunter2xyz", []), ("correct horse", ["data.password"])])
def test_values_of_secrets_are_compared_and_never_told(
    server: ApiServer, client: Client, terms: Terms, password: str, differing: list[str]
) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop"}}
    server.add(_SHOP, {**secret, "data": {"password": "aHVudGVyMnh5eg==", "more": "eA=="}})

    told = _Told(client, _material(terms, {**secret, "stringData": {"password": password}}))

    found = told.facts["Secret db"].body["field_differs"]
    assert ([one["path"] for one in found], told.gaps) == (differing, [])
    assert {one[side] for one in found for side in ("declared", "live")} <= {"(not shown)"}
    assert not any(text in str(told.facts["Secret db"].body) for text in (password, "hunter2xyz", "aHVudGVyMnh5eg=="))


def test_another_version_is_compared_in_the_version_that_is_declared(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    kind = Served("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers")
    server.kinds = (*USUAL, kind)
    old: Object = {
        "apiVersion": "autoscaling/v1",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"maxReplicas": 5, "scaleTargetRef": {"kind": "Deployment", "name": "web"}},
    }
    server.add(_SHOP, {**old, "apiVersion": "autoscaling/v2"})
    _answering(server, Answer(200, body=old))

    told = _Told(client, _material(terms, old, dry_run=True))

    body = told.facts["HorizontalPodAutoscaler web"].body
    assert (body["declared"]["method"], body["field_differs"], told.gaps) == ("dry_run", [], [])
    first, second = (json.loads(request.body) for request in _patches(server))
    assert first["spec"] == old["spec"]
    assert second == {"apiVersion": old["apiVersion"], "kind": old["kind"], "metadata": {"name": "web"}}
    assert {request.path.split("/")[3] for request in _patches(server)} == {"v1"}


def _widgets(server: ApiServer, **service: object) -> Object:
    server.kinds = (
        *USUAL,
        Served("example.com", "v1", "Widget", "widgets"),
        Served("apiregistration.k8s.io", "v1", "APIService", "apiservices", namespaced=False),
    )
    widget: Object = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "namespace": "shop"}}
    metadata = {"name": "v1.example.com"}
    spec = {"group": "example.com", "version": "v1", **service}
    server.add(_SHOP, widget)
    server.add({"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": metadata, "spec": spec})
    _answering(server, Answer(200, body=widget))
    return widget


def test_custom_resources_are_applied_where_kubernetes_itself_serves_them(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    told = _Told(client, _material(terms, _widgets(server), dry_run=True))
    assert told.facts["Widget w"].body["declared"]["method"] == "dry_run"


def test_nothing_is_sent_to_other_servers_which_may_not_know_dry_runs(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    told = _Told(client, _material(terms, _widgets(server, service={"name": "widgets"}), dry_run=True))
    assert _patches(server) == []
    assert told.facts["Widget w"].body["declared"]["method"] == "offline"
    assert told.passed_over == ["widgets.example.com is answered for by another server; compared offline: 1 object"]


def test_nothing_is_sent_where_it_is_not_known_who_answers(server: ApiServer, client: Client, terms: Terms) -> None:
    widget = _widgets(server)
    server.fail("/apiservices", Answer(403, "apiservices is forbidden"), times=99)
    told = _Told(client, _material(terms, widget, dry_run=True))
    assert _patches(server) == []
    assert told.facts["Widget w"].body["declared"]["method"] == "offline"
    assert told.passed_over[0].startswith(
        "who answers for widgets.example.com is not known: the API server answers 403"
    )


def test_the_kinds_that_would_be_patched_are_those_that_are_declared(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop"}}
    server.add(_SHOP)
    told = _Told(client, _material(terms, _map("a"), secret, dry_run=True))
    assert [str(kind) for kind in told.companion.applied()] == ["configmaps"]
    offline = _Told(client, replace(_material(terms, _map("a")), dry_run=False))
    assert list(offline.companion.applied()) == []
