"""Hold every rule's examples against it, through the whole pipeline: `fail*` must be refused by it, `pass*` must not.

An example that needs parameters has a `compliance.yaml` beside it.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from compliance import catalogue, config
from compliance.errors import CatalogueError
from compliance.model import Origin
from compliance.rule_settings import effective_rules
from compliance.scan import Request, scan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from compliance.catalogue import Catalogue
    from compliance.model import Assessment, Rule


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
                yield from _problems(rule, example, judged(example, known, now, engine))


def judged(example: Path, known: Catalogue, now: datetime, engine: str = "wasm") -> Assessment:
    """Scan one example by itself, as a user would."""
    settings = _settings(example.with_name(config.FILE_NAME), engine)
    with tempfile.TemporaryDirectory() as scratch:
        # A Terraform folder is read as a whole, so each example needs a folder of its own.
        copy = Path(shutil.copy(example, scratch))
        rules = effective_rules(settings, known)
        return scan(Request((str(copy),), settings, known, rules, now, processes=1))


def _settings(file: Path, engine: str) -> config.Config:
    settings = config.load(file, start=file.parent) if file.is_file() else config.Config()
    return replace(settings, engine=engine)


def _problems(rule: Rule, example: Path, assessment: Assessment) -> Iterator[CatalogueError]:
    origin = Origin(example.as_posix())
    for gap in assessment.gaps:
        yield CatalogueError(f"cannot be judged: {gap.why}", remedy=gap.remedy, origin=origin)
    found = [finding for finding in assessment.findings if finding.rule == rule.id]
    if example.name.startswith("fail") and not found:
        yield CatalogueError(f"gives no finding of {rule.id}", remedy="make it break the rule", origin=origin)
    if example.name.startswith("pass"):
        for finding in found:
            yield CatalogueError(f"{rule.id} objects: {finding.message}", remedy="make it keep the rule", origin=origin)
