"""From a cluster's objects to facts: what is read, joined, judged once, and what cannot be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from api_server import USUAL, Answer, ApiServer, Served

from compliance.model import Gap, Input, PassedOver, Stage
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.companion import Noted
from compliance.sources.cluster.connection import Access
from compliance.sources.cluster.kinds import Kind
from compliance.sources.cluster.rbac import cluster_role
from compliance.sources.cluster.source import ClusterSource, wanted_kinds
from compliance.sources.cluster.walk import Failures, Selection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.model import Facts
    from compliance.sources.cluster.discovery import Discovered

Object = dict[str, Any]
_SCHEMAS = ("workload", "service", "network_policy", "configuration", "namespace", "role")


def _object(kind: str, name: str, namespace: str | None = "a", version: str = "v1", **more: object) -> Object:
    metadata = {"name": name, "uid": f"{kind}-{namespace}-{name}", **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **more}


def _namespace(name: str, **status: object) -> Object:
    return _object("Namespace", name, None, status=status)


def _deployment(name: str, namespace: str = "a") -> Object:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}
    return _object("Deployment", name, namespace, "apps/v1", spec={"template": template})


def _policy(namespace: str) -> Object:
    spec = {"podSelector": {}, "policyTypes": ["Ingress"]}
    return _object("NetworkPolicy", "deny", namespace, "networking.k8s.io/v1", spec=spec)


def _facts(client: Client, selection: Selection = Selection()) -> tuple[dict[str, Facts], list[Gap]]:  # noqa: B008 - frozen
    source = ClusterSource(client, _SCHEMAS, selection)
    found = {str(one.subject): one for one in source.facts()}
    return found, source.told.gaps


def test_objects_are_told_with_their_cluster_and_where_they_live(server: ApiServer, client: Client) -> None:
    server.add(_namespace("a"), _deployment("web"))

    found, gaps = _facts(client)

    assert sorted(found) == ["unit/Deployment/a/web", "unit/Namespace/a"]
    told = found["unit/Deployment/a/web"]
    assert (told.origin.file, told.origin.is_file, told.schema) == ("unit/a/Deployment/web", False, "workload")
    assert (told.body["inventory"], told.body["kubernetes_minor"]) == ("complete", 34)
    assert gaps == []


def test_what_is_joined_is_of_the_same_namespace(server: ApiServer, client: Client) -> None:
    server.add(*map(_namespace, "ab"), _deployment("web", "a"), _deployment("web", "b"), _policy("b"))

    found, _ = _facts(client)

    assert found["unit/Deployment/a/web"].body["network_policies"]["ingress"] == []
    assert found["unit/Deployment/b/web"].body["network_policies"]["ingress"] == ["deny"]
    assert found["unit/Namespace/b"].body["default_deny"]["ingress"] == ["deny"]


@pytest.mark.parametrize("page", [1, 2, 500])
def test_namespaces_are_merged_in_the_server_s_order(server: ApiServer, client: Client, page: int) -> None:
    names = ["a", "a-b", "a.b", "ab", "b"]
    server.add(*map(_namespace, names), *(_deployment(f"w{n}", name) for name in names for n in range(3)))
    server.add(*map(_policy, names))
    server.page = page

    found, gaps = _facts(client)

    workloads = [one for one in found.values() if one.schema == "workload"]
    assert len(workloads) == 15
    assert all(one.body["network_policies"]["ingress"] == ["deny"] for one in workloads)
    assert gaps == []


def test_requests_do_not_grow_with_namespaces(server: ApiServer, client: Client) -> None:
    server.add(*(_namespace(f"n{number}") for number in range(100)))
    server.add(*(_deployment("web", f"n{number}") for number in range(100)))

    _facts(client)

    assert client.requests < 20


def test_only_what_rules_need_is_asked_for(server: ApiServer, client: Client) -> None:
    _facts(client)

    assert "/api/v1/events" not in server.paths()
    assert "/apis/apps/v1/deployments" in server.paths()


def test_a_forbidden_kind_is_a_gap_that_names_the_right(server: ApiServer, client: Client) -> None:
    server.add(_namespace("a"), _deployment("web"))
    why = 'secrets is forbidden: User "viewer" cannot list resource "secrets"'
    server.fail("/secrets", Answer(403, why), times=9)

    found, gaps = _facts(client)

    (gap,) = gaps
    assert gap.about == "unit/secrets"
    assert gap.why.startswith(f"may not list secrets in all namespaces: the API server answers 403: {why}")
    assert "--print-rbac" in gap.remedy
    assert found["unit/Deployment/a/web"].unread == frozenset()  # it uses none


def test_facts_that_would_tell_of_a_forbidden_kind_are_unread(server: ApiServer, client: Client) -> None:
    server.add(_namespace("a"), _deployment("web"), _object("Service", "web", spec={"selector": {"app": "web"}}))
    server.fail("/networkpolicies", Answer(403, "forbidden"), times=9)

    found, _ = _facts(client)

    told = found["unit/Deployment/a/web"]
    assert (told.unread, told.body["inventory"]) == ({"network_policies"}, "complete")
    assert found["unit/Namespace/a"].unread == {"network_policies", "default_deny"}
    assert found["unit/Service/a/web"].unread == frozenset()


def test_a_list_that_breaks_off_leaves_what_was_read(server: ApiServer, client: Client) -> None:
    server.add(*map(_namespace, "abc"), *(_deployment("web", name) for name in "abc"), *map(_policy, "abc"))
    server.page = 1
    server.fail("/networkpolicies", Answer(404, "gone"), times=9, after=2)

    found, gaps = _facts(client)

    assert [gap.about for gap in gaps] == ["unit/networkpolicies.networking.k8s.io"]
    assert {"unit/NetworkPolicy/a/deny", "unit/NetworkPolicy/b/deny"} <= found.keys()
    unread = {name: sorted(found[f"unit/Deployment/{name}/web"].unread) for name in "abc"}
    # The second page could still be read; what comes behind it in that namespace is not known.
    assert unread == {"a": [], "b": ["network_policies"], "c": ["network_policies"]}


def test_named_namespaces_are_listed_by_themselves(server: ApiServer, client: Client) -> None:
    server.add(*map(_namespace, "ab"), _deployment("web", "a"), _deployment("web", "b"))

    found, _ = _facts(client, Selection(("b",)))

    assert sorted(found) == ["unit/Deployment/b/web", "unit/Namespace/b"]
    assert "/apis/apps/v1/deployments" not in server.paths()


def test_a_named_namespace_that_is_not_there_is_a_gap(server: ApiServer, client: Client) -> None:
    server.add(_namespace("a"))

    _, gaps = _facts(client, Selection(("nowhere",)))

    assert [gap.why for gap in gaps] == ["there is no namespace nowhere"]


def _binding(kind: str) -> Object:
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": "view"}
    return _object("RoleBinding", "b", "a", _RBAC, roleRef=reference)


_RBAC = "rbac.authorization.k8s.io/v1"
_WITH_BINDINGS = (*USUAL, Served("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"))


@pytest.mark.parametrize(("bound", "asked"), [(None, 0), ("Role", 0), ("ClusterRole", 1)])
def test_roles_of_the_cluster_are_asked_for_only_if_a_named_namespace_is_bound_to_one(
    server: ApiServer, client: Client, bound: str | None, asked: int
) -> None:
    server.kinds = _WITH_BINDINGS
    server.add(_namespace("a"), _deployment("web"), *([_binding(bound)] if bound else []))

    _, gaps = _facts(client, Selection(("a",)))

    assert sum(path.endswith("/clusterroles") for path in server.paths()) == asked
    assert gaps == []


def test_rights_in_one_namespace_are_enough_for_it(server: ApiServer, client: Client) -> None:
    server.kinds = _WITH_BINDINGS
    server.add(_namespace("a"), _namespace("b"), _deployment("web"), _binding("Role"))
    inside = "/api/v1/namespaces/a"
    known = {"/version", "/api", "/apis", inside}
    server.faults.append(
        lambda request: None if request.path in known or "/namespaces/a/" in request.path else Answer(403, "forbidden")
    )

    found, gaps = _facts(client, Selection(("a",)))

    assert gaps == []
    assert {"unit/Deployment/a/web", "unit/Namespace/a"} <= found.keys()
    assert not any(one.unread for one in found.values())


def test_roles_that_may_not_be_listed_are_missed_by_who_is_bound_to_them(server: ApiServer, client: Client) -> None:
    server.kinds = _WITH_BINDINGS
    server.add(_namespace("a"), _deployment("web"), _binding("ClusterRole"))
    server.fail("/clusterroles", Answer(403, "forbidden"), times=9)
    source = ClusterSource(client, (*_SCHEMAS, "role_binding"), Selection(("a",)))

    found = {str(one.subject): one.unread for one in source.facts()}

    assert [gap.about for gap in source.told.gaps] == ["unit/clusterroles.rbac.authorization.k8s.io"]
    assert found["unit/RoleBinding/a/b"] == {"role"}
    assert found["unit/Deployment/a/web"] == frozenset()


def test_excluded_namespaces_are_not_sent(server: ApiServer, client: Client) -> None:
    server.add(*map(_namespace, "ab"), _deployment("web", "a"), _deployment("web", "b"))

    found, _ = _facts(client, Selection(excluded=("a",)))

    assert sorted(found) == ["unit/Deployment/b/web", "unit/Namespace/b"]
    listed = [request for request in server.requests if request.path.endswith("/deployments")]
    assert [request.query["fieldSelector"] for request in listed] == ["metadata.namespace!=a"]


def test_namespaces_are_selected_by_their_labels(server: ApiServer, client: Client) -> None:
    chosen = _namespace("b")
    chosen["metadata"]["labels"] = {"team": "x"}
    server.add(_namespace("a"), chosen, _deployment("web", "a"), _deployment("web", "b"))

    found, _ = _facts(client, Selection(selector="team=x"))

    assert sorted(found) == ["unit/Deployment/b/web", "unit/Namespace/b"]


def test_a_namespace_that_is_deleted_meanwhile_is_a_gap(server: ApiServer, client: Client) -> None:
    server.add(*map(_namespace, "ab"), _deployment("web", "a"))
    source = ClusterSource(client, _SCHEMAS, Selection())
    facts = source.facts()
    next(facts)
    server.remove("", "namespaces", "b")

    list(facts)

    assert [gap.why for gap in source.told.gaps] == ["namespace b was deleted while it was read"]


def test_what_is_being_deleted_is_passed_over(server: ApiServer, client: Client) -> None:
    leaving = _namespace("b")
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    pod = _deployment("web", "a")
    pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    server.add(_namespace("a"), leaving, pod, _deployment("web", "b"))
    source = ClusterSource(client, _SCHEMAS, Selection())

    found = [str(one.subject) for one in source.facts()]

    assert found == ["unit/Namespace/a"]
    assert [one.why for one in source.told.passed_over] == [
        "a namespace that is being deleted",
        "being deleted: 1 in all",
    ]


def test_an_older_server_is_discovered_the_older_way(server: ApiServer, client: Client) -> None:
    server.aggregated = False
    server.add(_namespace("a"), _deployment("web"))

    found, gaps = _facts(client)

    assert "unit/Deployment/a/web" in found
    assert gaps == []


def test_a_group_whose_server_is_down_is_a_gap(server: ApiServer, client: Client) -> None:
    server.stale = frozenset({"apps"})

    _, gaps = _facts(client)

    assert [gap.about for gap in gaps] == ["unit/apps/v1"]


def test_metrics_that_are_down_are_none(server: ApiServer, client: Client) -> None:
    server.kinds = (*USUAL, Served("metrics.k8s.io", "v1beta1", "PodMetrics", "pods"))
    server.stale = frozenset({"metrics.k8s.io"})

    _, gaps = _facts(client)

    assert gaps == []


def test_a_kind_is_read_in_the_version_that_the_server_prefers(server: ApiServer, client: Client) -> None:
    server.kinds = (
        *USUAL,
        Served("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
        Served("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    )

    kinds = wanted_kinds(client, {"autoscaler"}, [])

    assert [kind.api_version for kind in kinds if kind.group == "autoscaling"] == ["autoscaling/v2"]


def test_a_cluster_that_does_not_answer_is_a_gap(server: ApiServer, client: Client) -> None:
    server.faults.append(lambda _request: Answer(None))

    found, gaps = _facts(client)

    assert found == {}
    assert [gap.about for gap in gaps] == ["unit"]


def test_what_was_read_is_counted(server: ApiServer, client: Client) -> None:
    server.add(_namespace("a"), _deployment("web"))
    source = ClusterSource(client, _SCHEMAS, Selection())

    subjects = len(list(source.facts()))

    reading, (told,) = source.told.reading, source.told.inputs
    assert reading is not None
    assert (reading.objects, reading.copies, reading.requests) == (2, 0, client.requests)
    assert (told.kind, told.subjects) == ("cluster", subjects)


class _Companion:
    def __init__(self, *wanted: str) -> None:
        self.seen: list[Object] = []
        self.asked: list[str | None] = []
        self.failures = Failures()
        self._wanted = wanted

    def start(self, served: Discovered, failures: Failures) -> list[Kind]:
        self.failures = failures
        return [kind for kind in served.kinds if kind.kind in self._wanted]

    def applied(self) -> list[Kind]:
        return []

    def noted(self) -> Noted:
        gap = Gap(Stage.COLLECT, "unit", "why", "remedy")
        return Noted([gap], [PassedOver("unit", "on purpose")], [Input("unit: more", "declared", "0", 1)])

    def see(self, value: Object) -> None:
        self.seen.append(value)

    def facts(self, namespace: str | None) -> Iterable[Facts]:
        self.asked.append(namespace)
        return ()


def test_a_companion_sees_each_object_before_anything_is_left_out(server: ApiServer, client: Client) -> None:
    deployment = _deployment("web")
    deployment["metadata"]["managedFields"] = [{"manager": "kubectl-edit"}]
    server.add(_namespace("a"), deployment)
    companion = _Companion()

    class _Looks(_Companion):
        def see(self, value: Object) -> None:
            assert value["kind"] != "Deployment" or value["metadata"]["managedFields"]
            super().see(value)

    companion = _Looks()
    list(ClusterSource(client, _SCHEMAS, Selection(), [companion]).facts())

    assert [value["kind"] for value in companion.seen] == ["Namespace", "Deployment"]
    assert companion.asked == ["a", None]


def test_a_companion_has_kinds_read_and_learns_what_cannot_be(server: ApiServer, client: Client) -> None:
    server.add(_namespace("a"), _object("Event", "x"))
    server.fail("/pods", Answer(403, "pods is forbidden"), times=9)
    companion = _Companion("Event", "Pod")

    source = ClusterSource(client, {"namespace"}, Selection(), [companion])
    told = [str(one.subject) for one in source.facts()]

    assert told == ["unit/Namespace/a"]
    assert [value["kind"] for value in companion.seen] == ["Namespace", "Event"]
    assert {kind.kind for kind, _ in companion.failures.kinds} == {"Pod"}


def test_what_a_companion_could_not_tell_is_told(server: ApiServer, client: Client) -> None:
    server.add(_namespace("a"))
    source = ClusterSource(client, _SCHEMAS, Selection(), [_Companion()])

    list(source.facts())

    assert [gap.why for gap in source.told.gaps] == ["why"]
    assert [one.why for one in source.told.passed_over] == ["on purpose"]
    assert [one.locator for one in source.told.inputs] == ["unit: more", "unit"]


def test_dry_runs_need_the_right_to_patch() -> None:
    pods = Kind("", "v1", "Pod", "pods", namespaced=True)
    assert "patch" not in cluster_role([pods])
    role = cluster_role([pods], [pods])
    assert role.endswith('  - apiGroups: [""]\n    resources:\n      - pods\n    verbs: [patch]\n')
    assert "who has this one can change these" in role


def test_the_rights_are_those_that_are_used(server: ApiServer) -> None:
    client = Client(Access())
    role = cluster_role(wanted_kinds(client, {"workload"}, []))
    list(ClusterSource(client, {"workload"}, Selection()).facts())
    client.close()

    listed = {path.rpartition("/")[2] for path in server.paths()} - {"version", "api", "apis"}
    assert {line.strip("- ") for line in role.splitlines() if line.startswith("      - ")} == listed
    assert "verbs: [list]" in role
