"""Declared against live: the fields that applying what is declared would change, and who wrote them last.

With a dry-run result (server-side apply with `dryRun=All`) the API server has said what applying would give, and the
whole is compared. Otherwise the declared fields are, offline. In both, metadata that the server keeps, `status` and
`spec.replicas` (told apart, in `replicas`) are left out. What was applied before and is declared no more would be
removed: by kubectl as its annotation says (kubectl documentation, "How apply calculates differences and merges
changes"), by server-side apply as managedFields say (API concepts, "Server-Side Apply").
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.errors import ReadError
from compliance.sources.drift import defaults
from compliance.sources.drift.differences import ABSENT, Difference, by_step, differences
from compliance.sources.drift.managed_fields import writer_of
from compliance.sources.drift.shown import LAST_APPLIED, NOT_SHOWN, shown
from compliance.sources.drift.steps import field, fields, written
from compliance.sources.drift.withdrawn import withdrawn
from compliance.sources.kubernetes.fields import mapping, text_map

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from compliance.drift_settings import IgnoredFields
    from compliance.sources.drift.field_types import FieldType, FieldTypes
    from compliance.sources.drift.managed_fields import Writer
    from compliance.sources.drift.steps import Path
    from compliance.sources.drift.terms import DryRun

_APART: Final = frozenset({"apiVersion", "kind", "metadata", "status"})
_METADATA: Final = ("labels", "annotations")
_REPLICAS: Final = fields("spec", "replicas")
_HELMS: Final = frozenset(
    {
        (*fields("metadata", "labels"), field("app.kubernetes.io/managed-by")),
        (*fields("metadata", "annotations"), field("meta.helm.sh/release-name")),
        (*fields("metadata", "annotations"), field("meta.helm.sh/release-namespace")),
    }
)
"""What Helm adds to all that it applies, and no chart declares (helm's pkg/action/validate.go)."""
_MAX_LAST_APPLIED: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Applied:
    """Who deploys a live object by server-side apply (None: nobody), among all who have written it."""

    by: str | None = None
    writers: tuple[Writer, ...] = ()


def compare(
    declared: Mapping[str, Any],
    live: Mapping[str, Any],
    types: FieldTypes,
    applied: Applied = Applied(),
    unlike: Collection[str] | None = None,
) -> tuple[Difference, ...]:
    """What applying `declared` over `live` would change, told offline; both are of one API version.

    `unlike` are the keys of a Secret whose values differ, where these were not read; None: nobody knows.

    Raises:
        ReadError: they are of different API versions, or nested too deep, and cannot be compared so.
    """
    if declared.get("apiVersion") != live.get("apiVersion"):
        versions = f"it is declared as {declared.get('apiVersion')} and was read as {live.get('apiVersion')}"
        raise ReadError(f"{versions}, and fields may have other names there", remedy="declare it as the cluster has it")
    own = types.of(live)
    wanted, there = _comparable(declared), _comparable(live)
    _withhold(live, wanted, there, unlike)
    found = [*differences(wanted, there, own)]
    if applied.by is not None:
        known = {difference.path for difference in found}
        gone = withdrawn(wanted, there, own, applied.by, applied.writers)
        found.extend(one for one in gone if one.path not in known)
    return _with_removed(found, live, wanted, there, own)


def compare_dry_run(run: DryRun, declared: Mapping[str, Any], types: FieldTypes) -> tuple[Difference, ...]:
    """What applying would change, by the API server's own answer; what kubectl applied and is declared no more, too.

    Raises:
        ReadError: the objects are nested more than 100 deep.
    """
    own, there = types.of(run.before), _comparable(run.before)
    found = [*differences(_comparable(run.after), there, own, whole=True)]
    return _with_removed(found, run.before, _comparable(declared), there, own)


def _with_removed(
    found: list[Difference],
    live: Mapping[str, Any],
    wanted: Mapping[str, Any],
    there: Mapping[str, Any],
    own: FieldType,
) -> tuple[Difference, ...]:
    known = {difference.path for difference in found}
    # kubectl always declares annotations: the one in which it keeps what it applied is among them.
    declared = {**wanted, "metadata": {"annotations": {}, **mapping(wanted, "metadata")}}
    removed = _removed(_comparable(_last_applied(live)), declared, there, own, ())
    return _kept((*found, *(one for one in removed if one.path not in known)), live)


def _comparable(value: Mapping[str, Any]) -> dict[str, Any]:
    """The object without what is not compared; a Secret's stringData is what it becomes."""
    kept = {key: item for key, item in value.items() if key not in _APART}
    metadata = mapping(value, "metadata")
    kept["metadata"] = {
        name: {key: item for key, item in mapping(metadata, name).items() if key != LAST_APPLIED}
        for name in _METADATA
        if isinstance(metadata.get(name), dict)
    }
    if value.get("kind") == "Secret" and isinstance(plain := kept.pop("stringData", None), dict):
        coded = {key: base64.b64encode(item.encode()).decode() for key, item in text_map(plain).items()}
        kept["data"] = {**mapping(kept, "data"), **coded}
    return kept


def is_withheld(live: Mapping[str, Any]) -> bool:
    """Whether the values of a Secret were not read (they are null)."""
    return live.get("kind") == "Secret" and None in mapping(live, "data").values()


def _withhold(
    live: Mapping[str, Any], wanted: dict[str, Any], there: dict[str, Any], unlike: Collection[str] | None
) -> None:
    """Leave out what was not read of a Secret: values, and labels and annotations that give them away."""
    if not is_withheld(live):
        return
    unread = {key for key, value in mapping(live, "data").items() if value is None}
    known = mapping(wanted, "data")
    there["data"] = {
        key: known.get(key) if key in unread and key not in (unlike or ()) else NOT_SHOWN for key in there["data"]
    }
    for side in (wanted, there):
        if unlike is None:
            side["data"] = {key: value for key, value in mapping(side, "data").items() if key not in unread}
        side["metadata"] = {
            part: {key: value for key, value in marks.items() if there["metadata"].get(part, {}).get(key) != NOT_SHOWN}
            for part, marks in side["metadata"].items()
        }


def _last_applied(live: Mapping[str, Any]) -> dict[str, Any]:
    text = mapping(live, "metadata", "annotations").get(LAST_APPLIED)
    if not isinstance(text, str) or len(text) > _MAX_LAST_APPLIED:
        return {}
    try:
        return mapping(orjson.loads(text))
    except orjson.JSONDecodeError:
        return {}


def _removed(last: object, declared: object, live: object, own: FieldType, path: Path) -> Iterator[Difference]:
    """What was applied last, is declared no more, and is still there."""
    if isinstance(last, dict) and isinstance(declared, dict) and isinstance(live, dict):
        yield from _removed_fields(last, declared, live, own, path)
    elif isinstance(last, list) and isinstance(declared, list) and isinstance(live, list):
        yield from _removed_items(last, declared, live, own, path)


def _removed_fields(
    last: Mapping[str, Any], declared: Mapping[str, Any], live: Mapping[str, Any], own: FieldType, path: Path
) -> Iterator[Difference]:
    for name, value in last.items():
        there, wanted, at = live.get(name), declared.get(name), (*path, field(name))
        if there is None or value is None:
            continue
        if wanted is not None:
            yield from _removed(value, wanted, there, own.field(name), at)
        elif not defaults.is_filled_in(own, name, there, live):
            yield Difference(at, ABSENT, there)


def _removed_items(
    last: list[Any], declared: list[Any], live: list[Any], own: FieldType, path: Path
) -> Iterator[Difference]:
    before, wanted, there = by_step(last, own), by_step(declared, own), by_step(live, own)
    if before is None or wanted is None or there is None:
        return
    for step in before.keys() & there.keys():
        if step in wanted:
            yield from _removed(before[step], wanted[step], there[step], own.item(), (*path, step))
        else:
            yield Difference((*path, step), ABSENT, there[step])


def _kept(found: Iterable[Difference], live: Mapping[str, Any]) -> tuple[Difference, ...]:
    scaled = "replicas" in mapping(live, "spec")
    return tuple(one for one in found if not (_is_helms(one) or (scaled and one.path == _REPLICAS)))


def _is_helms(one: Difference) -> bool:
    return one.declared is ABSENT and one.path in _HELMS


def told(
    found: Iterable[Difference],
    declared: Mapping[str, Any],
    live: Mapping[str, Any],
    writers: Iterable[Writer],
    ignored: Iterable[IgnoredFields] = (),
) -> list[dict[str, Any]]:
    """The facts `field_differs`, by path, without what ignored managers wrote."""
    writers, ignored = tuple(writers), tuple(ignored)
    facts = []
    for one in found:
        writer = None if one.live is ABSENT else writer_of(one.path, writers)
        if writer is not None and any(rule.ignores_manager(writer.manager) for rule in ignored):
            continue
        facts.append(
            {
                "path": written(one.path, live, declared),
                "declared": shown(one.declared, one.path, declared),
                "live": shown(one.live, one.path, live),
                "manager": writer.manager if writer else None,
                "time": writer.time if writer else None,
            }
        )
    return sorted(facts, key=lambda fact: str(fact["path"]))
