"""Which database a URL means, and that no secret of it is ever told."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest
from commands import run
from histories import SCOPE, judged, night

from compliance.cli.outcomes import exit_code_of
from compliance.errors import StoreError, UsageError
from compliance.model import ExitCode
from compliance.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2"  # noqa: S105 - the point of the test


def test_without_a_url_it_is_a_file_in_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with open_store() as store:
        store.save(night(0), scope=SCOPE, coverage=judged())
    file = tmp_path / "data" / "compliance" / "history.sqlite3"
    assert file.is_file()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_relative_data_folder_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    monkeypatch.setenv("HOME", str(tmp_path))
    with open_store() as store:
        assert str(tmp_path / ".local" / "share" / "compliance") in store.place


def test_the_file_and_what_lies_beside_it_are_its_owners_alone(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'h'}") as store, store.lock(SCOPE):
        store.save(night(0), scope=SCOPE, coverage=judged())
        found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert len(found) >= 2
    assert set(found.values()) == {0o600}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "history.sqlite3",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///a?mode=ro",
        f"mysql://u:{SECRET}@h/d",
        f"postgresql+asyncpg://u:{SECRET}@h/d",
        f"postgresql://u:{SECRET}/@h/d",
        f"postgresql://u:1/{SECRET}@h/d",
        f"postgresql://u:{SECRET}@{SECRET}@h/d",
        f"postgresql://u:1@{SECRET}@h/d",
        f"postgresql://u@h:{SECRET}/d",
        f"postgres{SECRET}",
    ],
)
def test_another_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_store(url)
    assert SECRET not in f"{caught.value} {caught.value.remedy}"
    assert caught.value.__cause__ is None
    assert "sqlite:///PATH" in caught.value.remedy


@pytest.mark.parametrize("query", ["", f"&password={SECRET}", f"&sslpassword={SECRET}"])
def test_a_server_that_is_not_there_is_an_error_without_the_password(tmp_path: Path, query: str) -> None:
    with pytest.raises(StoreError, match="no connection") as caught:
        open_store(f"postgresql://ada:{SECRET}@/audits?host={tmp_path}{query}")
    assert SECRET not in f"{caught.value} {caught.value.remedy} {caught.value.__cause__}"
    assert "audits" in str(caught.value)
    assert exit_code_of(caught.value) == ExitCode.NOT_JUDGED


@pytest.mark.parametrize(("module", "extra"), [("sqlalchemy", "audit"), ("psycopg", "postgres")])
def test_a_missing_library_is_named_with_its_extra(module: str, extra: str) -> None:
    program = (
        f"import sys\nsys.modules[{module!r}] = None\nfrom compliance import errors, store\n"
        "try: store.open_store('postgresql://h/d')\nexcept errors.StoreError as error: print(error.remedy)"
    )
    assert extra in run([sys.executable, "-c", program])
