"""The volume in which the admission plugin ServiceAccount gives a Pod its token, told from one that somebody named so.

Source: Kubernetes documentation, "Managing Service Accounts", "Bound service account token volume mechanism"; OpenShift
puts the certificate of its own authority in, too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.sources.kubernetes.fields import mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_PREFIX: Final = "kube-api-access-"
_PATH: Final = "/var/run/secrets/kubernetes.io/serviceaccount"
_AUTHORITIES: Final = frozenset({"kube-root-ca.crt", "openshift-service-ca.crt"})
_FROM_POD: Final = frozenset({"metadata.namespace"})


def token_volumes(spec: Mapping[str, Any]) -> frozenset[str]:
    """The names of a Pod's token volumes: one, or none."""
    return frozenset(str(one.get("name")) for one in mappings(spec.get("volumes")) if is_token_volume(one))


def is_token_volume(volume: Mapping[str, Any]) -> bool:
    """Whether it is named so, and holds a token, the cluster's certificates and the namespace, and nothing else."""
    if not (text(volume.get("name")) or "").startswith(_PREFIX) or volume.keys() != {"name", "projected"}:
        return False
    return _are_of_token(orjson.dumps(mapping(volume, "projected").get("sources")))


@lru_cache(maxsize=64)
def _are_of_token(sources: bytes) -> bool:
    """The sources of all token volumes of a cluster are the same."""
    return all(map(_is_of_token, mappings(orjson.loads(sources))))


def _is_of_token(source: Mapping[str, Any]) -> bool:
    items = mappings(mapping(source, "downwardAPI").get("items"))
    fields = {mapping(item, "fieldRef").get("fieldPath") for item in items}
    authority = mapping(source, "configMap").get("name")
    return (
        source.keys() == {"serviceAccountToken"}
        or (source.keys() == {"configMap"} and authority in _AUTHORITIES)
        or (source.keys() == {"downwardAPI"} and fields == _FROM_POD)
    )


def is_token_mount(mount: Mapping[str, Any], volumes: Collection[str]) -> bool:
    """Whether one of these volumes is mounted where programs look for a token."""
    return mount.get("name") in volumes and mount.get("mountPath") == _PATH


def without_token_names(said: bytes, volumes: Collection[str]) -> bytes:
    """JSON of a Pod without the names of these volumes, which are made up anew for every Pod."""
    for name in volumes:
        said = said.replace(b'"name":' + orjson.dumps(name), b'"name":0')
    return said
