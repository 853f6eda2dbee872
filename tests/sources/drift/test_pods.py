"""Which Pods are of the newest revision, and how often their containers were replaced."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import live_objects as objects
import pytest

from compliance.sources.drift.pods import Made, pods_of, restarts

Object = dict[str, Any]


def _pod(name: str, owner: tuple[str, str, str], **labels: str) -> Object:
    metadata = objects.metadata(name, name, owner, labels=labels)
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}, "status": {"phase": "Running"}}


def _owner(kind: str, **more: Any) -> Object:  # noqa: ANN401 - JSON
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": objects.metadata("x", "u"),
        "spec": {"template": {}},
        **more,
    }


def _sorted(value: Object, controllers: list[Object], *pods: Object) -> tuple[list[str], int]:
    found = pods_of(value, controllers, pods)
    return [made.name for made in found.current], found.outdated


def test_a_deployment_runs_what_its_newest_replica_set_makes() -> None:
    sets = [objects.replica_set(9), objects.replica_set(10)]
    assert _sorted(objects.deployment(), sets, objects.pod("old", 9), objects.pod("new", 10)) == (["new"], 1)


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (_owner("StatefulSet", status={"updateRevision": "2"}), "controller-revision-hash"),
        (
            _owner("DaemonSet")
            | {"metadata": objects.metadata("x", "u", annotations={"deprecated.daemonset.template.generation": "2"})},
            "pod-template-generation",
        ),
    ],
)
def test_revisions_of_others_are_told_by_a_label(value: Object, label: str) -> None:
    owner = (value["kind"], "x", "u")
    assert _sorted(value, [], _pod("old", owner, **{label: "1"}), _pod("new", owner, **{label: "2"})) == (["new"], 1)


def test_a_rollout_runs_what_its_status_says() -> None:
    sets = [objects.replica_set(1), objects.replica_set(2)]
    for number, one in enumerate(sets, 1):
        one["metadata"]["labels"] = {"rollouts-pod-template-hash": f"h{number}"}
    rollout = _owner("Rollout", status={"currentPodHash": "h1"}) | {"apiVersion": "argoproj.io/v1alpha1"}
    assert _sorted(rollout, sets, objects.pod("a", 1), objects.pod("b", 2)) == (["a"], 1)


def test_a_cron_job_runs_what_its_jobs_make() -> None:
    job = _owner("Job") | {"metadata": objects.metadata("x-1", "j", ("CronJob", "x", "u"))}
    assert _sorted(_owner("CronJob"), [job], _pod("p", ("Job", "x-1", "j"))) == (["p"], 0)


def test_pods_that_have_ended_run_nothing() -> None:
    ended = objects.pod()
    ended["status"]["phase"] = "Succeeded"
    assert _sorted(objects.deployment(), [objects.replica_set()], ended) == ([], 0)


def test_a_bare_pod_has_no_template() -> None:
    pod = objects.pod()
    (made,) = pods_of(pod, (), (pod,)).current
    assert made == Made(pod, None, "Pod")


def test_the_pod_whose_container_was_replaced_most() -> None:
    ended = {"reason": "OOMKilled", "exitCode": 137, "finishedAt": "2026-11-19T22:10:00Z"}
    statuses = [
        (Made(objects.pod("a"), None, "Pod"), {"restartCount": 38, "lastState": {"terminated": ended}}),
        (Made(objects.pod("b"), None, "Pod"), {"restartCount": 1}),
        (Made(objects.pod("c"), None, "Pod"), {"restartCount": 0}),
    ]
    assert restarts(statuses, datetime(2026, 11, 20, 10, tzinfo=UTC)) == {
        "count": 38,
        "pod": "a",
        "pods": 2,
        "per_day": 2.0,
        "reason": "OOMKilled",
        "exit_code": 137,
        "ended_at": "2026-11-19T22:10:00Z",
    }


def test_no_restart_is_nothing() -> None:
    assert (
        restarts([(Made(objects.pod(), None, "Pod"), {"restartCount": 0})], datetime(2026, 11, 20, tzinfo=UTC)) is None
    )
