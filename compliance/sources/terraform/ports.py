"""Ranges of ports, and the services behind them that nobody wants to show to the whole world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.terraform.values import Failure, Value, as_text, as_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

LAST_PORT: Final = 65535
ALL_PORTS: Final = (0, LAST_PORT)
ANY_PROTOCOL: Final = frozenset({"-1", "all", "*"})
WITHOUT_PORTS: Final = frozenset({"icmp", "icmpv6", "esp", "ah", "ipip", "1", "58", "50", "51"})
_WITH_SERVICES: Final = frozenset({"tcp", "6"}) | ANY_PROTOCOL
_ADMINISTRATION: Final = {22: "SSH", 23: "Telnet", 3389: "RDP", 5985: "WinRM", 5986: "WinRM"}
_DATABASES: Final = {
    1433: "SQL Server",
    1521: "Oracle",
    3306: "MySQL",
    5432: "PostgreSQL",
    5439: "Redshift",
    6379: "Redis",
    7000: "Cassandra",
    9042: "Cassandra",
    9200: "Elasticsearch",
    11211: "Memcached",
    27017: "MongoDB",
}

Range = tuple[int | None, int | None]


def rule(direction: str, at: str, protocol: str | None, ports: Range, *, is_open: bool | None) -> dict[str, Any]:
    """One rule as rules see it."""
    return {
        "direction": direction,
        "at": at,
        "open": is_open,
        "protocol": protocol,
        "from_port": ports[0],
        "to_port": ports[1],
        "has_ports": protocol not in WITHOUT_PORTS,
        "administration": _services(_ADMINISTRATION, protocol, ports),
        "databases": _services(_DATABASES, protocol, ports),
    }


def _services(known: Mapping[int, str], protocol: str | None, ports: Range) -> list[str]:
    first, last = ports
    if protocol not in _WITH_SERVICES or first is None or last is None:
        return []
    return list(dict.fromkeys(name for port, name in known.items() if first <= port <= last))


def parsed(value: Value) -> Range:
    """`22`, `8000-8100` or `*`; None for what is not known."""
    try:
        text = as_text(value).strip()
    except Failure:
        return None, None
    if text == "*":
        return ALL_PORTS
    first, _, last = text.partition("-")
    return number(first), number(last or first)


def number(value: Value) -> int | None:
    """A port; None where it is not known."""
    try:
        return as_whole(value)
    except Failure:
        return None
