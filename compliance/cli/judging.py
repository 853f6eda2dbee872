"""What the judging commands share: their options, how settings come together, and how the end is told.

A judging command makes a `Judging` of its options, does its own work with `Judging.run`, and ends with `finish`.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeAlias

import typer

from compliance import baseline, catalogue, config, logs
from compliance.assessing import Run
from compliance.cli.common import print_error
from compliance.errors import UsageError
from compliance.gate import GatePolicy, decide
from compliance.model import ExitCode, Severity
from compliance.rule_settings import effective_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compliance.assessing import Progress
    from compliance.cli.common import Complain
    from compliance.errors import StoreError
    from compliance.logs import Log
    from compliance.model import Assessment, Decision

OutputsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FORMAT=FILE",
        help="Write a report: json, sarif, junit, gitlab, github, html, prometheus, policyreport or openreports; "
        "FILE - is standard output. Repeatable.",
    ),
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The configuration (default: the nearest compliance.yaml).")
]
RulesOption = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="DIR", help="A folder of your own rules. Repeatable.")
]
EngineOption = Annotated[
    str | None, typer.Option(metavar="auto|wasm|opa", help="Who evaluates the rules; auto is wasm, or opa with a URL.")
]
OpaUrlOption = Annotated[
    str | None, typer.Option(envvar="OPA_URL", help="An OPA server that holds these rules (token: OPA_TOKEN).")
]
OpaCaFileOption = Annotated[
    Path | None, typer.Option(envvar="OPA_CA_FILE", help="Certificates by which that server is to be known.")
]
FailOnOption = Annotated[
    str | None, typer.Option(metavar="SEVERITY", help="Refuse from this severity on, or never (default: high).")
]
WaiversOption = Annotated[Path | None, typer.Option(help="The file of accepted risks.")]
BaselineOption = Annotated[
    Path | None, typer.Option("--baseline", help="Findings that are known already (or a saved json result).")
]
WriteBaselineOption = Annotated[
    Path | None, typer.Option(help="Write this run's findings as a baseline, and refuse none of them.")
]
FailOnNewOption = Annotated[
    bool, typer.Option("--fail-on-new", help="Refuse only because of findings that the baseline does not know.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print no table.")]

_REDRAW = 0.1
"""Seconds between two drawings of the bar."""
_MOST_GAPS = 100
"""How many gaps a log names; the reports have all."""


@dataclass(frozen=True, slots=True)
class Judging:
    """The common options of one call, checked; `run` is what the work is done by."""

    run: Run
    reports: tuple[tuple[str, str], ...]
    policy: GatePolicy
    write_baseline: Path | None
    quiet: bool


def judging(
    settings: config.Config,
    *,
    outputs: Sequence[str] | None,
    fail_on: str | None,
    fail_on_new: bool,
    write_baseline: Path | None,
    opa_ca_file: Path | None,
    quiet: bool,
    load: Callable[[config.Config], Run] | None = None,
) -> Judging:
    """Check the common options before any work begins, and load the rules; `load` does that in another way.

    Raises:
        UsageError: an option makes no sense.
        ConfigurationError: configuration or rules are wrong.
    """
    if fail_on is not None:
        settings = replace(settings, fail_on=threshold(fail_on))
    if fail_on_new and settings.baseline is None:
        raise UsageError("--fail-on-new needs a baseline", remedy="name one with --baseline")
    reports = reports_of(outputs or ())
    run = load(settings) if load else _loaded(settings, opa_ca_file)
    policy = GatePolicy(settings.fail_on, settings.pack_fail_on, fail_on_new)
    return Judging(run, reports, policy, write_baseline, quiet)


def _loaded(settings: config.Config, opa_ca_file: Path | None) -> Run:
    known = catalogue.load(settings.rules_folders)
    return Run(
        config=settings,
        catalogue=known,
        rules=effective_rules(settings, known),
        now=datetime.now(UTC),
        opa_token=os.environ.get("OPA_TOKEN"),
        opa_ca_file=opa_ca_file,
    )


def overridden(settings: config.Config, **changes: Any) -> config.Config:  # noqa: ANN401 - fields of Config
    """Put command-line options on top of the configuration; None is an option that was not given."""
    return replace(settings, **{name: value for name, value in changes.items() if value is not None})


Step: TypeAlias = "Callable[[Assessment, Decision], ExitCode | None]"
"""Something to be done when the reports are written; the exit code of a run that was clean, where it fails."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What a run has beside its result: a log, a way to complain, and steps that come last.

    `problem` is what a history could not do: it costs the run its being clean, and nobody the reports.
    """

    log: Log = logs.silent
    complain: Complain = print_error
    problem: StoreError | None = None
    steps: Sequence[Step] = ()


def finish(told: Judging, assessment: Assessment, ending: Ending | None = None) -> NoReturn:
    """Let the gate decide, write what was asked for, and end with its exit code, or with that of a step that failed."""
    ending = ending or Ending()
    policy = told.policy if told.write_baseline is None else GatePolicy(None)
    kept = "not kept" if assessment.history is None else "kept, but not all is done"
    problem = ending.problem
    decision = decide(assessment, policy, problem=f"{kept}: {problem}" if problem else None)
    _log(assessment, decision, ending.log)
    tell(assessment, decision, told.reports, quiet=told.quiet, log=ending.log)
    if problem is not None:
        ending.complain(problem)
    if told.write_baseline is not None:
        baseline.write(told.write_baseline, assessment.findings)
    failed = [code for step in ending.steps if (code := step(assessment, decision)) is not None]
    clean = decision.exit_code is ExitCode.CLEAN
    raise typer.Exit(int(failed[0] if failed and clean else decision.exit_code))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on a terminal; nothing anywhere else. It draws without a thread, because a scan forks."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.progress import Progress as Bar  # noqa: PLC0415 - likewise

    with Bar(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task, drawn = bar.add_task("reading", total=None), 0.0

        def advance(what: str, done: int, total: int) -> None:
            nonlocal drawn
            if (now := time.monotonic()) - drawn > _REDRAW:
                drawn = now
                bar.update(task, description=what, completed=done, total=total, refresh=True)

        yield advance


def threshold(text: str) -> Severity | None:
    """Read `--fail-on`; None is never. Raises UsageError for what is no severity."""
    if text == "never":
        return None
    try:
        return Severity.parse(text)
    except ValueError as error:
        raise UsageError(f"--fail-on: {error}", remedy="or never") from error


def reports_of(outputs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Format and file of each `-o`; raises UsageError for what is none."""
    from compliance.output import FORMATS  # noqa: PLC0415 - only when a report is wanted

    reports = []
    for output in outputs:
        name, equals, file = output.partition("=")
        if not equals or not file or name not in FORMATS:
            known = ", ".join(sorted(FORMATS))
            raise UsageError(f"-o {output} is no FORMAT=FILE", remedy=f"FORMAT is one of {known}")
        reports.append((name, file))
    return tuple(reports)


