"""Which writers may write, and what those wrote that may not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from compliance.sources.drift.managed_fields import writers_of
from compliance.sources.drift.managers import ManagerPolicy, applier_of, told

_NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
_IMAGE = {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"web"}': {"f:image": {}}}}}}}


def _entry(manager: str, fields: dict[str, Any] | None = None, **more: str) -> dict[str, Any]:
    entry = {"manager": manager, "operation": "Update", "time": "2026-11-02T10:00:00Z", "fieldsType": "FieldsV1"}
    return entry | more | {"fieldsV1": _IMAGE if fields is None else fields}


def _told(*entries: dict[str, Any], policy: ManagerPolicy | None = None) -> list[dict[str, Any]]:
    metadata = {"creationTimestamp": "2026-03-01T10:00:00Z", "managedFields": list(entries)}
    spec = {"template": {"spec": {"containers": [{"name": "web", "image": "web:2"}]}}}
    value = {"metadata": metadata, "spec": spec}
    return told(value, writers_of(value), policy or ManagerPolicy(), _NOW)


def test_a_hand_is_told_with_path_time_operation_and_age() -> None:
    assert _told(_entry("kubectl-edit")) == [
        {
            "name": "kubectl-edit",
            "operation": "Update",
            "subresource": None,
            "allowed": False,
            "time": "2026-11-02T10:00:00Z",
            "age_days": 17,
            "fields": ["spec.template.spec.containers[web].image"],
        }
    ]


@pytest.mark.parametrize(
    ("manager", "operation", "allowed"),
    [
        ("kubectl-client-side-apply", "Update", True),
        ("kubectl", "Apply", True),
        ("kubectl", "Update", False),
        ("kubectl-edit", "Update", False),
        ("kubectl-patch", "Update", False),
        ("kubectl-set", "Update", False),
        ("kubectl-label", "Update", False),
        ("kubectl-annotate", "Update", False),
        ("kubectl-scale", "Update", False),
        ("kubectl-rollout", "Update", False),
        ("helm", "Update", True),
        ("argocd-controller", "Apply", True),
        ("kustomize-controller", "Apply", True),
        ("kube-controller-manager", "Update", True),
        ("node-fetch", "Update", False),
        ("", "Update", False),
    ],
)
def test_who_may_write(manager: str, operation: str, *, allowed: bool) -> None:
    (found,) = _told(_entry(manager, operation=operation))
    assert found["allowed"] is allowed


def test_further_managers_are_allowed_by_pattern() -> None:
    (found,) = _told(_entry("our-operator-7"), policy=ManagerPolicy().with_allowed(["our-operator-*"]))
    assert found["allowed"]


def test_a_restart_is_no_edit() -> None:
    annotations = {".": {}, "f:kubectl.kubernetes.io/restartedAt": {}}
    raw = {"f:spec": {"f:template": {"f:metadata": {"f:annotations": annotations}}}}
    assert _told(_entry("kubectl-rollout", raw))[0]["fields"] == []


def test_what_a_hand_has_made_is_told_by_its_top() -> None:
    raw = {"f:metadata": {"f:labels": {"f:a": {}}}, "f:spec": {"f:replicas": {}, "f:paused": {}}}
    (found,) = _told(_entry("kubectl-create", raw, time="2026-03-01T10:00:00Z"))
    assert found["fields"] == ["metadata", "spec"]


@pytest.mark.parametrize(
    ("manager", "subresource", "shown"),
    [
        ("kube-controller-manager", "status", False),
        ("some-operator", "status", False),
        ("kubectl-patch", "status", True),
        ("kubectl", "scale", False),
        ("kubectl-debug", "ephemeralcontainers", False),
        ("kubectl-edit", "resize", True),
    ],
)
def test_subresources_count_where_a_hand_wrote_them(manager: str, subresource: str, *, shown: bool) -> None:
    assert [found["subresource"] for found in _told(_entry(manager, subresource=subresource))] == (
        [subresource] if shown else []
    )


def test_fifty_fields_are_enough() -> None:
    raw = {"f:data": {f"f:key{number:03}": {} for number in range(80)}}
    assert len(_told(_entry("kubectl-edit", raw))[0]["fields"]) == 50


def test_an_edit_in_the_second_of_creation_is_told_by_its_fields() -> None:
    (writer,) = _told(_entry("kubectl-edit", time="2026-03-01T10:00:00Z"))
    assert writer["fields"] == ["spec.template.spec.containers[web].image"]


@pytest.mark.parametrize(
    ("writers", "applier"),
    [
        ([("helm", "Apply", "")], "helm"),
        ([("helm", "Update", "")], None),
        ([("helm", "Apply", ""), ("argocd-controller", "Apply", "")], None),
        ([("helm", "Apply", ""), ("somebody", "Apply", "")], "helm"),
        ([("kube-controller-manager", "Apply", "status"), ("kubectl", "Apply", "")], "kubectl"),
    ],
)
def test_who_deploys_by_server_side_apply(writers: list[tuple[str, str, str]], applier: str | None) -> None:
    entries = [_entry(name, operation=operation, subresource=sub) for name, operation, sub in writers]
    assert applier_of(writers_of({"metadata": {"managedFields": entries}}), ManagerPolicy()) == applier
