"""A PostgreSQL database, through psycopg 3: writers take turns by an advisory lock, and so do audits of one scope.

Tables lie where the search path says. Both locks belong to sessions or transactions, so the server lets go of them
when a client ends; TCP keepalives tell it of a machine that is gone. A pooler that shares sessions between clients
(PgBouncer's transaction mode) cannot carry the lock of a scope. Error codes: PostgreSQL's appendix A.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from compliance.errors import StoreError
from compliance.output.text import one_line
from compliance.store.database import WRITES, Failure
from compliance.store.file_lock import locked
from compliance.store.records import Holder
from compliance.store.tables import HOLDER, to_moment, to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

_CONNECT_TIMEOUT: Final = "10"
_LONGEST_MESSAGE: Final = 300
_WRITER: Final = "compliance store: writer"
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SESSION: Final[Mapping[str, str]] = {
    "statement_timeout": "10min",
    "lock_timeout": "1min",
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
    "idle_in_transaction_session_timeout": "10min",
}
_STOPPING: Final = frozenset({"57P01", "57P02", "57P03"})
_COMING_OR_GOING: Final = ("starting up", "shutting down", "not yet accepting connections", "in recovery mode")
_REFUSED_AT_LOGIN: Final = ("authentication", "pg_hba.conf", "does not exist", "does not support SSL", "certificate")
_MEANINGS: Final = {
    "53100": ("its disk is full", "make room or remove old runs, then run it again; the runs saved before are intact"),
    "55P03": ("another process has been writing all the time", "run it again when that is done"),
    "57014": ("it took too long", "look at what the server is doing"),
    "42501": ("this user may not do that", "grant it CREATE on the schema, and ownership of the compliance_ tables"),
    "25006": ("it is read-only", "name the primary server, not a replica"),
}


class PostgreSQL:
    """The backend of one database."""

    def __init__(self, url: URL) -> None:
        """Nothing is connected yet.

        Raises:
            StoreError: psycopg is not installed.
        """
        self._url = url
        self._secrets = _secrets(url)
        self._reached = False
        try:
            self.engine: Engine = create_engine(
                url.set(drivername="postgresql+psycopg"),
                poolclass=NullPool,
                hide_parameters=True,
                isolation_level="READ COMMITTED",
                connect_args=_connect_arguments(url),
            )
        except ImportError as error:
            remedy = "pip install 'immutable-compliance[audit,postgres]'"
            raise StoreError("a history in PostgreSQL needs psycopg 3", remedy=remedy) from error
        event.listen(self.engine, "connect", self._configure)
        event.listen(self.engine, "begin", _begin)

    @property
    def place(self) -> str:
        """Server and database."""
        host = self._url.host or self._url.query.get("host") or "the local server"
        port = f":{self._url.port}" if self._url.port else ""
        return one_line(f"the history in PostgreSQL at {host}{port}, database {self._url.database or 'by default'}")

    def _configure(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - psycopg's, which is an extra
        """Set what the server knows of these settings; older ones lack some."""
        with connection.cursor() as cursor:
            for name, value in _SESSION.items():
                cursor.execute("SELECT set_config(name, %s, false) FROM pg_settings WHERE name = %s", (value, name))
        connection.commit()
        self._reached = True

    def prepare(self, connection: Connection) -> None:
        """Wait for the writers' turn; it ends with the transaction."""
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": advisory_key(_WRITER)})

    def verify(self, connection: Connection, *, thorough: bool) -> tuple[str, ...]:  # noqa: ARG002 - the common shape
        """Nothing: the server checks its own files (data checksums, amcheck), with rights that we should not have."""
        return ()

    def reclaim(self) -> None:
        """Nothing: autovacuum does it."""

    def explain(self, error: DBAPIError) -> Failure:
        """Translate an SQLSTATE, or the text of a connection that failed, which has none."""
        code = getattr(error.orig, "sqlstate", None)
        said = self._said(error)
        if code is None or code.startswith("08") or code in _STOPPING or error.connection_invalidated:
            remedy = "look whether the server runs, and whether the URL names it and a user who may log in"
            broken = StoreError(f"{self.place}: no connection ({said})", remedy=remedy)
            return Failure(broken, passing=self._passes(said))
        why, remedy = _MEANINGS.get(code, ("the server refuses", ""))
        return Failure(StoreError(f"{self.place}: {why} ({code}: {said})", remedy=remedy))

    def _passes(self, said: str) -> bool:
        """Whether it is worth while to try again: a server that restarts, or one that answered before."""
        if any(sign in said for sign in _COMING_OR_GOING):
            return True
        return self._reached and not any(sign in said for sign in _REFUSED_AT_LOGIN)

    def _said(self, error: DBAPIError) -> str:
        diagnosis = getattr(error.orig, "diag", None)
        said = getattr(diagnosis, "message_primary", None) or str(error.orig)
        for secret in self._secrets:
            said = said.replace(secret, "***")
        return one_line(said)[:_LONGEST_MESSAGE]

    def lock(self, scope: str) -> AdvisoryLock:
        """An advisory lock in a session of its own."""
        return AdvisoryLock(self, scope)


