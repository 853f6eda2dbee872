"""Symbolic links to folders: where in the image an entry of a layer really is.

What a layer calls `bin/su` is `usr/bin/su` where a layer below, or the same one before it, made `bin` a link to
`usr/bin`: container runtimes follow links inside of the image's root on the way to an entry, and so do whiteouts
(containerd, archive/tar.go, fs.RootPath). Links are looked up in what was read; nothing of the host is followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.errors import ContentError
from compliance.sources.images.file_system import Changes, Kept
from compliance.sources.images.paths import is_bookkeeping, parent

if TYPE_CHECKING:
    from compliance.sources.images.limits import Limits

_MAX_HOPS: Final = 40
"""As Linux (path_resolution(7))."""


class Links:
    """The links of the layers so far, `below`, and of one more that is being read, `changes`."""

    def __init__(self, below: Kept[str], limits: Limits) -> None:
        self.changes: Changes[str] = Changes()
        self._below = below
        self._most, self._deepest = limits.links, limits.depth
        self._known: tuple[str, str] = ("", "")

    def place(self, path: str) -> str:
        """The path without links on the way to its last part.

        Raises:
            ContentError: the links lead in a circle, or too deep.
        """
        folder = parent(path)
        if not folder:
            return path
        if folder != self._known[0]:
            self._known = (folder, self._followed(folder))
        found = self._known[1]
        name = path[len(folder) + 1 :]
        return f"{found}/{name}" if found else name

    def note(self, path: str, target: str | None, *, is_folder: bool) -> None:
        """Note an entry at its place: a link's target, or None for anything else.

        Raises:
            ContentError: there are more links than are looked at.
        """
        if target is None and not self._is_touched(path):
            return
        self.changes.entry(path, target, self._below, is_folder=is_folder)
        self._known = ("", "")
        if len(self.changes.added) + len(self._below) > self._most:
            raise ContentError(f"there are more than {self._most} symbolic links")

    def _is_touched(self, path: str) -> bool:
        """Whether an entry may take away a link, as most do not."""
        return is_bookkeeping(path) or any(
            kept.get(path) is not None or kept.is_above(path) for kept in (self.changes.added, self._below)
        )

    def _followed(self, folder: str) -> str:
        parts, waiting, hops = list[str](), folder.split("/")[::-1], 0
        while waiting:
            part = waiting.pop()
            if part == "..":
                del parts[-1:]
                continue
            parts.append(part)
            target = self.changes.current("/".join(parts), self._below)
            if target is None:
                continue
            hops += 1
            parts = [] if target.startswith("/") else parts[:-1]
            waiting += [one for one in reversed(target.split("/")) if one not in ("", ".")]
            if hops > _MAX_HOPS or len(parts) + len(waiting) > self._deepest:
                raise ContentError("its symbolic links lead in a circle, or too deep")
        return "/".join(parts)
