"""The command line. Each command has a module of its own; this one lists them and is the only error boundary."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from compliance import __version__
from compliance.cli.common import LazyCommand, application, print_error
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

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final = {
    "scan": ("compliance.cli.scan:scan_command", "Judge manifests, charts, Dockerfiles, Terraform and pipelines."),
    "verify": ("compliance.cli.verify:verify_command", "Verify who signed an image, and what is attested of it."),
    "sign": ("compliance.cli.sign:sign_command", "Sign an image's digest, with a key or an identity."),
    "attest": ("compliance.cli.attest:attest_command", "Sign a statement about an image: tests, scans, provenance."),
    "keys": ("compliance.cli.keys:app", "Make keys that cosign can use too."),
    "image": ("compliance.cli.image:image_command", "Judge images where they are kept: scans, signatures, content."),
    "audit": ("compliance.cli.audit:audit_command", "Judge what runs in live clusters."),
    "notify": ("compliance.cli.notify:app", "Try the channels that audits tell of new findings."),
    "waivers": ("compliance.cli.waivers:app", "Audit accepted risks, and add one."),
    "rules": ("compliance.cli.rules:app", "Look up rules, and write, test and build your own."),
}
"""Name: where the command is, and what the list of commands says about it."""

_NOT_JUDGED: Final = (
    ClusterError,
    ContentError,
    EngineError,
    ReadError,
    SigningError,
    StoreError,
    ToolError,
)
_INTERRUPTED: Final = 130
_NOBODY_READS: Final = 141
_SEE_TRACEBACK: Final = "COMPLIANCE_TRACEBACK"
"""An environment variable; set, it shows the traceback of an internal error."""


class _Commands(TyperGroup):
    """The top level: `COMMANDS`, each imported when it is used."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - typer passes its own settings through
        super().__init__(**settings)
        for name, (door, description) in COMMANDS.items():
            self.add_command(LazyCommand(name, door, description))


app = application("Judge images, manifests and clusters by rules, and say what could not be judged.", cls=_Commands)


def show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    """Answer `--version`."""
    if wanted:
        typer.echo(f"compliance {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process: 0 clean, 1 refused, 2 usage, 3 not judged, 4 our own failure."""
    end(app, "compliance", arguments)


def end(commands: typer.Typer, program: str, arguments: Sequence[str] | None) -> NoReturn:
    """Run one of our programs and end the process as `main` does."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_flushed(_run(commands, program, arguments)))


def _run(commands: typer.Typer, program: str, arguments: Sequence[str] | None) -> int:
    # A command makes many small values and few circles, and ends soon: Python's default would look for circles in the
    # growing heap over and over, which is a fifth of a scan's time.
    gc.set_threshold(1_000_000, 20, 100)
    try:
        get_command(commands).main(arguments, prog_name=program)
    except SystemExit as stop:
        # typer ends with 1 when nobody reads our output any more; to us, 1 means that the gate refused.
        closed = isinstance(stop.__context__, BrokenPipeError)
        return _NOBODY_READS if closed else int(stop.code or 0)
    except ComplianceError as error:
        print_error(error)
        return exit_code_of(error)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        return _refused_by_system(error)
    except Exception as error:  # noqa: BLE001 - the one boundary: a user never sees a traceback unasked
        _confess(error)
        return ExitCode.FAILED
    return ExitCode.CLEAN


def exit_code_of(error: ComplianceError) -> ExitCode:
    """Say how a command ends that stopped with this error."""
    if isinstance(error, UsageError | ConfigurationError | KeyFileError):
        return ExitCode.USAGE
    if isinstance(error, _NOT_JUDGED):
        return ExitCode.NOT_JUDGED
    return ExitCode.FAILED


def _refused_by_system(error: OSError) -> int:
    """A file that the user named cannot be read or written; without a file's name, something of ours went wrong."""
    if error.filename is None:
        _confess(error)
        return ExitCode.FAILED
    print_error(UsageError(f"{error.filename}: {error.strerror}"))
    return ExitCode.USAGE


def _confess(error: Exception) -> None:
    if os.environ.get(_SEE_TRACEBACK):
        import traceback  # noqa: PLC0415 - only when asked for

        traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    typer.echo(f"internal error: {what}; please report it; set {_SEE_TRACEBACK}=1 for details", err=True)


def _flushed(code: int) -> int:
    """Write out what is still buffered; a reader that has gone is no error of ours, and deserves no traceback."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
    return code
