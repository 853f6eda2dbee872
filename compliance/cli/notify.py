"""`compliance notify`: try the channels that audits tell of new findings."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compliance import config
from compliance.cli.common import application, print_error
from compliance.errors import ComplianceError, UsageError
from compliance.model import ExitCode

if TYPE_CHECKING:
    from compliance.notification_settings import Channel, NotificationSettings

app = application("Try the channels that audits with a history tell of new findings.")


@app.callback()
def _group() -> None:
    """Keep `test` a command of its own."""


@app.command("test")
def try_command(
    names: Annotated[
        list[str] | None, typer.Option("--channel", metavar="NAME", help="This channel (default: all). Repeatable.")
    ] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", help="The configuration (default: the nearest compliance.yaml).")
    ] = None,
) -> None:
    """Send a message that says it is a test, through the channel's own template; exit with 4 when one fails."""
    from compliance.notify.sending import Patience  # noqa: PLC0415 - heavy import only when used
    from compliance.notify.telling import send_example  # noqa: PLC0415 - likewise

    settings = config.load(config_file, start=Path()).notifications
    failed = False
    for channel in _chosen(settings, names or []):
        try:
            send_example(channel, settings.report_url, datetime.now(UTC), Patience(attempts=1))
        except ComplianceError as error:
            failed = True
            print_error(ComplianceError(f"the channel {channel.name} failed: {error}", remedy=error.remedy))
        else:
            typer.echo(f"the channel {channel.name} took the message")
    raise typer.Exit(ExitCode.FAILED if failed else ExitCode.CLEAN)


def _chosen(settings: NotificationSettings, names: list[str]) -> list[Channel]:
    known = {channel.name: channel for channel in settings.channels}
    if not known:
        remedy = "describe one under notifications.channels in compliance.yaml"
        raise UsageError("there is no channel", remedy=remedy)
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"there is no channel {unknown[0]!r}", remedy=f"there is {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names)] or list(known.values())
