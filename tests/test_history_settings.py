"""The section `history` of compliance.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance import config
from compliance.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


def _store(folder: Path, store: str) -> str | None:
    (folder / "compliance.yaml").write_text(f"history:\n  store: '{store}'\n")
    read = config.load(folder / "compliance.yaml", start=folder).history
    assert read is not None
    return read.store


def test_a_relative_file_is_relative_to_the_configuration(tmp_path: Path) -> None:
    assert _store(tmp_path, "sqlite:///nights/x") == f"sqlite:///{tmp_path}/nights/x"
    for kept in ("sqlite:////var/lib/x", "sqlite:///~/x", "postgresql://auditor@db/compliance?sslmode=require"):
        assert _store(tmp_path, kept) == kept


@pytest.mark.parametrize(
    "store",
    [
        "postgresql://auditor:hunter2@db/compliance",
        "postgresql://:hunter2@db/compliance",
        "postgresql://db/compliance?user=a&password=hunter2",
        "postgresql://db/compliance?sslpassword=hunter2",
    ],
)
def test_a_password_is_refused_and_not_shown(tmp_path: Path, store: str) -> None:
    with pytest.raises(ConfigurationError, match=r"history\.store has a password") as caught:
        _store(tmp_path, store)
    assert "hunter2" not in f"{caught.value}{caught.value.remedy}"
    assert str(caught.value).startswith(f"{tmp_path}/compliance.yaml:2:")
    assert "COMPLIANCE_STORE" in caught.value.remedy
