"""A nightly audit of a cluster of its own: the example system, good and bad, and what hands did to it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import control_plane as control_planes
import pytest
import yaml
from audits import Nights
from shops import push

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from control_plane import ControlPlane

Object = dict[str, Any]
Row = tuple[str, str, str, str]
"""Namespace, rule, object and place of a finding."""

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("own_cache"), pytest.mark.xdist_group("nightly-audit")]

_EXAMPLES = Path(__file__).parent.parent.parent / "examples"
_POD = re.compile(r"\bapp-[a-z0-9]+-[a-z0-9]{5}\b")
_SETTINGS = "drift: {resolve_tags: true, allowed_managers: [secret-store, tests]}"
"""`tests` is who set the control plane up."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster and its registry, and the folder of what is declared, a file for each namespace.

    The good example is in `good`, `edited`, `entered` and `moved`, the text's own sample in `seed`.
    """

    plane: ControlPlane
    registry: str
    declared: Path

    def deploy(self, namespace: str, values: Iterable[Object]) -> None:
        """Declare objects, and apply them; a secret store writes those that the good example mounts."""
        file = self.declared / f"{namespace}.yaml"
        file.write_text(yaml.safe_dump_all(values))
        self.plane.kubectl("apply", "-f", str(file))
        labels = {"app.kubernetes.io/part-of": "shop", "team": "checkout"}
        for name in ("app-credentials-20261101", "db-credentials-20261101") if namespace != "seed" else ():
            metadata = {"name": name, "namespace": namespace, "labels": labels}
            secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "immutable": True}
            secret["stringData"] = {"password": "correct-horse-battery"}
            self.plane.kubectl("apply", "--field-manager=secret-store", "-f", "-", stdin=json.dumps(secret))

    def settled(self, namespace: str) -> None:
        """Wait until the Pods of the application run."""
        self.plane.wait_for(f"/apis/apps/v1/namespaces/{namespace}/deployments/app", _has_settled)
        self.plane.wait_for(f"/api/v1/namespaces/{namespace}/pods?labelSelector=audited", _run)


def _has_settled(value: Object) -> bool:
    status, wanted = value["status"], value["spec"]["replicas"]
    numbers = {status.get("replicas", 0), status.get("updatedReplicas", 0), status.get("readyReplicas", 0)}
    return numbers == {wanted} and status.get("observedGeneration") == value["metadata"]["generation"]


def _run(listed: Object) -> bool:
    return all(pod["status"].get("phase") == "Running" for pod in listed["items"])


def _good(namespace: str) -> list[Object]:
    """The good example in a namespace of that name."""
    found: list[Object] = []
    for file in sorted((_EXAMPLES / "good" / "kubernetes").glob("*.yaml")):
        found.extend(yaml.safe_load_all(file.read_text()))
    for value in found:
        metadata = value["metadata"]
        metadata["namespace" if "namespace" in metadata else "name"] = namespace
    return sorted(found, key=lambda value: value["kind"] != "Namespace")


def _with_image(values: list[Object], image: str, runs: str) -> list[Object]:
    """The application with another image, and what a kubelet would report to run."""
    (app,) = (value for value in values if value["kind"] == "Deployment")
    template = app["spec"]["template"]
    template["spec"]["containers"][0]["image"] = image
    template["metadata"]["annotations"] = {"kwok-image-id/app": runs}
    return values


@pytest.fixture
def cluster(
    control_plane_programs: dict[str, Path],
    docker_registry: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Cluster]:
    """The seeded cluster, of which nothing but these tests knows."""
    with control_planes.running(control_plane_programs, tmp_path / "plane") as plane:
        seeded = Cluster(plane, docker_registry, tmp_path / "deploy")
        seeded.declared.mkdir()
        _seed(seeded)
        monkeypatch.setenv("KUBECONFIG", str(plane.kubeconfig()))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "compliance.yaml").write_text(_SETTINGS)
        yield seeded


def _seed(cluster: Cluster) -> None:
    plane, shop = cluster.plane, f"{cluster.registry}/shop/app"
    tagged = push(cluster.registry, "v1.2.0", b"one", "shop/app")
    bad = push(cluster.registry, "v1.2.0", b"bad", "myregistry/app")
    for namespace in ("good", "edited", "entered"):
        cluster.deploy(namespace, _good(namespace))
    cluster.deploy("moved", _with_image(_good("moved"), f"{shop}:v1.2.0", f"{shop}@{tagged}"))
    sample = yaml.safe_load((_EXAMPLES / "seed" / "deployment.yaml").read_text())
    sample["metadata"]["namespace"] = "seed"
    image = f"{cluster.registry}/myregistry/app"
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "seed"}}
    cluster.deploy("seed", [namespace, *_with_image([sample], f"{image}:v1.2.0", f"{image}@{bad}")])
    for name in ("good", "edited", "entered", "moved", "seed"):
        cluster.settled(name)

    patch = '{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":31}}}}'
    plane.kubectl("patch", "-n", "edited", "deployment/app", "--type=merge", "-p", patch)
    cluster.settled("edited")
    with pytest.raises(AssertionError):  # kwok runs nothing: the session ends at once, and was one
        plane.kubectl("exec", "-n", "entered", "deployment/app", "--", "sh", "-c", "id")
    push(cluster.registry, "v1.2.0", b"two", "shop/app")


def _rows(findings: Iterable[Object]) -> list[Row]:
    return sorted(
        (
            one["subject"]["namespace"] or "",
            one["rule"],
            f"{one['subject']['kind']} {one['subject']['name']}",
            _POD.sub("<Pod>", one["at"]),
        )
        for one in findings
    )


def test_two_nights_find_exactly_what_is_wrong_and_the_third_what_has_changed(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str], snapshot: object
) -> None:
    nights = Nights(tmp_path, f"sqlite:///{tmp_path}/history", capsys)
    options = ("--audit-log", str(cluster.plane.audit_log), "--against", str(cluster.declared))
    first, second = nights.audit(*options), nights.audit(*options)

    found = _rows(first["findings"])
    assert found == snapshot
    assert [row for row in found if row[0] == "good"] == []
    assert (first["gaps"], second["gaps"]) == ([], [])
    assert _rows(second["findings"]) == found
    assert (first["history"]["new"], second["history"]["new"]) == (len(found), 0)
    assert second["history"]["fixed"] == []

    cluster.plane.kubectl("delete", "-n", "edited", "deployment/app")
    cluster.deploy("edited", _good("edited"))
    cluster.plane.kubectl("scale", "-n", "good", "deployment/app", "--replicas=4")
    for namespace in ("edited", "good"):
        cluster.settled(namespace)
    third = nights.audit(*options)

    assert third["gaps"] == []
    mended = [row for row in found if row[0] == "edited"]
    broken = [("good", "drift.replicas_differ", "Deployment app", "spec.replicas")]
    assert _rows(third["history"]["fixed"]) == mended != []
    assert _rows(one for one in third["findings"] if one["new"]) == broken
    assert _rows(third["findings"]) == sorted({*found, *broken} - {*mended})
