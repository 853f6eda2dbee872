"""Facts that tell of other objects are known as such: whatever changes when objects of a kind are missing."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from compliance.sources.kubernetes.entries import CUSTOM, entry_of
from compliance.sources.kubernetes.facts import body, facts_schema
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.joins import PODS, group_of, unread

if TYPE_CHECKING:
    from collections.abc import Iterator

Object = dict[str, Any]

_ROOT = Path(__file__).parents[3]
_KINDS = (
    PODS,
    CUSTOM,
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "HorizontalPodAutoscaler",
    "LimitRange",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "PodMonitor",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "ScaledObject",
    "Secret",
    "Service",
    "ServiceAccount",
    "ServiceMonitor",
)


@lru_cache
def _examples() -> tuple[Object, ...]:
    """Every object of the rules' examples, each file in a namespace of its own."""
    found: list[Object] = []
    for number, file in enumerate(sorted(_ROOT.glob("rules/*/*/examples/*.yaml"))):
        found.extend(_in_namespace(value, f"n{number}") for value in _objects(file))
    return tuple(found)


def _objects(file: Path) -> Iterator[Object]:
    try:
        read = list(yaml.safe_load_all(file.read_text()))
    except yaml.YAMLError:
        return
    for value in read:
        metadata = value.get("metadata") if isinstance(value, dict) else None
        if isinstance(metadata, dict) and value.get("apiVersion") and metadata.get("name"):
            yield value


def _in_namespace(value: Object, namespace: str) -> Object:
    return {**value, "metadata": {**value["metadata"], "namespace": namespace}}


def _inventory(without: str | None = None) -> Inventory:
    made = Inventory(34, complete=True)
    kept = (one for one in _examples() if without != group_of(one["apiVersion"], str(one["kind"])))
    made.add(entry for one in kept if (entry := entry_of(one)) is not None)
    return made


def _take_out(told: Object, path: str) -> None:
    *above, last = path.split(".")
    for step in above:
        told = told[step]
    told.pop(last, None)


@pytest.mark.untraced
@pytest.mark.parametrize("kind", _KINDS)
def test_whatever_a_missing_kind_changes_is_unread(kind: str) -> None:
    whole, lacking = _inventory(), _inventory(without=kind)

    for value in _examples():
        before, after = body(value, (), whole), body(value, (), lacking)
        open_ = unread(facts_schema(value), after, {kind})
        for told in (before := deepcopy(before), after := deepcopy(after)):
            for path in open_:
                _take_out(told, path)
        assert before == after, f"{value['kind']} {value['metadata']['name']} without {kind}"


def test_nothing_is_unread_where_nothing_is_missing() -> None:
    value = next(one for one in _examples() if one["kind"] == "Deployment")

    assert unread("workload", body(value, (), _inventory()), ()) == frozenset()


def test_a_workload_that_reads_no_secret_does_not_miss_them() -> None:
    container = {"name": "a", "image": "a", "envFrom": [{"configMapRef": {"name": "c"}}]}
    spec = {"containers": [container]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec}
    told = body(pod, (), Inventory(34, complete=True))

    assert "configuration" not in unread("workload", told, {"Secret"})
    assert "configuration" in unread("workload", told, {"ConfigMap"})


def test_an_account_that_the_pod_overrules_is_not_missed() -> None:
    spec = {"containers": [{"name": "a", "image": "a"}], "automountServiceAccountToken": False}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec}
    told = body(pod, (), Inventory(34, complete=True))

    assert "pod_security.service_account" not in unread("workload", told, {"ServiceAccount"})
