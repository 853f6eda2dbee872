"""How two objects of one type differ, field by field, as applying the one over the other would find.

What is declared is compared, and no more: a field that a manifest leaves out is its cluster's. Inside of what is
replaced as a whole (atomic lists and maps) every field counts, save what the API server fills in by itself; what it
fills into custom resources is not known, so of them only declared fields do.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ReadError
from compliance.sources.drift import defaults
from compliance.sources.drift.moments import moment
from compliance.sources.drift.steps import field, indexed, key_of, valued
from compliance.sources.kubernetes.quantity import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.sources.drift.field_types import FieldType
    from compliance.sources.drift.steps import Path, Step

MAX_DEPTH: Final = 100


class Absence(Enum):
    """Nothing is there, which is something else than null."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT


@dataclass(frozen=True, slots=True)
class Difference:
    """One path at which two objects differ; either side may be `ABSENT`."""

    path: Path
    declared: object
    live: object


def differences(
    declared: object, live: object, own: FieldType, *, whole: bool = False, path: Path = ()
) -> Iterator[Difference]:
    """Compare two values of one type; with `whole`, what only the live one has counts too.

    Raises:
        ReadError: they are nested more than 100 deep.
    """
    if whole and declared == live:
        return  # both as the API server holds them
    if len(path) > MAX_DEPTH:
        raise ReadError("the object is nested more than 100 levels deep, and was not compared")
    if isinstance(declared, dict) and isinstance(live, dict):
        yield from _of_mappings(declared, live, own, whole=whole or own.is_whole, path=path)
    elif isinstance(declared, list) and isinstance(live, list):
        yield from _of_lists(declared, live, own, whole=whole, path=path)
    elif not alike(declared, live, own):
        yield Difference(path, declared, live)


def _of_mappings(
    declared: Mapping[str, Any], live: Mapping[str, Any], own: FieldType, *, whole: bool, path: Path
) -> Iterator[Difference]:
    for name, value in declared.items():
        below, there = own.field(name), live.get(name)
        if value is None:
            continue
        if there is not None:
            yield from differences(value, there, below, whole=whole, path=(*path, field(name)))
        elif not defaults.says_nothing(below, name, value):
            yield Difference((*path, field(name)), value, ABSENT)
    if whole:
        for name, value in live.items():
            if declared.get(name) is None and not defaults.is_filled_in(own, name, value, live):
                yield from added(value, own.field(name), (*path, field(name)))


def added(value: object, own: FieldType, path: Path) -> Iterator[Difference]:
    """What only the live one has; entries of a map, and items of a list that something tells apart, by themselves."""
    steps = by_step(value, own) if isinstance(value, list) else None
    if isinstance(value, dict) and own.is_map:
        steps = {field(name): item for name, item in value.items()}
    if steps is None:
        yield Difference(path, ABSENT, value)
    else:
        yield from (Difference((*path, step), ABSENT, item) for step, item in steps.items())


def _of_lists(declared: list[Any], live: list[Any], own: FieldType, *, whole: bool, path: Path) -> Iterator[Difference]:
    wanted, there = by_step(declared, own), by_step(live, own)
    if wanted is None or there is None:
        yield from _of_sequences(declared, live, own, whole=whole or own.item().known, path=path)
        return
    for step, item in wanted.items():
        if step in there:
            yield from differences(item, there[step], own.item(), whole=whole, path=(*path, step))
        else:
            yield Difference((*path, step), item, ABSENT)
    if whole:
        yield from (Difference((*path, step), ABSENT, item) for step, item in there.items() if step not in wanted)


def by_step(items: list[Any], own: FieldType) -> dict[Step, Any] | None:
    """The items of a list by what tells them apart; None where their order does, or two of them are told the same."""
    if own.is_set and not any(isinstance(item, (dict, list)) for item in items):
        return {valued(item): item for item in items}
    if not own.keys:
        return None
    of = own.item()
    filled = {key: defaults.default_of(of, key, {}) for key in own.keys}
    steps = {step: item for item in items if (step := key_of(item, own.keys, filled)) is not None}
    return steps if len(steps) == len(items) else None


def _of_sequences(
    declared: list[Any], live: list[Any], own: FieldType, *, whole: bool, path: Path
) -> Iterator[Difference]:
    """Lists that are replaced as a whole: item by item where there are as many, and scalars together."""
    of = own.item()
    structured = all(isinstance(item, dict) for item in (*declared, *live))
    if len(declared) == len(live) and structured:
        for index, (item, there) in enumerate(zip(declared, live, strict=True)):
            yield from differences(item, there, of, whole=whole, path=(*path, indexed(index)))
    elif len(declared) != len(live) or not all(_are_alike(*pair, of) for pair in zip(declared, live, strict=True)):
        yield Difference(path, declared, live)


def _are_alike(declared: object, live: object, of: FieldType) -> bool:
    return next(differences(declared, live, of, whole=True), None) is None


def alike(declared: object, live: object, own: FieldType) -> bool:
    """Whether two scalars mean the same to the API server."""
    if isinstance(declared, bool) or isinstance(live, bool):
        return declared is live
    match own.form:
        case "quantity":
            return declared == live or (_number(declared) is not None and _number(declared) == _number(live))
        case "int_or_string":
            return str(declared) == str(live)
        case "time":
            return declared == live or (moment(declared) is not None and moment(declared) == moment(live))
        case "bytes":
            return _bytes(declared) == _bytes(live)
        case _:
            return declared == live


def _number(value: object) -> float | None:
    read = quantity(value)
    return None if read is None else read["value"]


def _bytes(value: object) -> object:
    """Line breaks in base64 are nobody's business."""
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return value
