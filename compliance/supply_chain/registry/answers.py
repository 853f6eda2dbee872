"""What a registry's answer means: bodies within bounds, and errors in our words.

A registry's own text is not repeated, only the code of its first error (distribution specification, Error Codes): what
it writes may hold what we sent.
"""

from __future__ import annotations

import json
import re
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import httpx

from compliance.errors import AccessDenied, ContentError, ContentNotFound, ContentUnavailable
from compliance.supply_chain.registry.time_limits import until

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE: Final = re.compile(r"[A-Z][A-Z_]{1,60}")
_MAX_ERROR: Final = 16 * 1024
_SERVER_ERROR: Final = 500


def raw_chunks(response: httpx.Response, deadline: float, what: str) -> Iterator[bytes]:
    """Yield a body as it was sent; `deadline` is on the monotonic clock.

    Raises:
        ContentUnavailable: the body breaks off, or is not done in time.
    """
    chunks = response.iter_raw()
    try:
        while True:
            with until(deadline):
                chunk = next(chunks, None)
            if chunk is None:
                return
            if time.monotonic() > deadline:
                raise ContentUnavailable(f"{what} did not come in time", remedy="try again, or allow more time")
            yield chunk
    except httpx.TimeoutException:
        raise ContentUnavailable(f"{what} did not come in time", remedy="try again, or allow more time") from None
    except httpx.HTTPError as error:
        raise ContentUnavailable(f"{what} broke off: {type(error).__name__}", remedy="try again") from None


def body(response: httpx.Response, limit: int, deadline: float, what: str) -> bytes:
    """Read a whole body.

    Raises:
        ContentError: it is larger than `limit` bytes; no more than that are read.
        ContentUnavailable: as for `raw_chunks`.
    """
    read = bytearray()
    for chunk in raw_chunks(response, deadline, what):
        read += chunk
        if len(read) > limit:
            raise ContentError(f"{what} is larger than {limit} bytes")
    return bytes(read)


def refusal(response: httpx.Response, registry: str, what: str, deadline: float) -> ContentError:
    """The error that says why an answer is not what was asked for; reads a little of its body."""
    status = response.status_code
    code = _first_code(response, deadline)
    told = f"{registry} answers {status}{f' {code}' if code else ''}"
    if status == HTTPStatus.NOT_FOUND:
        return ContentNotFound(f"{what} is not there: {told}", remedy="check the name, and that it was pushed")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return AccessDenied(
            f"{what} may not be used: {told}",
            remedy=f"log in with `docker login {registry}` as somebody who may, and check the repository's name",
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ContentUnavailable(
            f"{what} cannot be had now: {told}, too many requests",
            remedy=f"wait, or log in with `docker login {registry}` for a higher limit",
        )
    if status >= _SERVER_ERROR:
        return ContentUnavailable(f"{what} cannot be had now: {told}", remedy="try again; it is the registry's fault")
    return ContentError(f"{what} is refused: {told}")


def _first_code(response: httpx.Response, deadline: float) -> str:
    try:
        code = json.loads(body(response, _MAX_ERROR, deadline, "an error"))["errors"][0]["code"]
    except (ContentError, ValueError, LookupError, TypeError, RecursionError, httpx.StreamError):
        # An answer without a code is what its status says.
        return ""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
