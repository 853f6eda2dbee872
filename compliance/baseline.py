"""Findings against those of an earlier run: which are new, which were known, which are gone.

A baseline counts fingerprints, so a second violation with the same fingerprint is new. Next to each count stand the
rule and the subject, because "gone" may only be said of what this run judged: a subject that was not looked at, or a
rule that met a gap, proves nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance import atomic_write, bounded_files, shape
from compliance.errors import ConfigurationError
from compliance.model import BaselineReport, Finding, Origin, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from compliance.model import Gap, Rule

SCHEMA: Final = "compliance/baseline/v1"
MAX_BYTES: Final = 256 * 1024 * 1024
_TEXT: Final = {"type": "string"}
_TEXT_OR_NULL: Final = {"type": ["string", "null"]}
_SUBJECT: Final = {"kind": _TEXT, "name": _TEXT, "namespace": _TEXT_OR_NULL, "cluster": _TEXT_OR_NULL}
_FINDING: Final = {
    "rule": _TEXT,
    "fingerprint": _TEXT,
    "waiver": {"type": ["object", "null"]},
    "subject": {"type": "object", "required": list(_SUBJECT), "properties": _SUBJECT},
}
# As much of a saved result as a baseline needs; its own schema is the outputs' affair, which lie above this module.
_RESULT: Final = {
    "type": "object",
    "required": ["schema", "findings"],
    "properties": {
        "schema": {"const": "compliance/assessment/v1"},
        "findings": {
            "type": "array",
            "items": {"type": "object", "required": list(_FINDING), "properties": _FINDING},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Known:
    """Violations with one fingerprint: how many there were, of which rule, in which subject (as text)."""

    count: int
    rule: str
    subject: str


Baseline = dict[str, Known]


def of(findings: Iterable[Finding]) -> Baseline:
    """Make a baseline of findings; a waived one is left out, so that it is a violation again when its waiver ends."""
    return _counted((each.fingerprint, each.rule, str(each.subject)) for each in findings if each.waiver is None)


class Coverage:
    """What a run judged: how many subjects it saw, by text and facts schema, less what met a gap."""

    def __init__(self, subjects: Mapping[tuple[str, str], int], rules: Mapping[str, Rule], gaps: Iterable[Gap]) -> None:
        """`rules` are those that ran; `gaps` name subjects as text, and a rule when only that one failed.

        A gap that names a rule and a cluster is of all subjects there.
        """
        self._subjects = subjects
        self._rules = rules
        self._gaps = Counter((gap.about, gap.rule) for gap in gaps)
        self._about_gaps = {about for about, _ in self._gaps}
        self._met = {subject for (subject, _), count in subjects.items() if count} | self._about_gaps
        self._by_schemas: dict[tuple[str, ...], set[str]] = {}
        for id_, rule in rules.items():
            self._by_schemas.setdefault(rule.applies_to, set()).add(id_)

    def met(self, subject: str) -> bool:
        """Tell whether a subject of this identity was there, judged or not."""
        return subject in self._met

    def judged(self, rule: str, subject: str) -> int:
        """Return how many subjects of this identity the rule judged without a gap."""
        if rule not in self._rules or (self._gaps and any((above, rule) in self._gaps for above in _above(subject))):
            return 0
        seen = sum(self._subjects.get((subject, schema), 0) for schema in self._rules[rule].applies_to)
        return max(0, seen - self._gaps[subject, rule] - self._gaps[subject, None])

    def passed(self, subject: str, objecting: AbstractSet[str]) -> int:
        """Return how many rules judged a subject of this identity without a gap, those that object apart."""
        if self._gaps and (subject in self._about_gaps or any(above in self._about_gaps for above in _above(subject))):
            return sum(rule not in objecting and self.judged(rule, subject) > 0 for rule in self._rules)
        # Without gaps, rules for the same schemas judge the same subjects.
        return sum(
            len(rules - objecting)
            for schemas, rules in self._by_schemas.items()
            if any(self._subjects.get((subject, schema)) for schema in schemas)
        )


def _above(subject: str) -> Iterator[str]:
    """What a subject stands in, one beginning of its text after the other; a cluster's name may have slashes."""
    return (subject[:place] for place, letter in enumerate(subject) if letter == "/")


