"""The options of `compliance audit` about drift: what it is compared with, and who worked inside of containers."""

from __future__ import annotations

import hashlib
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import typer

from compliance.errors import UsageError
from compliance.model import Input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from compliance.assessing import Run
    from compliance.cluster_drift.against import Against
    from compliance.cluster_drift.opening import Given
    from compliance.cluster_scan import Request
    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.companion import Companion
    from compliance.sources.drift.audit_log import AuditLog

_STDIN: Final = "-"

AgainstOption = Annotated[
    str | None,
    typer.Option(
        metavar="PATH|GIT_URL@REF|release",
        help="Compare with what is declared there: manifests, charts, overlays. A folder of a repository: "
        "URL//FOLDER@REF. `release`: what Helm's records in each cluster say is deployed there.",
    ),
]
AuditLogOption = Annotated[
    list[str] | None,
    typer.Option(
        "--audit-log",
        metavar="FILE",
        help="The API server's audit log (JSON lines), which says who worked inside of containers; "
        "- is standard input. Repeatable.",
    ),
]
HelmValuesOption = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", exists=True, help="Values for Helm charts of --against. Repeatable."),
]
WithDryRunsOption = Annotated[
    bool,
    typer.Option(
        "--with-dry-runs",
        help="With --print-rbac and --against: also the right to ask the API server what applying would change, "
        "which is `patch`.",
    ),
]


@dataclass(frozen=True, slots=True)
class DriftOptions:
    """The options as they were given."""

    against: str | None = None
    audit_logs: tuple[str, ...] = ()
    helm_values: tuple[Path, ...] = ()


@contextmanager
def with_drift(request: Request, options: DriftOptions) -> Iterator[Request]:
    """The request with drift looked for beside the rest, as far as it is turned on and can be.

    Raises:
        UsageError: an option makes no sense, or a file cannot be read.
        ConfigurationError: the section `drift` cannot be followed.
    """
    from compliance.cluster_drift import opening  # noqa: PLC0415 - heavy import only when used

    _check(request, options)
    log = _audit_log(options.audit_logs)
    against = _against(request, options)
    given = opening.Given(request.selection, against.declared, None if log is None else log.log.sessions)
    run = opening.without_blind_rules(request.run, given)
    gaps = (*against.gaps, *(() if log is None else log.log.gaps))
    inputs = (*against.inputs, *(() if log is None else log.inputs))
    request = replace(request, run=run, gaps=gaps, inputs=inputs)
    with ExitStack() as stack:
        if opening.is_wanted(run):
            companions = stack.enter_context(_companions(run, given))
            request = replace(request, companions=companions)
        yield request


def _check(request: Request, options: DriftOptions) -> None:
    given = "--against" if options.against is not None else "--audit-log" if options.audit_logs else None
    if given is not None and not request.run.config.drift.enabled:
        raise UsageError(f"{given} is about drift, which is turned off", remedy="turn it on: drift: {enabled: true}")
    if options.audit_logs and len(request.accesses) > 1:
        raise UsageError("an audit log is of one cluster", remedy="give it one --context")
    if options.helm_values and options.against is None:
        raise UsageError("--helm-values is about the charts of --against", remedy="name them with --against")


@contextmanager
def _companions(run: Run, given: Given) -> Iterator[Callable[[Client], Sequence[Companion]]]:
    from compliance.cli.image_options import access  # noqa: PLC0415 - heavy import only when used
    from compliance.cluster_drift import opening  # noqa: PLC0415 - likewise

    with opening.companions(run, given, access(run.config.images, None, None)) as made:
        yield made


def _against(request: Request, options: DriftOptions) -> Against:
    from compliance.cluster_drift.against import Against, read_against  # noqa: PLC0415 - heavy import only when used
    from compliance.cluster_drift.declared import Reading  # noqa: PLC0415 - likewise
    from compliance.sources.kubernetes.schema import KubernetesSchemas  # noqa: PLC0415 - likewise

    if options.against is None:
        return Against()
    config = request.run.config
    how = Reading(KubernetesSchemas(config.kubernetes_version), options.helm_values, config.exclude, config.folder)
    return read_against(options.against, how, request.selection.namespaces)


@dataclass(frozen=True, slots=True)
class _ReadLog:
    log: AuditLog
    inputs: tuple[Input, ...]


def _audit_log(files: Sequence[str]) -> _ReadLog | None:
    from compliance.sources.drift.audit_log import read_audit_logs  # noqa: PLC0415 - heavy import only when used

    if not files:
        return None
    if len(set(files)) < len(files):
        raise UsageError("--audit-log names a file twice")
    digests: list[_Digested] = []
    log = read_audit_logs(_opened(files, digests))
    inputs = [Input(one.name, "audit log", one.sha256.hexdigest(), one.lines) for one in digests]
    return _ReadLog(log, tuple(inputs))


def _opened(files: Iterable[str], digests: list[_Digested]) -> Iterator[tuple[_Digested, str]]:
    for file in files:
        name = "standard input" if file == _STDIN else file
        try:
            with ExitStack() as stack:
                stream = sys.stdin.buffer if file == _STDIN else stack.enter_context(Path(file).open("rb"))
                digests.append(_Digested(stream, name))
                yield digests[-1], name
        except OSError as error:
            raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError) -> UsageError:
    return UsageError(f"--audit-log: {name} cannot be read: {error.strerror or error}")


class _Digested:
    """A stream whose digest is known when it has been read."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self.name = name
        self.sha256 = hashlib.sha256()
        self.lines = 0

    def readline(self, limit: int, /) -> bytes:
        """As a stream's."""
        try:
            piece = self._stream.readline(limit)
        except OSError as error:
            raise _unreadable(self.name, error) from error
        self.sha256.update(piece)
        self.lines += piece.endswith(b"\n")
        return piece