def _log(assessment: Assessment, decision: Decision, log: Log) -> None:
    for gap in assessment.gaps[:_MOST_GAPS]:
        log("gap", level="warning", about=gap.about, rule=gap.rule, why=gap.why, remedy=gap.remedy)
    if left_out := len(assessment.gaps[_MOST_GAPS:]):
        log("gap.left_out", level="warning", gaps=left_out)
    counted = Counter(finding.severity for finding in assessment.findings)
    counts: dict[str, Any] = {severity.label: counted[severity] for severity in sorted(Severity, reverse=True)}
    log(
        "gate.decided",
        exit_code=int(decision.exit_code),
        reason=decision.reasons[0],
        subjects=assessment.subjects,
        gaps=len(assessment.gaps),
        **counts,
    )


def tell(
    assessment: Assessment,
    decision: Decision,
    reports: Sequence[tuple[str, str]],
    *,
    quiet: bool = False,
    log: Log = logs.silent,
) -> None:
    """Write the reports, and print the table unless one of them goes to standard output."""
    from compliance import output  # noqa: PLC0415 - after the work is done

    for name, file in reports:
        output.write(name, file, assessment, decision)
        log("report.written", format=name, file=file)
    if not quiet and all(file != "-" for _, file in reports):
        from rich.console import Console  # noqa: PLC0415 - rich takes its time

        from compliance.output.console import show  # noqa: PLC0415 - likewise

        show(assessment, decision, Console())
