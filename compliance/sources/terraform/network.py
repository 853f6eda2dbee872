"""What a security group or a firewall lets through, whichever resource says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.terraform import network_clouds
from compliance.sources.terraform.places import below, labelled
from compliance.sources.terraform.ports import ALL_PORTS, ANY_PROTOCOL, LAST_PORT, Range, number, rule
from compliance.sources.terraform.values import UNKNOWN, Failure, Value, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GROUPS: Final = frozenset({"aws_security_group", "aws_default_security_group"})
_SINGLE: Final = {
    "aws_vpc_security_group_ingress_rule": "ingress",
    "aws_vpc_security_group_egress_rule": "egress",
}
_RANGES: Final = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
_PROTOCOLS: Final = ("protocol", "ip_protocol")


def network_rules(kind: str, values: Mapping[str, Value]) -> list[dict[str, Any]]:
    """The rules of a security group, or the one rule that a resource is; none for every other resource."""
    if kind in _GROUPS:
        return [one for direction in ("ingress", "egress") for one in _of_group(direction, values.get(direction))]
    if kind in _SINGLE:
        return [_rule(_SINGLE[kind], "", values)]
    if kind != "aws_security_group_rule":
        return [*network_clouds.network_rules(kind, values)]
    direction = values.get("type")
    if direction is UNKNOWN:
        return [{**_unknown(either), "at": "type"} for either in ("ingress", "egress")]
    return [_rule(str(direction), "", values)]


def _of_group(direction: str, items: Value) -> Iterator[dict[str, Any]]:
    if items is UNKNOWN:
        yield _unknown(direction)
    for path, item in labelled(direction, items) if isinstance(items, list) else ():
        yield _rule(direction, path, item) if isinstance(item, dict) else _unknown(direction)


def _unknown(direction: str) -> dict[str, Any]:
    return rule(direction, direction, None, (None, None), is_open=None)


def _rule(direction: str, path: str, item: Mapping[str, Value]) -> dict[str, Any]:
    is_open, at = _openness(path, item)
    name = next((name for name in _PROTOCOLS if name in item), _PROTOCOLS[0])
    protocol = _text(item.get(name, "-1"))
    ports = _ports(protocol, item)
    if is_open and None in ports:
        unknown = (key for key in (name, "from_port", "to_port") if item.get(key) is UNKNOWN)
        at = below(path, next(unknown, name))
    return rule(direction, at, protocol, ports, is_open=is_open)


def _openness(path: str, item: Mapping[str, Value]) -> tuple[bool | None, str]:
    """Whether it is open to everybody (None: not known), and the place that says so."""
    unknown = None
    for name in _RANGES:
        value = item.get(name)
        ranges = value if isinstance(value, list) else [value]
        if _cover_the_world([one for one in ranges if isinstance(one, str)]):
            return True, below(path, name)
        if UNKNOWN in ranges:
            unknown = unknown or below(path, name)
    return (False, path) if unknown is None else (None, unknown)


def _cover_the_world(ranges: list[str]) -> bool:
    # A provider that refuses 0.0.0.0/0 is given its two halves.
    return any(one.endswith("/0") for one in ranges) or {"0.0.0.0/1", "128.0.0.0/1"}.issubset(ranges)


def _ports(protocol: str | None, item: Mapping[str, Value]) -> Range:
    if protocol is None:
        return None, None
    if protocol in ANY_PROTOCOL:
        return ALL_PORTS
    return number(item.get("from_port", 0)), number(item.get("to_port", LAST_PORT))


def _text(value: Value) -> str | None:
    try:
        return as_text(value).lower()
    except Failure:
        return None
