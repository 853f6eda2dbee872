"""Reads VEX documents: OpenVEX 0.2 and CycloneDX VEX, as JSON.

OpenVEX: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md. CycloneDX: `vulnerabilities[].analysis` and
`affects` of https://cyclonedx.org/docs/1.6/json/, with BOM-Link references.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from compliance import bounded_files
from compliance.errors import ReadError
from compliance.sources.vulnerabilities.report_fields import document, mapping, mappings, moment, package_url, text
from compliance.sources.vulnerabilities.vex import STATUSES, Product, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from packageurl import PackageURL

_MAX_SIZE: Final = 64 * 1024 * 1024
_MAX_DEPTH: Final = 32
_OPENVEX: Final = "https://openvex.dev/ns"
_SUPPORTED: Final = "https://openvex.dev/ns/v0.2."
_EVER: Final = datetime.min.replace(tzinfo=UTC)
_REMEDY: Final = "give OpenVEX 0.2 or CycloneDX documents, as JSON (--vex, images.vulnerabilities.vex)"
_STATES: Final = {
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "exploitable": "affected",
    "in_triage": "under_investigation",
    "false_positive": "not_affected",
    "not_affected": "not_affected",
}


def read(path: Path) -> tuple[Statement, ...]:
    """Read the statements of a document, in its order.

    Raises:
        ReadError: it cannot be read, or is in neither format.
    """
    try:
        data = bounded_files.read(path, _MAX_SIZE)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}", remedy=_REMEDY) from error
    try:
        return tuple(_statements(document(data, str(path)), path))
    except ReadError as error:
        raise ReadError(f"{path} is no VEX document that can be read: {error.message}", remedy=_REMEDY) from error


def _statements(said: Mapping[str, Any], path: Path) -> Iterator[Statement]:
    if said.get("bomFormat") == "CycloneDX":
        return _cyclonedx(said)
    context = said.get("@context")
    if isinstance(context, str) and context.startswith(_OPENVEX):
        if not context.startswith(_SUPPORTED):
            raise ReadError(f"it is OpenVEX of another version, {context[:80]}")
        return _openvex(said)
    raise ReadError(f"{path.name} is neither OpenVEX nor CycloneDX")


def _openvex(said: Mapping[str, Any]) -> Iterator[Statement]:
    for statement in mappings(said, "statements"):
        vulnerability, status = mapping(statement, "vulnerability"), text(statement, "status")
        if status not in STATUSES:
            raise ReadError(f"status {status[:40]!r} is none of OpenVEX's")
        aliases = vulnerability.get("aliases")
        names = [text(vulnerability, "name"), *(aliases if isinstance(aliases, list) else [])]
        yield Statement(
            frozenset(str(name).upper() for name in names if name),
            tuple(_products(statement)),
            status,
            text(statement, "justification") or text(statement, "impact_statement") or None,
            text(said, "author") or None,
            moment(text(statement, "timestamp")) or moment(text(said, "timestamp")) or _EVER,
        )


def _products(statement: Mapping[str, Any]) -> Iterator[Product]:
    for product in mappings(statement, "products"):
        parts = mappings(product, "subcomponents")
        for url in _urls(product):
            # A part that has no package URL matches nothing, and still says that the product is not meant as a whole.
            yield Product(url, tuple(named for part in parts for named in (*_urls(part), None)))


def _urls(component: Mapping[str, Any]) -> tuple[PackageURL, ...]:
    """The package URLs of an OpenVEX component: its identifier, and the one that it names besides."""
    said = (text(component, "@id"), text(mapping(component, "identifiers"), "purl"))
    return tuple(url for one in said if (url := package_url(one)))


def _cyclonedx(said: Mapping[str, Any]) -> Iterator[Statement]:
    metadata = mapping(said, "metadata")
    subject = package_url(text(mapping(metadata, "component"), "purl"))
    components = {name: url for name, url in _components(said, metadata, 0) if name}
    for vulnerability in mappings(said, "vulnerabilities"):
        analysis = mapping(vulnerability, "analysis")
        state = text(analysis, "state")
        if not state:
            continue
        if state not in _STATES:
            raise ReadError(f"state {state[:40]!r} is none of CycloneDX's")
        names = [text(vulnerability, "id"), *(text(each, "id") for each in mappings(vulnerability, "references"))]
        yield Statement(
            frozenset(name.upper() for name in names if name),
            tuple(_affected(vulnerability, components, subject)),
            _STATES[state],
            text(analysis, "justification") or text(analysis, "detail") or None,
            _author(metadata),
            _made_at(analysis, vulnerability, metadata),
        )


def _components(said: Mapping[str, Any], metadata: Mapping[str, Any], depth: int) -> Iterator[tuple[str, PackageURL]]:
    if depth > _MAX_DEPTH:
        raise ReadError(f"its components nest deeper than {_MAX_DEPTH}")
    for component in (mapping(metadata, "component"), *mappings(said, "components")):
        if url := package_url(text(component, "purl")):
            yield text(component, "bom-ref"), url
        yield from _components(component, {}, depth + 1) if component else ()


def _affected(
    vulnerability: Mapping[str, Any], components: Mapping[str, PackageURL], subject: PackageURL | None
) -> Iterator[Product]:
    """What a vulnerability affects: components of the document, or package URLs in place of references."""
    within = subject if subject and subject.type == "oci" else None
    for affected in mappings(vulnerability, "affects"):
        reference = text(affected, "ref")
        name = unquote(reference.partition("#")[2]) if reference.startswith("urn:cdx:") else reference
        url = components.get(name) or package_url(name)
        versions = frozenset(text(each, "version") for each in mappings(affected, "versions"))
        if url is not None:
            yield Product(url, within=within, versions=versions)


def _made_at(analysis: Mapping[str, Any], vulnerability: Mapping[str, Any], metadata: Mapping[str, Any]) -> datetime:
    said = (
        text(analysis, "lastUpdated"),
        text(analysis, "firstIssued"),
        text(vulnerability, "updated"),
        text(metadata, "timestamp"),
    )
    return next((when for one in said if (when := moment(one))), _EVER)


def _author(metadata: Mapping[str, Any]) -> str | None:
    people = [*mappings(metadata, "authors"), mapping(metadata, "manufacturer"), mapping(metadata, "supplier")]
    return next((name for each in people if (name := text(each, "email") or text(each, "name"))), None)
