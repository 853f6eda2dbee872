"""A history in a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from compliance.store.history import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the history is."""
    return tmp_path / "history.sqlite3"


@pytest.fixture
def url(file: Path) -> str:
    """The same as a URL."""
    return f"sqlite:///{file}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The history, open."""
    with open_store(url) as opened:
        yield opened
