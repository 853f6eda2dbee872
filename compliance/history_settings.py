"""The section `history` of `compliance.yaml`: where the assessments of audits are kept, and how many of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compliance.verification_settings import Locate

_FILE: Final = "sqlite:///"
_PASSWORD: Final = re.compile(r"://[^/?]*:[^/?]*@|[?&][^=&]*pass[^=&]*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """All that `history` says: `store` is a URL, None the file in the user's data folder.

    A run is kept while it is among the newest `keep_runs` of its scope or not older than `keep_days`; all are where
    both are None.
    """

    store: str | None = None
    keep_runs: int | None = None
    keep_days: int | None = None


def has_password(store: str) -> bool:
    """Tell whether a URL has a password in it."""
    return _PASSWORD.search(store) is not None


def read(said: Mapping[str, Any], folder: Path, locate: Locate) -> HistorySettings:
    """Read the section, whose shape is checked already; a file's relative path is relative to `folder`.

    Raises:
        ConfigurationError: the URL has a password in it.
    """
    store = said.get("store")
    if store and has_password(store):
        remedy = "give the whole URL in $COMPLIANCE_STORE, or the password in $PGPASSWORD or ~/.pgpass"
        raise ConfigurationError(
            "history.store has a password, which a file that is checked in must not",
            remedy=remedy,
            origin=locate("history", "store"),
        )
    if store and store.startswith(_FILE) and not store.startswith((f"{_FILE}/", f"{_FILE}~")):
        store = f"{_FILE}{(folder / store.removeprefix(_FILE)).resolve()}"
    return HistorySettings(store, said.get("keep_runs"), said.get("keep_days"))
