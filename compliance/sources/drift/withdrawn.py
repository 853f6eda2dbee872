"""What server-side apply would take away: fields that only the applier owns, and declares no more.

Source: Kubernetes documentation, "Server-Side Apply", on removing fields; what the API server fills in again by itself
is not gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.drift import defaults
from compliance.sources.drift.differences import added
from compliance.sources.drift.steps import follow
from compliance.sources.kubernetes.fields import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compliance.sources.drift.differences import Difference
    from compliance.sources.drift.field_types import FieldType
    from compliance.sources.drift.managed_fields import Writer
    from compliance.sources.drift.steps import Path


def withdrawn(
    declared: Mapping[str, Any], live: Mapping[str, Any], own: FieldType, applier: str, writers: Iterable[Writer]
) -> Iterator[Difference]:
    """The topmost fields and items that applying `declared` as `applier` would remove from `live`."""
    writers = tuple(writers)
    mine = [one for one in writers if (one.manager, one.operation, one.subresource) == (applier, "Apply", "")]
    others = [one for one in writers if one not in mine]
    found: dict[Path, None] = {}
    for path in (path for writer in mine for path in writer.fields.leaves()):
        gone = _topmost(path, declared)
        if gone is not None and gone not in found and not any(other.fields.names(gone) for other in others):
            found[gone] = None
    for path in found:
        value, type_ = _at(live, path), _type_at(own, path)
        if value is not None and not _is_filled_in(path, live, own):
            yield from added(value, type_, path)


def _topmost(path: Path, declared: object) -> Path | None:
    """The first part of a path that leads nowhere in what is declared."""
    for length, step in enumerate(path, 1):
        declared = follow(declared, step)
        if declared is None:
            return path[:length]
    return None


def _at(value: object, path: Path) -> object:
    for step in path:
        value = follow(value, step)
    return value


def _type_at(own: FieldType, path: Path) -> FieldType:
    for step in path:
        own = own.field(step.name) if step.kind == "f" else own.item()
    return own


def _is_filled_in(path: Path, live: object, own: FieldType) -> bool:
    *above, last = path
    beside, holder = _at(live, tuple(above)), _type_at(own, tuple(above))
    value = follow(beside, last)
    return last.kind == "f" and value is not None and defaults.is_filled_in(holder, last.name, value, mapping(beside))
