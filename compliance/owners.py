"""Which team a finding goes to: label, annotation, CODEOWNERS, the team behind the rule's owner, that owner itself.

CODEOWNERS is read by the `codeowners` package and not as a list of gitignore patterns, because the two differ: in
CODEOWNERS `docs/*` means files in `docs` and nothing deeper, and a pattern without owners means nobody. The last
matching line decides (https://docs.github.com/articles/about-code-owners), in GitLab's sections as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compliance import bounded_files
from compliance.errors import ConfigurationError
from compliance.model import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from codeowners import CodeOwners

_MAX_CODEOWNERS: Final = 3 * 1024 * 1024
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")
_SECTION: Final = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?(?P<owners>(?:\s+\S+)*)")


@dataclass(frozen=True, slots=True)
class Owners:
    """Where to look: a label's key, an annotation's key, a CODEOWNERS file, teams by the owners that rules name."""

    label: str | None = None
    annotation: str | None = None
    codeowners: Path | None = None
    teams: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None


class Router:
    """Routes findings to teams; one for a run."""

    def __init__(self, owners: Owners, codeowners_text: str | None = None) -> None:
        """Read the text of a CODEOWNERS file, when there is one.

        Raises:
            ConfigurationError: a pattern in it makes no sense.
        """
        self._owners = owners
        self._codeowners = _parsed(codeowners_text, owners.codeowners) if codeowners_text else None
        self._by_file: dict[str, str | None] = {}

    def route(self, owner: str, labels: Mapping[str, str], annotations: Mapping[str, str], file: str | None) -> str:
        """Return the team's name; `owner` is the rule's own, `file` is relative to the repository's root."""
        owners = self._owners
        return (
            (labels.get(owners.label) if owners.label else None)
            or (annotations.get(owners.annotation) if owners.annotation else None)
            or self._owner_of(file)
            or owners.teams.get(owner)
            or owners.default
            or owner
        )

    def _owner_of(self, file: str | None) -> str | None:
        if self._codeowners is None or file is None:
            return None
        if file not in self._by_file:
            names = [name for _kind, name in self._codeowners.of(file.removeprefix("./"))]
            self._by_file[file] = ", ".join(names) or None
        return self._by_file[file]


def open_router(owners: Owners) -> Router:
    """Read the CODEOWNERS file that `owners` names, and return a router.

    Raises:
        ConfigurationError: the file cannot be read, is larger than 3 MiB, or makes no sense.
    """
    path = owners.codeowners
    if path is None:
        return Router(owners)
    try:
        content = bounded_files.read(path, _MAX_CODEOWNERS)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", origin=Origin(path.as_posix())) from error
    return Router(owners, content.decode("utf-8-sig", "replace"))


def _plain_lines(text: str) -> Iterator[str]:
    """Yield the lines without comments at their ends and with the owners that GitLab's section headings lend them."""
    lent = ""
    for line in text.splitlines():
        plain = _COMMENT.sub("", line).strip()
        if heading := _SECTION.fullmatch(plain):
            lent = heading["owners"]
        elif plain:
            pattern_only = len(plain.replace("\\ ", "_").split()) == 1
            yield plain + lent if pattern_only else plain


def _parsed(text: str, path: Path | None) -> CodeOwners:
    from codeowners import CodeOwners  # noqa: PLC0415 - only when a CODEOWNERS file is used

    try:
        return CodeOwners("\n".join(_plain_lines(text)))
    except (ValueError, re.error) as error:
        origin = Origin(path.as_posix() if path else "CODEOWNERS")
        raise ConfigurationError(f"is no CODEOWNERS file: {error}", origin=origin) from error
