"""The exceptions that we raise on purpose; anything else that escapes is a bug (exit code 4).

ComplianceError            what, where, why; `remedy` says what to do
├── UsageError             the command line is wrong                          exit 2
├── ConfigurationError     a file of ours is wrong: file, line and key        exit 2
│   ├── CatalogueError     a rule's folder or METADATA breaks the contract
│   └── WaiverFileError    the waiver file cannot be read
├── ToolError              an external program
│   ├── ToolMissing        is not installed
│   ├── ToolTimeout        overran its deadline
│   └── ToolOverflow       printed more than its cap
├── ReadError              a source text cannot be understood (becomes a Gap)
├── ContentError           an image's content is not what it claims to be, or too large (becomes a Gap)
│   └── ContentUnavailable the registry gives no answer, or none in time
│       ├── ContentNotFound  what was asked for is not there
│       └── AccessDenied     the registry wants other credentials
├── ClusterError           an API server does not give what was asked for (becomes a Gap)
├── KeyFileError           a key cannot be read, written or decrypted         exit 2
├── SigningError           a signature cannot be made or stored               exit 3
├── StoreError             the history cannot be read or written              exit 3
│   └── ScopeLocked        another run is at work on the same scope
├── NotificationError      a channel does not take a message                  exit 4
└── EngineError            the engine as a whole is of no use                 exit 3
    └── EvaluationError    one evaluation failed (becomes a Gap)
        └── DeadlineError  it ran past its deadline
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compliance.model import Origin, Span


class ComplianceError(Exception):
    """Root of our errors."""

    def __init__(self, message: str, *, remedy: str = "", origin: Origin | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.origin = origin

    def __str__(self) -> str:
        return f"{self.origin}: {self.message}" if self.origin else self.message


class UsageError(ComplianceError):
    """The command line asks for something that cannot be."""


class ConfigurationError(ComplianceError):
    """A configuration file of ours is wrong."""


class CatalogueError(ConfigurationError):
    """A rule's folder or METADATA breaks the contract."""


class WaiverFileError(ConfigurationError):
    """The waiver file cannot be read at all."""


class ToolError(ComplianceError):
    """An external program could not do its work."""


class ToolMissing(ToolError):  # noqa: N818 - reads as the state it reports
    """The program is not installed."""


class ToolTimeout(ToolError):  # noqa: N818
    """The program ran past its deadline and was ended."""


class ToolOverflow(ToolError):  # noqa: N818
    """The program printed more than its cap and was ended."""


class ReadError(ComplianceError):
    """A source text cannot be understood; `span` is the place in it."""

    def __init__(self, message: str, *, remedy: str = "", span: Span | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.span = span


class ContentError(ComplianceError):
    """An image's content is not what it claims to be, or larger than allowed."""


class ContentUnavailable(ContentError):  # noqa: N818 - reads as the state it reports
    """The registry gives no answer, or none in time."""


class ContentNotFound(ContentUnavailable):
    """What was asked for is not there."""


class AccessDenied(ContentUnavailable):
    """The registry wants other credentials."""


class ClusterError(ComplianceError):
    """An API server does not give what was asked for."""


class KeyFileError(ComplianceError):
    """A key cannot be read, written or decrypted."""


class SigningError(ComplianceError):
    """A signature cannot be made or stored."""


class StoreError(ComplianceError):
    """The history cannot be opened, read or written; what it held before is as it was."""


class ScopeLocked(StoreError):  # noqa: N818 - reads as the state it reports
    """Another run is at work on the same scope."""


class NotificationError(ComplianceError):
    """A channel does not take a message.

    `passing`: the same may well succeed a moment later, after `wait` seconds where the server says so.
    """

    def __init__(self, message: str, *, remedy: str = "", passing: bool = False, wait: float = 0.0) -> None:
        super().__init__(message, remedy=remedy)
        self.passing = passing
        self.wait = wait


class EngineError(ComplianceError):
    """The engine as a whole cannot answer."""


class EvaluationError(EngineError):
    """One evaluation failed."""


class ExhaustedError(EvaluationError):
    """One evaluation used up the memory that it may have."""


class DeadlineError(ExhaustedError):
    """One evaluation ran past its deadline."""