class AdvisoryLock:
    """The lock of one scope. The table of holders only tells who; that somebody holds it, the server knows."""

    def __init__(self, backend: PostgreSQL, scope: str) -> None:
        """Nothing is connected yet."""
        self._backend = backend
        self._scope = scope
        self._key = advisory_key(f"compliance store: scope {scope}")
        self._connection: Connection | None = None
        self._holder: Holder | None = None
        self._owner = os.getpid()

    def take(self, holder: Holder) -> None:
        """Take it, without waiting; raises ScopeLocked or StoreError."""
        try:
            connection = self._backend.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            try:
                self._ask(connection, holder)
            except BaseException:
                connection.close()
                raise
        except DBAPIError as error:
            raise self._backend.explain(error).error from None
        self._connection, self._holder = connection, holder

    def _ask(self, connection: Connection, holder: Holder) -> None:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}).scalar():
            raise locked(self._scope, self._told(connection))
        row = {"scope": self._scope, "who": holder.who, "since": to_text(holder.since)}
        connection.execute(text(_TELL), row)

    def _told(self, connection: Connection) -> Holder | None:
        holding = text(_HOLDING).bindparams(key=self._key).columns(HOLDER.c.session)
        told = select(HOLDER.c.who, HOLDER.c.since).where(
            HOLDER.c.scope == self._scope, HOLDER.c.session.in_(holding.scalar_subquery())
        )
        row = connection.execute(told).one_or_none()
        return Holder(row.who, to_moment(row.since)) if row else None

    def ensure(self) -> None:
        """Take it again if the server closed the session; raises as `take` does."""
        if self._connection is None or self._holder is None:
            return
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            holder = self._holder
            self.release()
            self.take(holder)

    def release(self) -> None:
        """Close the session, and the lock with it; in a forked process it is the parent's and stays."""
        connection, self._connection = self._connection, None
        if connection is not None and os.getpid() == self._owner:
            with contextlib.suppress(DBAPIError):
                connection.close()


_TELL: Final = """
INSERT INTO compliance_holder (scope, who, since, session) VALUES (:scope, :who, :since, pg_backend_pid())
ON CONFLICT (scope) DO UPDATE SET who = EXCLUDED.who, since = EXCLUDED.since, session = EXCLUDED.session
"""
_HOLDING: Final = """
SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND datname = current_database()
AND (classid::bigint << 32) | objid::bigint = :key
"""


def advisory_key(name: str) -> int:
    """Make the 64 bits, signed, that PostgreSQL knows an advisory lock by."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "backslashreplace")).digest()[:8], signed=True)


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get(WRITES, True):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _secrets(url: URL) -> tuple[str, ...]:
    """What must never be shown: the password, and whatever parameters call so."""
    given = [str(url.password)] if url.password else []
    given += [str(value) for key, value in url.query.items() if "pass" in key]
    return tuple(secret for secret in given if secret)


def _connect_arguments(url: URL) -> dict[str, str]:
    """Ask for verified TLS where the connection leaves the machine, unless the URL or libpq's environment says more."""
    arguments = {"application_name": "compliance"}
    if "connect_timeout" not in url.query:
        arguments["connect_timeout"] = _CONNECT_TIMEOUT
    if not _stays_here(url) and "sslmode" not in url.query and "PGSSLMODE" not in os.environ:
        arguments["sslmode"] = "verify-full"
        if "sslrootcert" not in url.query and "PGSSLROOTCERT" not in os.environ:
            arguments["sslrootcert"] = "system"
    return arguments


def _stays_here(url: URL) -> bool:
    named = url.query.get("host") or url.host or os.environ.get("PGHOST", "")
    hosts = ",".join([named] if isinstance(named, str) else named).split(",")
    return all(not host or host.startswith(("/", "@")) or host in _LOCAL for host in hosts) and not url.query.get(
        "hostaddr"
    )
