"""Registries: a client for the OCI distribution specification 1.1, with its referrers.

Names of registries come from manifests that anybody may have written, and what a registry answers is not trusted:
content is held against digests, everything is bounded, and a registry cannot send us where it likes.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from compliance.supply_chain.registry.access import Access

if TYPE_CHECKING:
    import ssl
    from typing import Self

    from compliance.image_reference import ImageReference
    from compliance.supply_chain.registry.attaching import RegistryRepository
    from compliance.supply_chain.registry.session import Session

# httpx imports its command line, and rich, click and pygments with it, where they are installed: 0.2 s for nothing.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None is how Python is told that there is none

__all__ = ["Access", "Registries", "open_registry"]


class Registries:
    """Registries that are used together: repositories of one share its connections and tokens. Safe in any thread.

    A context manager; closing it closes all connections.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._sessions: dict[str, Session] = {}
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        self._tls_lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self, reference: ImageReference) -> RegistryRepository:
        """Open the repository of a reference; nothing is sent yet.

        Raises:
            ConfigurationError: the file of certificate authorities cannot be used.
        """
        from compliance.supply_chain.registry.attaching import RegistryRepository  # noqa: PLC0415 - heavy: httpx

        return RegistryRepository(self._session(reference.registry), reference.repository)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            sessions = [*self._sessions.values()]
            self._sessions.clear()
        for session in sessions:
            session.close()

    def _session(self, registry: str) -> Session:
        from compliance.supply_chain.registry.session import Session  # noqa: PLC0415 - heavy: httpx

        if self._access.ca_file is not None:
            self._tls()
        with self._lock:
            if registry not in self._sessions:
                self._sessions[registry] = Session(registry, self._access, self._tls)
            return self._sessions[registry]

    def _tls(self) -> ssl.SSLContext:
        from compliance.supply_chain.registry.connections import tls_context  # noqa: PLC0415 - heavy: httpx

        with self._tls_lock:
            if self._context is None:
                self._context = tls_context(self._access.ca_file)
            return self._context


def open_registry(reference: ImageReference, access: Access) -> RegistryRepository:
    """Open one repository with connections of its own, which its `close` closes.

    Raises:
        ConfigurationError: as for `Registries.open`.
    """
    return Registries(access).open(reference).owning_session()
