"""object.subset, numbers.range_step, trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compliance.engine.builtins.operands import numeric, text
from compliance.engine.rego_values import BuiltinError, RegoObject, RegoSet, number, order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from compliance.engine.rego_values import Value

_MAX_NUMBERS = 1_000_000


def subset(whole: Value, part: Value) -> bool:
    """object.subset: of objects, sets, arrays (a run of equal items), or a set of an array's items."""
    if isinstance(whole, list) and isinstance(part, RegoSet):
        return _array_holds_set(whole, part)
    held = _held(whole, part)
    if held is None:
        raise BuiltinError("both arguments must be of one type, or array and set")
    return held


def _array_holds_set(whole: Sequence[Value], part: RegoSet) -> bool:
    """As OPA counts: an item that comes twice stands for two members."""
    wanted = {order(member) for member in part.members}
    return bool(whole) and sum(order(item) in wanted for item in whole) >= len(wanted)


def _held(whole: Value, part: Value) -> bool | None:
    """Whether `whole` holds `part`; None when they are not of one type that has parts."""
    match whole, part:
        case (RegoObject(), RegoObject()):
            return _object_holds(whole, part)
        case (RegoSet(), RegoSet()):
            return _covers(whole.members, part.members)
        case (list(), list()):
            return _runs(whole, part)
        case _:
            return None


def _object_holds(whole: RegoObject, part: RegoObject) -> bool:
    known = {order(key): value for key, value in whole.pairs}
    return all(
        (key := order(name)) in known and (order(known[key]) == order(value) or bool(_held(known[key], value)))
        for name, value in part.pairs
    )


def _covers(whole: Sequence[Value], part: Sequence[Value]) -> bool:
    return {order(item) for item in part} <= {order(item) for item in whole}


def _runs(whole: Sequence[Value], part: Sequence[Value]) -> bool:
    items, wanted = [order(item) for item in whole], [order(item) for item in part]
    return any(items[at : at + len(wanted)] == wanted for at in range(len(items) - len(wanted) + 1))


def range_step(first: Value, last: Value, step: Value) -> list[Value]:
    """numbers.range_step: from `first` towards `last`, both included."""
    start, end, by = (numeric(value).integer for value in (first, last, step))
    if by <= 0:
        raise BuiltinError("step must be a positive integer")
    found = range(start, end + 1, by) if start <= end else range(start, end - 1, -by)
    if abs(end - start) // by > _MAX_NUMBERS:
        raise OverflowError(f"more than {_MAX_NUMBERS} numbers")
    return [number(one) for one in found]


def trace(note: Value) -> bool:
    """trace: there is nobody to tell."""
    text(note)
    return True


BUILTINS: Mapping[str, Any] = {"numbers.range_step": range_step, "object.subset": subset, "trace": trace}
