"""`compliance history`: look back at what audits found, and look after where that is kept."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from compliance import config
from compliance.cli import history_options
from compliance.cli import judging as common
from compliance.cli.common import application
from compliance.errors import UsageError
from compliance.history_settings import HistorySettings
from compliance.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compliance.store.history import Store
    from compliance.store.records import Run

app = application("Look back at what audits found: list the runs, show one, check and thin out the history.")

_Scope = Annotated[str | None, typer.Argument(metavar="[SCOPE]", help="A cluster's name (default: all).")]
_MOST_SEVERE_FIRST: Final = tuple(sorted(Severity, reverse=True))


@app.command("list")
def list_runs(
    scope: _Scope = None,
    *,
    store: history_options.StoreOption = None,
    config_file: common.ConfigOption = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", min=1, max=100_000, help="At most N of a scope.")
    ] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the runs of each scope, the newest first: open findings by severity, waived ones, and gaps."""
    with _open(_settings(store, config_file)) as history:
        scopes = _chosen(history, scope)
        runs = [run for name in scopes for run in history.history(name, limit=limit)]
        place = history.place
    if as_json:
        _print_json(runs)
        return
    for line in _table(runs):
        typer.echo(line)
    if not runs:
        typer.echo(f"{place} holds no run yet", err=True)


@app.command()
def show(
    number: Annotated[int | None, typer.Argument(metavar="[RUN]", help="A run's number (default: the newest).")] = None,
    *,
    store: history_options.StoreOption = None,
    config_file: common.ConfigOption = None,
    scope: Annotated[str | None, typer.Option(metavar="NAME", help="The newest run of this scope.")] = None,
    outputs: common.OutputsOption = None,
    fail_on: common.FailOnOption = None,
    quiet: common.QuietOption = False,
) -> None:
    """Show what a run found, and what was new and fixed in it, with the gate's decision by today's configuration."""
    from compliance.gate import GatePolicy, decide  # noqa: PLC0415 - only this command needs it
    from compliance.store.telling import with_history  # noqa: PLC0415 - likewise

    settings = config.load(config_file, start=Path())
    reports = common.reports_of(outputs or ())
    threshold = settings.fail_on if fail_on is None else common.threshold(fail_on)
    with _open(_settings(store, config_file)) as history:
        run = _run(history, number, scope)
        taken, comparison = history.recall(run)
        told = with_history(taken, run, comparison, history.trend(run))
    common.tell(told, decide(told, GatePolicy(threshold, settings.pack_fail_on)), reports, quiet=quiet)


@app.command()
def check(store: history_options.StoreOption = None, config_file: common.ConfigOption = None) -> None:
    """Read everything, and check that all of it is there and as it was written."""
    with _open(_settings(store, config_file)) as history:
        checked = history.check()
        typer.echo(
            f"{history.place}: {checked.runs} runs, {checked.pieces} pieces of content, all as they were written"
        )


@app.command()
def retain(
    store: history_options.StoreOption = None,
    config_file: common.ConfigOption = None,
    keep_runs: history_options.KeepRunsOption = None,
    keep_days: history_options.KeepDaysOption = None,
) -> None:
    """Remove old runs of every scope; the newest stays, and how long findings have been open is not forgotten."""
    settings = _settings(store, config_file, keep_runs, keep_days)
    if settings.keep_runs is None and settings.keep_days is None:
        raise UsageError("nothing says what is to be kept", remedy="give --keep-runs or --keep-days")
    with _open(settings) as history:
        removed = history.retain(now=_now(history), runs=settings.keep_runs, days=settings.keep_days)
        typer.echo(f"{history.place}: removed {removed.runs} runs and {removed.pieces} pieces of content")


def _now(history: Store) -> datetime:
    """What days are counted from: the newest run, where the clock is beyond it, so that a wrong one removes nothing."""
    now = datetime.now(UTC)
    newest = [run.taken_at for scope in history.scopes() for run in history.history(scope, limit=1)]
    return min(now, max(newest, default=now))


def _settings(
    store: str | None, config_file: Path | None, keep_runs: int | None = None, keep_days: int | None = None
) -> HistorySettings:
    """What is configured, or the file in the user's data folder."""
    settings = config.load(config_file, start=Path())
    return history_options.settings_of(settings, store, keep_runs, keep_days) or HistorySettings(
        keep_runs=keep_runs, keep_days=keep_days
    )


@contextmanager
def _open(settings: HistorySettings) -> Iterator[Store]:
    from compliance.store import open_store  # noqa: PLC0415 - heavy import only when used

    with open_store(settings.store, make=False) as history:
        yield history


def _chosen(history: Store, scope: str | None) -> tuple[str, ...]:
    scopes = history.scopes()
    if scope is None:
        return scopes
    if scope not in scopes:
        known = ", ".join(scopes) or "none yet"
        raise UsageError(f"{history.place} has no scope {scope!r}", remedy=f"it has: {known}")
    return (scope,)


def _run(history: Store, number: int | None, scope: str | None) -> Run:
    """The run that is meant."""
    if number is not None:
        found = history.find(number)
        if found is None or scope not in (None, found.scope):
            raise UsageError(f"{history.place} has no run {number}", remedy="see compliance history list")
        return found
    newest = [run for name in _chosen(history, scope) for run in history.history(name, limit=1)]
    if not newest:
        raise UsageError(f"{history.place} holds no run yet", remedy="keep one: compliance audit --store URL")
    return max(newest, key=lambda run: run.number)


def _print_json(runs: Sequence[Run]) -> None:
    from compliance.output.json_text import dump  # noqa: PLC0415 - only when asked for

    rows = [
        {
            "run": run.number,
            "scope": run.scope,
            "taken_at": run.taken_at.isoformat(),
            "digest": run.digest,
            "findings": {severity.label: run.findings[severity] for severity in Severity},
            "waived": run.waived,
            "gaps": run.gaps,
            "whole": run.whole,
        }
        for run in runs
    ]
    typer.echo(dump({"schema": "compliance/runs/v1", "runs": rows}), nl=False)


def _table(runs: Sequence[Run]) -> Iterator[str]:
    from compliance.output.history_words import moment  # noqa: PLC0415 - only for the table
    from compliance.output.text import for_terminal  # noqa: PLC0415 - likewise

    if not runs:
        return
    width = max(5, *(len(for_terminal(run.scope)) for run in runs))
    counts = "".join(f"{severity.label:>10}" for severity in _MOST_SEVERE_FIRST)
    yield f"{'run':>6}  {'taken at':20}  {'scope':{width}}{counts}{'waived':>10}{'gaps':>10}"
    for run in runs:
        counts = "".join(f"{run.findings[severity]:>10}" for severity in _MOST_SEVERE_FIRST)
        start = f"{run.number:>6}  {moment(run.taken_at):20}  {for_terminal(run.scope):{width}}"
        part = "" if run.whole else "  not the whole scope"
        yield f"{start}{counts}{run.waived:>10}{run.gaps:>10}{part}"
