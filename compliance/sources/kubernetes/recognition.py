"""Files that are no Kubernetes object, named for what they are, so that nobody wonders why they were passed over."""

from __future__ import annotations

from typing import overload

GITLAB_PIPELINE = "a GitLab pipeline"
GITHUB_WORKFLOW = "a GitHub workflow"
COMPOSITE_ACTION = "a composite action of GitHub"

_CLIENT_GROUPS = {
    "kustomize.config.k8s.io": "a Kustomize file",
    "skaffold": "a Skaffold file",
    "kind.x-k8s.io": "a kind cluster configuration",
    "kubeadm.k8s.io": "a kubeadm configuration",
    "audit.k8s.io": "an audit policy of the API server",
    "kubelet.config.k8s.io": "a kubelet configuration",
    "kubescheduler.config.k8s.io": "a scheduler configuration",
    "helm.sh": "a Helm file",
    "ctlptl.dev": "a ctlptl file",
}


@overload
def recognise(value: object) -> str: ...
@overload
def recognise(value: object, *, is_object: bool) -> str | None: ...
def recognise(value: object, *, is_object: bool = False) -> str | None:
    """Say what a document is that is not applied to a cluster; None for an object that is."""
    if is_object and isinstance(value, dict):
        group = str(value.get("apiVersion")).rpartition("/")[0] or str(value.get("apiVersion"))
        if value.get("kind") == "Config" and "clusters" in value:
            return "a kubeconfig"
        return _CLIENT_GROUPS.get(group)
    if isinstance(value, dict):
        return _mapping(value)
    if isinstance(value, list):
        return _list(value)
    return "an empty file" if value is None else "a text, no Kubernetes object"


def _mapping(value: dict[str, object]) -> str:
    if (pipeline := _pipeline(value)) is not None:
        return pipeline
    keys = value.keys()
    rules = value.get("rules")
    if isinstance(rules, list) and rules and all(isinstance(rule, dict) and "query" in rule for rule in rules):
        return "compliance rules with queries (rules.yaml)"
    if "services" in keys and isinstance(value["services"], dict):
        return "a Compose file"
    if keys & {"resources", "bases", "namePrefix", "patches"} and not keys & {"kind"}:
        return "a Kustomize file"
    return "no Kubernetes object"


def _pipeline(value: dict[str, object]) -> str | None:
    keys = value.keys()
    jobs = [job for job in value.values() if isinstance(job, dict) and "script" in job]
    if jobs and ("stages" in keys or any("stage" in job for job in jobs)):
        return GITLAB_PIPELINE
    if {"jobs", "on"} <= keys or {"jobs", True} <= keys or {"jobs", "true"} <= keys:
        return GITHUB_WORKFLOW
    runs = value.get("runs")
    return COMPOSITE_ACTION if isinstance(runs, dict) and runs.get("using") == "composite" else None


def _list(value: list[object]) -> str:
    roles = [item for item in value if isinstance(item, dict) and {"role", "path"} <= item.keys()]
    if value and len(roles) == len(value):
        return "a learning path"
    plays = [item for item in value if isinstance(item, dict) and "hosts" in item]
    return "an Ansible playbook" if plays else "a list, no Kubernetes object"
