"""The connection to one API server, made anew when its credentials have expired: a large cluster takes its time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from compliance.errors import ClusterError, UsageError
from compliance.sources.cluster.connection import connect

if TYPE_CHECKING:
    import urllib3

    from compliance.sources.cluster.connection import Access, Connection

# A plugin's credentials may seem stale at once, where our clock is ahead of the server's.
_RENEWAL_EVERY: Final = 60.0


class RenewedConnection:
    """The connection that is in use; safe in any thread. Credentials are renewed once until something succeeds."""

    def __init__(self, access: Access) -> None:
        """Load the configuration; raises as `connect` does."""
        self._access = access
        self._connection = connect(access)
        self._former: list[Connection] = []
        self._lock = threading.Lock()
        self._renewed = False
        self._next_renewal = 0.0

    @property
    def name(self) -> str:
        """What the cluster is called in results."""
        return self._connection.name

    @property
    def namespace(self) -> str:
        """The current namespace, as kubectl has it."""
        return self._connection.namespace

    def current(self) -> Connection:
        """The connection, with other credentials where those that it had have expired; raises as `is_replaced`."""
        with self._lock:
            if self._connection.is_stale() and not self._renewed and time.monotonic() > self._next_renewal:
                self._renew()
            return self._connection

    def is_replaced(self, refused: Connection) -> bool:
        """Whether there are other credentials now, by another thread or this one.

        Raises:
            ClusterError: there are none any more.
        """
        with self._lock:
            if self._connection is refused:
                if self._renewed:
                    return False
                self._renew()
            return True

    def opened(self, connection: Connection) -> tuple[urllib3.PoolManager, str | None]:
        """Its pool and its authorization, for which a plugin may have to run: once, whoever needs them.

        Raises:
            ClusterError: there are no credentials.
        """
        with self._lock:
            return connection.pool(), connection.authorization()

    def succeeded(self) -> None:
        """Note that the credentials were good for something."""
        self._renewed = False

    def close(self) -> None:
        """Close all connections."""
        for connection in (*self._former, self._connection):
            connection.close()

    def _renew(self) -> None:
        self._renewed = True
        self._next_renewal = time.monotonic() + _RENEWAL_EVERY
        try:
            renewed = connect(self._access)
            renewed.pool()
        except (ClusterError, UsageError) as error:
            raise ClusterError(f"the credentials have expired: {error.message}", remedy=error.remedy) from None
        self._connection.hang_up()
        self._former.append(self._connection)
        self._connection = renewed
