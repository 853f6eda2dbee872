"""Who wrote which field of an object: `metadata.managedFields`, read and written again.

Source: Kubernetes API reference, ManagedFieldsEntry and FieldsV1; the format of the latter is that of
sigs.k8s.io/structured-merge-diff, fieldpath (Set.ToJSON, PathElement): `f:` a field, `k:` an item by its keys, `v:` an
item by its value, `i:` an item by its place, `.` the thing itself.

Limits: `time` is when an entry was last changed, so no earlier than the writing of each of its fields; who removed a
field is on no record; and `manager` is whatever the writer said that it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.errors import ReadError
from compliance.sources.drift.steps import Path, Step, canonical
from compliance.sources.kubernetes.fields import mapping, sequence, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MAX_DEPTH: Final = 100
_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
_REMEDY: Final = "the API server writes it; look at `metadata.managedFields` of the object"


@dataclass(frozen=True, slots=True)
class FieldSet:
    """A set of paths as a tree: `member` says whether the path that leads here is in the set by itself."""

    member: bool
    children: Mapping[Step, FieldSet] = field(default_factory=dict)

    def names(self, path: Iterable[Step]) -> bool:
        """Whether the set has the path itself, or something below it."""
        here = self
        for step in path:
            below = here.children.get(step)
            if below is None:
                return False
            here = below
        return here.member or bool(here.children)

    def covers(self, path: Iterable[Step]) -> bool:
        """Whether the set has the path, something below it, or something above it that is one whole."""
        here = self
        for step in path:
            below = here.children.get(step)
            if below is None:
                return here.member and not here.children
            here = below
        return here.member or bool(here.children)

    def leaves(self, so_far: Path = ()) -> Iterator[Path]:
        """The paths with nothing below them; `.` beside others is a container that its fields stand for."""
        if not self.children and so_far:
            yield so_far
        for step, below in self.children.items():
            yield from below.leaves((*so_far, step))


@dataclass(frozen=True, slots=True)
class Writer:
    """One entry of managedFields: `operation` is Apply or Update, `time` as the API server wrote it (RFC 3339)."""

    manager: str
    operation: str
    subresource: str
    time: str | None
    fields: FieldSet


def parse_fields(raw: Mapping[str, Any]) -> FieldSet:
    """Read the `fieldsV1` of an entry.

    Raises:
        ReadError: it does not fit the format, or is nested more than 100 deep.
    """
    return _parse(raw, member=False, depth=0)


def _parse(raw: object, *, member: bool, depth: int) -> FieldSet:
    if not isinstance(raw, dict) or depth > _MAX_DEPTH:
        raise ReadError(f"managedFields hold {'no mapping' if depth <= _MAX_DEPTH else 'more than 100 levels'}")
    children = {_step(key): _parse_child(value, depth) for key, value in raw.items() if key != "."}
    return FieldSet(member=member or "." in raw, children=children)


def _parse_child(raw: object, depth: int) -> FieldSet:
    return _parse(raw, member=raw == {}, depth=depth + 1)


def _step(text_: str) -> Step:
    kind, colon, rest = text_[:1], text_[1:2], text_[2:]
    if colon != ":" or kind not in ("f", "k", "v", "i"):
        raise ReadError(f"managedFields hold the key {text_[:80]!r}, which has no known beginning", remedy=_REMEDY)
    if kind == "f":
        return Step(kind, rest)
    try:
        value = orjson.loads(rest)
    except orjson.JSONDecodeError:
        raise ReadError(f"managedFields hold the key {text_[:80]!r}, which is no JSON", remedy=_REMEDY) from None
    fits = {"k": isinstance(value, dict), "i": type(value) is int, "v": True}
    if not fits[kind]:
        raise ReadError(f"managedFields hold the key {text_[:80]!r}, whose value is of another type", remedy=_REMEDY)
    return Step(kind, canonical(value))


def serialise_fields(fields: FieldSet) -> dict[str, Any]:
    """Write a set as `fieldsV1`, with the escapes that Go's JSON encoder makes inside of keys."""
    written: dict[str, Any] = {".": {}} if fields.member and fields.children else {}
    for step, below in fields.children.items():
        name = step.name if step.kind == "f" else step.name.translate(_ESCAPES)
        written[f"{step.kind}:{name}"] = serialise_fields(below)
    return written


def writers_of(value: Mapping[str, Any], subresource: str | None = None) -> tuple[Writer, ...]:
    """The writers of an object, or of one subresource, in the order of its managedFields; none where it has none.

    Raises:
        ReadError: an entry does not fit the format.
    """
    entries = sequence(mapping(value, "metadata").get("managedFields"))
    return tuple(_writer(one) for one in entries if subresource in (None, mapping(one).get("subresource")))


def _writer(entry: object) -> Writer:
    kind = mapping(entry).get("fieldsType", "FieldsV1")
    if kind != "FieldsV1":
        raise ReadError(f"managedFields are of the type {kind!r}, and only FieldsV1 is known", remedy=_REMEDY)
    return Writer(
        text(mapping(entry).get("manager")) or "",
        text(mapping(entry).get("operation")) or "",
        text(mapping(entry).get("subresource")) or "",
        text(mapping(entry).get("time")),
        _parsed(orjson.dumps(mapping(entry).get("fieldsV1") or {})),
    )


@lru_cache(maxsize=1024)
def _parsed(raw: bytes) -> FieldSet:
    """What one manager writes of a kind is mostly the same for all objects."""
    return parse_fields(orjson.loads(raw))


def writer_of(path: Path, writers: Iterable[Writer]) -> Writer | None:
    """Who wrote a path last, by the times of the entries that own it; None where nobody does.

    Whoever lost all that was in a map still owns the map, which looks as if it were one whole: who owns the path itself
    goes first.
    """
    covering = [writer for writer in writers if writer.fields.covers(path)]
    owners = [writer for writer in covering if writer.fields.names(path)] or covering
    return max(owners, key=lambda writer: writer.time or "", default=None)
