"""One live object: its facts, what is kept of it until they are told, and whether it is on its way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.model import Facts, Origin, Subject
from compliance.sources.kubernetes.facts import body, facts_schema
from compliance.sources.kubernetes.fields import mapping, text
from compliance.sources.kubernetes.joins import unread

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from compliance.model import Span
    from compliance.sources.kubernetes.inventory import Inventory

Object = dict[str, Any]

_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"


def live_facts(value: Object, inventory: Inventory, cluster: str, missing: Collection[str] = ()) -> Facts:
    """The facts of one live object; where it is, is its path in the cluster; `missing` as for `joins.unread`."""
    metadata = mapping(value, "metadata")
    kind, name, namespace = str(value["kind"]), text(metadata.get("name")) or "", text(metadata.get("namespace"))
    subject = Subject(kind, name, namespace, cluster)
    schema, told = facts_schema(value), body(value, (), inventory)
    return Facts(
        schema=schema,
        subject=subject,
        body=told,
        origin=Origin(subject.live_path, is_file=False),
        locate=_nowhere,
        lines=_no_line,
        unread=unread(schema, told, missing),
    )


def _nowhere(ats: Sequence[str]) -> list[Span | None]:
    return [None for _ in ats]


def _no_line(_number: int) -> None:
    return None


def packed(value: Object) -> bytes:
    """The object as rules see it: without what the server and kubectl note of who wrote it, which is half of it."""
    metadata = mapping(value, "metadata")
    metadata.pop("managedFields", None)
    mapping(metadata, "annotations").pop(_APPLIED, None)
    return orjson.dumps(value)


def name_of(value: Object) -> str:
    """Its name."""
    return str(mapping(value, "metadata").get("name"))


def uid_of(value: Object) -> object:
    """What tells it from another of its name, made later."""
    return mapping(value, "metadata").get("uid")


def is_leaving(value: Object) -> bool:
    """Whether it is being deleted."""
    return mapping(value, "metadata").get("deletionTimestamp") is not None
