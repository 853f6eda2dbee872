"""Reading what protobuf writes as JSON (ProtoJSON), for bundles: each function raises ContentError for a misfit."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from compliance.errors import ContentError


def without_nulls(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Leave out what is null, by which protobuf's JSON means nothing."""
    if isinstance(value, dict):
        return {key: without_nulls(entry) for key, entry in value.items() if entry is not None}
    return [without_nulls(entry) for entry in value] if isinstance(value, list) else value


def only(value: Any, where: str, *keys: str) -> None:  # noqa: ANN401 - JSON
    """Refuse what is no object, or has a field that it should not have; `where` is its name in the bundle."""
    if not isinstance(value, dict):
        raise ContentError(f"the bundle{where and f's {where}'} is no object")
    if unknown := value.keys() - set(keys):
        raise ContentError(f"the bundle has {min(unknown)[:80]!r}, which its version does not have")


def member(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key."""
    found = value.get(key)
    if not isinstance(found, dict):
        raise ContentError(f"the bundle's {key} is no object")
    return found


def entries(value: dict[str, Any], key: str, most: int) -> list[Any]:
    """The list under a key, empty if there is none."""
    found = value.get(key, [])
    if not isinstance(found, list) or len(found) > most:
        raise ContentError(f"the bundle's {key} is no list, or has more than {most} entries")
    return found


def integer(value: dict[str, Any], key: str, most: int = 2**63 - 1) -> int:
    """The integer under a key, 0 if there is none; protobuf's JSON writes those of 64 bits as text."""
    found = value.get(key, 0)
    if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < 20:  # noqa: PLR2004 - digits
        found = int(found)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
        raise ContentError(f"the bundle's {key} is no number from 0 to {most}")
    return found


def octets(value: Any, key: str) -> bytes:  # noqa: ANN401 - JSON
    """The bytes under a key, which must be some."""
    return decoded(value.get(key) if isinstance(value, dict) else None, key)


def decoded(text: object, key: str) -> bytes:
    """Bytes from base64, which `key` names in errors."""
    try:
        if isinstance(text, str) and text:
            return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise ContentError(f"the bundle's {key} is missing, or no base64")
