"""Facts about where a workload's Pods may run: part of `rules/schemas/workload.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping, mappings, sequence, text, text_map, texts
from compliance.sources.kubernetes.paths import item_name
from compliance.sources.kubernetes.selectors import selects
from compliance.sources.kubernetes.workloads import PodTemplate, pod_template

if TYPE_CHECKING:
    from collections.abc import Iterator


def scheduling_facts(value: dict[str, Any]) -> dict[str, Any]:
    """What rules see of a workload's placement."""
    template = pod_template(value) or PodTemplate({}, ())
    pod = mapping(template.value, "spec")
    labels = text_map(mapping(template.value, "metadata", "labels"))
    at = ".".join(str(step) for step in (*template.path, "spec"))
    return {
        "scheduling": {
            "node_name": text(pod.get("nodeName")) or None,
            "priority_class_name": text(pod.get("priorityClassName")),
            "spread_constraints": list(_constraints(pod, labels, at)),
            "anti_affinity_to_itself": any(_keeps_apart(term, labels, value) for term in _terms(pod)),
            "never_evicted": any(_tolerates_all(one) for one in mappings(pod.get("tolerations"))),
        }
    }


def _constraints(pod: dict[str, Any], labels: dict[str, str], at: str) -> Iterator[dict[str, Any]]:
    """A constraint without a selector counts no Pods (API reference, TopologySpreadConstraint)."""
    for index, raw in enumerate(sequence(pod.get("topologySpreadConstraints"))):
        constraint = mapping(raw)
        selector = constraint.get("labelSelector")
        yield {
            "at": f"{at}.topologySpreadConstraints[{item_name(raw) or index}]",
            "topology_key": text(constraint.get("topologyKey")),
            "has_selector": isinstance(selector, dict),
            "selects_itself": selects(selector, labels) if isinstance(selector, dict) else False,
        }


def _terms(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    affinity = mapping(pod, "affinity", "podAntiAffinity")
    yield from mappings(affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
    for preferred in mappings(affinity.get("preferredDuringSchedulingIgnoredDuringExecution")):
        yield mapping(preferred, "podAffinityTerm")


def _keeps_apart(term: dict[str, Any], labels: dict[str, str], value: dict[str, Any]) -> bool:
    selector, namespaces = term.get("labelSelector"), texts(term.get("namespaces"))
    own = text(mapping(value, "metadata").get("namespace"))
    elsewhere = bool(namespaces) and own is not None and own not in namespaces and "namespaceSelector" not in term
    return isinstance(selector, dict) and selects(selector, labels) and not elsewhere


def _tolerates_all(toleration: dict[str, Any]) -> bool:
    """Whether no taint of a node, not even one that is down, ever drives the Pod away."""
    return (
        toleration.get("operator") == "Exists"
        and not toleration.get("key")
        and (toleration.get("effect") or "NoExecute") == "NoExecute"
        and toleration.get("tolerationSeconds") is None
    )
