"""Facts of what makes Pods: `rules/schemas/workload.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.containers import containers
from compliance.sources.kubernetes.facts import observability, pod_security
from compliance.sources.kubernetes.fields import flag, integer, mapping, mappings, text, text_map
from compliance.sources.kubernetes.workloads import PodTemplate, pod_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.inventory import Inventory


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a workload beyond what every object has."""
    template = pod_template(value) or PodTemplate({}, ())
    pod = mapping(template.value, "spec")
    listed = containers(pod)
    return {
        "replicas": integer(mapping(value, "spec").get("replicas")),
        "runs_to_completion": _runs_to_completion(value, pod),
        "pod": _pod(template, pod),
        "containers": listed,
        "pod_security": pod_security.facts(template, text(mapping(value, "metadata").get("namespace")), inventory),
        "observability": observability.facts(value, template, inventory),
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
    kind = next((key for key in raw if key != "name" and raw[key] is not None), None)
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
            "ingress": sorted(entry.name for entry in policies if "Ingress" in entry.told["policy_types"]),
            "egress": sorted(entry.name for entry in policies if "Egress" in entry.told["policy_types"]),
        },
        "services": sorted(entry.name for entry in inventory.selecting(namespace, "Service", labels)),
        "disruption_budgets": sorted(
            entry.name for entry in inventory.selecting(namespace, "PodDisruptionBudget", labels)
        ),
        "autoscalers": sorted(entry.name for entry in scalers if entry.told["target"] == own),
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
        "immutable": None if found is None else found.told["immutable"],
    }
