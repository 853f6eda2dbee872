"""Facts of a Service: `rules/schemas/service.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import integer, mapping, mappings, text, text_map, texts
from compliance.sources.kubernetes.paths import item_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.entries import Entry
    from compliance.sources.kubernetes.inventory import Inventory

_RUNTIME_LABELS: Final = frozenset(
    {
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/job-completion-index",
        "controller-revision-hash",
        "pod-template-hash",
        "rollouts-pod-template-hash",
        "statefulset.kubernetes.io/pod-name",
    }
)
"""Labels that controllers put on Pods; no template has them."""
_INTERNAL: Final = {
    "cloud.google.com/load-balancer-type": {"internal"},
    "networking.gke.io/load-balancer-type": {"internal"},
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": {"intranet"},
    "service.beta.kubernetes.io/aws-load-balancer-internal": {"true", "0.0.0.0/0"},
    "service.beta.kubernetes.io/aws-load-balancer-scheme": {"internal"},
    "service.beta.kubernetes.io/azure-load-balancer-internal": {"true"},
    "service.beta.kubernetes.io/oci-load-balancer-internal": {"true"},
    "service.beta.kubernetes.io/openstack-internal-load-balancer": {"true"},
    "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": {"private"},
}
"""What tells a cloud's controller to give the load balancer no public address."""
_RANGES: Final = "service.beta.kubernetes.io/load-balancer-source-ranges"
_EVERYBODY: Final = frozenset({"0.0.0.0/0", "::/0"})


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a Service beyond what every object has."""
    spec, metadata = mapping(value, "spec"), mapping(value, "metadata")
    namespace, annotations = text(metadata.get("namespace")), text_map(metadata.get("annotations"))
    selector = text_map(spec.get("selector"))
    lasting = {key: wanted for key, wanted in selector.items() if key not in _RUNTIME_LABELS}
    selected = list(inventory.selected(namespace, {"matchLabels": lasting})) if selector else []
    kind = text(spec.get("type")) or "ClusterIP"
    selects = bool(selector) and kind != "ExternalName"
    return {
        "type": kind,
        "headless": spec.get("clusterIP") == "None",
        "external_name": text(spec.get("externalName")) if kind == "ExternalName" else None,
        "external_ips": texts(spec.get("externalIPs")),
        "load_balancer": _load_balancer(spec, annotations) if kind == "LoadBalancer" else None,
        "selector": selector,
        "selected": sorted(str(entry) for entry in selected),
        "selects_something": _selects_something(text(metadata.get("name")) or "", namespace, selected, inventory)
        if selects
        else None,
        "ports": list(_ports(spec, selected)),
    }


def _load_balancer(spec: dict[str, Any], annotations: dict[str, str]) -> dict[str, Any]:
    ranges = texts(spec.get("loadBalancerSourceRanges"))
    ranges = ranges or [part.strip() for part in annotations.get(_RANGES, "").split(",") if part.strip()]
    return {
        "class": text(spec.get("loadBalancerClass")),
        "source_ranges": ranges,
        "open": not ranges or bool(_EVERYBODY & set(ranges)),
        "internal": any(annotations.get(key, "").lower() in said for key, said in _INTERNAL.items()),
    }


def _selects_something(name: str, namespace: str | None, selected: list[Entry], inventory: Inventory) -> bool | None:
    """As for every selector; but files may lack the workload, so one that is named like the Service must be there."""
    answer = inventory.selects_something(namespace, selected)
    if answer is not False or inventory.complete:
        return answer
    named = (entry.name for entry in inventory.together(inventory.of(namespace, "workload")))
    return False if any(f"{one}-".startswith(f"{name}-") or f"{name}-".startswith(f"{one}-") for one in named) else None


def _ports(spec: dict[str, Any], selected: list[Entry]) -> Iterator[dict[str, Any]]:
    for port in mappings(spec.get("ports")):
        target = port.get("targetPort", port.get("port"))
        named = text(target)
        if named is not None and named.isdecimal():
            target, named = int(named), None
        yield {
            "at": f"spec.ports[{item_name(port) or 0}].targetPort",
            "name": text(port.get("name")),
            "port": integer(port.get("port")),
            "target_name": named,
            "target_number": integer(target),
            "node_port": integer(port.get("nodePort")),
            "target_found": _found(named, selected),
        }


def _found(name: str | None, selected: list[Entry]) -> bool | None:
    """Whether a selected workload has a container port of that name; None for a number, or where none is selected."""
    if name is None or not selected:
        return None
    return any(name in entry.told["ports"] for entry in selected)
