"""The log of a run: what every line holds, what never gets into one, and what a broken stream does."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import warnings
from typing import Any

import pytest

from compliance import logs
from compliance.errors import UsageError


def _clean(text: str) -> str:
    return text.replace("hunter2", "***")


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_of_json_has_time_level_name_and_id_first() -> None:
    stream = io.StringIO()
    log = logs.open_log("json", stream, _clean, correlation_id="a")

    log("cluster.read", objects=3, version=None, about="prod")

    (line,) = _lines(stream)
    assert list(line) == ["timestamp", "level", "event", "correlation_id", "objects", "version", "about"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line.pop("timestamp"))
    assert line == {
        "level": "info",
        "event": "cluster.read",
        "correlation_id": "a",
        "objects": 3,
        "version": None,
        "about": "prod",
    }


def test_a_line_of_logfmt_is_quoted_where_it_must_be() -> None:
    stream = io.StringIO()
    log = logs.open_log("logfmt", stream, _clean, correlation_id="a")

    log("gap", level="warning", why='it "fails"', known=True)

    line = stream.getvalue().partition(" ")[2]
    assert line == 'level=warning event=gap correlation_id=a why="it \\"fails\\"" known=true\n'


def test_texts_are_cleaned_and_bounded() -> None:
    stream = io.StringIO()
    log = logs.open_log("json", stream, _clean)

    log("error", what="password hunter2", where="x" * 10_000, name="\udcff")

    (line,) = _lines(stream)
    assert line["what"] == "password ***"
    assert len(line["where"]) == 4001
    assert line["name"] == "\\udcff"


class _Full(io.StringIO):
    def write(self, _text: str, /) -> int:
        raise OSError(28, "No space left on device")


def test_a_stream_that_breaks_ends_the_log_and_not_the_run() -> None:
    log = logs.open_log("json", _Full(), _clean)

    log("a")
    log("b")


def test_what_libraries_log_and_warn_of_becomes_a_line() -> None:
    stream = io.StringIO()
    log = logs.open_log("json", stream, _clean)

    with logs.Libraries(log), warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.getLogger("urllib3").warning("pool is %s", "full")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    logging.getLogger("urllib3").warning("not ours")

    first, second = _lines(stream)
    assert (first["event"], first["library"], first["what"]) == ("library", "urllib3", "pool is full")
    assert second["library"] == "py.warnings"


def test_a_new_id_is_a_new_one() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", logs.correlation_id())
    assert logs.correlation_id() != logs.correlation_id("")


def test_a_given_id_is_kept() -> None:
    assert logs.correlation_id("00-4bf92f35-01") == "00-4bf92f35-01"


@pytest.mark.parametrize("given", ["a b", "a\nb", "(a)", "é", "-a", "a" * 65])
def test_an_id_that_could_break_a_header_or_line_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="unusable"):
        logs.correlation_id(given)


def test_without_structlog_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "structlog", None)

    with pytest.raises(UsageError, match="structlog") as raised:
        logs.open_log("json", io.StringIO(), _clean)

    assert "[audit]" in raised.value.remedy
    assert not logs.is_installed()


def test_a_rate_lets_one_through_in_its_time() -> None:
    slow, quick = logs.Rate(3600), logs.Rate(0)

    assert [slow.is_due() for _ in range(3)] == [True, False, False]
    assert [quick.is_due() for _ in range(3)] == [True, True, True]
