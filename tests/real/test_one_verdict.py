"""One pack, one verdict: what is applied to a cluster is judged there as its files are."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from control_plane import ApiError

from compliance.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from control_plane import ControlPlane

Object = dict[str, Any]
Found = set[tuple[str, str, str, str]]

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("own_cache"), pytest.mark.xdist_group("control-plane")]

_LABELS = {"app.kubernetes.io/part-of": "shop", "team": "checkout"}
_GOOD = Path(__file__).parent.parent.parent / "examples" / "good" / "kubernetes"


@pytest.fixture
def namespace(control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A name for the namespace of the example; whatever is in it goes at the end."""
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig()))
    monkeypatch.chdir(tmp_path)
    name = f"shop-{tmp_path.name.replace('_', '-').lower()}"[:60].rstrip("-")
    yield name
    with suppress(ApiError):
        control_plane.call("DELETE", f"/api/v1/namespaces/{name}")


def _example(namespace: str) -> list[Object]:
    """The good example, in a namespace of that name."""
    documents = []
    for file in sorted(_GOOD.glob("*.yaml")):
        for value in yaml.safe_load_all(file.read_text()):
            metadata = value["metadata"]
            metadata["namespace" if "namespace" in metadata else "name"] = namespace
            documents.append(value)
    return sorted(documents, key=lambda value: value["kind"] != "Namespace")


def _secrets(documents: list[Object]) -> list[Object]:
    """The Secrets that the example mounts, which a secret store writes and no file holds."""
    pods = [value["spec"]["template"]["spec"] for value in documents if "template" in value.get("spec", {})]
    volumes = [
        volume["secret"]["secretName"] for pod in pods for volume in pod.get("volumes", []) if "secret" in volume
    ]
    return [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "labels": _LABELS},
            "immutable": True,
            "stringData": {"password": "correct-horse-battery"},
        }
        for name in sorted(set(volumes))
    ]


def _judged(capsys: pytest.CaptureFixture[str], *command: str) -> Found:
    """Rule, kind, name and place of each finding, but what only a cluster can say: drift."""
    with pytest.raises(SystemExit):
        main([*command, "-o", "json=-"])
    result = json.loads(capsys.readouterr().out)
    assert result["gaps"] == []
    return {
        (one["rule"], one["subject"]["kind"], one["subject"]["name"], one["at"])
        for one in result["findings"]
        if not one["rule"].startswith("drift.")
    }


def _has_settled(deployment: Object) -> bool:
    """Whether its Pods are there, or refused: the example's namespace enforces the Pod Security Standards."""
    status = deployment["status"]
    refused = any(one["type"] == "ReplicaFailure" for one in status.get("conditions", ()))
    return refused or status.get("replicas") == deployment["spec"]["replicas"]


def _both(
    plane: ControlPlane,
    namespace: str,
    documents: list[Object],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    with_secrets: bool = True,
) -> tuple[Found, Found]:
    """What the files and what the cluster gives, once its controllers have settled."""
    file = tmp_path / "manifests" / "all.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump_all(documents))
    plane.kubectl("apply", "-f", str(file))
    for secret in _secrets(documents) if with_secrets else ():
        plane.kubectl("apply", "-n", namespace, "-f", "-", stdin=json.dumps(secret))
    plane.wait_for(f"/apis/apps/v1/namespaces/{namespace}/deployments/app", _has_settled)
    return _judged(capsys, "scan", str(file.parent)), _judged(capsys, "audit", "--namespace", namespace)


def test_the_good_example_is_as_good_in_the_cluster(
    control_plane: ControlPlane, namespace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, live = _both(control_plane, namespace, _example(namespace), tmp_path, capsys)

    assert files == set()
    assert live == set()


def test_only_the_cluster_knows_that_a_secret_is_missing(
    control_plane: ControlPlane, namespace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, live = _both(control_plane, namespace, _example(namespace), tmp_path, capsys, with_secrets=False)

    assert files == set()
    at = "spec.template.spec.volumes[credentials]"
    assert live == {
        ("configuration.missing_object", "Deployment", "app", at),
        ("configuration.missing_object", "StatefulSet", "db", at),
    }


def _container(value: Object) -> Object:
    found: Object = value["spec"]["template"]["spec"]["containers"][0]
    return found


def _latest(value: Object) -> None:
    _container(value)["image"] = "registry.example.com/shop/app:latest"


def _privileged(value: Object) -> None:
    _container(value)["securityContext"] = {"privileged": True}


def _without_probes(value: Object) -> None:
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        _container(value).pop(probe, None)


def _with_a_password(value: Object) -> None:
    _container(value).setdefault("env", []).append({"name": "DB_PASSWORD", "value": "correct-horse-battery"})


def _bare(value: Object) -> None:
    labels = value["spec"]["selector"]["matchLabels"]
    pod = {"containers": [{"name": "app", "image": "app"}]}
    value["metadata"] = {key: value["metadata"][key] for key in ("name", "namespace")}
    value["spec"] = {
        "replicas": 3,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }


def _on_the_host(value: Object) -> None:
    pod = value["spec"]["template"]["spec"]
    pod["hostPID"] = True
    pod.setdefault("volumes", []).append({"name": "host", "hostPath": {"path": "/"}})
    _container(value).setdefault("volumeMounts", []).append({"name": "host", "mountPath": "/host"})


@pytest.mark.parametrize("change", [_latest, _privileged, _without_probes, _with_a_password, _on_the_host, _bare])
def test_what_breaks_a_rule_in_a_file_breaks_it_in_the_cluster(
    control_plane: ControlPlane,
    namespace: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Object], None],
) -> None:
    documents = _example(namespace)
    change(next(value for value in documents if value["kind"] == "Deployment"))

    files, live = _both(control_plane, namespace, documents, tmp_path, capsys)

    assert files
    assert live == files
