"""Test results: in-toto's test-result v0.1 from a JUnit report.

Format of the predicate: https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md. JUnit has no
specification; `testcase` with `failure`, `error` or `skipped` inside is what all that write it have in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NoReturn
from xml.parsers import expat

from compliance.errors import UsageError

_MAX_NAMES: Final = 10_000
_MAX_NAME: Final = 512
_RESULTS: Final = ("PASSED", "WARNED", "FAILED")


def from_word(result: str) -> dict[str, Any]:
    """Make the predicate from a result alone: PASSED, WARNED or FAILED.

    Raises:
        UsageError: it is another word.
    """
    if result not in _RESULTS:
        raise UsageError(f"{result!r} is no test result", remedy=f"use one of {', '.join(_RESULTS)}")
    return {"result": result, "configuration": []}


def from_junit(content: bytes, name: str, digest: str) -> dict[str, Any]:
    """Make the predicate from a JUnit report: FAILED where any test failed or broke; skipped tests count for neither.

    Args:
        content: the report; its size is the caller's to bound.
        name: the report's file name, which the predicate gives as configuration.
        digest: SHA-256 of the report in hexadecimal.

    Raises:
        UsageError: it is no JUnit report, has a DTD, or no test ran.
    """
    read = _Reader()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.StartElementHandler = read.start
    parser.EndElementHandler = read.end
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        raise UsageError(f"{name} is no XML: {error}") from error
    if not read.passed and not read.failed:
        raise UsageError(
            f"{name} tells of no test that ran", remedy="a result of no tests is nothing that could be attested"
        )
    return {
        "result": "FAILED" if read.failed else "PASSED",
        "configuration": [{"name": name, "digest": {"sha256": digest}}],
        "passedTests": read.passed[:_MAX_NAMES],
        "failedTests": read.failed[:_MAX_NAMES],
    }


@dataclass(slots=True)
class _Reader:
    """What is known while the report is read."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _case: str | None = None
    _outcome: str = "passed"

    def start(self, element: str, attributes: dict[str, str]) -> None:
        match element:
            case "testcase":
                parts = (attributes.get("classname"), attributes.get("name"))
                self._case = ".".join(part for part in parts if part)[:_MAX_NAME]
                self._outcome = "passed"
            case "failure" | "error":
                # A failure outside of a test, in its preparation for one, is a failure too.
                if self._case is None:
                    self.failed.append(attributes.get("message", element)[:_MAX_NAME])
                self._outcome = "failed"
            case "skipped" if self._outcome == "passed":
                self._outcome = "skipped"

    def end(self, element: str) -> None:
        if element != "testcase" or self._case is None:
            return
        if self._outcome != "skipped":
            (self.failed if self._outcome == "failed" else self.passed).append(self._case)
        self._case = None


def _refuse_dtd(*_: object) -> NoReturn:
    raise UsageError("the report has a document type declaration, whose entities could grow without bound")
