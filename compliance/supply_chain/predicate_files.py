"""Predicates from files: what a pipeline wrote becomes the predicate of a type, or is taken as the predicate itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance import bounded_files
from compliance.errors import ContentError, UsageError
from compliance.supply_chain import predicates, strict_json
from compliance.supply_chain.statements import junit, scan_reports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_FILE: Final = 48 * 1024 * 1024
"""Bytes of a predicate: in an envelope, base64 makes it a third larger, and verifiers take 64 MiB."""


@dataclass(frozen=True, slots=True)
class PredicateFile:
    """A file's name and content."""

    name: str
    content: bytes

    @property
    def value(self) -> dict[str, Any]:
        """The JSON object in it.

        Raises:
            UsageError: it is none.
        """
        try:
            said = strict_json.loads(self.content, self.name)
        except ContentError as error:
            raise UsageError(error.message) from error
        if not isinstance(said, dict):
            raise UsageError(f"{self.name} is no JSON object")
        return said


def read(path: Path) -> PredicateFile:
    """Read a file of at most 48 MiB.

    Raises:
        UsageError: it cannot be read, or is larger.
    """
    try:
        return PredicateFile(path.name, bounded_files.read(path, MAX_FILE))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def predicate_of(file: PredicateFile, uri: str, database: PredicateFile | None = None) -> Mapping[str, Any]:
    """Make the predicate of a type from a file.

    A JUnit report becomes a test result, a report of trivy or grype a scan; a bill of materials is checked to be one.
    Anything else is the predicate itself, and must be a JSON object. `database` is trivy's `db/metadata.json`.

    Raises:
        UsageError: the file is nothing from which this type can be made.
    """
    match uri:
        case predicates.TEST_RESULT:
            return _test_result(file)
        case predicates.VULNERABILITIES:
            return scan_reports.from_report(file.value, file.name, database.value if database else None)
        case predicates.CYCLONEDX:
            return _marked(file, "bomFormat", "CycloneDX", "a bill of materials of CycloneDX in JSON")
        case predicates.SPDX:
            return _marked(file, "spdxVersion", "SPDX-", "a bill of materials of SPDX in JSON")
        case _:
            return file.value


def _test_result(file: PredicateFile) -> Mapping[str, Any]:
    if file.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return junit.from_junit(file.content, file.name, hashlib.sha256(file.content).hexdigest())
    said = file.value
    if "result" not in said:
        raise UsageError(
            f"{file.name} tells no test result",
            remedy="give a JUnit report, or a test-result predicate, which has `result`",
        )
    return {**junit.from_word(str(said["result"])), **said}


def _marked(file: PredicateFile, key: str, start: str, what: str) -> Mapping[str, Any]:
    said = file.value
    if not str(said.get(key, "")).startswith(start):
        found = f"its {key} is {str(said[key])[:80]!r}" if key in said else f"it has no {key}"
        raise UsageError(f"{file.name} is not {what}: {found}")
    return said
