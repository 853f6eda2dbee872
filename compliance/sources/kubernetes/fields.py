"""Reading fields of objects that may have any shape: what does not fit its type counts as absent.

The schema rules report misfits, so the readers here never raise and rules never meet a wrong type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


_MOST: Final = 2**31 - 1


def mapping(value: object, *keys: str) -> dict[str, Any]:
    """Follow `keys` down nested mappings; an empty mapping where the way ends."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def mappings(value: object) -> Iterator[dict[str, Any]]:
    """The items of a list that are mappings."""
    return (item for item in sequence(value) if isinstance(item, dict))


def text(value: object) -> str | None:
    """The string, or None."""
    return value if isinstance(value, str) else None


def integer(value: object) -> int | None:
    """The integer, or None; a boolean is none, and neither is what an int32 of the API cannot hold."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST else None


def flag(value: object) -> bool | None:
    """The boolean, or None."""
    return value if isinstance(value, bool) else None


def texts(value: object) -> list[str]:
    """The items of a list that are strings."""
    return [item for item in sequence(value) if isinstance(item, str)]


def text_map(value: object) -> dict[str, str]:
    """The entries of a mapping whose values are strings."""
    return {key: item for key, item in mapping(value).items() if isinstance(item, str)}
