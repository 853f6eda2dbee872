"""Secrets without their values: they end here, before anything else sees the object. So do Helm's records of releases.

Where a Secret is declared somewhere, its values are compared here too; which keys differ is all that is told.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from compliance.errors import ClusterError
from compliance.sources.kubernetes.fields import mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.kinds import Kind

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
RELEASE_TYPE: Final = "helm.sh/release.v1"
RELEASE_PREFIX: Final = "sh.helm.release.v1."
"""By what Helm's records are known: the type of Secrets, and how names begin (its pkg/storage/driver)."""


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


def is_release_record(value: Mapping[str, Any]) -> bool:
    """Whether a Secret or ConfigMap is where Helm records a release, with the values that its chart was given."""
    if value.get("kind") == "Secret":
        return value.get("type") == RELEASE_TYPE
    if value.get("kind") != "ConfigMap":
        return False
    named = (text(mapping(value, "metadata").get("name")) or "").startswith(RELEASE_PREFIX)
    return named and mapping(value, "metadata", "labels").get("owner") == "helm"


def withhold_release(config_map: dict[str, Any]) -> None:
    """Mask the release in a ConfigMap that records one."""
    if "release" in mapping(config_map, "data"):
        config_map["data"]["release"] = MASK


def differing_keys(client: Client, kind: Kind, declared: Mapping[str, Any], live: Mapping[str, Any]) -> frozenset[str]:
    """The keys of a declared Secret that have other values in the cluster, or none.

    It is listed by its name, for which the right to list is enough.

    Raises:
        ClusterError: it cannot be read, or is not there any more.
    """
    metadata = mapping(live, "metadata")
    query = urlencode({"fieldSelector": f"metadata.name={metadata.get('name')}", "limit": 1})
    answer = client.json(f"{kind.path(text(metadata.get('namespace')))}?{query}")
    found = next(iter(mappings(answer.get("items"))), None)
    if found is None:
        raise ClusterError("the Secret has vanished while the cluster was read", remedy="run again")
    there = {key: _decoded(value) for key, value in mapping(found, "data").items()}
    wanted = {key: _decoded(value) for key, value in mapping(declared, "data").items()}
    wanted |= {key: (text(value) or "").encode() for key, value in mapping(declared, "stringData").items()}
    return frozenset(key for key, value in wanted.items() if there.get(key) != value)


def _decoded(value: object) -> bytes | None:
    """Line breaks in base64 are nobody's business."""
    try:
        return base64.b64decode("".join((text(value) or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _forms(values: Iterable[str]) -> Iterator[str]:
    """Each value as it is encoded, and decoded."""
    for value in values:
        forms = [value]
        with contextlib.suppress(binascii.Error, ValueError):
            forms.append(base64.b64decode(value, validate=True).decode())
        yield from (form for form in forms if len(form) >= _SHORTEST)
