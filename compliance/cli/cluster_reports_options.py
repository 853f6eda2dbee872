"""`--write-reports` of `audit`: reports written into the clusters, after all other outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from compliance.cli import judging as common
from compliance.errors import UsageError
from compliance.model import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compliance.cluster_reports import Outcome, Writing
    from compliance.cluster_reports_settings import ClusterReportsSettings
    from compliance.cluster_scan import Audit
    from compliance.sources.cluster.connection import Access

WriteReportsOption = Annotated[
    str | None,
    typer.Option(
        "--write-reports",
        metavar="policyreport|openreports|none",
        help="Write a report into the cluster beside each resource with findings (default: as configured, or none).",
    ),
]
_APIS: Final = ("policyreport", "openreports")
_NONE: Final = "none"


def chosen(option: str | None, settings: ClusterReportsSettings) -> Writing | None:
    """What is to be written; None for nothing.

    Raises:
        UsageError: there is no such API.
    """
    name = option or settings.api or _NONE
    if name == _NONE:
        return None
    if name not in _APIS:
        remedy = f"use {', '.join(_APIS)} or {_NONE}"
        raise UsageError(f"--write-reports: there is no API of reports called {name!r}", remedy=remedy)
    from compliance.cluster_reports import Writing  # noqa: PLC0415 - heavy import only when used
    from compliance.output import open_reports, policy_report  # noqa: PLC0415 - likewise
    from compliance.output.report_subjects import Limits  # noqa: PLC0415 - likewise

    api = policy_report.API if name == policy_report.API.name else open_reports.API
    return Writing(api, Limits(settings.max_results, settings.max_reports))


def check(writing: Writing | None, accesses: Iterable[Access]) -> None:
    """Before the audit, make sure that its reports can be held; raises as `cluster_reports.check` does."""
    if writing is not None:
        from compliance import cluster_reports  # noqa: PLC0415 - heavy import only when used

        cluster_reports.check(accesses, writing.api)


def rights(writing: Writing | None) -> str:
    """What is to be added to the printed ClusterRole."""
    if writing is None:
        return ""
    from compliance import cluster_reports  # noqa: PLC0415 - heavy import only when used

    return cluster_reports.rights(writing.api)


def finish(told: common.Judging, audit: Audit, accesses: Iterable[Access], writing: Writing | None) -> NoReturn:
    """`judging.finish`, then write the reports; who would end as clean ends with 3 where one cannot be written."""
    try:
        common.finish(told, audit.assessment)
    except typer.Exit as ended:
        if writing is None:
            raise
        outcomes = _write(accesses, audit, writing)
        for outcome in outcomes:
            for line in _lines(outcome, quiet=told.quiet):
                typer.echo(line, err=True)
        failed = any(outcome.undone for outcome in outcomes)
        clean = ended.exit_code == ExitCode.CLEAN
        raise typer.Exit(int(ExitCode.NOT_JUDGED) if failed and clean else ended.exit_code) from None


def _write(accesses: Iterable[Access], audit: Audit, writing: Writing) -> list[Outcome]:
    from compliance import cluster_reports  # noqa: PLC0415 - heavy import only when used

    with common.progress_bar() as progress:
        return cluster_reports.write(accesses, audit, writing, progress)


def _lines(outcome: Outcome, *, quiet: bool) -> Iterator[str]:
    """What became of the reports; what is cut or fails is said even to who wants it quiet."""
    cluster = f" (cluster {outcome.cluster})"
    if not quiet:
        counted = f"{outcome.written} written, {outcome.unchanged} unchanged, {outcome.removed} removed"
        yield f"reports: {counted} (cluster {outcome.cluster}, {outcome.requests} API requests)"
    if outcome.left_out:
        yield f"reports: {outcome.left_out} left out, the least severe: cluster_reports.max_reports is reached{cluster}"
    if outcome.results_left_out:
        yield f"reports: {outcome.results_left_out} results left out, the least severe, as their reports say{cluster}"
    if outcome.placeless:
        yield f"reports: {outcome.placeless} of namespaces that are not there{cluster}"
    if outcome.undone:
        yield f"reports: {outcome.undone} could not be listed, written or removed{cluster}"
    for failure in outcome.failures:
        yield f"  {failure.message}" + (f"; {failure.remedy}" if failure.remedy else "")
