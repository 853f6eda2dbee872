"""uuid.parse: what a UUID tells about itself (RFC 9562)."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from compliance.engine.builtins.operands import text
from compliance.engine.rego_values import BuiltinError, RegoObject, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from compliance.engine.rego_values import Value

_GROUPS = r"([0-9a-fA-F]{8})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{12})"
_SPELLINGS = tuple(
    re.compile(spelling, re.DOTALL)
    for spelling in (_GROUPS, f"(?i:urn:uuid:){_GROUPS}", f".{_GROUPS}.", "([0-9a-fA-F]{32})")
)
_VARIANTS = {uuid.RFC_4122: "RFC4122", uuid.RESERVED_MICROSOFT: "Microsoft", uuid.RESERVED_FUTURE: "Future"}
_DOMAINS = ("Person", "Group", "Org")
_TIMED = frozenset({1, 2})
_WITH_DOMAIN = 2
_GREGORIAN_TO_UNIX = 0x01B21DD213814000
"""Hundreds of nanoseconds from 1582-10-15 to 1970-01-01."""


def parse(given: Value) -> RegoObject:
    """The version and variant; of time-based ones also time, node, clock sequence, and what is local in them."""
    spelt = text(given)
    found = next((match for spelling in _SPELLINGS if (match := spelling.fullmatch(spelt))), None)
    if found is None:
        raise BuiltinError("invalid UUID")
    return RegoObject.of(_fields(uuid.UUID(hex="".join(found.groups()))))


def _fields(given: uuid.UUID) -> Iterator[tuple[Value, Value]]:
    version = given.bytes[6] >> 4
    yield "version", number(version)
    yield "variant", _VARIANTS.get(given.variant, "Reserved")
    if version not in _TIMED:
        return
    node = given.node.to_bytes(6, "big")
    yield "time", number(_wrapped((given.time - _GREGORIAN_TO_UNIX) * 100))
    yield "nodeid", node.hex("-")
    yield "macvariables", f"{'local' if node[0] & 2 else 'global'}:{'multicast' if node[0] & 1 else 'unicast'}"
    yield "clocksequence", number(given.clock_seq)
    if version == _WITH_DOMAIN:
        domain = given.bytes[9]
        yield "id", number(given.time_low)
        yield "domain", _DOMAINS[domain] if domain < len(_DOMAINS) else f"Domain{domain}"


def _wrapped(value: int) -> int:
    """What is left of a number in 64 bits with a sign, where Go has it."""
    return (value + 2**63) % 2**64 - 2**63


BUILTINS: Mapping[str, Any] = {"uuid.parse": parse}
