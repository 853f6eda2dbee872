"""Typed access to what scanners print, which is JSON that this tool does not control."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from packageurl import PackageURL

from compliance.errors import ContentError, ReadError
from compliance.supply_chain import strict_json

if TYPE_CHECKING:
    from collections.abc import Mapping


def document(data: bytes, what: str) -> Mapping[str, Any]:
    """Read a JSON object.

    Raises:
        ReadError: it is none.
    """
    try:
        value = strict_json.loads(data, what)
    except ContentError as error:
        raise ReadError(error.message) from error
    if not isinstance(value, dict):
        raise ReadError(f"{what} is no JSON object")
    return value


def text(value: Mapping[str, Any], key: str) -> str:
    """A text; empty when it is missing.

    Raises:
        ReadError: it is something else.
    """
    found = value.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise ReadError(f"{key} is no text")
    return found


def required(value: Mapping[str, Any], key: str) -> str:
    """A text that must be there.

    Raises:
        ReadError: it is missing, empty, or something else.
    """
    found = text(value, key)
    if not found:
        raise ReadError(f"{key} is missing")
    return found


def mapping(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object; empty when it is missing.

    Raises:
        ReadError: it is something else.
    """
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ReadError(f"{key} is no object")
    return found


def mappings(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """A list of objects; empty when it is missing.

    Raises:
        ReadError: it is something else.
    """
    found = value.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ReadError(f"{key} is no list of objects")
    return found


def texts(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts; empty when it is missing.

    Raises:
        ReadError: it is something else.
    """
    found = value.get(key)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ReadError(f"{key} is no list of texts")
    return tuple(found)


def moment(said: str) -> datetime | None:
    """A date or RFC 3339 time, in UTC; None when it is none, or is Go's zero time."""
    try:
        found = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    try:
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return found if found.year > 1 else None


def package_url(said: str) -> PackageURL | None:
    """Read a package URL; None when it is none."""
    try:
        return PackageURL.from_string(said)
    except ValueError:
        return None
