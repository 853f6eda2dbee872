"""From one Kubernetes object, and what stands beside it, to the facts that rules see.

The shapes are the contract in `rules/schemas/{workload,network_policy,namespace,kubernetes_object}.json`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.containers import containers, sites
from compliance.sources.kubernetes.fields import flag, integer, mapping, mappings, sequence, text, text_map
from compliance.sources.kubernetes.inventory import policy_types
from compliance.sources.kubernetes.workloads import PodTemplate, pod_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compliance.sources.kubernetes.inventory import Inventory
    from compliance.sources.kubernetes.paths import Path
    from compliance.sources.kubernetes.schema import SchemaError


def facts_schema(value: dict[str, Any]) -> str:
    """The facts schema that an object is told in."""
    if pod_template(value) is not None:
        return "workload"
    kind, group = value.get("kind"), str(value.get("apiVersion")).rpartition("/")[0]
    if kind == "NetworkPolicy" and group in {"networking.k8s.io", "extensions"}:
        return "network_policy"
    return "namespace" if kind == "Namespace" and not group else "kubernetes_object"


def body(value: dict[str, Any], errors: Iterable[SchemaError], inventory: Inventory) -> dict[str, Any]:
    """All that rules may see of `value`, without `params`."""
    told = _common(value, errors, inventory)
    match facts_schema(value):
        case "workload":
            told.update(_workload(value, inventory))
        case "network_policy":
            told.update(_network_policy(value, inventory))
        case "namespace":
            told.update(_namespace(value, inventory))
    return told


def container_paths(value: dict[str, Any]) -> dict[str, Path]:
    """Where each `containers[NAME]` of a workload is written."""
    template = pod_template(value)
    if template is None:
        return {}
    found = sites(mapping(template.value, "spec"), (*template.path, "spec"))
    return {f"containers[{name}]": path for name, _, _, path in found}


def _common(value: dict[str, Any], errors: Iterable[SchemaError], inventory: Inventory) -> dict[str, Any]:
    metadata = mapping(value, "metadata")
    return {
        "api_version": text(value.get("apiVersion")),
        "kind": text(value.get("kind")),
        "name": text(metadata.get("name")),
        "namespace": text(metadata.get("namespace")),
        "labels": text_map(metadata.get("labels")),
        "annotations": text_map(metadata.get("annotations")),
        "inventory": "complete" if inventory.complete else "partial",
        "schema_errors": [asdict(error) for error in errors],
        "object": value,
    }


def _workload(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    template = pod_template(value) or PodTemplate({}, ())
    pod = mapping(template.value, "spec")
    listed = containers(pod)
    return {
        "replicas": integer(mapping(value, "spec").get("replicas")),
        "runs_to_completion": _runs_to_completion(value, pod),
        "pod": _pod(template, pod),
        "containers": listed,
        **_workload_joins(value, template, pod, listed, inventory),
    }


def _runs_to_completion(value: dict[str, Any], pod: dict[str, Any]) -> bool:
    return value.get("kind") in {"Job", "CronJob"} or text(pod.get("restartPolicy")) in {"Never", "OnFailure"}


def _pod(template: PodTemplate, pod: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": ".".join(str(step) for step in (*template.path, "spec")),
        "metadata_at": ".".join(str(step) for step in (*template.path, "metadata")),
        "labels": text_map(mapping(template.value, "metadata", "labels")),
        "annotations": text_map(mapping(template.value, "metadata", "annotations")),
        "host_network": flag(pod.get("hostNetwork")) or False,
        "host_pid": flag(pod.get("hostPID")) or False,
        "host_ipc": flag(pod.get("hostIPC")) or False,
        "restart_policy": text(pod.get("restartPolicy")),
        "service_account_name": text(pod.get("serviceAccountName")),
        "automount_service_account_token": flag(pod.get("automountServiceAccountToken")),
        "termination_grace_period_seconds": integer(pod.get("terminationGracePeriodSeconds")),
        "volumes": [_volume(item) for item in mappings(pod.get("volumes"))],
    }


def _volume(raw: dict[str, Any]) -> dict[str, Any]:
    kind = next((key for key in raw if key != "name"), None)
    return {"name": text(raw.get("name")), "type": kind, "source": mapping(raw, kind) if kind else {}}


def _workload_joins(
    value: dict[str, Any],
    template: PodTemplate,
    pod: dict[str, Any],
    listed: list[dict[str, Any]],
    inventory: Inventory,
) -> dict[str, Any]:
    metadata = mapping(value, "metadata")
    namespace = text(metadata.get("namespace"))
    labels = text_map(mapping(template.value, "metadata", "labels"))
    policies = list(inventory.selecting(namespace, "NetworkPolicy", labels))
    own = (str(value.get("kind")), str(metadata.get("name")))
    scalers = inventory.of(namespace, "HorizontalPodAutoscaler")
    return {
        "network_policies": {
            "ingress": sorted(entry.name for entry in policies if "Ingress" in entry.policy_types),
            "egress": sorted(entry.name for entry in policies if "Egress" in entry.policy_types),
        },
        "services": sorted(entry.name for entry in inventory.selecting(namespace, "Service", labels)),
        "disruption_budgets": sorted(
            entry.name for entry in inventory.selecting(namespace, "PodDisruptionBudget", labels)
        ),
        "autoscalers": sorted(entry.name for entry in scalers if entry.scales == own),
        "configuration": [
            _configuration(kind, name, namespace, inventory) for kind, name in sorted(set(_uses(pod, listed)))
        ],
    }


def _uses(pod: dict[str, Any], listed: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The ConfigMaps and Secrets that a pod reads: volumes (projected ones too), environment, pull secrets."""
    for volume in mappings(pod.get("volumes")):
        for source in (volume, *mappings(mapping(volume, "projected").get("sources"))):
            if (name := text(mapping(source, "configMap").get("name"))) is not None:
                yield "ConfigMap", name
            secret = mapping(source, "secret")
            if (name := text(secret.get("secretName")) or text(secret.get("name"))) is not None:
                yield "Secret", name
    for container in listed:
        for source in [variable["from"] for variable in container["env"]] + container["env_from"]:
            if source is not None and source["name"] is not None:
                yield source["kind"], source["name"]
    for reference in mappings(pod.get("imagePullSecrets")):
        if (name := text(reference.get("name"))) is not None:
            yield "Secret", name


