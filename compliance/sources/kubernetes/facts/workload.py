"""Facts of what makes Pods: `rules/schemas/workload.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.containers import containers
from compliance.sources.kubernetes.facts import observability, pod_security
from compliance.sources.kubernetes.facts.configuration_joins import configuration, duplicate_variables
from compliance.sources.kubernetes.facts.rollout import rollout_facts
from compliance.sources.kubernetes.facts.scheduling import scheduling_facts
from compliance.sources.kubernetes.facts.secrets import secrets
from compliance.sources.kubernetes.facts.storage import claims, storage
from compliance.sources.kubernetes.fields import flag, integer, mapping, mappings, text, text_map
from compliance.sources.kubernetes.workloads import PodTemplate, pod_template

if TYPE_CHECKING:
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
        **rollout_facts(value, inventory),
        **scheduling_facts(value),
        "duplicate_variables": duplicate_variables(pod),
        "secrets": secrets(pod),
        "claims": claims(value),
        **_workload_joins(value, template, pod, inventory),
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
        "resources": _resources(mapping(pod, "resources")),
        "volumes": [_volume(item) for item in mappings(pod.get("volumes"))],
    }


def _resources(raw: dict[str, Any]) -> dict[str, list[str]]:
    """What the containers share (Kubernetes documentation, "Pod-level resources"); a limit alone is a request too."""
    limits = sorted(name for name in ("cpu", "memory") if mapping(raw, "limits").get(name) is not None)
    requests = {name for name in ("cpu", "memory") if mapping(raw, "requests").get(name) is not None}
    return {"requests": sorted(requests.union(limits)), "limits": limits}


def _volume(raw: dict[str, Any]) -> dict[str, Any]:
    kind = next((key for key in raw if key != "name" and raw[key] is not None), None)
    return {"name": text(raw.get("name")), "type": kind, "source": mapping(raw, kind) if kind else {}}


def _workload_joins(
    value: dict[str, Any],
    template: PodTemplate,
    pod: dict[str, Any],
    inventory: Inventory,
) -> dict[str, Any]:
    metadata = mapping(value, "metadata")
    namespace = text(metadata.get("namespace"))
    labels = text_map(mapping(template.value, "metadata", "labels"))
    services = list(inventory.selecting(namespace, "Service", labels))
    budgets = list(inventory.selecting(namespace, "PodDisruptionBudget", labels))
    policies = list(inventory.selecting(namespace, "NetworkPolicy", labels))
    scalers = inventory.scaling(namespace, str(value.get("kind")), str(metadata.get("name")))
    pod_at = ".".join(str(step) for step in (*template.path, "spec"))
    return {
        "network_policies": {
            "ingress": sorted(entry.name for entry in policies if "Ingress" in entry.told["policy_types"]),
            "egress": sorted(entry.name for entry in policies if "Egress" in entry.told["policy_types"]),
        },
        "services": sorted({entry.name for entry in services}),
        "disruption_budgets": sorted({entry.name for entry in budgets}),
        "applied_with": {
            "services": sorted({entry.name for entry in inventory.together(services)}),
            "disruption_budgets": sorted({entry.name for entry in inventory.together(budgets, in_one_stream=True)}),
            "autoscalers": sorted({entry.name for entry in inventory.together(scalers)}),
        },
        "autoscalers": sorted({entry.name for entry in scalers}),
        "configuration": configuration(pod, pod_at, namespace, inventory),
        "storage": storage(value, pod, pod_at, namespace, inventory),
    }
