"""Content against its digest and size, whole or as a stream, wherever it comes from."""

from __future__ import annotations

import hashlib
import hmac
import io
from typing import TYPE_CHECKING, Final

from compliance.errors import ContentError
from compliance.supply_chain.content import is_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from compliance.supply_chain.content import Descriptor

CHUNK: Final = 64 * 1024


def hasher(digest: str) -> Any:  # noqa: ANN401 - hashlib names no type for it
    """A fresh hash of a digest's algorithm.

    Raises:
        ContentError: the digest is none that can be checked.
    """
    if not is_digest(digest):
        raise ContentError(f"{digest[:80]!r} is no digest that can be checked")
    return hashlib.new(digest.partition(":")[0])


def check(data: bytes, digest: str, what: str) -> None:
    """Hold data against its digest.

    Raises:
        ContentError: they differ.
    """
    made = hasher(digest)
    made.update(data)
    _compare(made.hexdigest(), digest, what)


def check_size(descriptor: Descriptor, max_size: int, what: str) -> None:
    """Refuse what says of itself that it is larger than allowed.

    Raises:
        ContentError: it does.
    """
    if descriptor.size > max_size:
        raise ContentError(
            f"{what} has {descriptor.size} bytes, and {max_size} are allowed", remedy="raise the limit if you trust it"
        )


class CheckedStream(io.RawIOBase):
    """A blob as a stream, never longer than its descriptor says.

    `pull` gives the next bytes, at most as many as it is asked for, and none at the end. The digest is compared before
    the last bytes are handed out, so that who reads a blob to its end has read what the digest names; who stops earlier
    has no such assurance.
    """

    def __init__(self, pull: Callable[[int], bytes], descriptor: Descriptor, what: str) -> None:
        super().__init__()
        self._pull = pull
        self._left = descriptor.size
        self._hash = hasher(descriptor.digest)
        self._digest = descriptor.digest
        self._what = what
        self._checked = False

    def readable(self) -> bool:
        """Always, while open."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - a writable buffer, which 3.11 has no name for
        """Fill a buffer as far as bytes are at hand.

        Raises:
            ContentError: size or digest differ; or as `pull` raises.
        """
        view = memoryview(buffer).cast("B")
        if self._checked or not view.nbytes:
            return 0
        data = self._pull(min(view.nbytes, self._left)) if self._left else b""
        self._take(data)
        view[: len(data)] = data
        return len(data)

    def _take(self, data: bytes) -> None:
        self._hash.update(data)
        self._left -= len(data)
        if not data and self._left:
            raise ContentError(f"{self._what} ends {self._left} bytes before the size that its descriptor names")
        if not self._left:
            if self._pull(1):
                raise ContentError(f"{self._what} is longer than its descriptor says")
            _compare(self._hash.hexdigest(), self._digest, self._what)
            self._checked = True


def buffered(stream: CheckedStream) -> io.BufferedReader:
    """A checked stream whose reads give as many bytes as they are asked for."""
    return io.BufferedReader(stream, CHUNK)


def _compare(made: str, digest: str, what: str) -> None:
    algorithm, _, wanted = digest.partition(":")
    if not hmac.compare_digest(made, wanted):
        raise ContentError(
            f"{what} is not what its digest names: {digest} was asked for, {algorithm}:{made} came",
            remedy="whoever keeps it, or stands between, has changed it; do not use it",
        )
