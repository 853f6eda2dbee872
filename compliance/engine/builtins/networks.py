"""net.cidr_*: what OPA's Wasm has not of its own."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from compliance.engine.builtins.operands import text
from compliance.engine.rego_values import BuiltinError, RegoObject, RegoSet, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, TypeAlias

    from compliance.engine.rego_values import Value

    Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_MAX_ADDRESSES = 1 << 20
_PREFIX = re.compile(r"[0-9]{1,3}")


def is_valid(given: Value) -> bool:
    """net.cidr_is_valid."""
    try:
        _network(text(given))
    except BuiltinError:
        return False
    return True


def expand(given: Value) -> RegoSet:
    """net.cidr_expand: every address; more than a million are refused rather than waited for."""
    network = _network(text(given))
    if network.num_addresses > _MAX_ADDRESSES:
        raise OverflowError(f"{network} has too many addresses")
    return RegoSet.of(map(str, network))


def contains_matches(cidrs: Value, inner: Value) -> RegoSet:
    """net.cidr_contains_matches: the pairs of indexes where a network of the first contains one of the second."""
    return RegoSet.of(
        [a, b]
        for a, outer in _indexed(cidrs)
        for b, found in _indexed(inner)
        if _contains(_network(outer), _network_or_address(found))
    )


def _contains(outer: Network, inner: Network) -> bool:
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type] # of one version


def _indexed(operand: Value) -> Iterable[tuple[Value, str]]:
    match operand:
        case str():
            return [(operand, operand)]
        case list():
            return [(number(index), _cidr(item)) for index, item in enumerate(operand)]
        case RegoSet():
            return [(item, _cidr(item)) for item in operand.members]
        case RegoObject():
            return [(key, _cidr(item)) for key, item in operand.pairs]
    return []


def _cidr(item: Value) -> str:
    """An element is a network, or an array that begins with one."""
    if isinstance(item, list) and item:
        return text(item[0])
    return text(item)


def _network(given: str) -> Network:
    address, slash, prefix = given.partition("/")
    if not slash or _PREFIX.fullmatch(prefix) is None or "%" in address:
        raise BuiltinError(f"{given} is no CIDR")
    try:
        return ipaddress.ip_network(f"{address}/{int(prefix)}", strict=False)
    except ValueError as error:
        raise BuiltinError(str(error)) from error


def _network_or_address(given: str) -> Network:
    return _network(given) if "/" in given else _network(f"{given}/{128 if ':' in given else 32}")


BUILTINS: Mapping[str, Any] = {
    "net.cidr_contains_matches": contains_matches,
    "net.cidr_expand": expand,
    "net.cidr_is_valid": is_valid,
}
