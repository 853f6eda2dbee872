"""How many replicas, who owns the number, and whose hand wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.sources.drift.managed_fields import writers_of
from compliance.sources.drift.managers import ManagerPolicy
from compliance.sources.drift.replicas import told


def _deployment(
    replicas: int, manager: str = "helm", subresource: str = "", kind: str = "Deployment"
) -> dict[str, Any]:
    entry = {
        "manager": manager,
        "operation": "Update",
        "subresource": subresource,
        "time": "2026-11-02T10:00:00Z",
        "fieldsV1": {"f:spec": {"f:replicas": {}}},
    }
    metadata = {"name": "web", "namespace": "shop", "managedFields": [entry]}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": {"replicas": replicas}}


def _told(live: dict[str, Any], declared: dict[str, Any] | None = None, *scalers: dict[str, Any]) -> dict[str, Any]:
    found = told(live, declared, scalers, writers_of(live), ManagerPolicy())
    assert found is not None
    return found


def _scaler(kind: str, name: str = "web", namespace: str = "shop", **spec: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    target = {"kind": "Deployment", "name": "web"}
    return {
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"scaleTargetRef": target, **spec},
    }


def test_declared_and_live_numbers() -> None:
    found = _told(_deployment(5), _deployment(3))
    assert (found["declared"], found["live"], found["autoscaler"]) == (3, 5, None)


@pytest.mark.parametrize(
    ("manager", "subresource", "by_hand"),
    [
        ("kubectl", "scale", True),
        ("kubectl-edit", "", True),
        ("kubectl-scale", "scale", True),
        ("kube-controller-manager", "scale", False),
        ("keda-operator", "scale", False),
        ("kubectl-client-side-apply", "", False),
        ("argocd-controller", "", False),
    ],
)
def test_the_manager_tells_a_hand_from_an_autoscaler(manager: str, subresource: str, *, by_hand: bool) -> None:
    scaled = {"manager": manager, "time": "2026-11-02T10:00:00Z", "by_hand": by_hand}
    assert _told(_deployment(5, manager, subresource))["scaled_by"] == scaled


@pytest.mark.parametrize(
    ("scalers", "owner"),
    [
        ([_scaler("HorizontalPodAutoscaler", maxReplicas=9)], ("HorizontalPodAutoscaler", "web", 1, 9)),
        ([_scaler("HorizontalPodAutoscaler", minReplicas=2, maxReplicas=9)], ("HorizontalPodAutoscaler", "web", 2, 9)),
        (
            [_scaler("HorizontalPodAutoscaler", "keda-hpa-web", maxReplicas=9), _scaler("ScaledObject")],
            ("ScaledObject", "web", 0, 100),
        ),
    ],
)
def test_what_owns_the_number(scalers: list[dict[str, Any]], owner: tuple[str, str, int, int]) -> None:
    found = _told(_deployment(5), None, *scalers)["autoscaler"]
    assert (found["kind"], found["name"], found["min"], found["max"]) == owner


def test_the_autoscaler_of_another_namespace_owns_nothing() -> None:
    assert _told(_deployment(5), None, _scaler("HorizontalPodAutoscaler", namespace="other"))["autoscaler"] is None


def test_what_has_no_replicas_tells_none() -> None:
    live = _deployment(1, kind="DaemonSet")
    assert told(live, None, (), writers_of(live), ManagerPolicy()) is None
