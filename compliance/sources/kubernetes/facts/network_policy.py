"""Facts of a NetworkPolicy: `rules/schemas/network_policy.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping, sequence, text
from compliance.sources.kubernetes.inventory import policy_types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.inventory import Inventory


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a NetworkPolicy beyond what every object has."""
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
