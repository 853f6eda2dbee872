"""One object of a live cluster as facts of `rules/schemas/live_object.json`, and what could not be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ReadError
from compliance.model import Facts, Gap, Origin, Stage, Subject
from compliance.sources.drift import compare, managers, replicas, workload
from compliance.sources.drift.ignoring import without_ignored
from compliance.sources.drift.managed_fields import writers_of
from compliance.sources.drift.moments import days_between, moment, utc
from compliance.sources.drift.pairing import identity, is_transient
from compliance.sources.drift.shown import LAST_APPLIED, without_secrets
from compliance.sources.drift.terms import DryRun
from compliance.sources.kubernetes.fields import mapping, mappings, text, text_map

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.drift_settings import IgnoredFields
    from compliance.model import Span
    from compliance.sources.drift.differences import Difference
    from compliance.sources.drift.managed_fields import Writer
    from compliance.sources.drift.pairing import Pair
    from compliance.sources.drift.terms import Terms
    from compliance.sources.drift.workload import Neighbours

_SCHEMA: Final = "live_object"
_REMEDY: Final = "look at `metadata.managedFields` of the object"
_SECRETS: Final = "let the audit read Secrets, or keep them out of what is compared"
_DIFFERS: Final = "drift.field_differs"
_EDITED: Final = "drift.edited_by_hand"


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of one object, and gaps; each gap names the rule that it keeps from judging, or none for all."""

    facts: Facts
    gaps: tuple[Gap, ...]


def tell(pair: Pair, around: Neighbours, terms: Terms, cluster: str | None = None) -> Told:
    """Tell one object, live, declared or both, with what lies around it.

    Raises:
        ConfigurationError: `ignore_differences` cannot be followed.
    """
    value = pair.live if pair.live is not None else pair.declared.value if pair.declared else {}
    metadata = mapping(value, "metadata")
    name = text(metadata.get("name")) or text(metadata.get("generateName")) or ""
    subject = Subject(str(value.get("kind")), name, text(metadata.get("namespace")), cluster)
    return _Teller(pair, around, terms, subject).told(value)


