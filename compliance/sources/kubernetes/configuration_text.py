r"""The texts that ConfigMaps and Secrets hold: their format by the key's suffix, what is wrong, and what they set.

A program may fill a template before it reads it, so a text that does not parse is an error only where nothing in it
looks like a template. YAML is read as events, which neither expands aliases nor nests calls; Java's properties allow
almost everything (java.util.Properties: only a `\u` without four digits is refused).
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from compliance.sources.kubernetes.yaml.syntax import syntax_error

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PARSED: Final = 256 * 1024
"""Characters of a text up to which it is parsed."""

_MAX_SETTINGS: Final = 20_000
_FORMATS: Final = {
    "properties": "properties",
    "json": "json",
    "yaml": "yaml",
    "yml": "yaml",
    "toml": "toml",
    "env": "env",
    "ini": "ini",
    "cfg": "ini",
    "xml": "xml",
}
_TEMPLATE: Final = re.compile(
    r"\{\{|\{%|\$\{|\$\(|\(\(|\[\[|<%|%%|@@|%\(|(?m:^\s*%)"
    r"|\$[A-Za-z_]|%[A-Za-z_]\w*%|@[A-Z_]+@|__[A-Z]|<[A-Za-z_][\w -]*>"
)
_JSON_COMMENT: Final = re.compile(r"^\s*(?://|/\*|#)|,\s*(?://|/\*)|,\s*[}\]]", re.MULTILINE)
_BAD_ESCAPE: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u(?![0-9A-Fa-f]{4})")
_LINE: Final = re.compile(r"line (\d+)")
_SETTING: Final = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]{0,127})[ \t]*[=:][ \t]*(\S.{0,4095})$", re.MULTILINE
)
_ASSIGNMENT: Final = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w{0,127})=(\"[^\"\n]*\"|'[^'\n]*'|[^\s;&|]{1,4096})", re.MULTILINE
)
_MULTIPLE_ROOTS: Final = "\n{"


class Problem(NamedTuple):
    """Why a text cannot be parsed, in words without any of its values, and the line (from 1) where it is known."""

    message: str
    line: int | None


def format_of(key: str) -> str:
    """The format that a key's suffix announces; `text` for every other."""
    suffix = key.rpartition(".")[2].lower() if "." in key else ""
    return _FORMATS.get(suffix, "text")


def problem(format_: str, text: str) -> Problem | None:
    """What keeps a text from being parsed in its format; None when it parses, is too long, or may be a template."""
    check = _CHECKS.get(format_)
    if check is None or len(text) > MAX_PARSED:
        return None
    found = check(text.removeprefix("\ufeff"))
    return None if found is not None and _TEMPLATE.search(text) else found


def settings(format_: str, text: str) -> Iterator[tuple[str, str]]:
    """The settings of a text: names, with the dotted way to them left out, and the texts that they are set to."""
    if len(text) > MAX_PARSED:
        return
    read = _READERS.get(format_)
    found = iter(()) if read is None else read(text)
    for _, setting in zip(range(_MAX_SETTINGS), found, strict=False):
        yield setting


def _json_problem(text: str) -> Problem | None:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if not text.strip():
            return Problem("is empty, which is no JSON", None)
        if _JSON_COMMENT.search(text) or _MULTIPLE_ROOTS in text:
            return None  # JSON with comments, or one object a line: other programs' dialects
        return Problem(f"is no JSON: {error.msg.partition(':')[0]}", error.lineno)
    except UnicodeEncodeError:
        return Problem("is no JSON: a lone surrogate", None)
    return None


def _toml_problem(text: str) -> Problem | None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        line = _LINE.search(said)
        return Problem(f"is no TOML: {_lowered(said.partition(' (at')[0])}", int(line[1]) if line else None)
    except RecursionError:
        return None
    return None


def _yaml_problem(text: str) -> Problem | None:
    if (error := syntax_error(text)) is None:
        return None
    return Problem(f"is no YAML: {error.message}", error.span.line if error.span else None)


def _properties_problem(text: str) -> Problem | None:
    for number, line in enumerate(text.splitlines(), 1):
        if "\\u" in line and not line.lstrip().startswith(("#", "!")) and _BAD_ESCAPE.search(line):
            return Problem("is no properties file: \\u without four hexadecimal digits", number)
    return None


_CHECKS: Final = {
    "json": _json_problem,
    "yaml": _yaml_problem,
    "toml": _toml_problem,
    "properties": _properties_problem,
}


def _lowered(said: str) -> str:
    return said[:1].lower() + said[1:]


def _json_settings(text: str) -> Iterator[tuple[str, str]]:
    try:
        waiting: list[tuple[str, Any]] = [("", orjson.loads(text))]
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return
    yield from _leaves(waiting)


def _toml_settings(text: str) -> Iterator[tuple[str, str]]:
    try:
        waiting: list[tuple[str, Any]] = [("", tomllib.loads(text))]
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    yield from _leaves(waiting)


def _leaves(waiting: list[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif isinstance(value, list):
            waiting.extend((name, item) for item in value)
        elif isinstance(value, str):
            yield name, value


def _line_settings(text: str) -> Iterator[tuple[str, str]]:
    """`name = value` and `name: value`; a comment behind the value is not part of it."""
    for name, value in _SETTING.findall(text):
        yield name, value.partition(" #")[0].strip()


def _assignments(text: str) -> Iterator[tuple[str, str]]:
    """`NAME=value` at the beginning of a line, as in files for a shell; whatever else a text means is not known."""
    yield from _ASSIGNMENT.findall(text)


_READERS: Final = {
    "json": _json_settings,
    "toml": _toml_settings,
    "yaml": _line_settings,
    "properties": _line_settings,
    "env": _line_settings,
    "ini": _line_settings,
    "text": _assignments,
}
