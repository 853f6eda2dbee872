"""What a run that nobody watches says of itself: an event a line, as JSON or logfmt. The only door to structlog.

Every line has `timestamp` (RFC 3339, UTC), `level`, `event` (a stable name) and `correlation_id`, one for each run, by
which its lines are found among others' and its requests in an API server's audit log.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TextIO

import orjson

from compliance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping
    from typing import Self

FORMATS: Final = ("json", "logfmt")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_MOST_TEXT: Final = 4000
_FIRST: Final = ("timestamp", "level", "event", "correlation_id")
_EXTRA: Final = "pip install 'immutable-compliance[audit]'"


class Log(Protocol):
    """Takes events: a stable name such as `cluster.read`, a level, and fields that are texts, numbers or None."""

    def __call__(self, event: str, /, *, level: str = "info", **fields: object) -> None:
        """Tell an event; never raises."""


def silent(_event: str, /, *, level: str = "info", **_fields: object) -> None:
    """Tell nobody."""
    del level


def correlation_id(given: str | None = None) -> str:
    """The id of a run: the one that whoever started us has given, else a new one.

    Raises:
        UsageError: it is not of 1 to 64 letters, digits and `._:-`, the first a letter or digit.
    """
    if not given:
        return uuid.uuid4().hex
    if not _ID.fullmatch(given):
        raise UsageError("the correlation id is unusable", remedy="use 1 to 64 letters, digits and . _ : -")
    return given


def is_installed() -> bool:
    """Whether structlog is there, which the extra `audit` brings."""
    try:
        import structlog  # noqa: F401, PLC0415 - only whether it can be had
    except ImportError:
        return False
    return True


def open_log(form: str, stream: TextIO, clean: Callable[[str], str], **bound: Any) -> Log:  # noqa: ANN401 - fields of any kind
    """A log in one of `FORMATS`; every text passes `clean`, and `bound` fields are in every line.

    Raises:
        UsageError: structlog is not installed.
    """
    try:
        import structlog  # noqa: PLC0415 - only where a log is wanted
    except ImportError:
        raise UsageError("a structured log needs the package structlog", remedy=_EXTRA) from None
    render: Any = _json if form == "json" else structlog.processors.LogfmtRenderer(bool_as_flag=False)
    logger = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            lambda _logger, _level, fields: _ordered(fields, clean),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
        **bound,
    )
    return _Written(logger)


class _Written:
    """A log on a stream; when whoever reads it has gone, or the disk is full, the run goes on without it."""

    def __init__(self, logger: Any) -> None:  # noqa: ANN401 - structlog's loggers are what their processors make them
        self._logger = logger
        self._is_broken = False

    def __call__(self, event: str, /, *, level: str = "info", **fields: object) -> None:
        if self._is_broken:
            return
        try:
            getattr(self._logger, level)(event, **fields)
        except OSError:
            self._is_broken = True


def _ordered(fields: MutableMapping[str, Any], clean: Callable[[str], str]) -> dict[str, Any]:
    """What tells one line from another first, then the rest as it was given."""
    keys = [*_FIRST, *(key for key in fields if key not in _FIRST)]
    return {key: _shown(fields[key], clean) for key in keys if key in fields}


def _shown(value: object, clean: Callable[[str], str]) -> object:
    """A number, or a text that is clean and within bounds."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = clean(str(value)).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"


def _json(_logger: object, _level: str, fields: Mapping[str, Any]) -> str:
    return orjson.dumps(fields).decode()


@dataclass(slots=True)
class Rate:
    """Lets something through at most every `every` seconds."""

    every: float
    _next: float = 0.0

    def is_due(self) -> bool:
        """Whether it is time; then it is time again when `every` seconds have passed."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self.every
        return True


class Libraries(logging.Handler):
    """While a block lasts, what libraries log or warn of goes into our log, and not beside it as plain text."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Take in one message."""
        level = "error" if record.levelno >= logging.ERROR else "warning"
        self._log("library", level=level, library=record.name, what=record.getMessage())

    def __enter__(self) -> Self:
        logging.captureWarnings(capture=True)
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
        logging.captureWarnings(capture=False)
