"""Where rules and templates are found."""

from pathlib import Path

import pytest

from compliance.data import builtin_rules_folder, data_folder, facts_schemas
from compliance.errors import ConfigurationError


def _checkout(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).mkdir(parents=True)
    (root / "pyproject.toml").touch()
    return root / "compliance"


def test_an_installed_package_uses_what_is_packed_in_it(tmp_path: Path) -> None:
    package = _checkout(tmp_path, "rules", "compliance/_data/rules")
    assert data_folder("rules", package=package) == package / "_data" / "rules"


def test_a_checkout_uses_the_folder_beside_the_package(tmp_path: Path) -> None:
    assert data_folder("reports", package=_checkout(tmp_path, "reports")) == tmp_path / "reports"


def test_a_folder_of_somebody_else_beside_an_installed_package_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    with pytest.raises(ConfigurationError, match="lacks its folder 'rules'") as raised:
        data_folder("rules", package=tmp_path / "compliance")
    assert "install the package again" in raised.value.remedy


def test_facts_schemas_are_the_files_in_schemas_without_that_of_metadata() -> None:
    names = facts_schemas()
    assert "workload" in names
    assert "metadata" not in names
    assert all((builtin_rules_folder() / "schemas" / f"{name}.json").is_file() for name in names)
