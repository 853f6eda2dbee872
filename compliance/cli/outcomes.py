"""How a command ends that something stopped: its exit code, and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import typer

from compliance.errors import (
    ClusterError,
    ComplianceError,
    ConfigurationError,
    ContentError,
    EngineError,
    KeyFileError,
    ReadError,
    SigningError,
    StoreError,
    ToolError,
    UsageError,
)
from compliance.model import ExitCode

SEE_TRACEBACK: Final = "COMPLIANCE_TRACEBACK"
"""An environment variable; set, it shows the traceback of an internal error."""
INTERRUPTED: Final = 130
NOBODY_READS: Final = 141
_NOT_JUDGED: Final = (
    ClusterError,
    ContentError,
    EngineError,
    ReadError,
    SigningError,
    StoreError,
    ToolError,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An exit code with the error that led to it, if there is one to tell; `is_ours`: it is a fault of this program."""

    code: int
    error: ComplianceError | None = None
    is_ours: bool = False


def outcome_of(error: BaseException | None) -> Outcome:
    """What an exception that left a command comes to; None is a command that ran to its end."""
    if error is None:
        return Outcome(ExitCode.CLEAN)
    if isinstance(error, ComplianceError):
        return Outcome(exit_code_of(error), error)
    if isinstance(error, typer.Exit | SystemExit | KeyboardInterrupt | BrokenPipeError):
        return Outcome(_asked_for(error))
    # A file that the user named cannot be read or written; without a file's name, something of ours went wrong.
    if isinstance(error, OSError) and error.filename is not None:
        return Outcome(ExitCode.USAGE, UsageError(f"{error.filename}: {error.strerror}"))
    return Outcome(ExitCode.FAILED, _confession(error), is_ours=True)


def _asked_for(stop: typer.Exit | SystemExit | KeyboardInterrupt | BrokenPipeError) -> int:
    """The exit code of an end that is no error."""
    if isinstance(stop, typer.Exit):
        return stop.exit_code
    if isinstance(stop, SystemExit):
        return int(stop.code or 0)
    return INTERRUPTED if isinstance(stop, KeyboardInterrupt) else NOBODY_READS


def exit_code_of(error: ComplianceError) -> ExitCode:
    """Say how a command ends that stopped with this error."""
    if isinstance(error, UsageError | ConfigurationError | KeyFileError):
        return ExitCode.USAGE
    if isinstance(error, _NOT_JUDGED):
        return ExitCode.NOT_JUDGED
    return ExitCode.FAILED


def _confession(error: BaseException) -> ComplianceError:
    what = f"internal error: {type(error).__name__}: {error}".splitlines()[0]
    return ComplianceError(what, remedy=f"please report it; set {SEE_TRACEBACK}=1 for details")
