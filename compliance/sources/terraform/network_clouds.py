"""What the firewalls of Google Cloud and Azure let through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.terraform.places import below, labelled
from compliance.sources.terraform.ports import ALL_PORTS, ANY_PROTOCOL, Range, parsed, rule
from compliance.sources.terraform.values import UNKNOWN, Failure, Value, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_EVERYBODY: Final = frozenset({"*", "any", "internet", "0.0.0.0"})  # noqa: S104 - as Azure writes it
_DIRECTIONS: Final = {"inbound": "ingress", "outbound": "egress", "ingress": "ingress", "egress": "egress"}
_GOOGLE_PEERS: Final = {"ingress": "source_ranges", "egress": "destination_ranges"}
_AZURE_PEERS: Final = {"ingress": "source_address_prefix", "egress": "destination_address_prefix"}


def network_rules(kind: str, values: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    """The rules of a firewall, or the one rule that a resource is."""
    if kind == "google_compute_firewall" and values.get("disabled") is not True:
        yield from _google(values)
    elif kind == "azurerm_network_security_rule":
        yield from _azure("", values)
    elif kind == "azurerm_network_security_group":
        items = values.get("security_rule")
        for path, item in labelled("security_rule", items) if isinstance(items, list) else ():
            if isinstance(item, dict):
                yield from _azure(path, item)
            elif item is UNKNOWN:
                yield rule("ingress", path, None, (None, None), is_open=None)


def _google(values: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    direction = _direction(values, "INGRESS")
    peers = _GOOGLE_PEERS[direction]
    is_open = _openness(values.get(peers))
    allowed = values.get("allow")
    for path, item in labelled("allow", allowed) if isinstance(allowed, list) else ():
        if item is UNKNOWN:
            yield rule(direction, path if is_open else peers, None, (None, None), is_open=is_open)
        elif isinstance(item, dict):
            protocol = _text(item.get("protocol"))
            for ports in _google_ports(protocol, item.get("ports")):
                unknown = is_open and None in ports
                at = below(path, "protocol" if protocol is None else "ports") if unknown else peers
                yield rule(direction, at, protocol, ports, is_open=is_open)


def _google_ports(protocol: str | None, ports: Value) -> list[Range]:
    if protocol is None or ports is UNKNOWN:
        return [(None, None)]
    if protocol in ANY_PROTOCOL or not isinstance(ports, list) or not ports:
        return [ALL_PORTS]
    return [parsed(one) for one in ports]


def _azure(path: str, values: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    if str(values.get("access")).lower() == "deny":
        return
    direction = _direction(values, "Inbound")
    peers = _plural(values, _AZURE_PEERS[direction], "es")
    is_open = _openness(values.get(peers))
    if is_open and values.get("access") is UNKNOWN:
        is_open, peers = None, "access"
    protocol = _text(values.get("protocol"))
    name = _plural(values, "destination_port_range", "s")
    value = values.get(name)
    for port in value if isinstance(value, list) else [value]:
        ports = ALL_PORTS if port is None else parsed(port)
        at = below(path, name if is_open and None in ports else peers)
        yield rule(direction, at, protocol, ports, is_open=is_open)


def _plural(values: Mapping[str, Value], name: str, ending: str) -> str:
    return f"{name}{ending}" if values.get(f"{name}{ending}") not in (None, []) else name


def _direction(values: Mapping[str, Value], default: str) -> str:
    written = values.get("direction")
    return _DIRECTIONS.get(str(default if written is None else written).lower(), "ingress")


def _openness(peers: Value) -> bool | None:
    items = peers if isinstance(peers, list) else [peers]
    if any(isinstance(one, str) and (one.endswith("/0") or one.lower() in _EVERYBODY) for one in items):
        return True
    return None if UNKNOWN in items else False


def _text(value: Value) -> str | None:
    try:
        return as_text(value).lower()
    except Failure:
        return None
