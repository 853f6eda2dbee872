"""Scans one image or bill of materials with every scanner that is asked for, all at once, and makes facts of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from compliance.errors import ReadError
from compliance.model import Scanner
from compliance.sources.vulnerabilities import bill_of_materials, exploited, grype, layout, trivy, vex_documents
from compliance.sources.vulnerabilities.databases import whole_days
from compliance.sources.vulnerabilities.facts import scan_facts
from compliance.sources.vulnerabilities.narrowing import narrowed
from compliance.sources.vulnerabilities.records import Form, Scanned, gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from compliance.model import Gap
    from compliance.sources.vulnerabilities.bill_of_materials import BillOfMaterials
    from compliance.sources.vulnerabilities.records import ImageContent, Outcome
    from compliance.sources.vulnerabilities.vex import Statement
    from compliance.vulnerability_settings import VulnerabilitySettings

_SCANNERS: Final = {trivy.NAME: trivy.look, grype.NAME: grype.look}
_REMEDY: Final = (
    "give an image for linux, as an OCI layout with one manifest or by its reference, or a bill of materials"
)


def scan(content: ImageContent, settings: VulnerabilitySettings, now: datetime, *, sbom: str | None = None) -> Scanned:
    """Scan. Whatever stands in the way is a gap; nothing is raised for it.

    `sbom` asks for a bill of materials besides, `cyclonedx` or `spdx`, as JSON: Trivy makes it, without a database.
    `now` has a time zone; ages are counted to it.
    """
    try:
        bill = _bill(content)
    except ReadError as error:
        why = f"{content.text} cannot be scanned: {error.message}"
        return Scanned(None, (gap(content, why, error.remedy or _REMEDY),))
    statements, exploited_ids, gaps = _opinions(content, settings)
    with ThreadPoolExecutor(max_workers=len(_SCANNERS), thread_name_prefix="scanner") as pool:
        looks = [pool.submit(_SCANNERS[name], content, settings, now, bill) for name in settings.scanners]
        written, not_written = _written(content, settings, now, sbom)
        outcomes = [look.result() for look in looks]
    body = scan_facts(content, outcomes, statements, exploited_ids, now)
    body = narrowed(body, severities=settings.severities, ignore_unfixed=settings.ignore_unfixed)
    return Scanned(body, (*gaps, *not_written, *_gaps(outcomes)), _scanners(outcomes, now), written)


def _bill(content: ImageContent) -> BillOfMaterials | None:
    if content.form is Form.SBOM:
        return bill_of_materials.read(content.path)
    layout.check(content.path)
    return None


def _scanners(outcomes: Sequence[Outcome], now: datetime) -> tuple[Scanner, ...]:
    return tuple(
        Scanner(each.scanner, each.version, each.built_at, whole_days(each.built_at, now) if each.built_at else None)
        for each in outcomes
        if each.failed is None
    )


def _gaps(outcomes: Sequence[Outcome]) -> Iterator[Gap]:
    """All gaps; that a scanner judges no packages of a kind is one only where no other scanner does."""
    said = set()
    for outcome in outcomes:
        judged_by_others = {name for other in outcomes if other is not outcome for name in other.judged}
        unjudged = [each for ecosystem, each in outcome.unsupported if ecosystem not in judged_by_others]
        for each in (*outcome.gaps, *unjudged):
            if each not in said:
                said.add(each)
                yield each


def _opinions(
    content: ImageContent, settings: VulnerabilitySettings
) -> tuple[list[Statement], frozenset[str] | None, list[Gap]]:
    """VEX statements in the order of their documents, the list of exploited vulnerabilities, and what is unreadable."""
    statements: list[Statement] = []
    gaps = []
    for path in settings.vex:
        try:
            statements += vex_documents.read(path)
        except ReadError as error:
            gaps.append(gap(content, error.message, error.remedy))
    listed = None
    if settings.known_exploited:
        try:
            listed = exploited.read(settings.known_exploited)
        except ReadError as error:
            gaps.append(gap(content, error.message, error.remedy))
    return statements, listed, gaps


def _written(
    content: ImageContent, settings: VulnerabilitySettings, now: datetime, form: str | None
) -> tuple[bytes | None, tuple[Gap, ...]]:
    if form is None:
        return None, ()
    try:
        return trivy.bill_of_materials(content, settings, now, form), ()
    except ReadError as error:
        return None, (gap(content, f"no bill of materials was made: {error.message}", error.remedy),)
