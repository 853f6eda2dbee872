"""What lies around a Dockerfile: whether a .dockerignore keeps files out of the build context.

Reference: https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = (".dockerignore", ".containerignore")
_MAX_PARENTS = 32


def has_ignore_file(dockerfile: Path) -> bool:
    """Whether one lies beside the Dockerfile, or in a folder above it up to the repository's root.

    The build context is one of these folders, and the file does not say which, so any of them counts.
    """
    place = dockerfile.resolve()
    if any(place.with_name(place.name + name).is_file() for name in _NAMES):
        return True
    for folder in list(place.parents)[:_MAX_PARENTS]:
        if any((folder / name).is_file() for name in _NAMES):
            return True
        if (folder / ".git").exists():
            return False
    return False
