"""Reads a bill of materials as far as is needed to tell whether a scanner understood it.

CycloneDX JSON (https://cyclonedx.org/docs/1.6/json/), SPDX 2.x JSON and tag-value
(https://spdx.github.io/spdx-spec/v2.3/), and syft's own JSON.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance import bounded_files
from compliance.errors import ReadError
from compliance.sources.vulnerabilities.report_fields import document, mapping, mappings, package_url, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MAX_SIZE: Final = 256 * 1024 * 1024
DISTRIBUTION_ECOSYSTEMS: Final = frozenset({"deb", "apk", "rpm", "alpm"})
_MAX_DEPTH: Final = 32
_TAG_CREATOR: Final = re.compile(r"^Creator:\s*Tool:\s*(.+?)\s*$", re.MULTILINE)
_TAG_PURL: Final = re.compile(r"^ExternalRef:\s*PACKAGE[-_]MANAGER\s+purl\s+(\S+)", re.MULTILINE)
_LIBRARIES: Final = ("library", "framework")
_SPDX_LIBRARIES: Final = ("LIBRARY", "FRAMEWORK")
_NEVER_JUDGED: Final = frozenset({"oci", "docker", "generic"})


@dataclass(frozen=True, slots=True)
class BillOfMaterials:
    """`makers` are the tools that wrote it, lower case; `packages` counts them by package URL type.

    `nameless` counts libraries without a package URL, which no scanner can judge. In SPDX these are packages with a
    version that are not said to be something else (`primaryPackagePurpose`).
    """

    format: str
    makers: tuple[str, ...]
    packages: Mapping[str, int]
    nameless: int = 0

    def made_by(self, family: Iterable[str]) -> bool:
        """Whether a tool of that family wrote it."""
        return any(maker.startswith(name) for maker in self.makers for name in family)


def read(path: Path) -> BillOfMaterials:
    """Read a file.

    Raises:
        ReadError: it cannot be read, is too large, or is in none of the formats.
    """
    try:
        data = bounded_files.read(path, MAX_SIZE)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}") from error
    if data.lstrip()[:1] != b"{":
        return _tag_value(data, path)
    said = document(data, str(path))
    if said.get("bomFormat") == "CycloneDX":
        return _cyclonedx(said)
    if "spdxVersion" in said:
        return _spdx(said)
    if "syft" in text(mapping(said, "schema"), "url"):
        return _syft(said)
    raise _unknown(path)


def _unknown(path: Path) -> ReadError:
    return ReadError(
        f"{path} is no bill of materials that can be read",
        remedy="give CycloneDX JSON, SPDX JSON or SPDX tag-value",
    )


def _cyclonedx(said: Mapping[str, Any]) -> BillOfMaterials:
    packages: Counter[str] = Counter()
    nameless = 0
    for component in _components(said, 0):
        url = package_url(text(component, "purl"))
        if url is not None:
            packages[url.type] += 1
        elif component.get("type") in _LIBRARIES:
            nameless += 1
    return BillOfMaterials("cyclonedx", _cyclonedx_makers(mapping(said, "metadata")), _judged(packages), nameless)


def _components(said: Mapping[str, Any], depth: int) -> Iterable[Mapping[str, Any]]:
    if depth > _MAX_DEPTH:
        raise ReadError(f"the components of the bill of materials nest deeper than {_MAX_DEPTH}")
    for component in mappings(said, "components"):
        yield component
        yield from _components(component, depth + 1)


def _cyclonedx_makers(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """`metadata.tools` is a list up to 1.4, and an object of components since 1.5."""
    tools = metadata.get("tools")
    listed = mappings(tools, "components") if isinstance(tools, dict) else mappings(metadata, "tools")
    return tuple(text(tool, "name").lower() for tool in listed)


def _spdx(said: Mapping[str, Any]) -> BillOfMaterials:
    creators = texts(mapping(said, "creationInfo"), "creators")
    makers = tuple(creator.partition(":")[2].strip().lower() for creator in creators if creator.startswith("Tool:"))
    packages = [(package, _purls(package)) for package in mappings(said, "packages")]
    nameless = sum(_is_library(package) and not urls for package, urls in packages)
    return BillOfMaterials("spdx", makers, _counted(url for _, urls in packages for url in urls), nameless)


def _purls(package: Mapping[str, Any]) -> list[str]:
    references = mappings(package, "externalRefs")
    return [text(one, "referenceLocator") for one in references if one.get("referenceType") == "purl"]


def _is_library(package: Mapping[str, Any]) -> bool:
    return bool(text(package, "versionInfo")) and text(package, "primaryPackagePurpose") in ("", *_SPDX_LIBRARIES)


def _syft(said: Mapping[str, Any]) -> BillOfMaterials:
    name = text(mapping(said, "descriptor"), "name").lower()
    return BillOfMaterials("syft", (name,), _counted(text(each, "purl") for each in mappings(said, "artifacts")))


def _tag_value(data: bytes, path: Path) -> BillOfMaterials:
    said = data.decode("utf-8", "replace")
    if not re.search(r"^SPDXVersion:", said, re.MULTILINE):
        raise _unknown(path)
    makers = tuple(maker.lower() for maker in _TAG_CREATOR.findall(said))
    return BillOfMaterials("spdx", makers, _counted(_TAG_PURL.findall(said)))


def _counted(urls: Iterable[str]) -> Mapping[str, int]:
    return _judged(Counter(url.type for said in urls if (url := package_url(said))))


def _judged(packages: Mapping[str, int]) -> Mapping[str, int]:
    """Without what names images, and binaries that have no ecosystem."""
    return {ecosystem: count for ecosystem, count in packages.items() if ecosystem not in _NEVER_JUDGED}
