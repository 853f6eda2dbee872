"""One request to a webhook or metrics server: TLS that is verified, no redirects, an end in time.

The address and the headers are secrets. Errors name the host alone, and repeat of an answer what is no part of them.
This is the only door of the package to httpx and httpcore; httpcore sends, because it neither follows nor remembers
anything, and lets the connection be limited. A proxy is used as the environment says (HTTPS_PROXY, NO_PROXY).
"""

from __future__ import annotations

import base64
import ssl
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeAlias

import httpcore
import httpx

from compliance import __version__, pauses
from compliance.errors import ConfigurationError, NotificationError
from compliance.notify.access import redacted
from compliance.supply_chain.registry.access import is_loopback
from compliance.supply_chain.registry.connections import tls_context
from compliance.supply_chain.registry.proxies import proxy_of
from compliance.supply_chain.registry.time_limits import LimitedStream, until

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_CONNECT: Final = 10.0
_MOST_READ: Final = 64 * 1024
_LONGEST_ADDRESS: Final = 2048
_PASSING: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_HINTS: Final = {
    HTTPStatus.UNAUTHORIZED: "look at its credentials",
    HTTPStatus.FORBIDDEN: "look at its address and credentials: the server refuses them",
    HTTPStatus.NOT_FOUND: "look at its address: the server knows none such, perhaps no longer",
    HTTPStatus.GONE: "make a new webhook: the server has removed this one",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "use a template that says less",
}

Address: TypeAlias = httpx.URL
"""An address that `address` checked."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent where."""

    method: str
    url: Address = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    ca_file: Path | None = None

    @property
    def host(self) -> str:
        """All of the address that may be shown."""
        return self.url.host

    @property
    def secrets(self) -> tuple[str, ...]:
        """What an answer may repeat and we may not."""
        return (self.url.raw_path.decode("ascii"), *self.headers.values())


def address(text: str, what: str, *, plain: bool = False) -> Address:
    """Read an address that is a secret; plain http is for this machine, or for whoever allows it with `plain`.

    Raises:
        ConfigurationError: it is none, or holds a password; the error does not repeat it.
    """
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if not url.host or url.scheme not in {"http", "https"} or len(text) > _LONGEST_ADDRESS:
        raise ConfigurationError(f"{what} is no address of a web server", remedy="use https://HOST/PATH")
    if url.userinfo:
        remedy = "send credentials in a header, such as Authorization"
        raise ConfigurationError(f"{what} holds a password", remedy=remedy)
    if url.scheme == "http" and not plain and not is_loopback(url.host):
        raise ConfigurationError(f"{what} would be sent over the network without TLS", remedy="use https")
    return url


def below(base: Address, path: str) -> Address:
    """The address of a path below another; what stood behind a question mark falls away."""
    return base.copy_with(path=base.path.rstrip("/") + path, query=None)


def exchange(request: Request, seconds: float) -> None:
    """Send a request that a 2xx answers.

    Raises:
        NotificationError: anything else came of it.
        ConfigurationError: the file of authorities cannot be used, or a proxy is of an unknown kind.
    """
    limit = time.monotonic() + seconds
    timeouts = {"connect": min(_CONNECT, seconds), "read": seconds, "write": seconds, "pool": seconds}
    with _pool(request) as pool, until(limit):
        try:
            with pool.stream(
                request.method,
                str(request.url),
                headers=[("User-Agent", f"immutable-compliance/{__version__}"), *request.headers.items()],
                content=request.content,
                extensions={"timeout": timeouts},
            ) as response:
                answer = _Answer(response.status, dict(response.headers), _start(response.iter_stream()))
        except _TROUBLE as error:
            raise _broken(request, error) from None
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise _refused(request, answer)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


_TROUBLE: Final = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)


class _Backend(httpcore.NetworkBackend):
    """Connections whose reads and writes end in time."""

    def __init__(self) -> None:
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect; raises httpcore's ConnectError and ConnectTimeout."""
        return LimitedStream(self._sockets.connect_tcp(host, port, timeout, local_address, socket_options))


def _pool(request: Request) -> httpcore.ConnectionPool:
    proxy = proxy_of(request.url)
    if proxy is None:
        direct = tls_context(request.ca_file) if request.url.scheme == "https" else None
        return httpcore.ConnectionPool(ssl_context=direct, network_backend=_Backend())
    context = tls_context(request.ca_file)
    url = httpx.URL(proxy)
    if url.scheme not in {"http", "https"}:
        remedy = "name an HTTP proxy, or none for this host with NO_PROXY"
        raise ConfigurationError(f"the environment names a proxy of the kind {url.scheme}", remedy=remedy)
    return httpcore.HTTPProxy(
        proxy_url=str(url.copy_with(username=None, password=None)),
        proxy_auth=(url.username, url.password) if url.userinfo else None,
        ssl_context=context,
        proxy_ssl_context=context if url.scheme == "https" else None,
        network_backend=_Backend(),
    )


def _start(parts: Iterable[bytes]) -> bytes:
    """The first bytes of an answer, which may be endless."""
    found = b""
    for part in parts:
        found += part[: _MOST_READ - len(found)]
        if len(found) == _MOST_READ:
            break
    return found


def _broken(request: Request, error: Exception) -> NotificationError:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        remedy = "name the authority that vouches for it with ca_file"
        return NotificationError(f"{request.host} is not to be trusted: {cause.verify_message}", remedy=remedy)
    if isinstance(error, httpcore.LocalProtocolError):
        return NotificationError(f"{request.host} cannot be asked this way", remedy="look at its headers")
    said = getattr(cause, "strerror", None) or str(error) or type(error).__name__
    said = "no answer in time" if isinstance(error, httpcore.TimeoutException) else redacted(said, request.secrets)
    remedy = "look whether the server can be reached from here, perhaps by a proxy"
    return NotificationError(f"{request.host}: {said}", remedy=remedy, passing=True)


def _refused(request: Request, answer: _Answer) -> NotificationError:
    said = redacted(answer.body.decode("utf-8", "replace"), request.secrets)
    what = f"{request.host} answered {answer.status}" + (f": {said}" if said else "")
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return NotificationError(f"{what}; redirects are not followed", remedy="use the address that it leads to")
    remedy = next((hint for status, hint in _HINTS.items() if status == answer.status), "")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    wait = pauses.asked(*(headers.get(name, b"").decode("latin-1") for name in (b"retry-after", b"date")))
    return NotificationError(what, remedy=remedy, passing=answer.status in _PASSING, wait=wait)


def basic(username: str, password: str) -> str:
    """The value of `Authorization` for these credentials (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
