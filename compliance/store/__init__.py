"""The history of assessments: what was found when, what is new and fixed since, and how long the rest has been open.

In a SQLite file by default, or in PostgreSQL by URL. This package is the only door to SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.errors import StoreError

if TYPE_CHECKING:
    from compliance.store.history import Store

_PATIENCE: Final = 30.0


def open_store(url: str | None = None, *, patience: float = _PATIENCE, make: bool = True) -> Store:
    """Open a history, making or updating its schema: a context manager, or to be closed.

    `url` is `sqlite:///PATH` or `postgresql://USER@HOST/DATABASE` with libpq's parameters; None is `history.sqlite3` in
    the user's data folder. `patience` is how many seconds a PostgreSQL server that was reached before may be away. With
    `make` False a file must be there already.

    Raises:
        UsageError: the URL is none of these.
        StoreError: a library is not installed, or the database cannot be reached, is damaged, another program's or of a
            newer version.
    """
    try:
        from compliance.store.database import Database  # noqa: PLC0415 - heavy import only when used
        from compliance.store.history import Store  # noqa: PLC0415
        from compliance.store.place import backend  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "sqlalchemy":
            raise
        remedy = "pip install 'immutable-compliance[audit]'"
        raise StoreError("the history of assessments needs SQLAlchemy", remedy=remedy) from error
    return Store(Database(backend(url, make=make), patience=patience))
