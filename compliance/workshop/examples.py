"""Hold every rule's examples against it, through the whole pipeline: `fail*` must be refused by it, `pass*` must not.

An example that needs parameters has a `compliance.yaml` beside it. Where no file gives a rule's facts, its examples are
the facts themselves, and go to the engine directly.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from compliance import catalogue, config
from compliance.assessing import Run
from compliance.engine import open_engine
from compliance.errors import CatalogueError
from compliance.judging import Judge, Terms
from compliance.model import Origin
from compliance.rule_settings import effective_rules
from compliance.scan import Request, scan
from compliance.workshop import facts_examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from compliance.catalogue import Catalogue
    from compliance.model import Facts, Finding, Gap, Rule
    from compliance.rule_settings import EffectiveRule


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one example gave."""

    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]


def contradicting(root: Path, now: datetime, engine: str = "wasm") -> Iterator[CatalogueError]:
    """List the examples below a rules folder that contradict their rule.

    Raises:
        ConfigurationError: an example's compliance.yaml is wrong.
        EngineError: the rules cannot be evaluated.
    """
    builtin = root.resolve() == catalogue.builtin_rules_folder().resolve()
    known = catalogue.load(() if builtin else (root,), from_sources=True)
    for rule in known.rules.values():
        folder = root.joinpath(*rule.id.split("."), "examples")
        for example in sorted(folder.glob("*")) if folder.is_dir() else ():
            if example.name.startswith(("pass", "fail")):
                yield from _checked(rule, example, known, now, engine)


def judged(example: Path, known: Catalogue, now: datetime, engine: str = "wasm") -> Verdict:
    """Judge one example by itself: scan it as a user would, or hold its facts against the rules.

    Raises:
        CatalogueError: it is facts that do not fit their schema.
    """
    settings = _settings(example.with_name(config.FILE_NAME), engine)
    if facts_examples.is_facts(example):
        return _judged_facts(facts_examples.read(example), settings, known, now)
    with tempfile.TemporaryDirectory() as scratch:
        # A Terraform folder is read as a whole, so each example needs a folder of its own.
        copy = Path(shutil.copy(example, scratch))
        rules = effective_rules(settings, known)
        assessment = scan(Request((str(copy),), Run(settings, known, rules, now), processes=1))
    return Verdict(assessment.findings, assessment.gaps)


def _judged_facts(facts: Facts, settings: config.Config, known: Catalogue, now: datetime) -> Verdict:
    engine = open_engine(settings.engine, known, opa_url=settings.opa_url, deadline=settings.deadline)
    try:
        judged = list(Judge(_terms(effective_rules(settings, known), now), engine).judge((facts,)))
    finally:
        engine.close()
    return Verdict(
        tuple(finding for batch in judged for finding in batch.findings),
        tuple(gap for batch in judged for gap in batch.gaps),
    )


def _terms(rules: Mapping[str, EffectiveRule], now: datetime) -> Terms:
    """Terms without waivers, in which a finding belongs to its rule's owner."""
    return Terms(
        rules=rules,
        today=now.astimezone(UTC).date(),
        owner=lambda owner, _facts: owner,
        inline_waivers=lambda _facts: ((), ()),
    )


def _settings(file: Path, engine: str) -> config.Config:
    settings = config.load(file, start=file.parent) if file.is_file() else config.Config()
    return replace(settings, engine=engine)


def _checked(rule: Rule, example: Path, known: Catalogue, now: datetime, engine: str) -> Iterator[CatalogueError]:
    try:
        verdict = judged(example, known, now, engine)
    except CatalogueError as error:
        yield error
    else:
        yield from _problems(rule, example, verdict)


def _problems(rule: Rule, example: Path, verdict: Verdict) -> Iterator[CatalogueError]:
    origin = Origin(example.as_posix())
    for gap in verdict.gaps:
        yield CatalogueError(f"cannot be judged: {gap.why}", remedy=gap.remedy, origin=origin)
    found = [finding for finding in verdict.findings if finding.rule == rule.id]
    if example.name.startswith("fail") and not found:
        yield CatalogueError(f"gives no finding of {rule.id}", remedy="make it break the rule", origin=origin)
    if example.name.startswith("pass"):
        for finding in found:
            yield CatalogueError(f"{rule.id} objects: {finding.message}", remedy="make it keep the rule", origin=origin)