class _Teller:
    """Tells one object; what cannot be told is a gap, and null or empty in the facts."""

    def __init__(self, pair: Pair, around: Neighbours, terms: Terms, subject: Subject) -> None:
        self._pair = pair
        self._around = around
        self._terms = terms
        self._subject = subject
        self._gaps: list[Gap] = []

    def told(self, value: Mapping[str, Any]) -> Told:
        """The facts, and gaps."""
        live, writers = self._pair.live, self._writers()
        differing, method = self._differing(writers)
        body = {
            **self._identity(value),
            "presence": self._pair.presence,
            "transient": is_transient(self._pair.declared.value if self._pair.declared else value),
            "declared": self._declared(method),
            "field_differs": differing,
            "managers": [] if live is None else managers.told(live, writers, self._terms.managers, self._terms.now),
            "replicas": self._replicas(writers),
            "workload": self._workload(),
            "object": without_secrets(value),
        }
        origin = Origin(self._locator(), is_file=False)
        facts = Facts(_SCHEMA, self._subject, body, origin, _nowhere, _no_line)
        return Told(facts, tuple(self._gaps))

    def _identity(self, value: Mapping[str, Any]) -> dict[str, Any]:
        metadata = mapping(value, "metadata")
        created = metadata.get("creationTimestamp") if self._pair.live is not None else None
        annotations = text_map(metadata.get("annotations"))
        return {
            "api_version": str(value.get("apiVersion")),
            "kind": self._subject.kind,
            "name": self._subject.name,
            "namespace": self._subject.namespace,
            "labels": text_map(metadata.get("labels")),
            "annotations": {key: item for key, item in annotations.items() if key != LAST_APPLIED},
            "now": utc(self._terms.now.astimezone(UTC).replace(hour=0, minute=0, second=0)),
            "created_at": text(created),
            "age_days": days_between(moment(created), self._terms.now),
            "owner": _owner(metadata),
        }

    def _locator(self) -> str:
        declared = self._pair.declared
        return declared.locator if declared is not None else self._subject.live_path

    def _declared(self, method: str | None) -> dict[str, Any] | None:
        declared = self._pair.declared
        if declared is None:
            return None
        return {"locator": declared.locator, "revision": declared.revision, "method": method}

    def _writers(self) -> tuple[Writer, ...]:
        try:
            return writers_of(self._pair.live or {})
        except ReadError as error:
            self._gap(error.message, error.remedy or _REMEDY, _EDITED)
            return ()

    def _differing(self, writers: tuple[Writer, ...]) -> tuple[list[dict[str, Any]], str | None]:
        declared, live = self._pair.declared, self._pair.live
        if declared is None or live is None:
            return [], None
        rules = tuple(rule for rule in self._terms.ignored if rule.objects.fits(identity(live)))
        try:
            found, method = self._compared(declared.value, live, rules, writers)
            return compare.told(found, declared.value, live, writers, rules), method
        except ReadError as error:
            self._gap(error.message, error.remedy or _REMEDY, _DIFFERS)
            return [], None

    def _compared(
        self,
        declared: Mapping[str, Any],
        live: Mapping[str, Any],
        rules: tuple[IgnoredFields, ...],
        writers: tuple[Writer, ...],
    ) -> tuple[tuple[Difference, ...], str]:
        """By dry run where the API server answers, else offline; the facts say which."""

        def kept(value: Mapping[str, Any]) -> dict[str, Any]:
            return without_ignored(value, rules, self._terms.jq_paths)

        dry = self._terms.dry_run(declared, live) if self._terms.dry_run is not None else None
        if dry is not None:
            run = DryRun(kept(dry.before), kept(dry.after))
            return compare.compare_dry_run(run, kept(declared), self._terms.types), "dry_run"
        return self._offline(kept(declared), kept(live), writers), "offline"

    def _offline(
        self, declared: Mapping[str, Any], live: Mapping[str, Any], writers: tuple[Writer, ...]
    ) -> tuple[Difference, ...]:
        applier = managers.applier_of(writers, self._terms.managers)
        mine = compare.Applied(applier, writers)
        return compare.compare(declared, live, self._terms.types, mine, self._unlike(declared, live))

    def _unlike(self, declared: Mapping[str, Any], live: Mapping[str, Any]) -> frozenset[str] | None:
        """The keys of a Secret with other values than declared, whose values we never see."""
        if not compare.is_withheld(live):
            return None
        unlike = None if self._terms.unlike_keys is None else self._terms.unlike_keys(declared, live)
        if unlike is None:
            self._gap("the values of the Secret were not read, so only its keys were compared", _SECRETS, _DIFFERS)
        return unlike

    def _replicas(self, writers: tuple[Writer, ...]) -> dict[str, Any] | None:
        if self._pair.live is None:
            return None
        declared = self._pair.declared.value if self._pair.declared else None
        return replicas.told(self._pair.live, declared, self._around.scalers, writers, self._terms.managers)

    def _workload(self) -> dict[str, Any] | None:
        if self._pair.live is None:
            return None
        try:
            facts, gaps = workload.told(self._pair.live, self._around, self._terms, str(self._subject))
        except ReadError as error:
            self._gap(error.message, error.remedy or _REMEDY, None)
            return None
        self._gaps.extend(gaps)
        return facts

    def _gap(self, why: str, remedy: str, rule: str | None) -> None:
        self._gaps.append(Gap(Stage.COLLECT, str(self._subject), why, remedy, rule=rule))


def _owner(metadata: Mapping[str, Any]) -> dict[str, str] | None:
    references = list(mappings(metadata.get("ownerReferences")))
    chosen = next((one for one in references if one.get("controller") is True), references[0] if references else None)
    if chosen is None:
        return None
    keys = {"api_version": "apiVersion", "kind": "kind", "name": "name"}
    return {name: str(chosen.get(key)) for name, key in keys.items()}


def _nowhere(ats: Sequence[str]) -> Sequence[Span | None]:
    return [None] * len(ats)


def _no_line(_number: int) -> str | None:
    return None
