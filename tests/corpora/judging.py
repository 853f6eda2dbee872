"""Judge one input after the other with one engine, as a scan would judge each alone."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compliance import catalogue
from compliance.config import Config
from compliance.engine import open_engine
from compliance.judging import Judge, Terms
from compliance.model import PassedOver
from compliance.rule_settings import effective_rules
from compliance.sources.discovery import Unit, discover
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.manifests import facts
from compliance.sources.kubernetes.schema import KubernetesSchemas
from compliance.sources.reading import Options, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases import Case

    from compliance.model import Facts, Finding


@dataclass(slots=True)
class Outcome:
    """What judging an input gave: findings, why something could not be judged, and the rules that were asked."""

    findings: list[Finding] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)


class Court:
    """Holds the inputs of a corpus against all built-in rules."""

    def __init__(self) -> None:
        self.catalogue = catalogue.load()
        self._config = Config()
        self._rules = effective_rules(self._config, self.catalogue)
        self._engine = open_engine("wasm", self.catalogue, deadline=self._config.deadline)
        self._schemas = KubernetesSchemas()
        self._last: tuple[object, Outcome] | None = None

    def rule_ids(self, names: tuple[str, ...]) -> frozenset[str]:
        """The rules of ours that ids or aliases mean."""
        return frozenset(rule.id for name in names if (rule := self.catalogue.get(name)) is not None)

    def outcome(self, case: Case) -> Outcome:
        """Judge the case's input; cases about one input follow each other, so the last outcome is kept."""
        key = (case.path, case.text, case.file, case.kubernetes_minor, repr(case.params))
        if self._last is None or self._last[0] != key:
            self._last = (key, self._judge(case))
        return self._last[1]

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()

    def _judge(self, case: Case) -> Outcome:
        with tempfile.TemporaryDirectory() as scratch:
            place = case.path
            if place is None:
                place = Path(scratch) / case.file
                place.write_text(case.text or "", encoding="utf-8")
            return self._judged(place, case)

    def _judged(self, place: Path, case: Case) -> Outcome:
        outcome = Outcome()
        told = list(self._told(place, case, outcome))
        for judged in Judge(self._terms(case.params), self._engine).judge(told):
            outcome.findings.extend(judged.findings)
            outcome.gaps.extend(gap.why for gap in judged.gaps)
            outcome.asked.update(judged.judged)
        return outcome

    def _told(self, place: Path, case: Case, outcome: Outcome) -> Iterator[Facts]:
        minor = self._schemas.minor if case.kubernetes_minor is None else case.kubernetes_minor
        inventory, readings = Inventory(kubernetes_minor=minor), []
        for unit in discover([str(place)], (), place.parent):
            if isinstance(unit, Unit):
                readings.append(reading := read(unit, self._schemas, Options(), place.parent))
                inventory.add(reading.entries)
                outcome.gaps.extend(gap.why for gap in reading.gaps)
            elif not isinstance(unit, PassedOver):
                outcome.gaps.append(unit.why)
        for reading in readings:
            yield from (facts(manifest, inventory) for manifest in reading.manifests)
            yield from (one for _, one in reading.facts)

    def _terms(self, params: Mapping[str, Mapping[str, Any]]) -> Terms:
        rules = {
            id_: replace(rule, params={**rule.params, **params[id_]}) if id_ in params else rule
            for id_, rule in self._rules.items()
        }
        today = datetime.now(UTC).date()
        return Terms(rules, today, owner=lambda owner, _facts: owner, inline_waivers=lambda _facts: ((), ()))
