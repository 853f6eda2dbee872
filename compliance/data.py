"""Where the files that are no Python are: rule packs and report templates."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from compliance.errors import ConfigurationError

PACKAGE: Final = Path(__file__).parent


def data_folder(name: str, *, package: Path | None = None) -> Path:
    """Return `rules` or `reports`: packed inside an installed package, beside the package in a checkout.

    Raises:
        ConfigurationError: neither is there, so the installation is incomplete.
    """
    package = package or PACKAGE
    packed = package / "_data" / name
    if packed.is_dir():
        return packed
    checkout = package.parent
    beside = checkout / name
    if beside.is_dir() and (checkout / "pyproject.toml").is_file():
        return beside
    raise ConfigurationError(
        f"this installation lacks its folder {name!r}", remedy="install the package again, or use a complete checkout"
    )


def builtin_rules_folder() -> Path:
    """Return the folder of the built-in rules.

    Raises:
        ConfigurationError: as for `data_folder`.
    """
    return data_folder("rules")


def facts_schemas() -> tuple[str, ...]:
    """Return the names of all facts schemas (`rules/schemas/*.json` without `metadata`), sorted."""
    names = {path.stem for path in (builtin_rules_folder() / "schemas").glob("*.json")}
    return tuple(sorted(names - {"metadata"}))
