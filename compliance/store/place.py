"""Which database a URL means, or the user's own file; and no part of a URL ever appears in an error about it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from compliance.errors import StoreError, UsageError
from compliance.store.postgresql import PostgreSQL
from compliance.store.sqlite import SQLite

if TYPE_CHECKING:
    from compliance.store.database import Backend

_FORMS: Final = "use sqlite:///PATH (sqlite:////PATH where it is absolute) or postgresql://USER@HOST/DATABASE"
_FILE: Final = "history.sqlite3"
_POSTGRESQL: Final = frozenset({"postgresql", "postgres", "postgresql+psycopg"})


def backend(url: str | None, *, make: bool = True) -> Backend:
    """Find the database; `make` says whether a file may be made.

    Raises:
        UsageError: the URL is none, or of another kind.
        StoreError: the file cannot be made, or the driver is missing.
    """
    if url is None:
        return SQLite(_own_file(), make=make)
    parsed = _parse(url)
    if parsed.drivername in _POSTGRESQL:
        return PostgreSQL(parsed)
    if parsed.drivername == "sqlite" and parsed.database not in {None, "", ":memory:"} and not parsed.query:
        return SQLite(Path(str(parsed.database)).expanduser().resolve(), make=make)
    raise UsageError("the store's URL names no kind of database that is supported", remedy=_FORMS)


def _parse(url: str) -> URL:
    """Read the URL; a password with `@` or `/` in plain would be taken for a part that errors may show."""
    address = url.partition("?")[0]
    remedy = f"{_FORMS}; write special characters of a password as %40 (@), %2F (/), %3A (:), %3F (?), %23 (#)"
    if address.count("@") > 1 or "@" in address.partition("://")[2].partition("/")[2]:
        raise UsageError("the store's URL has an @ too many", remedy=remedy)
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError("the store's URL cannot be read", remedy=remedy) from None


def _own_file() -> Path:
    """The file in the user's data folder, which is made for this user alone (XDG Base Directory Specification)."""
    folder = _data_folder() / "compliance"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        remedy = "name another place, such as sqlite:///PATH"
        raise StoreError(f"the folder {folder} cannot be made: {error.strerror}", remedy=remedy) from error
    return folder.resolve() / _FILE


def _data_folder() -> Path:
    given = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_DATA_HOME", "")
    if Path(given).is_absolute():
        return Path(given)
    try:
        home = Path.home()
    except RuntimeError:
        raise StoreError(
            "this user has no home folder for the history", remedy="name a place, such as sqlite:///PATH"
        ) from None
    return home / "Library" / "Application Support" if sys.platform == "darwin" else home / ".local" / "share"
