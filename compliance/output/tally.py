"""What every output says in the same words and order: ranking, counts, coverage, verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compliance.model import ExitCode, Gap, Severity, Stage
from compliance.output import history_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compliance.model import Assessment, Decision, Finding, Origin

STDIN: Final = "stdin"
MOST_SEVERE_FIRST: Final = tuple(sorted(Severity, reverse=True))
VERDICTS: Final = {
    ExitCode.CLEAN: "clean",
    ExitCode.REFUSED: "refused",
    ExitCode.USAGE: "not run",
    ExitCode.NOT_JUDGED: "not judged",
    ExitCode.FAILED: "failed",
}
_JUDGED: Final = (ExitCode.CLEAN, ExitCode.REFUSED)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many findings there are; `open` leaves out the waived ones, `warning` of those will count only later."""

    open: int
    waived: int
    warning: int
    by_severity: Mapping[Severity, int]


def totals(assessment: Assessment) -> Totals:
    """Count the findings."""
    still_open = [finding for finding in assessment.findings if finding.waiver is None]
    counts = Counter(finding.severity for finding in still_open)
    return Totals(
        open=len(still_open),
        waived=len(assessment.findings) - len(still_open),
        warning=sum(not finding.enforced for finding in still_open),
        by_severity={severity: counts[severity] for severity in MOST_SEVERE_FIRST},
    )


def most_severe(findings: Sequence[Finding], count: int) -> list[Finding]:
    """The first `count` of `ranked`, for findings of which none is waived: most are not looked at but for severity."""
    severities = sorted((finding.severity for finding in findings), reverse=True)
    least = severities[:count][-1:]
    return ranked(finding for finding in findings if finding.severity >= least[0])[:count] if least else []


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Most severe first, the waived after all others; then by place, so that equal runs give equal text."""
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[bool, int, str, int, int, str, str, str, str]:
    span = finding.origin.span
    place = (finding.origin.file, span.line if span else 0, span.column if span else 0)
    subject = str(finding.subject)
    return (finding.waiver is not None, -finding.severity, *place, finding.rule, subject, finding.at, finding.message)


def obstacles(assessment: Assessment, decision: Decision) -> tuple[Gap, ...]:
    """The gaps, and where nothing was judged without any gap (an empty folder), a gap that says so.

    Without it an output that lists findings would be empty, and an empty list reads as a pass.
    """
    if assessment.gaps or decision.exit_code in _JUDGED:
        return assessment.gaps
    about = ", ".join(target.locator for target in assessment.targets) or "the run"
    return (Gap(Stage.COLLECT, about, "; ".join(decision.reasons) or "nothing was judged", ""),)


def coverage(assessment: Assessment) -> str:
    """One sentence: what was judged, and what was not, by which scanners, and what was read of which clusters."""
    rules = sum(count > 0 for count in assessment.judged.values())
    scanners = "".join(f"; scanned by {scanner}" for scanner in assessment.scanners)
    clusters = "".join(f"; {cluster}" for cluster in assessment.clusters)
    return (
        f"judged {counted(assessment.subjects, 'subject')} with {counted(rules, 'rule')}; "
        f"{len(assessment.gaps)} not judged; {len(assessment.passed_over)} passed over{scanners}{clusters}"
    )


def findings_line(assessment: Assessment) -> str:
    """One sentence: how many findings, by severity, against the baseline, waived, and not enforced yet."""
    count = totals(assessment)
    severities = ", ".join(f"{number} {severity.label}" for severity, number in count.by_severity.items() if number)
    extras = []
    if baseline := assessment.baseline:
        against = "against the baseline " if assessment.history else ""
        extras.append(f"{against}{baseline.new} new, {baseline.known} known, {len(baseline.fixed)} fixed")
    if count.waived:
        extras.append(f"{count.waived} waived")
    if count.warning:
        extras.append(f"{count.warning} only warn")
    return "; ".join([counted(count.open, "finding") + (f": {severities}" if severities else ""), *extras])


def notes(finding: Finding) -> tuple[str, ...]:
    """What a reader should know beside the message: new, how long open, not enforced yet, its waiver ran out."""
    said = [*history_words.notes(finding), *_standing(finding)]
    if not finding.enforced:
        said.append("only warns")
    if finding.expired_waiver:
        said.append(f"its waiver expired on {finding.expired_waiver.expires}")
    return tuple(said)


def _standing(finding: Finding) -> list[str]:
    if finding.standing is None:
        return []
    return [f"{finding.standing.value} to the baseline" if finding.seen else finding.standing.value]


def verdict(decision: Decision) -> str:
    """One word or two for the exit code."""
    return VERDICTS[decision.exit_code]


def verdict_line(decision: Decision) -> str:
    """The verdict, the exit code and all reasons."""
    word = verdict(decision)
    reasons = "; ".join(decision.reasons).removeprefix(f"{word}: ")
    return f"{word} (exit code {int(decision.exit_code)})" + (f": {reasons}" if reasons else "")


def counted(number: int, noun: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def path_of(origin: Origin) -> str:
    """The file as other tools want it: no leading `./`, and a name in place of `-`."""
    return STDIN if origin.file == "-" else origin.file.removeprefix("./")


def line_of(origin: Origin) -> int | None:
    """The line in the file itself; None when unknown, and when the span counts the lines of rendered text."""
    return None if origin.span is None or origin.rendered_by else origin.span.line
