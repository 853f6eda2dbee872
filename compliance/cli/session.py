"""A run that may take long: what it says while it works, and what a signal does to it.

A command of that kind begins with `session = context.with_resource(Session("audit", log_format))`. On a terminal it has
a progress bar and its errors are text; elsewhere every line on standard error is an event of `compliance.logs`, the
error that ends a run included. SIGTERM, SIGINT and SIGHUP unwind the run, so that locks are let go and child processes
end; a second signal ends it at once.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

import typer

from compliance import __version__, logs
from compliance.cli.common import print_error
from compliance.cli.judging import progress_bar
from compliance.cli.outcomes import SEE_TRACEBACK, outcome_of
from compliance.errors import UsageError
from compliance.interruptions import interrupt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType, TracebackType

    from compliance.assessing import Progress
    from compliance.cli.outcomes import Outcome
    from compliance.errors import ComplianceError

LogFormatOption = Annotated[
    str,
    typer.Option(
        "--log-format",
        envvar="COMPLIANCE_LOG_FORMAT",
        metavar="auto|json|logfmt|none",
        help="The log on standard error; auto is json, or a progress bar on a terminal.",
    ),
]
CORRELATION_ID: Final = "COMPLIANCE_CORRELATION_ID"
"""An environment variable: the id of a run, given by whoever starts it."""

_SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_OF_SIGNALS: Final = 128
_PROGRESS_EVERY: Final = 10.0


class Stopped(SystemExit):
    """A signal ends the run; the exit code is what shells make of it, 128 and its number."""

    def __init__(self, number: int) -> None:
        super().__init__(_OF_SIGNALS + number)
        self.signal = signal.Signals(number).name


class Session:
    """The run's log, its correlation id and its progress, as a context manager."""

    def __init__(self, command: str, log_format: str, *, stopped: str = "") -> None:
        """Choose where to tell what; `stopped` is what a person should know when a signal has ended the run.

        Raises:
            UsageError: there is no such format, structlog is not installed, or the correlation id is unusable.
        """
        self._command = command
        self._stopped = stopped
        self._form = _form(log_format)
        self._started = time.monotonic()
        self._stack = ExitStack()
        self.correlation_id = logs.correlation_id(os.environ.get(CORRELATION_ID))
        self.log: logs.Log = logs.silent
        if self._form is not None:
            bound = {"correlation_id": self.correlation_id}
            self.log = logs.open_log(self._form, sys.stderr, _clean, **bound)

    def __enter__(self) -> Self:
        self._stack.enter_context(_signals())
        if self._form is not None:
            self._stack.enter_context(logs.Libraries(self.log))
        self.log(f"{self._command}.started", version=__version__, pid=os.getpid())
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._stack.close()
        outcome = outcome_of(error)
        if isinstance(error, Stopped):
            said = f"stopped by {error.signal} before the end{f'; {self._stopped}' if self._stopped else ''}"
            self.tell(f"{self._command}.stopped", [said], level="warning", signal=error.signal)
        if self._form is None:
            return  # errors are told by the boundary of all commands
        if outcome.error is not None:
            self.log("error", level="error", **_fields(outcome, error))
        seconds = round(time.monotonic() - self._started, 3)
        self.log(f"{self._command}.finished", exit_code=int(outcome.code), seconds=seconds)
        if outcome.error is not None:
            raise typer.Exit(int(outcome.code)) from error

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """How far the run has come: a bar, or now and then an event."""
        if self._form is None:
            with progress_bar() as advance:
                yield advance
            return
        rate = logs.Rate(_PROGRESS_EVERY)

        def tell(what: str, done: int, total: int) -> None:
            if rate.is_due():
                self.log(f"{self._command}.progress", what=what, done=done, total=total)

        yield tell

    def complain(self, error: ComplianceError) -> None:
        """Tell an error that does not end the run."""
        if self._form is None:
            print_error(error)
        else:
            self.log("error", level="error", what=error.message, where=error.origin, remedy=error.remedy or None)

    def tell(self, event: str, lines: Sequence[str], *, level: str = "info", **fields: object) -> None:
        """Tell of something: an event with its fields in the log, or, where there is none, lines of text."""
        if self._form is not None:
            self.log(event, level=level, **fields)
            return
        for line in lines:
            typer.echo(line, err=True)


def _form(log_format: str) -> str | None:
    """The format to log in; None where nothing is logged."""
    if log_format in logs.FORMATS:
        return log_format
    if log_format not in {"auto", "none"}:
        known = ", ".join(("auto", *logs.FORMATS, "none"))
        raise UsageError(f"--log-format: there is no format {log_format!r}", remedy=f"use one of {known}")
    if log_format == "none" or sys.stderr.isatty():
        return None
    if logs.is_installed():
        return "json"
    typer.echo("there is no log of this run: structlog is not installed (--log-format none expects that)", err=True)
    return None


def _clean(text: str) -> str:
    from compliance.output.text import one_line  # noqa: PLC0415 - only where a log is wanted
    from compliance.sources.secret_text import masked  # noqa: PLC0415 - likewise

    return masked(one_line(text))


def _fields(outcome: Outcome, error: BaseException | None) -> dict[str, Any]:
    told = outcome.error
    if told is None:
        return {}
    fields: dict[str, Any] = {"what": told.message, "where": told.origin, "remedy": told.remedy or None}
    if outcome.is_ours and os.environ.get(SEE_TRACEBACK):
        fields["traceback"] = "".join(traceback.format_exception(error))
    return fields


@contextmanager
def _signals() -> Iterator[None]:
    """Let signals unwind what is at work; those that are ignored, as under nohup, stay so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    taken = [number for number, handler in before.items() if handler not in {signal.SIG_IGN, None}]
    arrived: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if arrived:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            os._exit(_OF_SIGNALS + number)  # the first process of a container is not ended by its own signal
        arrived.append(number)
        interrupt(Stopped(number))

    try:
        for number in taken:
            signal.signal(number, stop)
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])
