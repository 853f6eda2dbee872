"""Configuration that was changed in place after Pods that read it had started."""

from __future__ import annotations

from typing import Any

import live_objects as objects
import pytest

from compliance.sources.drift.configuration import told
from compliance.sources.drift.pods import Made, PodsOf

_LATER = "2026-11-15T10:00:00Z"


def _told(configuration: dict[str, Any], *pods: dict[str, Any]) -> list[dict[str, Any]]:
    made = tuple(Made(pod, None, "ReplicaSet") for pod in pods or (objects.pod(),))
    return told(PodsOf(made, 0), [configuration])


def test_who_changed_it_and_how_many_pods_started_before() -> None:
    late = objects.pod("late")
    late["status"]["startTime"] = "2026-11-16T10:00:00Z"
    assert _told(objects.config_map(_LATER, "kubectl-edit"), objects.pod(), objects.pod("other"), late) == [
        {
            "kind": "ConfigMap",
            "name": "settings",
            "changed_at": _LATER,
            "manager": "kubectl-edit",
            "pods": 2,
            "maintained": False,
        }
    ]


def test_making_it_is_no_change() -> None:
    early = objects.pod()
    early["status"]["startTime"] = "2026-10-01T10:00:00Z"
    assert _told(objects.config_map(objects.CREATED), early) == []


def test_a_label_that_another_wrote_is_no_change_of_data() -> None:
    value = objects.config_map()
    label = objects.entry("kubectl-label", {"f:metadata": {"f:labels": {"f:a": {}}}}, _LATER)
    value["metadata"]["managedFields"].append(label)
    assert _told(value) == []


def test_what_no_pod_reads_does_not_matter() -> None:
    value = objects.config_map(_LATER)
    value["metadata"]["name"] = "other"
    assert _told(value) == []


@pytest.mark.parametrize(
    "change",
    [
        {"labels": {"trust.cert-manager.io/bundle": "x"}},
        {"annotations": {"cert-manager.io/certificate-name": "x"}},
        {"ownerReferences": [{"kind": "Certificate", "name": "x", "controller": True}]},
    ],
)
def test_what_a_controller_keeps_current_is_said_to_be_maintained(change: dict[str, Any]) -> None:
    value = objects.config_map(_LATER)
    value["metadata"] |= change
    assert [fact["maintained"] for fact in _told(value)] == [True]
