"""Time limits that hold whatever a server does.

A read timeout starts anew with every byte, so a server that sends one at a time, or interim responses (1xx) without
end, would hold us for ever. The limit here is on the whole: each read and write gets what is left of it.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator


class _Limit(threading.local):
    at: float | None = None


_LIMIT: Final = _Limit()


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """Bound what this thread reads and writes meanwhile; `deadline` is on the monotonic clock."""
    before = _LIMIT.at
    _LIMIT.at = deadline
    try:
        yield
    finally:
        _LIMIT.at = before


class LimitedStream(httpcore.NetworkStream):
    """A connection whose reads and writes end in time, by httpcore's own timeouts."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there; raises httpcore.ReadTimeout."""
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write it all; raises httpcore.WriteTimeout."""
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Begin TLS; raises httpcore.ConnectTimeout."""
        left = _left(timeout, httpcore.ConnectTimeout)
        return LimitedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's
        """What httpcore asks about the connection."""
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    if _LIMIT.at is None:
        return timeout
    left = _LIMIT.at - time.monotonic()
    if left <= 0:
        raise late("the time for the whole is over")
    return left if timeout is None else min(timeout, left)
