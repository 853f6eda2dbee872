"""The uncompressed bytes of a layer, counted, hashed and bounded while they pass."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.errors import ContentError
from compliance.supply_chain.checked import hasher

if TYPE_CHECKING:
    from compliance.sources.images.decompression import Pieces
    from compliance.sources.images.limits import Limits


@dataclass(slots=True)
class Budget:
    """What is left for an image: bytes to decompress, members to read, and the moment (monotonic) to be done by."""

    bytes_left: int
    members_left: int
    until: float

    @classmethod
    def of(cls, limits: Limits) -> Budget:
        """The whole budget, from now on."""
        return cls(limits.image, limits.members, time.monotonic() + limits.deadline)

    def take_member(self) -> None:
        """Count one member.

        Raises:
            ContentError: the image has more than it may.
        """
        self.members_left -= 1
        if self.members_left < 0:
            raise ContentError("the image has more files than are looked at")

    def take_bytes(self, count: int) -> None:
        """Count bytes.

        Raises:
            ContentError: the image is larger than it may be, or reading it takes too long.
        """
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise ContentError("the image's layers are larger together than is looked at")
        if time.monotonic() > self.until:
            raise ContentError("reading the image's layers takes too long")


class LayerBytes:
    """One layer's bytes; every read may raise ContentError where a bound is reached.

    `compressed` is the size of the blob in bytes, `diff_id` the digest that is expected, which names the algorithm.
    """

    def __init__(self, pieces: Pieces, compressed: int, diff_id: str, limits: Limits, budget: Budget) -> None:
        self._pieces = pieces
        self._most = min(limits.layer, max(limits.ratio_free, compressed * limits.ratio))
        self._budget = budget
        self._algorithm = diff_id.partition(":")[0]
        self._digest = hasher(diff_id)
        self._count = 0
        self._waiting = memoryview(b"")

    @property
    def count(self) -> int:
        """How many bytes came so far."""
        return self._count

    def _next(self) -> bool:
        piece = self._pieces.read()
        self._count += len(piece)
        if self._count > self._most:
            raise ContentError(f"it grows to more than {self._most} bytes when decompressed")
        self._budget.take_bytes(len(piece))
        self._digest.update(piece)
        self._waiting = memoryview(piece)
        return bool(piece)

    def take(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""
        if len(self._waiting) >= size:
            taken, self._waiting = self._waiting[:size], self._waiting[size:]
            return taken.tobytes()
        parts = [self._waiting]
        missing = size - len(self._waiting)
        while missing and self._next():
            parts.append(self._waiting[:missing])
            self._waiting = self._waiting[missing:]
            missing -= len(parts[-1])
        if missing:
            self._waiting = memoryview(b"")
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Pass over bytes.

        Raises:
            ContentError: there are not as many.
        """
        while size > len(self._waiting):
            size -= len(self._waiting)
            if not self._next():
                raise ContentError("the archive is cut off")
        self._waiting = self._waiting[size:]

    def finish(self) -> str:
        """Read to the end, and return the digest of it all as OCI writes it."""
        while self._next():
            pass
        return f"{self._algorithm}:{self._digest.hexdigest()}"
