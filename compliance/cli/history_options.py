"""The options by which a command names a history, and what it opens with them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from compliance.errors import UsageError
from compliance.history_settings import HistorySettings, has_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.config import Config
    from compliance.nightly import Keeping

_VARIABLE: Final = "COMPLIANCE_STORE"


def _without_password(context: typer.Context, parameter: typer.CallbackParam, store: str | None) -> str | None:
    """Refuse a password where every user of this machine can read it."""
    source = context.get_parameter_source(parameter.name or "")
    if store and has_password(store) and source is not None and source.name == "COMMANDLINE":
        remedy = f"give the whole URL in ${_VARIABLE}, or the password in $PGPASSWORD or ~/.pgpass"
        raise UsageError("--store has a password, which every user of this machine can read", remedy=remedy)
    return store


StoreOption = Annotated[
    str | None,
    typer.Option(
        callback=_without_password,
        envvar=_VARIABLE,
        metavar="URL",
        help="Keep a history in sqlite:///PATH or postgresql://USER@HOST/DATABASE, and say what is new and fixed.",
    ),
]
KeepRunsOption = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="Keep the newest N runs of a scope (default: all).")
]
KeepDaysOption = Annotated[
    int | None, typer.Option(metavar="DAYS", min=1, max=36500, help="Keep the runs of these days (default: all).")
]


def settings_of(
    config: Config, store: str | None, keep_runs: int | None = None, keep_days: int | None = None
) -> HistorySettings | None:
    """What configuration and options say together; None where neither names a history."""
    said = config.history
    if said is None and store is None:
        return None
    said = said or HistorySettings()
    return HistorySettings(store or said.store, keep_runs or said.keep_runs, keep_days or said.keep_days)


@contextmanager
def kept(settings: HistorySettings | None) -> Iterator[Keeping | None]:
    """Open the history for the length of a block; None where none is kept. Raises as `open_store`."""
    if settings is None:
        yield None
        return
    from compliance.nightly import Keeping  # noqa: PLC0415 - heavy import only when used
    from compliance.store import open_store  # noqa: PLC0415 - likewise

    with open_store(settings.store) as store:
        yield Keeping(store, settings.keep_runs, settings.keep_days)
