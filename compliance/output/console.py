"""The terminal: findings grouped by subject, what is fixed, gaps, waivers to look at, counts, coverage, the verdict.

Only the most severe findings are shown, so thousands cost little. Severity is a word and a sign beside its colour, and
rich leaves colours out where the output is no terminal.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from rich.console import Console

from compliance.model import ExitCode, Severity, WaiverState
from compliance.output import history_words
from compliance.output.console_layout import Cell, Page, widest
from compliance.output.tally import coverage, findings_line, most_severe, notes, obstacles, ranked, verdict_line
from compliance.output.text import first_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from compliance.model import Assessment, Decision, Finding, Gap, History, Rule, WaiverReport

SHOWN_FINDINGS: Final = 200
SHOWN_OTHERS: Final = 50
FILE_WIDTH: Final = 120
_WIDE: Final = 160
_SEVERITY_WIDTH: Final = 10
_PLACE_WIDTH: Final = 44
_RULE_WIDTH: Final = 40
_STYLES: Final = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
_SIGNS: Final = {
    Severity.CRITICAL: ("◆", "!"),
    Severity.HIGH: ("✖", "x"),
    Severity.MEDIUM: ("▲", "^"),
    Severity.LOW: ("●", "-"),
    Severity.INFO: ("·", "."),
}
_VERDICTS: Final = {ExitCode.CLEAN: ("✔", "+", "bold green"), ExitCode.REFUSED: ("✖", "x", "bold red")}
_UNDECIDED: Final = ("?", "?", "bold yellow")


def show(assessment: Assessment, decision: Decision, console: Console) -> None:
    """Print the assessment; `console` decides on colour and width."""
    page = Page(console)
    still_open = [finding for finding in assessment.findings if finding.waiver is None]
    shown = most_severe(still_open, SHOWN_FINDINGS)
    _findings(page, shown, assessment.rules)
    if len(shown) < len(still_open):
        page.gap()
        more = len(still_open) - len(shown)
        page.line(Cell(f"{more} more, less severe: see all with -o json=FILE or -o html=FILE", "dim"))
    if assessment.history:
        _history(page, assessment.history, assessment.taken_at)
    _gaps(page, obstacles(assessment, decision))
    _waivers(page, [report for report in assessment.waivers if report.state is not WaiverState.USED])
    page.gap()
    page.line(Cell(findings_line(assessment)))
    if said := history_words.line(assessment):
        page.line(Cell(said))
    page.line(Cell(coverage(assessment)))
    _verdict(page, decision)
    page.print()


def render(assessment: Assessment, decision: Decision) -> str:
    """The same as text without colours, for a file."""
    file = io.StringIO()
    console = Console(file=file, width=FILE_WIDTH, color_system=None, force_terminal=False, legacy_windows=False)
    show(assessment, decision, console)
    return file.getvalue()


def _findings(page: Page, shown: Sequence[Finding], rules: Mapping[str, Rule]) -> None:
    by_subject: dict[str, list[Finding]] = {}
    for finding in shown:
        by_subject.setdefault(str(finding.subject), []).append(finding)
    place = widest((str(finding.origin) for finding in shown), _PLACE_WIDTH)
    rule = widest((finding.rule for finding in shown), _RULE_WIDTH)
    for subject, findings in by_subject.items():
        page.heading(subject)
        for finding in findings:
            remedy = first_sentence(rules[finding.rule].remediation) if finding.rule in rules else ""
            if page.width >= _WIDE:
                _wide(page, finding, remedy, (place, rule))
            else:
                _narrow(page, finding, remedy)


def _wide(page: Page, finding: Finding, remedy: str, widths: tuple[int, int]) -> None:
    place, rule = widths
    left = page.width - _SEVERITY_WIDTH - place - rule - 8
    page.line(
        _severity(page, finding.severity),
        Cell(str(finding.origin), "", place),
        Cell(finding.rule, "dim", rule),
        Cell(_message(finding), _weight(finding), left * 3 // 5),
        Cell(remedy, "green"),
        indent=2,
    )


def _narrow(page: Page, finding: Finding, remedy: str) -> None:
    page.line(_severity(page, finding.severity), Cell(str(finding.origin)), indent=2)
    page.line(Cell(_message(finding), _weight(finding)), indent=6)
    page.line(Cell(f"rule: {finding.rule}", "dim"), indent=6)
    if remedy:
        page.line(Cell(f"remedy: {remedy}", "green"), indent=6)


def _severity(page: Page, severity: Severity) -> Cell:
    sign = _SIGNS[severity][0 if page.has_signs else 1]
    return Cell(f"{sign} {severity.label}", _STYLES[severity], _SEVERITY_WIDTH)


def _message(finding: Finding) -> str:
    said = notes(finding)
    return f"{finding.message} ({', '.join(said)})" if said else finding.message


def _weight(finding: Finding) -> str:
    return "bold" if finding.seen and finding.seen.new else ""


def _history(page: Page, history: History, now: datetime) -> None:
    _ended(page, "Fixed", Cell("+ fixed", "green", _SEVERITY_WIDTH), history.fixed, now)
    _ended(page, "Gone with what they were about", Cell("- gone", "dim", _SEVERITY_WIDTH), history.gone, now)


def _ended(page: Page, title: str, sign: Cell, findings: Sequence[Finding], now: datetime) -> None:
    if findings:
        page.heading(f"{title} ({len(findings)})")
    for finding in ranked(findings)[:SHOWN_OTHERS]:
        page.line(sign, Cell(str(finding.subject)), indent=2)
        was_open = history_words.was_open(finding, now)
        page.line(Cell(f"{finding.rule}: {finding.message} (was open {was_open})"), indent=6)
    _more(page, len(findings))


def _gaps(page: Page, gaps: Sequence[Gap]) -> None:
    if gaps:
        page.heading(f"Could not be judged ({len(gaps)})")
    for gap in gaps[:SHOWN_OTHERS]:
        rule = f" ({gap.rule})" if gap.rule else ""
        about = str(gap.origin) if gap.origin and gap.origin.file == gap.about else gap.about
        page.line(Cell("? unknown", "bold yellow", _SEVERITY_WIDTH), Cell(f"{about}{rule}"), indent=2)
        page.line(Cell(gap.why), indent=6)
        if gap.remedy:
            page.line(Cell(f"remedy: {gap.remedy}", "green"), indent=6)
    _more(page, len(gaps))


def _waivers(page: Page, reports: Sequence[WaiverReport]) -> None:
    if reports:
        page.heading(f"Waivers to look at ({len(reports)})")
    for report in reports[:SHOWN_OTHERS]:
        waiver = report.waiver
        page.line(Cell(f"! {report.state.value}", "yellow", _SEVERITY_WIDTH), Cell(str(waiver.origin)), indent=2)
        why = report.why or (f"since {waiver.expires}" if report.state is WaiverState.EXPIRED else waiver.reason)
        page.line(Cell(f"{waiver.rule} for {waiver.subject}: {why}"), indent=6)
    _more(page, len(reports))


def _more(page: Page, count: int) -> None:
    if count > SHOWN_OTHERS:
        page.line(Cell(f"{count - SHOWN_OTHERS} more: see all with -o json=FILE", "dim"), indent=2)


def _verdict(page: Page, decision: Decision) -> None:
    sign, plain, style = _VERDICTS.get(decision.exit_code, _UNDECIDED)
    page.line(Cell(f"{sign if page.has_signs else plain} {verdict_line(decision)}", style))