def _configuration(kind: str, name: str, namespace: str | None, inventory: Inventory) -> dict[str, Any]:
    found = inventory.named(namespace, kind, name)
    return {
        "kind": kind,
        "name": name,
        "found": found is not None,
        "immutable": None if found is None else found.immutable,
    }


def _network_policy(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    spec = mapping(value, "spec")
    namespace = text(mapping(value, "metadata").get("namespace"))
    selector = mapping(spec, "podSelector")
    return {
        "policy_types": list(policy_types(spec)),
        "selects_all": not selector.get("matchLabels") and not selector.get("matchExpressions"),
        "selected": sorted(str(entry) for entry in inventory.selected(namespace, selector)),
        "workloads_in_namespace": len(inventory.of(namespace, "workload")),
        "ingress": [_traffic(rule, "from", f"spec.ingress[{index}]") for index, rule in _rules(spec, "ingress")],
        "egress": [_traffic(rule, "to", f"spec.egress[{index}]") for index, rule in _rules(spec, "egress")],
    }


def _rules(spec: dict[str, Any], direction: str) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((index, mapping(rule)) for index, rule in enumerate(sequence(spec.get(direction))))


def _traffic(rule: dict[str, Any], side: str, at: str) -> dict[str, Any]:
    """A rule without peers lets everybody, one without ports every port (API reference, NetworkPolicyIngressRule)."""
    peers = sequence(rule.get(side))
    return {
        "at": at,
        "any_peer": not peers or any(_everybody(mapping(peer)) for peer in peers),
        "any_port": not sequence(rule.get("ports")),
    }


def _everybody(peer: dict[str, Any]) -> bool:
    block = mapping(peer, "ipBlock")
    return block.get("cidr") in {"0.0.0.0/0", "::/0"} and not sequence(block.get("except"))


def _namespace(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    name = text(mapping(value, "metadata").get("name"))
    policies = inventory.of(name, "NetworkPolicy")
    everything = [entry for entry in policies if entry.selector is not None and not any(entry.selector.values())]
    return {
        "workloads": sorted(str(entry) for entry in inventory.of(name, "workload")),
        "network_policies": sorted(entry.name for entry in policies),
        "default_deny": {
            "ingress": sorted(entry.name for entry in everything if "Ingress" in entry.policy_types),
            "egress": sorted(entry.name for entry in everything if "Egress" in entry.policy_types),
        },
    }
