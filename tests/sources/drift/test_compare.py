"""Declared against live: which fields applying would change, and what is no difference."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import ReadError
from compliance.sources.drift.compare import compare, compare_dry_run, told
from compliance.sources.drift.managed_fields import writers_of
from compliance.sources.drift.terms import DryRun

if TYPE_CHECKING:
    from compliance.sources.drift.field_types import FieldTypes

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def _deployment() -> dict[str, Any]:
    container = {
        "name": "web",
        "image": "registry.example.com/web:1",
        "ports": [{"containerPort": 80}],
        "env": [{"name": "MODE", "value": "fast"}, {"name": "DB_PASSWORD", "value": "hunter2-and-more"}],
        "resources": {"limits": {"cpu": "0.5", "memory": "1Gi"}},
        "readinessProbe": {"httpGet": {"path": "/", "port": 80}},
    }
    toleration = {"key": "dedicated", "operator": "Exists"}
    template = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [container], "tolerations": [toleration]},
    }
    spec = {
        "replicas": 3,
        "selector": {"matchLabels": {"app": "web"}},
        "strategy": {"rollingUpdate": {"maxSurge": 1}},
        "template": template,
    }
    metadata = {"name": "web", "namespace": "shop", "labels": {"app": "web"}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def _live() -> dict[str, Any]:
    """As the API server gives it back: defaults filled in, quantities in their shortest form, status and more."""
    live = _deployment()
    live["metadata"] |= {
        "uid": "1",
        "resourceVersion": "7",
        "generation": 1,
        "creationTimestamp": "2026-03-01T10:00:00Z",
    }
    live["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "1"}
    live["spec"] |= {"progressDeadlineSeconds": 600, "revisionHistoryLimit": 10}
    live["spec"]["strategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}}
    pod = live["spec"]["template"]["spec"]
    pod |= {"dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "securityContext": {}}
    container = pod["containers"][0]
    container |= {"imagePullPolicy": "IfNotPresent", "terminationMessagePath": "/dev/termination-log"}
    container["ports"] = [{"containerPort": 80, "protocol": "TCP"}]
    container["resources"] = {"limits": {"cpu": "500m", "memory": "1073741824"}}
    container["readinessProbe"] |= {
        "timeoutSeconds": 1,
        "periodSeconds": 10,
        "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"},
    }
    live["status"] = {"replicas": 3}
    return live


def _paths(declared: dict[str, Any], live: dict[str, Any], types: FieldTypes) -> list[str]:
    return [fact["path"] for fact in told(compare(declared, live, types), declared, live, ())]


def test_what_the_api_server_adds_is_no_difference(types: FieldTypes) -> None:
    assert _paths(_deployment(), _live(), types) == []


def _change(value: dict[str, Any], path: tuple[str | int, ...], new: object) -> dict[str, Any]:
    changed = copy.deepcopy(value)
    here: Any = changed
    for step in path[:-1]:
        here = here[step]
    if new is None:
        del here[path[-1]]
    else:
        here[path[-1]] = new
    return changed


_CONTAINER = ("spec", "template", "spec", "containers", 0)
_AT = "spec.template.spec.containers[web]"


@pytest.mark.parametrize(
    ("path", "new", "at"),
    [
        ((*_CONTAINER, "image"), "web:2", f"{_AT}.image"),
        ((*_CONTAINER, "env", 0, "value"), "slow", f"{_AT}.env[MODE].value"),
        ((*_CONTAINER, "env", 0), None, f"{_AT}.env[MODE]"),
        ((*_CONTAINER, "ports", 0, "protocol"), "UDP", f"{_AT}.ports[80]"),
        ((*_CONTAINER, "resources", "limits", "cpu"), "2", f"{_AT}.resources.limits.cpu"),
        ((*_CONTAINER, "readinessProbe", "httpGet", "port"), 81, f"{_AT}.readinessProbe.httpGet.port"),
        ((*_CONTAINER, "readinessProbe"), None, f"{_AT}.readinessProbe"),
        (("metadata", "labels", "app"), "other", "metadata.labels.app"),
        (
            ("spec", "template", "spec", "tolerations", 0, "effect"),
            "NoExecute",
            "spec.template.spec.tolerations[dedicated].effect",
        ),
        (("spec", "template", "spec", "tolerations"), [{}, {}], "spec.template.spec.tolerations"),
        (("spec", "selector", "matchLabels", "more"), "x", "spec.selector.matchLabels.more"),
        (("spec", "strategy", "rollingUpdate", "maxSurge"), "1%", "spec.strategy.rollingUpdate.maxSurge"),
    ],
)
def test_a_changed_field_is_found_by_name(path: tuple[str | int, ...], new: object, at: str, types: FieldTypes) -> None:
    assert _paths(_deployment(), _change(_live(), path, new), types) == [at]


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ((*_CONTAINER, "imagePullPolicy"), "Always"),
        (
            (*_CONTAINER, "env"),
            [
                {"name": "ADDED"},
                {"name": "DB_PASSWORD", "value": "hunter2-and-more"},
                {"name": "MODE", "value": "fast"},
            ],
        ),
        (("metadata", "labels", "added"), "x"),
        (("spec", "replicas"), 7),
        (("spec", "strategy", "rollingUpdate", "maxSurge"), "1"),
        (("status", "replicas"), 9),
    ],
)
def test_what_is_not_declared_is_not_compared(path: tuple[str | int, ...], new: object, types: FieldTypes) -> None:
    assert _paths(_deployment(), _change(_live(), path, new), types) == []


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ((*_CONTAINER, "stdin"), False),
        ((*_CONTAINER, "command"), []),
        ((*_CONTAINER, "workingDir"), ""),
        ((*_CONTAINER, "securityContext"), {}),
        (("spec", "template", "spec", "nodeSelector"), {}),
        (("spec", "template", "spec", "hostNetwork"), False),
        (("spec", "minReadySeconds"), 0),
    ],
)
def test_a_declared_nothing_is_dropped_by_the_api_server(
    path: tuple[str | int, ...], new: object, types: FieldTypes
) -> None:
    assert _paths(_change(_deployment(), path, new), _live(), types) == []


@pytest.mark.parametrize(
    ("path", "new", "at"),
    [
        ((*_CONTAINER, "securityContext"), {"allowPrivilegeEscalation": False}, f"{_AT}.securityContext"),
        (
            ("spec", "template", "spec", "automountServiceAccountToken"),
            False,
            "spec.template.spec.automountServiceAccountToken",
        ),
        (("spec", "template", "spec", "volumes"), [{"name": "x", "emptyDir": {}}], "spec.template.spec.volumes"),
    ],
)
def test_a_declared_false_that_says_something_is_missed(
    path: tuple[str | int, ...], new: object, at: str, types: FieldTypes
) -> None:
    assert _paths(_change(_deployment(), path, new), _live(), types) == [at]


_HELMS_LABEL = ("metadata", "labels", "app.kubernetes.io/managed-by")


def test_what_helm_adds_to_all_that_it_applies_is_declared_by_no_chart(types: FieldTypes) -> None:
    marks = {"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "shop"}
    live = _change(_live(), _HELMS_LABEL, "Helm")
    live["metadata"]["annotations"] |= marks
    assert compare_dry_run(DryRun(live, _live()), _deployment(), types) == ()


def test_what_helm_adds_differs_where_it_is_declared_otherwise(types: FieldTypes) -> None:
    live, declared = _change(_live(), _HELMS_LABEL, "Helm"), _change(_deployment(), _HELMS_LABEL, "argo")
    assert _paths(declared, live, types) == ["metadata.labels[app.kubernetes.io/managed-by]"]


def test_another_source_of_a_volume_is_found(types: FieldTypes) -> None:
    volumes = ("spec", "template", "spec", "volumes")
    declared = _change(_deployment(), volumes, [{"name": "tmp", "emptyDir": {}}])
    live = _change(_live(), volumes, [{"name": "tmp", "hostPath": {"path": "/", "type": ""}}])
    assert _paths(declared, live, types) == ["spec.template.spec.volumes[tmp].emptyDir"]


def test_what_was_applied_once_and_is_declared_no_more_would_be_removed(types: FieldTypes) -> None:
    last = _change(_deployment(), (*_CONTAINER, "env"), [{"name": "OLD", "value": "1"}])
    live = _change(_live(), (*_CONTAINER, "env", 0), {"name": "OLD", "value": "1"})
    live["metadata"]["annotations"][_LAST_APPLIED] = json.dumps(last)
    declared = _change(_deployment(), (*_CONTAINER, "env", 0), None)
    assert told(compare(declared, live, types), declared, live, ()) == [
        {
            "path": f"{_AT}.env[OLD]",
            "declared": None,
            "live": '{"name":"OLD","value":"1"}',
            "manager": None,
            "time": None,
        }
    ]


@pytest.mark.parametrize(("limit", "paths"), [(10, []), (3, ["spec.revisionHistoryLimit"])])
def test_what_was_applied_once_and_is_the_default_now_would_stay(
    limit: int, paths: list[str], types: FieldTypes
) -> None:
    live = _change(_live(), ("spec", "revisionHistoryLimit"), limit)
    last = _change(_deployment(), ("spec", "revisionHistoryLimit"), limit)
    live["metadata"]["annotations"][_LAST_APPLIED] = json.dumps(last)
    assert _paths(_deployment(), live, types) == paths


def test_each_difference_names_who_wrote_it_and_when(types: FieldTypes) -> None:
    fields = {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"web"}': {"f:image": {}}}}}}}
    live = _change(_live(), (*_CONTAINER, "image"), "web:2")
    entry = {"manager": "kubectl-edit", "operation": "Update", "time": "2026-11-02T10:00:00Z", "fieldsV1": fields}
    live["metadata"]["managedFields"] = [entry]
    assert told(compare(_deployment(), live, types), _deployment(), live, writers_of(live)) == [
        {
            "path": f"{_AT}.image",
            "declared": '"registry.example.com/web:1"',
            "live": '"web:2"',
            "manager": "kubectl-edit",
            "time": "2026-11-02T10:00:00Z",
        }
    ]


def test_secrets_of_variables_are_not_shown(types: FieldTypes) -> None:
    live = _change(_live(), (*_CONTAINER, "env", 1, "value"), "another-secret-9")
    (fact,) = told(compare(_deployment(), live, types), _deployment(), live, ())
    assert (fact["declared"], fact["live"]) == ("(not shown)", "(not shown)")


def test_secrets_differ_without_their_values(types: FieldTypes) -> None:
    metadata = {"name": "db", "namespace": "shop"}
    declared = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {"same": "a", "other": "b"}}
    live = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata,
        "type": "Opaque",
        "data": {"same": "YQ==", "other": "Yw=="},
    }
    assert told(compare(declared, live, types), declared, live, ()) == [
        {"path": "data.other", "declared": "(not shown)", "live": "(not shown)", "manager": None, "time": None}
    ]


def test_long_values_are_cut(types: FieldTypes) -> None:
    declared = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"text": "a" * 500}}
    live = declared | {"data": {"text": "b" * 500}}
    (fact,) = told(compare(declared, live, types), declared, live, ())
    assert (fact["live"], len(fact["live"])) == ('"' + "b" * 199 + "…", 201)


def test_that_kubectl_always_applies_annotations_removes_none(types: FieldTypes) -> None:
    live = _live()
    last = _deployment()
    last["metadata"] = {**last["metadata"], "annotations": {}}
    live["metadata"]["annotations"] = {_LAST_APPLIED: json.dumps(last), "deployment.kubernetes.io/revision": "1"}
    assert _paths(_deployment(), live, types) == []


@pytest.mark.parametrize(
    ("declared", "live", "paths"),
    [
        ({"max": {"cpu": "2"}}, {"default": {"cpu": "2"}, "defaultRequest": {"cpu": "2"}}, []),
        ({"min": {"cpu": "1"}}, {"defaultRequest": {"cpu": "1"}}, []),
        ({"default": {"cpu": "1"}}, {"defaultRequest": {"cpu": "1"}}, []),
        ({"max": {"cpu": "2"}}, {"default": {"cpu": "1"}}, ["spec.limits[Container].default.cpu"]),
    ],
)
def test_what_limit_ranges_say_by_themselves(
    declared: dict[str, Any], live: dict[str, Any], paths: list[str], types: FieldTypes
) -> None:
    def limits(*parts: dict[str, Any]) -> dict[str, Any]:
        item = {"type": "Container"}
        for part in parts:
            item |= part
        return {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "x"}, "spec": {"limits": [item]}}

    assert _paths(limits(declared), limits(declared, live), types) == paths


def test_other_api_versions_are_not_compared_in_silence(types: FieldTypes) -> None:
    with pytest.raises(ReadError, match="declared as apps/v1 and was read as apps/v2"):
        compare(_deployment(), _live() | {"apiVersion": "apps/v2"}, types)


def test_a_dry_run_tells_what_would_be_removed_too(types: FieldTypes) -> None:
    live = _change(_live(), ("metadata", "labels", "added"), "x")
    found = compare_dry_run(DryRun(live, _live()), _deployment(), types)
    assert [fact["path"] for fact in told(found, _live(), live, ())] == ["metadata.labels.added"]


def test_custom_resources_are_compared_as_they_are_written(types: FieldTypes) -> None:
    declared = {"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"a": [{"name": "x", "on": False}], "b": {}}}
    live: dict[str, Any] = copy.deepcopy(declared)
    assert _paths(declared, live, types) == []
    live["spec"]["a"][0]["filled-in"] = "by the schema of its definition"
    assert _paths(declared, live, types) == []
    live["spec"]["a"][0]["on"] = True
    assert _paths(declared, live, types) == ["spec.a[x].on"]


def test_depth_is_bounded(types: FieldTypes) -> None:
    nested: dict[str, Any] = {}
    for _ in range(300):
        nested = {"a": nested}
    value = {"apiVersion": "example.com/v1", "kind": "Thing", "spec": nested}
    with pytest.raises(ReadError, match="more than 100 levels"):
        compare(value, value, types)
