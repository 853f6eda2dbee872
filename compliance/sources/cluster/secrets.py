"""Secrets without their values: they end here, before anything else sees the object."""

from __future__ import annotations

import base64
import binascii
import contextlib
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK: Final = "(not shown)"
"""What stands for a label or annotation that holds a value."""

_WHOLE_OBJECTS: Final = (
    "kubectl.kubernetes.io/last-applied-configuration",
    "kapp.k14s.io/original",
    "objectset.rio.cattle.io/applied",
    "banzaicloud.com/last-applied",
)
"""Annotations in which clients keep the whole object as they applied it."""
_SHORTEST: Final = 4


def withhold(secret: dict[str, Any]) -> None:
    """Put null for every value of a Secret; its keys stay, and nothing tells how long a value was.

    Labels and annotations that hold a value, as it is or encoded, or a whole object, are masked.
    """
    values = [text(value) for part in ("data", "stringData") for value in mapping(secret, part).values()]
    given_away = frozenset(_forms(value for value in values if value))
    for part in ("data", "stringData"):
        if isinstance(secret.get(part), dict):
            secret[part] = dict.fromkeys(secret[part])
    for part in ("annotations", "labels"):
        marks = mapping(secret, "metadata", part)
        for name, said in marks.items():
            if name in _WHOLE_OBJECTS or (isinstance(said, str) and any(form in said for form in given_away)):
                marks[name] = MASK


def _forms(values: Iterable[str]) -> Iterator[str]:
    """Each value as it is encoded, and decoded."""
    for value in values:
        forms = [value]
        with contextlib.suppress(binascii.Error, ValueError):
            forms.append(base64.b64decode(value, validate=True).decode())
        yield from (form for form in forms if len(form) >= _SHORTEST)
