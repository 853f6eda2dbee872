"""Facts of a NetworkPolicy: `rules/schemas/network_policy.json`."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.entries import policy_types
from compliance.sources.kubernetes.fields import integer, mapping, mappings, sequence, text, texts
from compliance.sources.kubernetes.paths import item_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.inventory import Inventory

_METADATA: Final = ip_address("169.254.169.254")
"""Where instances of AWS, Azure, Google Cloud and others ask for their own credentials, in plain HTTP."""
_HTTP: Final = 80
_LAST_PORT: Final = 65535


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a NetworkPolicy beyond what every object has."""
    spec = mapping(value, "spec")
    namespace = text(mapping(value, "metadata").get("namespace"))
    selector = mapping(spec, "podSelector")
    selected = list(inventory.selected(namespace, selector))
    return {
        "policy_types": list(policy_types(spec)),
        "selects_all": not selector.get("matchLabels") and not selector.get("matchExpressions"),
        "selected": sorted(str(entry) for entry in selected),
        "selects_something": inventory.selects_something(namespace, selected),
        "selected_on_host_network": sorted(str(entry) for entry in selected if entry.told["host_network"]),
        "workloads_in_namespace": len(inventory.of(namespace, "workload")),
        "ingress": [_traffic(rule, "from", f"spec.ingress[{index}]") for index, rule in _rules(spec, "ingress")],
        "egress": [_traffic(rule, "to", f"spec.egress[{index}]") for index, rule in _rules(spec, "egress")],
    }


def _rules(spec: dict[str, Any], direction: str) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((index, mapping(rule)) for index, rule in enumerate(sequence(spec.get(direction))))


def _traffic(rule: dict[str, Any], side: str, at: str) -> dict[str, Any]:
    """A rule without peers lets everybody, one without ports every port (API reference, NetworkPolicyIngressRule)."""
    peers, ports = sequence(rule.get(side)), sequence(rule.get("ports"))
    return {
        "at": at,
        "any_peer": not peers or any(_everybody(mapping(peer)) for peer in peers),
        "any_port": not ports,
        "every_namespace": [
            f"{at}.{side}[{index}]" for index, peer in enumerate(peers) if _every_namespace(mapping(peer))
        ],
        "metadata_service": [
            f"{at}.{side}[{index}]" for index, peer in enumerate(peers) if _has_metadata(mapping(peer, "ipBlock"))
        ],
        "plain_http": not ports or any(_includes(mapping(port), _HTTP) for port in ports),
        "every_port": [f"{at}.ports[{item_name(port)}]" for port in mappings(ports) if _every_port(port)],
    }


def _everybody(peer: dict[str, Any]) -> bool:
    block = mapping(peer, "ipBlock")
    return text(block.get("cidr")) in {"0.0.0.0/0", "::/0"} and not sequence(block.get("except"))


def _every_namespace(peer: dict[str, Any]) -> bool:
    """All Pods of all namespaces: an empty namespaceSelector, and no podSelector that chooses among them."""
    chosen = isinstance(peer.get("namespaceSelector"), dict)
    return chosen and not any(_labels(mapping(peer, selector)) for selector in ("namespaceSelector", "podSelector"))


def _labels(selector: dict[str, Any]) -> bool:
    return bool(selector.get("matchLabels") or selector.get("matchExpressions"))


def _has_metadata(block: dict[str, Any]) -> bool:
    excepted = texts(block.get("except"))
    return _contains(text(block.get("cidr")), _METADATA) and not any(_contains(one, _METADATA) for one in excepted)


def _contains(cidr: str | None, address: object) -> bool:
    try:
        return cidr is not None and address in ip_network(cidr, strict=False)
    except ValueError:
        return False


def _includes(port: dict[str, Any], number: int) -> bool:
    if port.get("protocol", "TCP") != "TCP":
        return False
    first = port.get("port")
    last = integer(port.get("endPort"))
    return first is None or first == number or (last is not None and (integer(first) or 0) <= number <= last)


def _every_port(port: dict[str, Any]) -> bool:
    first, last = integer(port.get("port")), integer(port.get("endPort"))
    return first is not None and last is not None and first <= 1 and last >= _LAST_PORT
