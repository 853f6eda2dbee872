"""A SQLite file: in WAL mode, so that a killed process leaves whole transactions, and for its owner alone.

WAL needs shared memory, so the file must lie on a local disk (https://www.sqlite.org/wal.html). Result codes:
https://www.sqlite.org/rescode.html.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from compliance.errors import StoreError
from compliance.output.text import one_line
from compliance.store.database import WRITES, Failure
from compliance.store.file_lock import FileLock

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import DBAPIError

_BUSY_TIMEOUT: Final = 60.0
_LOOK_EVERY: Final = 0.05
_APPLICATION: Final = 0x494D4350
_ROOM: Final = "make room or remove old runs, then run it again; the runs saved before are intact"
_PRIMARY: Final = 0xFF
_MEANINGS: Final = {
    sqlite3.SQLITE_FULL: ("the disk is full", _ROOM),
    sqlite3.SQLITE_IOERR: ("reading or writing failed", "look at the disk, its quota and the system's log"),
    sqlite3.SQLITE_BUSY: ("another process has been writing all the time", "run it again when that is done"),
    sqlite3.SQLITE_LOCKED: ("another process has been writing all the time", "run it again when that is done"),
    sqlite3.SQLITE_READONLY: ("it may not be written", "give this user the right to write the file and its folder"),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "name a file in a folder that exists and may be written"),
    sqlite3.SQLITE_CORRUPT: ("it is damaged", "put it back from a backup, or name another file"),
    sqlite3.SQLITE_NOTADB: ("it is no SQLite database", "name another file"),
}


class SQLite:
    """The backend of one file."""

    def __init__(self, path: Path, *, make: bool = True) -> None:
        """Make the file unless it is there.

        Raises:
            StoreError: it cannot or may not be made, or is no regular file.
        """
        self._path = path
        if not make and not os.path.lexists(path):
            raise StoreError(f"there is no history {path}", remedy="keep one with compliance audit --store URL")
        _make(path)
        self.engine: Engine = create_engine(
            URL.create("sqlite+pysqlite", database=str(path)),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"timeout": _BUSY_TIMEOUT},
        )
        event.listen(self.engine, "connect", _configure)
        event.listen(self.engine, "begin", _begin)

    @property
    def place(self) -> str:
        """The file."""
        return f"the history in {one_line(str(self._path))}"

    def prepare(self, connection: Connection) -> None:
        """`BEGIN IMMEDIATE` has waited already; claim a new file for us."""
        if not connection.exec_driver_sql("PRAGMA application_id").scalar():
            connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION}")

    def verify(self, connection: Connection, *, thorough: bool) -> tuple[str, ...]:
        """Whose file it is, and SQLite's own checks: the quick one, or all of them with the foreign keys."""
        if _is_strange(_driver(connection)):
            return ("it is the database of another program",)
        check = "integrity_check" if thorough else "quick_check"
        said = connection.exec_driver_sql(f"PRAGMA {check}(10)").scalars().all()
        problems = [one_line(str(line)) for line in said if line != "ok"]
        if thorough:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            problems += [f"a row of {row[0]} refers to nothing" for row in broken[:10]]
        return tuple(problems)

    def reclaim(self) -> None:
        """Give free pages back to the file system, and empty the write-ahead log."""
        pooled = self.engine.raw_connection()
        try:
            # A script is stepped to its end; `execute` would stop after the first page that is given back.
            pooled.cursor().executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);")
        except sqlite3.Error as error:
            raise self._error(error) from None
        finally:
            pooled.close()

    def explain(self, error: DBAPIError) -> Failure:
        """Translate SQLite's result code."""
        return Failure(self._error(error.orig))

    def _error(self, error: object) -> StoreError:
        code = getattr(error, "sqlite_errorcode", None) or 0
        why, remedy = _MEANINGS.get(code & _PRIMARY, ("SQLite refuses", ""))
        return StoreError(f"{self.place}: {why} ({one_line(str(error))})", remedy=remedy)

    def lock(self, scope: str) -> FileLock:
        """A file beside the database."""
        return FileLock(self._path, scope)


def _make(path: Path) -> None:
    """Create the file for its owner alone; SQLite gives its log the same mode. An existing one keeps its mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StoreError(f"{path} is no regular file", remedy="name a file for the history") from None
    except OSError as error:
        remedy = "name a file in a folder that exists and may be written"
        raise StoreError(f"the history {path} cannot be made: {error.strerror}", remedy=remedy) from error


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for setting in ("foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",) and not _is_strange(connection):
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn WAL on, which lasts; unlike a transaction, the change itself does not wait for other processes."""
    deadline = time.monotonic() + _BUSY_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_LOOK_EVERY)
        else:
            return


def _begin(connection: Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"{type(driver)} is no connection of sqlite3")
    return driver


def _is_strange(connection: sqlite3.Connection) -> bool:
    """Tell whether another program made it: the header names the application (SQLite's file format, 1.3.14)."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return bool(tables) and application != _APPLICATION
