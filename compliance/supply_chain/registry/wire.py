"""HTTP to one registry and to where it sends us: TLS, checked addresses, redirects; no retries and no credentials.

Redirects are followed here and not by httpx, so that each is looked at: never from https to http, never to a local
address (`addresses`), and `Authorization` goes to the origin that it was meant for and to none that comes after.
"""

from __future__ import annotations

import logging
import ssl
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import httpcore
import httpx

from compliance.errors import ContentError, ContentUnavailable
from compliance.supply_chain.registry.addresses import Guard
from compliance.supply_chain.registry.connections import Backend, Routes
from compliance.supply_chain.registry.failures import Unreachable
from compliance.supply_chain.registry.time_limits import until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compliance.supply_chain.registry.access import Access

MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
_TLS_RECORDS: Final = frozenset({b"\x15", b"\x16"})  # RFC 8446, section 5.1: alert, handshake
_PROBE_TIMEOUT: Final = 3.0
_AGENT: Final = "immutable-compliance"

# Both log URLs, which may be signed, and headers: no level that a user sets is meant for that.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `authorization` is for the origin of `url` alone."""

    method: str
    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)
    authorization: str | None = field(default=None, repr=False)


class Wire:
    """The connections of one registry; safe in any thread."""

    def __init__(self, access: Access, host: str, tls: Callable[[], ssl.SSLContext]) -> None:
        self._access = access
        self._guard = Guard(host)
        self._client = httpx.Client(
            transport=Routes(self._guard, tls),
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": _AGENT, "Accept-Encoding": "identity"},
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def exchange(self, call: Call, deadline: float) -> httpx.Response:
        """Send a request and follow redirects; the body is yet to be read, and the response to be closed.

        Raises:
            ContentUnavailable: no answer, or none in time.
            ContentError: a redirect leads where we do not go, or there are too many of them.
        """
        url, authorization = call.url, call.authorization
        for _ in range(MAX_REDIRECTS + 1):
            response = self._send(call, url, authorization, deadline)
            if response.status_code not in _REDIRECTS or call.method not in ("GET", "HEAD"):
                return response
            response.close()
            target = self.resolve(url, response.headers.get("Location", ""))
            authorization = authorization if same_origin(url, target) else None
            url = target
        raise ContentError(f"{call.url.host} redirects more than {MAX_REDIRECTS} times")

    def resolve(self, base: httpx.URL, location: str) -> httpx.URL:
        """Where a `Location` leads to, if we may go there.

        Raises:
            ContentError: we may not, or it is no address.
        """
        try:
            target = base.join(location) if location else None
        except (httpx.InvalidURL, ValueError):
            target = None
        if target is None or target.scheme not in ("https", "http") or not target.host or target.userinfo:
            raise ContentError(f"{base.host} sends us to an address that is none")
        if base.scheme == "https" and target.scheme == "http":
            raise ContentError(
                f"{base.host} sends us from https to http, at {target.host}: refused",
                remedy="behind a proxy, a registry must know its own https address (X-Forwarded-Proto)",
            )
        self.check_scheme(target)
        return target

    def check_scheme(self, url: httpx.URL) -> None:
        """Refuse plain http where the user does not allow it.

        Raises:
            ContentError: it is plain http to such a host.
        """
        if url.scheme != "https" and not self._access.allows_plain_http(url.host, url.port):
            raise ContentError(
                f"{url.host} would be reached over plain http: refused",
                remedy=f"allow it with `--insecure-registry {url.netloc.decode('ascii')}` if nobody can listen in",
            )

    def speaks_tls(self, host: str, port: int) -> bool:
        """Whether TLS is spoken at a port: a handshake is begun, and nothing else sent.

        Raises:
            ContentUnavailable: nobody can be reached there.
        """
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(incoming, outgoing, server_hostname=host).do_handshake()
        except ssl.SSLWantReadError:
            hello = outgoing.read()
        try:
            stream = Backend(self._guard).connect_tcp(host, port, self._access.connect_timeout)
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            raise _unreachable(host, port) from None
        try:
            stream.write(hello, _PROBE_TIMEOUT)
            return stream.read(1, _PROBE_TIMEOUT) in _TLS_RECORDS
        except (httpcore.NetworkError, httpcore.TimeoutException):
            return False
        finally:
            stream.close()

    def _send(self, call: Call, url: httpx.URL, authorization: str | None, deadline: float) -> httpx.Response:
        headers = {**call.headers, **({"Authorization": authorization} if authorization else {})}
        left = deadline - time.monotonic()
        if left <= 0:
            raise ContentUnavailable(f"{url.host} did not answer in time", remedy="try again, or allow more time")
        access = self._access
        timeout = httpx.Timeout(min(access.read_timeout, left), connect=min(access.connect_timeout, left))
        request = self._client.build_request(call.method, url, headers=headers, content=call.content, timeout=timeout)
        try:
            with until(deadline):
                return self._client.send(request, stream=True)
        except httpx.ConnectTimeout:
            raise _unreachable(url.host, url.port) from None
        except httpx.TimeoutException:
            raise ContentUnavailable(f"{url.host} did not answer in time", remedy="try again") from None
        except httpx.ConnectError as error:
            raise _unreachable(url.host, url.port, error) from None
        except httpx.HTTPError as error:
            raise ContentUnavailable(f"{url.host} broke off: {type(error).__name__}", remedy="try again") from None


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether two URLs have scheme, host and port in common (RFC 6454, section 4)."""
    return _origin(one) == _origin(other)


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _unreachable(host: str, port: int | None, error: Exception | None = None) -> Unreachable:
    at = f"{host}:{port}" if port else host
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        remedy = "give the authority that signed it with `--ca-file FILE`"
        return Unreachable(f"the certificate of {at} is not trusted", host=host, remedy=remedy, lasting=True)
    if "SSL" in str(error):
        remedy = f"if it speaks plain http, and nobody can listen in, allow it with `--insecure-registry {at}`"
        return Unreachable(f"no TLS connection with {at}", host=host, remedy=remedy, lasting=True)
    return Unreachable(f"{at} cannot be reached", host=host, remedy="check its name, that it runs, and the network")
