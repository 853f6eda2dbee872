"""Text that others wrote, made safe to show: names and messages come from the files that are judged.

Manifests arrive in pull requests from strangers, so a name may hold terminal escapes, line breaks that forge a line of
our output, right-to-left overrides that make text read as something else, or a command for the CI runner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TERMINAL_ESCAPE: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC and its like: titles, links
    r"|\x1b[ -/]*[0-~]"
)
_SPACE: Final = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROL_IN_LINES: Final = re.compile(_CONTROL.pattern.replace(r"\x00-\x1f", r"\x00-\x08\x0b-\x1f"))
_RUNNER_COMMAND: Final = re.compile(r":(?=:[A-Za-z][\w-]*(?:\s[^\n]*)?::)|#(?=#\w*\[)")
_XML_ILLEGAL: Final = re.compile("[^\\t\\n\\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CODE_SPAN: Final = re.compile(r"`([^`\n]+)`")
_SENTENCE_END: Final = re.compile(r"(?<=[.?!:]) (?=[A-Z`])")
_FENCE: Final = re.compile(r"^ {0,3}(```+|~~~+)")


def one_line(text: str) -> str:
    """`text` on one line, without terminal escapes, control characters and direction overrides."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub("", _SPACE.sub(" ", _TERMINAL_ESCAPE.sub("", text)))


def lines(text: str) -> str:
    """The same for text of several lines, which stay as they are; so do tabs."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL_IN_LINES.sub("", _TERMINAL_ESCAPE.sub("", text.replace("\r\n", "\n")))


def for_terminal(text: str) -> str:
    """`one_line`, and nothing in it that a CI runner would take for a command (`::error::`, `##vso[`)."""
    return _RUNNER_COMMAND.sub(r"\g<0> ", one_line(text))


def for_xml(text: str) -> str:
    """`text` with every character that XML 1.0 cannot hold (its section 2.2) replaced by U+FFFD."""
    return _XML_ILLEGAL.sub("\ufffd", text)


def without_surrogates(text: str) -> str:
    """`text` as UTF-8 can hold it: lone surrogates, as in a name that was not UTF-8 on disk, become escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a remedy, or a snippet of code in it."""

    is_code: bool
    text: str


def blocks(markdown: str) -> tuple[Block, ...]:
    """Split a remedy at its code fences; everything else of Markdown stays as it was typed."""
    found: list[Block] = []
    pending: list[str] = []
    fence: str | None = None
    for line in markdown.splitlines():
        match = _FENCE.match(line)
        opens = match is not None and fence is None
        closes = match is not None and fence is not None and match[1].startswith(fence)
        if opens or closes or (fence is None and not line.strip()):
            _close(found, pending, is_code=fence is not None)
            fence = match[1] if opens and match else None
        else:
            pending.append(line)
    _close(found, pending, is_code=fence is not None)
    return tuple(found)


def _close(found: list[Block], pending: list[str], *, is_code: bool) -> None:
    if pending:
        found.append(Block(is_code, "\n".join(pending)))
        pending.clear()


def spans(text: str) -> tuple[tuple[bool, str], ...]:
    """Split a paragraph at its backticks: what is code, and what is not."""
    return tuple((bool(number % 2), part) for number, part in enumerate(_CODE_SPAN.split(text)) if part)


def first_sentence(markdown: str) -> str:
    """The first sentence of a remedy that is no code: what fits beside a finding, however its lines are broken."""
    prose = next((one_line(block.text) for block in blocks(markdown) if not block.is_code), "")
    return _SENTENCE_END.split(prose.strip(), maxsplit=1)[0].rstrip(":")
