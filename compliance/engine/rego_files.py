"""The Rego files of rule folders, under names that do not depend on where the folders lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance import bounded_files
from compliance.errors import CatalogueError
from compliance.model import Origin
from compliance.rule_folders import rego_sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_BYTES = 1024 * 1024

_STAGED = re.compile(r"(?<![\w/])/?rules(\d*)/(?=[^\s:]*\.rego\b)")


@dataclass(frozen=True, slots=True)
class RegoFile:
    """One file: `name` is the POSIX path that OPA is shown, `path` is where the user has it."""

    name: str
    path: Path
    content: bytes


def read(folders: Sequence[Path]) -> tuple[RegoFile, ...]:
    """Read the rules of `folders`, without tests, sorted by name.

    The first folder's files are called `rules/…`, the second's `rules2/…`: what OPA compiles is the same bytes
    wherever the folders are.

    Raises:
        CatalogueError: a file cannot be read or is larger than `MAX_BYTES`.
    """
    found = [
        RegoFile(f"{_prefix(number)}/{path.relative_to(folder).as_posix()}", path, _content(path))
        for number, folder in enumerate(folders)
        for path in rego_sources(folder)
    ]
    return tuple(sorted(found, key=lambda file: file.name))


def in_users_terms(text: str, folders: Sequence[Path]) -> str:
    """Replace the names that `read` gave by the paths of the user's own files."""

    def original(match: re.Match[str]) -> str:
        number = int(match[1] or 1) - 1
        return f"{folders[number].as_posix()}/" if number < len(folders) else match[0]

    return _STAGED.sub(original, text)


def _prefix(number: int) -> str:
    return "rules" if number == 0 else f"rules{number + 1}"


def _content(path: Path) -> bytes:
    try:
        return bounded_files.read(path, MAX_BYTES)
    except OSError as error:
        raise CatalogueError(f"cannot be read: {error.strerror}", origin=Origin(path.as_posix())) from error