def compare(
    findings: Sequence[Finding], baseline: Mapping[str, Known], coverage: Coverage
) -> tuple[tuple[Finding, ...], BaselineReport]:
    """Say of each finding whether it is new, and of each known fingerprint whether it is gone.

    Waived findings take no part, but they are still there. A fingerprint that is gone twice is listed twice, and never
    more often than there are subjects that were judged and do not show it.
    """
    fingerprints = [finding.fingerprint for finding in findings]
    seen = Counter(fingerprints)
    left = Counter({fingerprint: known.count for fingerprint, known in baseline.items()})
    compared = tuple(map(_standing, findings, fingerprints, repeat(left)))
    standings = Counter(finding.standing for finding in compared)
    fixed = tuple(_fixed(seen, baseline, coverage))
    return compared, BaselineReport(standings[Standing.NEW], standings[Standing.KNOWN], fixed)


def _standing(finding: Finding, fingerprint: str, left: Counter[str]) -> Finding:
    if finding.waiver is not None:
        return finding
    left[fingerprint] -= 1
    return replace(finding, standing=Standing.NEW if left[fingerprint] < 0 else Standing.KNOWN)


def _fixed(seen: Counter[str], baseline: Mapping[str, Known], coverage: Coverage) -> Iterator[str]:
    for fingerprint, known in sorted(baseline.items()):
        gone = known.count - seen[fingerprint]
        clean = coverage.judged(known.rule, known.subject) - seen[fingerprint]
        yield from [fingerprint] * min(gone, clean)


def write(path: Path, findings: Iterable[Finding]) -> None:
    """Write the baseline of these findings, sorted, so that two versions compare line by line.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    known = {
        fingerprint: {"count": each.count, "rule": each.rule, "subject": each.subject}
        for fingerprint, each in of(findings).items()
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    try:
        atomic_write.write(path, [orjson.dumps({"schema": SCHEMA, "fingerprints": known}, option=options)])
    except OSError as error:
        raise ConfigurationError(f"cannot be written: {error.strerror}", origin=Origin(path.as_posix())) from error


def load(path: Path) -> Baseline:
    """Read a baseline, or a saved JSON result as one; at most 256 MiB.

    Raises:
        ConfigurationError: it cannot be read, or is neither.
    """
    origin = Origin(path.as_posix())
    try:
        document = orjson.loads(bounded_files.read(path, MAX_BYTES))
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", origin=origin) from error
    except ValueError as error:
        raise ConfigurationError(f"is no JSON of ours: {error}", origin=origin) from error
    if shape.published("baseline-v1").fits(document):
        return {fingerprint: Known(**said) for fingerprint, said in document["fingerprints"].items()}
    if shape.Shape(_RESULT).fits(document):
        return _counted(_row(said) for said in document["findings"] if said["waiver"] is None)
    remedy = "write one with `compliance scan --write-baseline FILE`, or name a result saved by `-o json=FILE`"
    raise ConfigurationError("is neither a baseline nor a saved result", remedy=remedy, origin=origin)


def _row(said: Mapping[str, Any]) -> tuple[str, str, str]:
    subject = said["subject"]
    parts = (subject["cluster"], subject["kind"], subject["namespace"], subject["name"])
    return said["fingerprint"], said["rule"], "/".join(part for part in parts if part)


def _counted(rows: Iterable[tuple[str, str, str]]) -> Baseline:
    counts: Counter[tuple[str, str, str]] = Counter(rows)
    return {fingerprint: Known(count, rule, subject) for (fingerprint, rule, subject), count in counts.items()}
