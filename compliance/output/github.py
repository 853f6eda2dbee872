"""GitHub Actions: annotations as workflow commands, and a job summary in Markdown.

A step may make ten annotations of each type; the most severe come first and a notice says how many were left out. A
step's summary may be 1 MiB. What others wrote is escaped: a name can neither end a command nor start a link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from compliance.model import Severity, WaiverState
from compliance.output import history_words
from compliance.output.tally import (
    counted,
    coverage,
    findings_line,
    line_of,
    notes,
    obstacles,
    path_of,
    ranked,
    totals,
    verdict,
    verdict_line,
)
from compliance.output.text import first_sentence, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from compliance.model import Assessment, Decision, Finding, Gap, Origin, Rule, WaiverReport

T = TypeVar("T")

MAX_ANNOTATIONS: Final = 10
MAX_SUMMARY: Final = 1024 * 1024
SUMMARY_ROWS: Final = 200
_RESERVE: Final = 1000
_TYPES: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
_PUNCTUATION: Final = re.compile(r"([!-+.:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class _Annotation:
    severity: Severity
    type: str
    title: str
    message: str
    origin: Origin | None


def render(assessment: Assessment, decision: Decision) -> str:
    """Workflow commands, one a line; waived findings make none."""
    shown: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    left_out = 0
    for annotation in _annotations(assessment, decision):
        room = MAX_ANNOTATIONS - (annotation.type == "notice")
        if len(shown[annotation.type]) < room:
            shown[annotation.type].append(_command(annotation))
        else:
            left_out += 1
    if left_out:
        told = f"{counted(left_out, 'more annotation')} left out: GitHub shows {MAX_ANNOTATIONS} of a type in a step"
        shown["notice"].append(_command(_Annotation(Severity.INFO, "notice", "compliance", told, None)))
    return "".join(f"{line}\n" for lines in shown.values() for line in lines)


def _annotations(assessment: Assessment, decision: Decision) -> list[_Annotation]:
    still_open = [finding for finding in assessment.findings if finding.waiver is None]
    gaps = [_of_gap(gap) for gap in obstacles(assessment, decision)]
    findings = [_of_finding(finding, assessment.rules.get(finding.rule)) for finding in ranked(still_open)]
    return sorted([*gaps, *findings], key=lambda annotation: -annotation.severity)


def _of_gap(gap: Gap) -> _Annotation:
    message = f"{gap.about}: {gap.why}" + (f"\n{gap.remedy}" if gap.remedy else "")
    return _Annotation(Severity.HIGH, "error", "could not be judged", message, gap.origin)


def _of_finding(finding: Finding, rule: Rule | None) -> _Annotation:
    kind = _TYPES[finding.severity]
    if not finding.enforced and kind == "error":
        kind = "warning"
    remedy = first_sentence(rule.remediation) if rule else ""
    rendered = f" (rendered by {finding.origin.rendered_by})" if finding.origin.rendered_by else ""
    message = f"{finding.subject}: {finding.message}{rendered}" + (f"\n{remedy}" if remedy else "")
    title = f"{finding.severity.label}: {finding.rule}"
    return _Annotation(finding.severity, kind, title, message, finding.origin)


def _command(annotation: _Annotation) -> str:
    fields = {"title": one_line(annotation.title)}
    origin = annotation.origin
    if origin and origin.is_file and origin.file != "-":
        fields["file"] = one_line(path_of(origin))
        if origin.span and line_of(origin):
            fields["line"] = str(origin.span.line)
            fields["col"] = str(origin.span.column)
    properties = ",".join(f"{name}={_property(value)}" for name, value in sorted(fields.items()))
    message = "\n".join(one_line(line) for line in annotation.message.split("\n"))
    return f"::{annotation.type} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(assessment: Assessment, decision: Decision) -> str:
    """The job summary: verdict, coverage, counts, then findings, gaps and waivers as far as there is room."""
    head = [
        f"## Compliance: {verdict(decision)}",
        "",
        _text(verdict_line(decision)),
        "",
        f"{_text(coverage(assessment))}  ",
        _text(findings_line(assessment)),
        *(["", _text(said)] if (said := history_words.line(assessment)) else []),
    ]
    still_open = ranked(finding for finding in assessment.findings if finding.waiver is None)
    waivers = [report for report in assessment.waivers if report.state is not WaiverState.USED]
    counts = [(severity.label, str(number)) for severity, number in totals(assessment).by_severity.items() if number]
    sections = [
        *_table(("Severity", "Open findings"), counts, len(counts)),
        *_section("Could not be judged", ("What", "Why", "Remedy"), obstacles(assessment, decision), _gap_row),
        *_section(
            "Findings",
            ("Severity", "Where", "Rule", "Finding", "Remedy"),
            still_open,
            partial(_finding_row, rules=assessment.rules),
        ),
        *_section(
            "Fixed",
            ("Severity", "Subject", "Rule", "Finding", "Was open"),
            ranked(assessment.history.fixed if assessment.history else ()),
            partial(_fixed_row, now=assessment.taken_at),
        ),
        *_section("Waivers to look at", ("Rule", "Subject", "State", "Why"), waivers, _waiver_row),
    ]
    return "\n".join([*head, *_fitting(sections, MAX_SUMMARY - _RESERVE - _size(head)), ""])


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode("utf-8", "backslashreplace")) + 1 for line in lines)


def _fitting(lines: Iterable[str], room: int) -> Iterator[str]:
    for line in lines:
        room -= _size([line])
        if room < 0:
            yield from ("", "The rest is left out: a job summary may be 1 MiB.")
            return
        yield line


def _section(
    title: str, header: tuple[str, ...], items: Sequence[T], row: Callable[[T], tuple[str, ...]]
) -> Iterator[str]:
    if items:
        yield from ("", f"### {title}")
        yield from _table(header, [row(item) for item in items[:SUMMARY_ROWS]], len(items))


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]], number: int) -> Iterator[str]:
    if rows:
        yield from ("", f"| {' | '.join(header)} |", "|" + " --- |" * len(header))
        yield from (f"| {' | '.join(row)} |" for row in rows)
    if number > len(rows):
        yield from ("", f"{number - len(rows)} more are in the full result.")


def _finding_row(finding: Finding, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    rule = rules.get(finding.rule)
    severity = ", ".join((finding.severity.label, *notes(finding)))
    told = f"{_text(str(finding.subject))}: {_text(finding.message)}"
    remedy = first_sentence(rule.remediation) if rule else ""
    return (severity, _text(str(finding.origin)), _text(finding.rule), told, _text(remedy))


def _fixed_row(finding: Finding, now: datetime) -> tuple[str, ...]:
    told = (finding.severity.label, str(finding.subject), finding.rule, finding.message)
    return (*map(_text, told), history_words.was_open(finding, now))


def _gap_row(gap: Gap) -> tuple[str, ...]:
    rule = f" ({gap.rule})" if gap.rule else ""
    return (_text(f"{gap.about}{rule}"), _text(gap.why), _text(gap.remedy))


def _waiver_row(report: WaiverReport) -> tuple[str, ...]:
    waiver = report.waiver
    return (_text(waiver.rule), _text(waiver.subject), report.state.value, _text(report.why or waiver.reason))


def _text(text: str) -> str:
    """`text` in Markdown as itself: no link, image, HTML, mention or table cell can begin in it."""
    return _PUNCTUATION.sub(r"\\\1", one_line(text))
