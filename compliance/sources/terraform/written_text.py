"""Texts as far as they are written out: what is filled in later is left out, so that the rest can still be judged."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

from compliance.sources.terraform.sections import Section
from compliance.sources.terraform.tree import Call, Literal, Template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.terraform.tree import Expression
    from compliance.sources.terraform.values import Value

FILLED_IN: Final = "${}"
_WRAPPERS: Final = frozenset({"base64encode", "base64gzip", "trimspace", "chomp", "sensitive", "nonsensitive"})


def written_text(values: Mapping[str, Value], name: str) -> str:
    """The text of an attribute, `${}` where something is not known; "" where nothing is written."""
    value = values.get(name)
    if isinstance(value, str):
        return _decoded(value)
    attribute = values.block.attributes.get(name) if isinstance(values, Section) else None
    return _literal(attribute.value) if attribute else ""


def _literal(expression: Expression) -> str:
    match expression:
        case Literal(str(value)):
            return value
        case Template(parts):
            return "".join(_literal(part) or FILLED_IN for part in parts)
        case Call(name, (inner, *_)) if name in _WRAPPERS:
            return _literal(inner)
    return ""


def _decoded(value: str) -> str:
    """What base64 stands for, where it is some."""
    try:
        return base64.b64decode(value, validate=True).decode() if value[:1] not in {"#", ""} else value
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return value
