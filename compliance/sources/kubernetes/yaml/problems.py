"""What is wrong with a text, in words that help: libyaml's own, the place, and a remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from yaml import MarkedYAMLError

from compliance.errors import ReadError
from compliance.model import Span

if TYPE_CHECKING:
    from yaml import YAMLError
    from yaml._yaml import Mark as CMark
    from yaml.error import Mark

    AnyMark = Mark | CMark

LINE_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
BYTE_ORDER_MARK: Final = "\ufeff"
_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    f"|(?:\\A|(?<=[\n\r\x85\u2028\u2029])){BYTE_ORDER_MARK}"
)

_LOOK_AHEAD: Final = 200
_TABS: Final = "YAML does not allow tabs for indentation: use spaces"
_TEMPLATE: Final = "this looks like a template: render it first (for a Helm chart, scan the chart's folder)"
_QUOTES: Final = "put the value in quotes"
_INDENTATION: Final = "check the indentation of this line and of the one above it"
_REMEDIES: Final = (
    ("found a tab character", _TABS),
    ("found unexpected end of stream", "close the quote that is opened here"),
    ("found unexpected document indicator", "close the quote that is opened here"),
    ("could not find expected ':'", "check for a missing colon, and the indentation"),
    ("mapping values are not allowed", "put a value that contains ': ' in quotes, and check the indentation"),
    ("did not find expected ',' or", "close the bracket, or put the value in quotes"),
    ("did not find expected <document start>", "put '---' on a line of its own between documents"),
    ("cannot start any token", "put a value that begins with '@', '`' or '%' in quotes"),
    ("found unknown escape character", "write a backslash twice, or use single quotes"),
    ("invalid Unicode character escape", "write the character itself: YAML knows no pairs of surrogates"),
    ("undefined tag handle", "leave the tag out: Kubernetes ignores it"),
)


def refused(mark: AnyMark | None, line: int, message: str, remedy: str) -> ReadError:
    """An objection of ours at a mark of a text whose first line is line number `line` of the stream."""
    return ReadError(message, remedy=remedy, span=_span(mark, line))


def explained(error: YAMLError | UnicodeEncodeError, text: str, line: int) -> ReadError:
    """What libyaml objects to in `text`, whose first line is line number `line` of the stream."""
    if not isinstance(error, MarkedYAMLError):
        return unreadable(text, line) or ReadError(str(error), remedy=_INDENTATION, span=Span(line))
    problem = error.problem or "is no YAML"
    unclosed = "unexpected end of stream" in problem or "unexpected document indicator" in problem
    mark = (unclosed and error.context_mark) or error.problem_mark or error.context_mark
    context = f" {error.context}" if error.context else ""
    if context and error.context_mark and mark and error.context_mark.line < mark.line:
        context += f" that begins in line {line + error.context_mark.line}"
    return ReadError(f"{problem}{context}", remedy=_remedy(problem, mark, text), span=_span(mark, line))


def unreadable(text: str, line: int) -> ReadError | None:
    """The first character that is not allowed where it is, if there is one.

    A byte order mark at the start of a line (files joined together have one) is nothing to libyaml, text to Kubernetes.
    """
    match = _FORBIDDEN.search(text)
    if match is None:
        return None
    breaks = list(LINE_BREAK.finditer(text, 0, match.start()))
    span = Span(line + len(breaks), match.start() - (breaks[-1].end() if breaks else 0) + 1)
    if "\udc80" <= match[0] <= "\udcff":
        return ReadError(f"byte {ord(match[0]) - 0xDC00:#04x} is not UTF-8", remedy="save the file as UTF-8", span=span)
    if match[0] == BYTE_ORDER_MARK:
        return ReadError("has a byte order mark inside the text", remedy="remove the character U+FEFF", span=span)
    remedy = "remove it, or write it as an escape in double quotes"
    return ReadError(f"character U+{ord(match[0]):04X} is not allowed in YAML", remedy=remedy, span=span)


def _span(mark: AnyMark | None, line: int) -> Span:
    return Span(line + mark.line, mark.column + 1) if mark else Span(line)


def _remedy(problem: str, mark: AnyMark | None, text: str) -> str:
    index = mark.index if mark else 0
    before = text[text.rfind("\n", 0, index) + 1 : index + 1]
    after = text[index : index + _LOOK_AHEAD].partition("\n")[0]
    if any(opening in before or opening in after for opening in ("{{", "{%")):
        return _TEMPLATE
    if before.lstrip(" ").startswith("\t"):
        return _TABS
    return next((remedy for part, remedy in _REMEDIES if part in problem), _INDENTATION)
