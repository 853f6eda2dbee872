"""Facts of a ConfigMap or Secret: `rules/schemas/configuration.json`. Of values only what they are is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes import configuration_text as texts_of
from compliance.sources.kubernetes.configuration_values import Value, values
from compliance.sources.kubernetes.fields import flag, mapping, mappings, text, text_map

if TYPE_CHECKING:
    from compliance.sources.kubernetes.inventory import Inventory

_VERSION: Final = re.compile(r".*[-._]v?\d+(?:[-._]\d+)*(?:[-._](?:alpha|beta|rc)[-._]?\d*)?")
# Kustomize writes ten digits of a hash with letters that form no words; others write hexadecimal digits.
_HASH: Final = re.compile(r".*-(?:(?=[a-z]*\d)[bcdfghkmt2456789]{10}|(?=[a-f]*\d)[0-9a-f]{6,64})")


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a ConfigMap or Secret beyond what every object has."""
    metadata = mapping(value, "metadata")
    name, namespace, kind = text(metadata.get("name")) or "", text(metadata.get("namespace")), str(value.get("kind"))
    held = list(values(value))
    return {
        "type": text(value.get("type")),
        "immutable": flag(value.get("immutable")) or False,
        "keys": [_key(one) for one in held],
        "size": sum(one.size for one in held),
        "used_by": inventory.users_of(namespace, kind, name),
        "version_label": text(mapping(metadata, "labels").get("version")),
        "versioned_name": versioned(name),
        "owned": any(True for _ in mappings(metadata.get("ownerReferences"))),
        "filled_later": _filled_later(metadata),
        "encrypted": "sops" in value,
        "rendered_by": None,
    }


def versioned(name: str) -> str | None:
    """How a name says which version it is of: `hash`, `version` (a date too), or None."""
    if _VERSION.fullmatch(name):
        return "version"
    return "hash" if _HASH.fullmatch(name) else None


def _filled_later(metadata: dict[str, Any]) -> bool:
    """Whether a label or annotation asks something in the cluster to write the content."""
    marks = {**text_map(metadata.get("labels")), **text_map(metadata.get("annotations"))}
    return any("inject" in key or "replicat" in key or "reflector" in key for key in marks)


def _key(one: Value) -> dict[str, Any]:
    broken = None if one.text is None else texts_of.problem(one.format, one.text)
    return {
        "key": one.key,
        "at": one.at,
        "format": one.format,
        "size": one.size,
        "empty": one.text is not None and not one.text.strip(),
        "error": None if broken is None else {"message": broken.message, "line": broken.line},
        "secret": one.secret,
        "settings": [{"name": name, "secret": words} for name, words in one.secret_settings],
    }
