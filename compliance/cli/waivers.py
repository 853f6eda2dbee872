"""`compliance waivers`: look after accepted risks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compliance import catalogue, config, waiver_audit, waiver_writing
from compliance import waivers as waivers_file
from compliance.cli.common import application
from compliance.errors import ConfigurationError, UsageError
from compliance.model import ExitCode, Origin
from compliance.positioned_yaml import shown
from compliance.waiver_audit import Attention

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from compliance.config import Config
    from compliance.model import WaiverReport
    from compliance.waiver_audit import Audited

app = application("Look after accepted risks: list those that need attention, add one.")

_ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The configuration (default: the nearest compliance.yaml).")
]
_STYLES = {Attention.INVALID: "red", Attention.EXPIRED: "red", Attention.EXPIRING: "yellow", Attention.UNUSED: "yellow"}


@app.command("audit")
def audit_command(
    file: Annotated[Path | None, typer.Argument(help="The waiver file (default: the configured one).")] = None,
    result: Annotated[
        Path | None,
        typer.Option(metavar="RESULT.json", help="A saved result: tells which waivers had a use, adds inline ones."),
    ] = None,
    within: Annotated[int, typer.Option(min=0, max=36500, metavar="DAYS", help="How soon an end is near.")] = 30,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Judge as of this day, not today.")
    ] = None,
    config_file: _ConfigOption = None,
) -> None:
    """List invalid, expired, soon expiring and unused waivers; exit with 1 when any is invalid or expired."""
    settings = config.load(config_file, start=Path())
    now = on.replace(tzinfo=UTC) if on else datetime.now(UTC)
    path = file or settings.waivers
    if path is None and result is None:
        raise UsageError("there is no waiver file", remedy=f"name one, or make {config.WAIVERS_NAME}")
    read = waivers_file.load_waivers(path, _terms(settings, now)) if path else ((), ())
    rows = waiver_audit.audit(read, _reports(result), now=now, within=within)
    _show(rows)
    raise typer.Exit(ExitCode.REFUSED if waiver_audit.needs_action(rows) else ExitCode.CLEAN)


@app.command("add")
def add_command(  # noqa: PLR0913 - a command's options are its interface
    *,
    rule: Annotated[str, typer.Option(help="The rule's id or alias, or a pattern such as probes.*.")],
    subject: Annotated[str, typer.Option(help="KIND/NAMESPACE/NAME; * stays within a part, ** crosses slashes.")],
    reason: Annotated[str, typer.Option(help="Why the risk is acceptable.")],
    approved_by: Annotated[str, typer.Option(help="Who accepted it.")],
    expires: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The last day on which it holds, in UTC.")],
    at: Annotated[str | None, typer.Option(help="Only this place, such as containers[web].image.")] = None,
    ticket: Annotated[str | None, typer.Option(help="Where it was discussed.")] = None,
    file: Annotated[Path | None, typer.Option(help="The waiver file (default: the configured one).")] = None,
    config_file: _ConfigOption = None,
) -> None:
    """Append a waiver to the file; what stands there stays as it is, comments included."""
    settings = config.load(config_file, start=Path())
    path = file or settings.waivers or settings.folder / config.WAIVERS_NAME
    said = {"rule": rule, "subject": subject, "at": at, "reason": reason, "approved_by": approved_by}
    said |= {"ticket": ticket, "expires": expires}
    entry = {key: value for key, value in said.items() if value is not None}
    waiver_writing.add(path, entry, _terms(settings, datetime.now(UTC)))
    typer.echo(f"added to {shown(path)}: {rule} on {subject} until {expires}")


def _terms(settings: Config, now: datetime) -> waivers_file.Terms:
    known = catalogue.load(settings.rules_folders)
    return waivers_file.Terms(known, now, settings.waiver_max_days, settings.inline_waivers)


def _reports(result: Path | None) -> tuple[WaiverReport, ...] | None:
    if result is None:
        return None
    from compliance.output import json_result  # noqa: PLC0415 - only when a result is read

    origin = Origin(result.as_posix())
    try:
        with result.open(encoding="utf-8") as stream:
            text = stream.read(json_result.MAX_CHARACTERS + 1)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", origin=origin) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("is not UTF-8 text", origin=origin) from error
    assessment, _decision = json_result.read(text, source=result.as_posix())
    return assessment.waivers


def _show(rows: tuple[Audited, ...]) -> None:
    from rich.console import Console  # noqa: PLC0415 - rich takes its time

    listed = [row for row in rows if row.attention is not Attention.NONE]
    if listed:
        Console().print(_table(listed))
    typer.echo(f"{len(rows)} waiver{'s' if len(rows) != 1 else ''}, {len(listed)} need attention")


def _table(rows: Iterable[Audited]) -> Table:
    from rich.table import Table  # noqa: PLC0415 - likewise
    from rich.text import Text  # noqa: PLC0415 - likewise

    from compliance.output.text import for_terminal  # noqa: PLC0415 - likewise

    table = Table("state", "rule", "subject", "expires", "approved by", "where", "why", box=None, pad_edge=False)
    for row in rows:
        waiver = row.waiver
        expires, where, why = str(waiver.expires or ""), str(waiver.origin), row.why or waiver.reason
        cells = (waiver.rule, waiver.subject, expires, waiver.approved_by, where, why)
        state = Text(row.attention.name.lower(), style=_STYLES.get(row.attention, ""))
        table.add_row(state, *(Text(for_terminal(cell)) for cell in cells))
    return table
