"""Connections: to addresses that were checked, with TLS that is verified, through a proxy where there is one."""

from __future__ import annotations

import ssl
import threading
from typing import TYPE_CHECKING, Final

import httpcore
import httpx

from compliance.errors import ConfigurationError
from compliance.supply_chain.registry.proxies import proxy_of
from compliance.supply_chain.registry.time_limits import LimitedStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from compliance.supply_chain.registry.addresses import Guard

_CONNECTIONS: Final = 16
_IDLE: Final = 15.0
"""Seconds for which an unused connection is kept."""


class Backend(httpcore.NetworkBackend):
    """Connects to an address that was checked, and to no other that the name may have by then."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers; raises as `Guard.addresses`, and httpcore's ConnectError."""
        addresses = self._guard.addresses(host, port)
        for last, address in enumerate(addresses, 1):
            try:
                found = self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
                return LimitedStream(found)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last == len(addresses):
                    raise
        raise httpcore.ConnectError(f"{host} has no address")


class _Direct(httpx.HTTPTransport):
    """httpx's own transport, with connections made by `Backend`: httpx has no parameter for it."""

    def __init__(self, guard: Guard, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_CONNECTIONS,
            keepalive_expiry=_IDLE,
            network_backend=Backend(guard),
        )


class Routes(httpx.BaseTransport):
    """Straight to the server, or through the proxy that the environment names.

    `tls` gives the TLS context when it is first needed: reading a system's authorities takes 30 ms.
    """

    def __init__(self, guard: Guard, tls: Callable[[], ssl.SSLContext]) -> None:
        self._guard = guard
        self._tls = tls
        self._made: dict[tuple[str, str | None], httpx.BaseTransport] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises as httpx does, and ContentError for an address that is refused."""
        scheme, proxy = request.url.scheme, proxy_of(request.url)
        if proxy is not None:
            self._guard.check_literal(request.url.host)
        with self._lock:
            if (scheme, proxy) not in self._made:
                self._made[scheme, proxy] = self._make(scheme, proxy)
            transport = self._made[scheme, proxy]
        return transport.handle_request(request)

    def _make(self, scheme: str, proxy: str | None) -> httpx.BaseTransport:
        to_proxy = proxy is not None and proxy.startswith("https:")
        context = self._tls() if scheme == "https" or to_proxy else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if proxy is None:
            return _Direct(self._guard, context)
        address = httpx.Proxy(proxy, ssl_context=context if to_proxy else None)
        return httpx.HTTPTransport(verify=context, trust_env=False, proxy=address)

    def close(self) -> None:
        """Close all connections."""
        for transport in self._made.values():
            transport.close()


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """TLS as Python's default: verified, 1.2 or newer; with the system's authorities, or only those given.

    Raises:
        ConfigurationError: the file of authorities cannot be used.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ConfigurationError(
            f"{ca_file}: no certificate authorities can be read from it: {error.strerror or 'not PEM'}",
            remedy="give a PEM file of certificates",
        ) from None
