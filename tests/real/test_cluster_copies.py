"""What real controllers make is judged once, with what made it."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from control_plane import ApiError

from compliance.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from control_plane import ControlPlane

Object = dict[str, Any]

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("as_admin"), pytest.mark.xdist_group("control-plane")]

_PRIVILEGED = "pod_security.privileged"


def _template(name: str, **spec: object) -> Object:
    container = {
        "name": "web",
        "image": "registry.example/web:1.2.3",
        "securityContext": {"privileged": True},
        "env": [{"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
        "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}],
    }
    volumes = [{"name": "scratch", "emptyDir": {}}]
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container], "volumes": volumes, **spec}}


def _maker(api_version: str, kind: str, name: str, **spec: object) -> Object:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, "spec": spec}


def _running(name: str, **more: object) -> Object:
    return {"selector": {"matchLabels": {"app": name}}, "template": _template(name), **more}


def _claim(name: str) -> Object:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"metadata": {"name": name}, "spec": spec}


_JOB = {"template": _template("job", restartPolicy="Never")}
_MAKERS = {
    "apps/v1/deployments": _maker("apps/v1", "Deployment", "deployed", replicas=2, **_running("deployed")),
    "apps/v1/statefulsets": _maker(
        "apps/v1",
        "StatefulSet",
        "kept",
        replicas=2,
        serviceName="kept",
        podManagementPolicy="Parallel",
        volumeClaimTemplates=[_claim("data")],
        **_running("kept"),
    ),
    "apps/v1/daemonsets": _maker("apps/v1", "DaemonSet", "everywhere", **_running("everywhere")),
    "batch/v1/jobs": _maker("batch/v1", "Job", "once", completions=2, parallelism=2, **_JOB),
    "batch/v1/cronjobs": _maker("batch/v1", "CronJob", "nightly", schedule="* * * * *", jobTemplate={"spec": _JOB}),
}
_INDEXED = _maker(
    "batch/v1", "Job", "indexed", completions=2, parallelism=2, completionMode="Indexed", suspend=False, **_JOB
)
_LIMITS = {
    "apiVersion": "v1",
    "kind": "LimitRange",
    "metadata": {"name": "usual"},
    "spec": {"limits": [{"type": "Container", "default": {"memory": "1Gi"}, "defaultRequest": {"cpu": "100m"}}]},
}


@pytest.fixture(scope="module")
def namespaces(control_plane: ControlPlane) -> Iterator[list[str]]:
    """Two namespaces with one of each, whose Pods were made: a plain one, and one with a LimitRange."""
    names = [control_plane.namespace(f"makers-{number}") for number in range(2)]
    control_plane.apply(f"/api/v1/namespaces/{names[1]}/limitranges", _LIMITS)
    for name in names:
        for path, value in (*_MAKERS.items(), ("batch/v1/jobs", _INDEXED)):
            version, _, resource = path.rpartition("/")
            control_plane.apply(f"/apis/{version}/namespaces/{name}/{resource}", value)
    for name in names:
        pods = f"/api/v1/namespaces/{name}/pods"
        control_plane.wait_for(pods, lambda found: _made(found) >= _EXPECTED, deadline=120)
    yield names
    for name in names:
        with suppress(ApiError):
            control_plane.call("DELETE", f"/api/v1/namespaces/{name}")


_EXPECTED = Counter({"ReplicaSet": 2, "StatefulSet": 2, "DaemonSet": 3, "Job": 5})
"""Pods by what made them; the fifth of a Job is the CronJob's, of which there may be more."""


def _made(pods: Object) -> Counter[str]:
    return Counter(pod["metadata"]["ownerReferences"][0]["kind"] for pod in pods["items"])


@pytest.mark.parametrize("number", [0, 1], ids=["plain", "with a LimitRange"])
def test_pods_jobs_and_replica_sets_are_copies_of_what_made_them(
    control_plane: ControlPlane, namespaces: list[str], number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    namespace = namespaces[number]
    with pytest.raises(SystemExit):
        main(["audit", "-n", namespace, "-o", "json=-", "--fail-on", "never"])
    result = json.loads(capsys.readouterr().out)

    found = Counter(
        (one["subject"]["kind"], one["subject"]["name"]) for one in result["findings"] if one["rule"] == _PRIVILEGED
    )
    assert found == Counter({(value["kind"], value["metadata"]["name"]): 1 for value in (*_MAKERS.values(), _INDEXED)})
    pods = control_plane.call("GET", f"/api/v1/namespaces/{namespace}/pods")["items"]
    assert result["clusters"][0]["copies"] >= len(pods) + 2  # the Deployment's ReplicaSet and the CronJob's Job
