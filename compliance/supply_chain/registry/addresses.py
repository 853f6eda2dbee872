"""Where a registry may send us: not to addresses that mean something only to this machine.

A registry can answer with a redirect or a token endpoint of its choice. Followed blindly, that reaches what listens
here for local callers only, or the metadata service of a cloud, which hands out credentials (server-side request
forgery). The address that was checked is the one that is connected to, so that a name which resolves otherwise a
moment later (DNS rebinding) gains nothing. A proxy looks names up by itself; there only addresses written out in a URL
can be checked, and the proxy's own rules must do the rest.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import Final

from compliance.errors import ContentError
from compliance.supply_chain.registry.failures import Unreachable

_METADATA: Final = frozenset({"100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254", "168.63.129.16"})
"""Metadata services of clouds outside the link-local range: Alibaba, Oracle, Amazon, Google, Azure."""
_THIS_NETWORK: Final = ipaddress.ip_network("0.0.0.0/8")
_WITH_IPV4: Final = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
"""Networks whose last 32 bits are an IPv4 address: NAT64 (RFC 6052, RFC 8215), IPv4-compatible (RFC 4291)."""
_LOCAL_IPV6: Final = frozenset({"::", "::1"})


class Guard:
    """The kinds of addresses that one registry may send us to: ordinary ones, and the kind that it has itself."""

    def __init__(self, registry_host: str) -> None:
        self._own = registry_host
        self._kinds: frozenset[str | None] | None = None
        self._lock = threading.Lock()

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Look a host up and give the addresses that may be connected to.

        What kind of address the registry itself has is settled by the first look; it cannot change its mind later.

        Raises:
            ContentUnavailable: the name is not known.
            ContentError: it leads to a local address, and the registry's does not.
        """
        found = _look_up(host, port)
        kinds = frozenset(kind_of(address) for address in found)
        with self._lock:
            if host == self._own and self._kinds is None:
                # A name with addresses of both kinds is no local registry, but one that wants to be taken for it.
                self._kinds = frozenset() if None in kinds else kinds
            allowed = {None, *(self._kinds or ())}
        for kind in sorted(str(kind) for kind in kinds - allowed):
            raise ContentError(
                f"{self._own} leads to {host}, which is a {kind} address: refused",
                remedy="a registry may not send its clients to local addresses; ask who runs it",
            )
        return found

    def check_literal(self, host: str) -> None:
        """Check a host that is written as an address, where somebody else will look names up.

        Raises:
            ContentError: as for `addresses`.
        """
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return
        self.addresses(host, 0)


def kind_of(address: str) -> str | None:
    """`loopback`, `link-local`, `unspecified`, `multicast` or `metadata`; None for an ordinary address."""
    parsed = _embedded(ipaddress.ip_address(address.partition("%")[0]))
    if str(parsed) in _METADATA:
        return "metadata"
    if parsed.is_unspecified or parsed in _THIS_NETWORK:
        return "unspecified"
    for kind, holds in (
        ("loopback", parsed.is_loopback),
        ("link-local", parsed.is_link_local),
        ("multicast", parsed.is_multicast),
    ):
        if holds:
            return kind
    return None


def _embedded(parsed: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address inside an IPv6 one, where the system or a gateway would connect to that."""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return parsed.ipv4_mapped
        if parsed.sixtofour is not None:
            return parsed.sixtofour
        if str(parsed) not in _LOCAL_IPV6 and any(parsed in network for network in _WITH_IPV4):
            return ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    return parsed


def _look_up(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(
            f"the name {host} cannot be looked up: {getattr(error, 'strerror', None) or error}",
            host=host,
            remedy="check the spelling of the registry, and the name server",
            lasting=not isinstance(error, socket.gaierror) or error.errno != socket.EAI_AGAIN,
        ) from None
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))
