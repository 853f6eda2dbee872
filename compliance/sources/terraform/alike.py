"""Instances of one block: those that are alike are told once, so that one line of code gives one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What only tells instances apart; it becomes unknown where it differs, because no single value would be true of all.
_NAMES: Final = frozenset(
    {
        "name",
        "name_prefix",
        "bucket",
        "identifier",
        "cidr_block",
        "ipv6_cidr_block",
        "availability_zone",
        "availability_zone_id",
        "private_ip",
    }
)
_NAME_TAG: Final = "Name"

Instance = tuple[str, dict[str, Any]]


def ways(instances: Sequence[Instance]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each way in which a block is there: the number of its first instance, and its facts.

    An instance is its address with indexes and its facts, which have the address without. That one stays where every
    instance is alike.
    """
    groups: dict[bytes, list[int]] = {}
    for number, (_, body) in enumerate(instances):
        groups.setdefault(orjson.dumps(_without_names(body)), []).append(number)
    for numbers in groups.values():
        address, body = instances[numbers[0]]
        merged = _merged(body, [instances[number][1] for number in numbers[1:]])
        yield numbers[0], merged if len(groups) == 1 else merged | {"address": address}


def _without_names(body: dict[str, Any]) -> dict[str, Any]:
    attributes = {key: value for key, value in body["attributes"].items() if key not in _NAMES}
    if isinstance(attributes.get("tags"), dict):
        attributes["tags"] = _unnamed(attributes["tags"])
    tags = None if body["tags"] is None else _unnamed(body["tags"])
    unknown = [path for path in body["unknown"] if path not in _NAMES and path != f"tags.{_NAME_TAG}"]
    return body | {"attributes": attributes, "tags": tags, "unknown": unknown}


def _unnamed(tags: dict[str, Any]) -> dict[str, Any]:
    return tags | {_NAME_TAG: None} if _NAME_TAG in tags else tags


def _merged(body: dict[str, Any], others: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The facts of instances that are alike but for their names."""
    attributes, tags = dict(body["attributes"]), body["tags"]
    unknown = dict.fromkeys(body["unknown"])
    for name in sorted(_NAMES & attributes.keys()):
        if any(other["attributes"].get(name) != attributes[name] for other in others):
            attributes[name] = None
            unknown[name] = None
    if tags and any((other["tags"] or {}).get(_NAME_TAG) != tags.get(_NAME_TAG) for other in others):
        tags = tags | {_NAME_TAG: None}
        unknown[f"tags.{_NAME_TAG}"] = None
        if isinstance(attributes.get("tags"), dict):
            attributes["tags"] = _unnamed(attributes["tags"])
    return body | {"attributes": attributes, "tags": tags, "unknown": list(unknown)}
