"""What a workload reads of ConfigMaps and Secrets, joined with those that were read beside it."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.configuration_uses import uses
from compliance.sources.kubernetes.fields import mappings, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.configuration_uses import Use
    from compliance.sources.kubernetes.entries import Entry
    from compliance.sources.kubernetes.inventory import Inventory

_ALIKE: Final = 0.88  # difflib's ratio: one letter of a name of eight or more
_MAX_COMPARED: Final = 200


def configuration(
    pod: dict[str, Any], pod_at: str, namespace: str | None, inventory: Inventory
) -> list[dict[str, Any]]:
    """Each ConfigMap and Secret that a pod reads, once, with the places that do."""
    by_object: dict[tuple[str, str], list[Use]] = {}
    for use in uses(pod, pod_at):
        by_object.setdefault((use.kind, use.name), []).append(use)
    return [_joined(kind, name, places, namespace, inventory) for (kind, name), places in sorted(by_object.items())]


def _joined(kind: str, name: str, places: list[Use], namespace: str | None, inventory: Inventory) -> dict[str, Any]:
    # Files of several environments may hold the same name: what one of them has is there.
    found = inventory.all_named(namespace, kind, name)
    return {
        "kind": kind,
        "name": name,
        "found": bool(found),
        "immutable": all(entry.told["immutable"] for entry in found) if found else None,
        "version_labels": sorted({entry.told["version"] for entry in found if entry.told["version"] is not None}),
        "similar": None if found else _similar(name, [entry.name for entry in inventory.of(namespace, kind)]),
        "optional": all(use.optional for use in places),
        "uses": [
            {
                "how": use.how,
                "at": use.at,
                "key": use.key,
                "key_found": _key_found(use.key, found),
                "optional": use.optional,
            }
            for use in places
        ],
    }


def _key_found(key: str | None, found: list[Entry]) -> bool | None:
    """None when nobody can tell: an object that is not there, or an empty one that something fills later."""
    if key is None or not found or not all(entry.told["keys"] for entry in found):
        return None
    return any(key in entry.told["keys"] for entry in found)


def _similar(name: str, others: list[str]) -> str | None:
    """A name that is so close that one of the two is a slip; names that differ by their numbers are no slip."""
    near = difflib.get_close_matches(name, others[:_MAX_COMPARED], n=1, cutoff=_ALIKE) if others else []
    return near[0] if near and _letters(near[0]) != _letters(name) and len(name) > 1 else None


def _letters(name: str) -> str:
    return "".join(char for char in name if not char.isdigit())


def duplicate_variables(pod: dict[str, Any]) -> list[dict[str, Any]]:
    """Variables that a container sets twice, unless the second one extends the first (`$(NAME):more`)."""
    return [
        {"container": name, "name": variable, "at": f"containers[{name}].env[{variable}]"}
        for field in ("containers", "initContainers")
        for index, container in enumerate(mappings(pod.get(field)))
        for name in [text(container.get("name")) or str(index)]
        for variable in _repeated(container)
    ]


def _repeated(container: dict[str, Any]) -> Iterator[str]:
    variables = [item for item in mappings(container.get("env")) if isinstance(item.get("name"), str)]
    for name, count in Counter(item["name"] for item in variables).items():
        extends = any(f"$({name})" in str(item.get("value")) for item in variables if item["name"] == name)
        if count > 1 and not extends:
            yield name
