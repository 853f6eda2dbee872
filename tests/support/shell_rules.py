"""The rules file of the seed's CronJob, as it is written there, and objects to hold it against."""

from typing import Any

SEED_RULES = r"""rules:
  - name: ensure-image-scanning
    description: "All images must be scanned for vulnerabilities"
    query: |
      kubectl get pods -o json | jq '.items[] | select(.metadata.annotations."security.scan/status" != "passed")'
    remediation: "Run 'trivy image <image>' to scan the image and add the annotation"
    severity: critical

  - name: ensure-network-policies
    description: "All namespaces must have network policies"
    query: |
      kubectl get ns -o json | jq '.items[] | select(.metadata.name != "kube-system") | select(.metadata.name != "kube-public") | select(.metadata.name as $ns | [kubectl get netpol -n $ns -o json | jq ".items | length"] | .[0] == 0)'
    remediation: "Create default deny network policies for each namespace"
    severity: high

  - name: ensure-resource-limits
    description: "All pods must have resource limits"
    query: |
      kubectl get pods -o json | jq '.items[] | select(.spec.containers[] | select(.resources.limits == null))'
    remediation: "Add resource limits to all container specifications"
    severity: medium
"""  # noqa: E501 - as it is written there


def namespace(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def policy(space: str) -> dict[str, Any]:
    metadata = {"name": "default-deny", "namespace": space}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": {}}


def pod(name: str, space: str = "default", *, scanned: bool = True, limits: bool = True) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "namespace": space}
    if scanned:
        metadata["annotations"] = {"security.scan/status": "passed"}
    resources = {"limits": {"cpu": "1"}} if limits else {}
    containers = [{"name": each, "image": "web:1", "resources": resources} for each in ("web", "proxy")]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": containers}}


def rule(query: str, name: str = "example") -> str:
    """A file with one rule."""
    lines = "".join(f"      {line}\n" for line in query.split("\n"))
    head = f"rules:\n  - name: {name}\n    description: all must be well\n    query: |\n"
    return f"{head}{lines}    remediation: mend it\n    severity: high\n"
