"""`--write-reports` of `audit`: reports written into the clusters, after all other outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from compliance.errors import UsageError
from compliance.model import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compliance.cli.session import Session
    from compliance.cluster_reports import Outcome, Writing
    from compliance.cluster_reports_settings import ClusterReportsSettings
    from compliance.cluster_scan import Audit
    from compliance.model import Assessment, Decision
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
_COUNTED: Final = ("written", "unchanged", "removed", "left_out", "results_left_out", "placeless", "undone")


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


def write(
    writing: Writing | None,
    audit: Audit,
    session: Session,
    accesses: Iterable[Access],
    _assessment: Assessment,
    _decision: Decision,
    *,
    quiet: bool,
) -> ExitCode | None:
    """Write the reports; the exit code of a run that was clean, where one cannot be written."""
    if writing is None:
        return None
    from compliance import cluster_reports  # noqa: PLC0415 - heavy import only when used

    with session.progress() as progress:
        outcomes = cluster_reports.write(accesses, audit, writing, progress)
    for outcome in outcomes:
        counted = {name: getattr(outcome, name) for name in _COUNTED}
        session.tell("cluster_reports.written", [*_lines(outcome, quiet=quiet)], cluster=outcome.cluster, **counted)
        for failure in outcome.failures:
            session.complain(failure)
    return ExitCode.NOT_JUDGED if any(outcome.undone for outcome in outcomes) else None


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
