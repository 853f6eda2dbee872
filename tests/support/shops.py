"""A Deployment in a namespace of a control plane, deployed and tampered with, and what audits say of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from compliance.cli import main
from compliance.image_reference import ImageReference
from compliance.supply_chain.content import EMPTY_CONFIG, OCI_INDEX, OCI_MANIFEST
from compliance.supply_chain.registry import Access, open_registry
from compliance.supply_chain.registry.credentials import Anonymous

if TYPE_CHECKING:
    from pathlib import Path

    from control_plane import ControlPlane

Object = dict[str, Any]

Found = set[tuple[str, str, str]]

IMAGE = "registry.example/web:1.2.3"


class Shop:
    """A Deployment `web` that was deployed, with its Pods running; `file` declares it."""

    def __init__(self, plane: ControlPlane, namespace: str, folder: Path) -> None:
        self.plane = plane
        self.namespace = namespace
        self.file = folder / "deploy" / "web.yaml"
        self.file.parent.mkdir()

    def deploy(self, *values: Object, server_side: bool = False) -> None:
        """Write the objects down, and apply them as kubectl does."""
        self.file.write_text(yaml.safe_dump_all(values, sort_keys=False))
        how = ("--server-side", "--force-conflicts") if server_side else ()
        self.plane.kubectl("apply", "-n", self.namespace, *how, "-f", str(self.file))
        for value in values:
            if value["kind"] == "Deployment":
                self.settled(value["metadata"]["name"])

    def settled(self, name: str = "web") -> None:
        """Wait until all Pods are of the newest template, and run."""
        path = f"/apis/apps/v1/namespaces/{self.namespace}/deployments/{name}"
        self.plane.wait_for(path, has_settled)

    def kubectl(self, *words: str) -> str:
        """Do something by hand."""
        return self.plane.kubectl("-n", self.namespace, *words)

    def pods(self) -> list[Object]:
        """Its Pods that are not on their way out."""
        found = self.plane.call("GET", f"/api/v1/namespaces/{self.namespace}/pods")["items"]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def report(self, pod: Object, status: Object) -> None:
        """Write the status of a Pod as its kubelet would."""
        path = f"/api/v1/namespaces/{self.namespace}/pods/{pod['metadata']['name']}/status?fieldManager=kubelet"
        self.plane.call("PATCH", path, {"status": status}, "application/strategic-merge-patch+json")


def named(version: str, kind: str, name: str, **more: object) -> Object:
    """An object of that API version, kind and name."""
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **more}


def deployment(image: str = IMAGE, **template: Any) -> Object:  # noqa: ANN401 - parts of a Pod template
    """The Deployment `web` of two Pods."""
    container = {
        "name": "web",
        "image": image,
        "securityContext": {"readOnlyRootFilesystem": True},
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "0.1", "memory": "64Mi"}},
        **template.pop("container", {}),
    }
    metadata = {"labels": {"app": "web"}, **template.pop("metadata", {})}
    spec = {"containers": [container], **template}
    selector = {"matchLabels": {"app": "web"}}
    return named(
        "apps/v1",
        "Deployment",
        "web",
        spec={"replicas": 2, "selector": selector, "template": {"metadata": metadata, "spec": spec}},
    )


def autoscaler(least: int, most: int) -> Object:
    """An autoscaler of the Deployment with these bounds."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
    }
    spec = {"minReplicas": least, "maxReplicas": most, "scaleTargetRef": target, "metrics": [metric]}
    return named("autoscaling/v2", "HorizontalPodAutoscaler", "web", spec=spec)


def has_settled(value: Object) -> bool:
    """Whether all Pods of a Deployment are of its newest template, and run."""
    status, wanted = value["status"], value["spec"]["replicas"]
    numbers = {status.get(key, 0) for key in ("replicas", "updatedReplicas", "availableReplicas")}
    return numbers == {wanted} and status.get("observedGeneration") == value["metadata"]["generation"]


def push(registry: str, tag: str, content: bytes, repository: str = "shop/web") -> str:
    """Put an image into a registry, with a tag on it; its digest."""
    with open_registry(ImageReference(registry, repository, None, None), Access(credentials=Anonymous())) as opened:
        config = opened.put_blob(b"{}", EMPTY_CONFIG)
        layer = opened.put_blob(content, "application/vnd.oci.image.layer.v1.tar")
        entries = [{"mediaType": one.media_type, "digest": one.digest, "size": one.size} for one in (config, layer)]
        manifest = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": entries[0], "layers": entries[1:]}
        return opened.put_manifest(json.dumps(manifest).encode(), OCI_MANIFEST, tag).digest


def push_index(registry: str, tag: str, child: str) -> None:
    """Move a tag to an index of that image."""
    with open_registry(ImageReference(registry, "shop/web", None, None), Access(credentials=Anonymous())) as repository:
        found = repository.manifest(child).descriptor
        entry = {"mediaType": OCI_MANIFEST, "digest": child, "size": found.size}
        entry["platform"] = {"os": "linux", "architecture": "amd64"}
        index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]}
        repository.put_manifest(json.dumps(index).encode(), OCI_INDEX, tag)


def audited(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Object]:
    """Audit the cluster: the exit code, and the result."""
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "-o", "json=-", *options])
    printed = capsys.readouterr()
    assert printed.out, printed.err
    return int(stopped.value.code or 0), json.loads(printed.out)


def drift_of(result: Object) -> Found:
    """Rule, object and place of each finding of drift."""
    return {
        (one["rule"].removeprefix("drift."), f"{one['subject']['kind']} {one['subject']['name']}", one["at"])
        for one in result["findings"]
        if one["rule"].startswith("drift.")
    }


def objections_of(result: Object) -> list[str]:
    """What drift says, apart from remarks."""
    found = (one for one in result["findings"] if one["rule"].startswith("drift."))
    return [one["message"] for one in found if one["severity"] != "info"]


def drift_in(capsys: pytest.CaptureFixture[str], web: Shop, *options: str) -> Found:
    """What drift says of the shop's namespace, where everything can be judged."""
    _, result = audited(capsys, "--namespace", web.namespace, *options)
    assert [gap["why"] for gap in result["gaps"]] == []
    return drift_of(result)
