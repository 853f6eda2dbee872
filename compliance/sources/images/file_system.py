"""What is left of a few paths when layers are laid over each other.

Only the paths that somebody wants are kept, not the whole file system, so that memory follows what was found and not
how many files an image has. Rules as in the OCI image specification, layer.md ("Change Types", "Whiteouts"), and as
container runtimes apply them: whiteouts act on the layers below only, wherever in the archive they stand.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

from compliance.sources.images.paths import OPAQUE, ancestors, deleted_by, is_bookkeeping, parent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by path, in which a path can be deleted with all that is below it."""

    def __init__(self) -> None:
        self._values: dict[str, T] = {}
        self._above: Counter[str] = Counter()

    def __getitem__(self, path: str) -> T:
        return self._values[path]

    def __len__(self) -> int:
        return len(self._values)

    def get(self, path: str) -> T | None:
        """The value of a path, if there is one."""
        return self._values.get(path)

    def items(self) -> Mapping[str, T]:
        """All values by path."""
        return self._values

    def put(self, path: str, value: T) -> None:
        """Set the value of a path."""
        if path not in self._values:
            self._above.update(ancestors(path))
        self._values[path] = value

    def pop(self, path: str) -> Iterator[tuple[str, T]]:
        """Take away one path alone."""
        if path in self._values:
            self._above.subtract(ancestors(path))
            yield path, self._values.pop(path)

    def is_above(self, path: str) -> bool:
        """Whether there is anything below a path; everything is below the root."""
        return self._above.get(path, 0) > 0 if path else bool(self._values)

    def pop_below(self, path: str) -> Iterator[tuple[str, T]]:
        """Take away all that is below a path."""
        if self.is_above(path):
            prefix = f"{path}/" if path else ""
            for name in [name for name in self._values if name.startswith(prefix)]:
                yield from self.pop(name)


class Changes(Generic[T]):
    """What one layer does to a file system."""

    def __init__(self) -> None:
        self.added: Kept[T] = Kept()
        self._replaced: set[str] = set()
        self._deleted: set[str] = set()
        self._emptied: set[str] = set()

    def entry(self, path: str, value: T | None, below: Kept[T], *, is_folder: bool) -> None:
        """Note an entry, in the archive's order; `value` is None where nobody wants it, `below` is under this layer."""
        if is_bookkeeping(path):
            self._whiteout(path, below)
            return
        for _ in self.added.pop(path):
            pass
        if not is_folder:
            for _ in self.added.pop_below(path):
                pass
            if below.is_above(path):
                self._emptied.add(path)
        if below.get(path) is not None:
            self._replaced.add(path)
        if value is not None:
            self.added.put(path, value)

    def _whiteout(self, path: str, below: Kept[T]) -> None:
        deleted = deleted_by(path)
        if path == OPAQUE or path.endswith(f"/{OPAQUE}"):
            if below.is_above(parent(path)):
                self._emptied.add(parent(path))
        elif deleted is not None and (below.get(deleted) is not None or below.is_above(deleted)):
            self._deleted.add(deleted)

    def current(self, path: str, below: Kept[T]) -> T | None:
        """The value of a path as it is now, with what the layer has changed so far."""
        added = self.added.get(path)
        found = below.get(path) if added is None else added
        if added is not None or found is None or path in self._replaced or path in self._deleted:
            return added
        above = (*ancestors(path), "")
        return found if self._deleted.isdisjoint(above) and self._emptied.isdisjoint(above) else None

    def apply(self, below: Kept[T]) -> list[tuple[str, T]]:
        """Lay the layer over what is below it; returns what is gone or replaced by that."""
        gone: list[tuple[str, T]] = []
        for path in self._deleted | self._replaced:
            gone.extend(below.pop(path))
        for path in self._deleted | self._emptied:
            gone.extend(below.pop_below(path))
        for path, value in self.added.items().items():
            below.put(path, value)
        return gone
