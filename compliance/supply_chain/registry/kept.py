"""Manifests that were read once: by digest, so that they cannot go stale."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from compliance.supply_chain.content import Index, Manifest

_MAX_BYTES: Final = 16 * 1024 * 1024


class Kept:
    """Manifests that were read, by digest: the least recently used ones go first. Safe in any thread."""

    def __init__(self) -> None:
        self._manifests: OrderedDict[str, Manifest | Index] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, digest: str) -> Manifest | Index | None:
        """What is kept under a digest."""
        with self._lock:
            if digest in self._manifests:
                self._manifests.move_to_end(digest)
            return self._manifests.get(digest)

    def put(self, digest: str, manifest: Manifest | Index) -> None:
        """Keep what was read and held against its digest."""
        with self._lock:
            if digest in self._manifests:
                return
            self._manifests[digest] = manifest
            self._bytes += len(manifest.raw)
            while self._bytes > _MAX_BYTES:
                _, gone = self._manifests.popitem(last=False)
                self._bytes -= len(gone.raw)

    def drop(self, digest: str) -> None:
        """Forget what is no longer there."""
        with self._lock:
            gone = self._manifests.pop(digest, None)
            self._bytes -= len(gone.raw) if gone else 0
