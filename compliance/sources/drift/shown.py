"""Values as facts show them: as JSON, cut, and never with a secret in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.sources import secret_names, secret_values
from compliance.sources.drift.differences import ABSENT
from compliance.sources.drift.steps import follow
from compliance.sources.kubernetes.facts.secrets import arguments_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.drift.steps import Path

NOT_SHOWN: Final = "(not shown)"
"""What stands for a value that may be a secret."""

_LONGEST: Final = 200
_SECRET_PARTS: Final = frozenset({"data", "stringData"})
_COMMANDS: Final = frozenset({"args", "command"})
LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
"""The annotation in which kubectl keeps what it applied last."""


def shown(value: object, path: Path, holder: object) -> str | None:
    """A value at a path of `holder` (the object, or a Pod's spec) as facts show it; None where it is absent."""
    if value is ABSENT:
        return None
    if _is_of_secret(path, holder):
        return NOT_SHOWN
    masked = _masked(value, _name(path, holder))
    if masked == NOT_SHOWN:
        return NOT_SHOWN
    text = orjson.dumps(masked, option=orjson.OPT_SORT_KEYS, default=str).decode("utf-8", "replace")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _is_of_secret(path: Path, holder: object) -> bool:
    kind = holder.get("kind") if isinstance(holder, dict) else None
    return kind == "Secret" and bool(path) and path[0].name in _SECRET_PARTS


def _name(path: Path, holder: object) -> str:
    """What a value is called: its field, or what the variable is called whose `value` it is."""
    named = [step.name for step in path if step.kind == "f"]
    if named[-1:] == ["value"]:
        for step in path[:-1]:
            holder = follow(holder, step)
        item = holder.get("name") if isinstance(holder, dict) else None
        # A variable that is no longer there is called by the key that it was looked up by.
        return item if isinstance(item, str) else _key(path)
    return named[-1] if named else ""


def _key(path: Path) -> str:
    key = orjson.loads(path[-2].name) if len(path) > 1 and path[-2].kind == "k" else {}
    return str(key.get("name", "")) if isinstance(key, dict) else ""


def _masked(value: object, name: str) -> object:
    match value:
        case dict():
            return {key: _masked(item, _called(key, value)) for key, item in value.items()}
        case list() if name in _COMMANDS:
            hidden = {number for _, number, _, _ in arguments_of({"args": value})}
            return [NOT_SHOWN if number in hidden else _masked(item, "") for number, item in enumerate(value)]
        case list():
            return [_masked(item, name) for item in value]
        case str():
            secret = secret_names.names_secret(name) or secret_values.secret_in(name, value) is not None
            return NOT_SHOWN if secret and value else secret_names.without_credentials(value)
        case _:
            return NOT_SHOWN if secret_names.names_secret(name) and not isinstance(value, bool) else value


def _called(key: str, value: Mapping[str, Any]) -> str:
    name = value.get("name")
    return name if key == "value" and isinstance(name, str) else key


def without_secrets(value: Mapping[str, Any]) -> dict[str, Any]:
    """The object for rules to see: without managedFields, what kubectl keeps, and the data of a Secret."""
    metadata = value.get("metadata")
    kept = {key: item for key, item in value.items() if not (value.get("kind") == "Secret" and key in _SECRET_PARTS)}
    if isinstance(metadata, dict):
        shortened = {key: item for key, item in metadata.items() if key != "managedFields"}
        if isinstance(metadata.get("annotations"), dict):
            shortened["annotations"] = {k: v for k, v in metadata["annotations"].items() if k != LAST_APPLIED}
        kept["metadata"] = shortened
    return kept
