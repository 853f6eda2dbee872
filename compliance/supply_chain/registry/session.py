"""One registry: requests that authenticate, wait where they are asked to, and end in time."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import httpx

from compliance import pauses
from compliance.errors import AccessDenied, ContentNotFound, ContentUnavailable
from compliance.supply_chain.registry import answers, challenges
from compliance.supply_chain.registry.access import server_of
from compliance.supply_chain.registry.failures import Unreachable
from compliance.supply_chain.registry.tokens import Tokens
from compliance.supply_chain.registry.wire import Call, Wire, same_origin

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping

    from compliance.errors import ContentError
    from compliance.supply_chain.registry.access import Access
    from compliance.supply_chain.registry.tokens import Scopes

_WAITED_FOR: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_FIRST_PAUSE: Final = 0.25
_DOWN_FOR: Final = 10.0
_HTTPS_PORT: Final = 443


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for `target`: a path under `/v2/`, or an address that the registry gave.

    `what` names in errors what is asked for. `repeatable`: sending it twice does what sending it once does.
    """

    method: str
    target: str
    what: str
    repository: str
    scopes: Scopes
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)
    repeatable: bool = True


class Session:
    """Everything that repositories of one registry share; safe in any thread."""

    def __init__(self, registry: str, access: Access, tls: Callable[[], ssl.SSLContext]) -> None:
        self.registry = registry
        self.access = access
        host, self._port = server_of(registry)
        self._wire = Wire(access, host, tls)
        self._host = host
        self._base: httpx.URL | None = None
        self._tokens = Tokens(registry, lambda: self.base, access, self._wire)
        self._down: tuple[float, Unreachable] | None = None
        self._lock = threading.Lock()
        self._tag_locks: dict[str, threading.Lock] = {}

    def close(self) -> None:
        """Close all connections."""
        self._wire.close()

    def tag_lock(self, tag: str) -> threading.Lock:
        """The lock of a tag (`repository:tag`) that threads of this process read and write back."""
        return self._tag_locks.setdefault(tag, threading.Lock())

    @property
    def base(self) -> httpx.URL:
        """`scheme://host:port`, settled by the first use.

        https, and nothing else, unless the host is this machine or the user allows plain http for it. Such a host is
        asked first whether it speaks TLS, as crane and cosign do: registries on loopback mostly do not, and where one
        does, giving up its protection would be a loss.

        Raises:
            ContentUnavailable: it must be asked, and cannot be reached.
        """
        with self._lock:
            if self._base is None:
                host = f"[{self._host}]" if ":" in self._host else self._host
                port = f":{self._port}" if self._port else ""
                self._base = httpx.URL(f"{'http' if self._is_plain() else 'https'}://{host}{port}")
            return self._base

    def _is_plain(self) -> bool:
        if not self.access.allows_plain_http(self._host, self._port):
            return False
        if self._port is not None:
            return not self._wire.speaks_tls(self._host, self._port)
        try:
            return not self._wire.speaks_tls(self._host, _HTTPS_PORT)
        except ContentUnavailable:
            return True

    @contextmanager
    def open(self, ask: Ask, deadline: float) -> Iterator[httpx.Response]:
        """Send a request, with its retries; whatever the answer is, its body is yet to be read.

        Raises:
            ContentUnavailable: no answer, or none in time; AccessDenied: the credentials cannot be had.
            ContentError: a redirect or token endpoint is refused.
        """
        response = self._patiently(ask, deadline)
        try:
            yield response
        finally:
            response.close()

    def _patiently(self, ask: Ask, deadline: float) -> httpx.Response:
        if self._down is not None and time.monotonic() < self._down[0]:
            raise self._down[1]
        for attempt in range(self.access.max_retries + 1):
            last = attempt == self.access.max_retries
            pause = pauses.growing(_FIRST_PAUSE, attempt, pauses.spread())
            try:
                response = self._authorised(ask, deadline)
            except ContentUnavailable as error:
                if last or not ask.repeatable or _is_settled(error):
                    self._remember(error)
                    raise
            else:
                if last or response.status_code not in _WAITED_FOR or not _may_repeat(ask, response):
                    return response
                pause = max(pause, _asked_pause(response))
                if time.monotonic() + pause > deadline or pause > pauses.LONGEST:
                    return response
                response.close()
            if time.monotonic() + pause > deadline:
                raise ContentUnavailable(f"{self.registry} did not answer in time", remedy="try again")
            time.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _remember(self, error: ContentUnavailable) -> None:
        """Where the registry cannot be reached, the next hundred images need not find that out one by one."""
        if isinstance(error, Unreachable) and error.host == self._host:
            self._down = (time.monotonic() + _DOWN_FOR, error)

    def _authorised(self, ask: Ask, deadline: float) -> httpx.Response:
        url = self.base.join(ask.target)
        # What the registry gave as an address elsewhere (an upload's, say) gets no credentials.
        own = same_origin(url, self.base)
        header = self._tokens.known(ask.repository, ask.scopes, deadline) if own else None
        call = Call(ask.method, url, ask.headers, ask.content, header)
        response = self._wire.exchange(call, deadline)
        if response.status_code != HTTPStatus.UNAUTHORIZED or not same_origin(response.url, self.base):
            return response
        asked = challenges.parse(response.headers.get_list("www-authenticate"))
        better = self._tokens.answer(asked, ask.repository, ask.scopes, header, deadline)
        if better is None:
            return response
        response.close()
        return self._wire.exchange(Call(ask.method, url, ask.headers, ask.content, better), deadline)

    def follow(self, response: httpx.Response, location: str) -> str:
        """The address in a `Location` or `Link`, if we may go there.

        Raises:
            ContentError: we may not.
        """
        return str(self._wire.resolve(response.url, location))

    def is_own(self, address: str) -> bool:
        """Whether an address is of the registry itself."""
        return same_origin(httpx.URL(address), self.base)

    def refusal(self, response: httpx.Response, what: str, deadline: float) -> ContentError:
        """The error for an answer that is not what was asked for."""
        return answers.refusal(response, self.registry, what, deadline)


def _is_settled(error: ContentUnavailable) -> bool:
    """Whether asking again would give the same."""
    return isinstance(error, AccessDenied | ContentNotFound) or (isinstance(error, Unreachable) and error.lasting)


def _may_repeat(ask: Ask, response: httpx.Response) -> bool:
    """What was refused for want of time was not begun."""
    return ask.repeatable or response.status_code == HTTPStatus.TOO_MANY_REQUESTS


def _asked_pause(response: httpx.Response) -> float:
    return pauses.asked(response.headers.get("Retry-After", ""), response.headers.get("Date", ""))
