"""One pipeline of a shell script as words, read without a shell; whatever needs a shell is refused with its place.

Quoting, comments and operators are those of POSIX.1-2017, Shell Command Language, 2.2, 2.3 and 2.10. What a shell would
expand (variables, commands, tildes, braces, file names) is refused: what it becomes depends on the machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NoReturn

from compliance.errors import ReadError
from compliance.model import Span

ALLOWED: Final = (
    "a query is one pipeline without a shell: kubectl get RESOURCE[,RESOURCE...] [NAME] [-n NAMESPACE | -A] "
    "[-l SELECTOR] [--field-selector SELECTOR] -o json | jq 'FILTER' [| jq 'FILTER'...]"
)
MAX_LENGTH: Final = 64 * 1024

_PLAIN: Final = re.compile(r"""[^ \t\n'"\\$`|&;<>()*?\[{}]+""")
_BLANK: Final = re.compile(r"(?:[ \t]|\\\n)+")
_COMMENT: Final = re.compile(r"#[^\n]*")
_OPERATOR: Final = re.compile(r"&&|\|\||\|&|;;|>>|<<-?|<<<|[|&;<>()]")
_EXPANSION: Final = re.compile(r"\$(?:[A-Za-z0-9_@*#?$!({\[-])")
_NAME: Final = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)(?=[ \t\n|]|$)")
_DOUBLE: Final = re.compile(r"""[^"\\$`]+|\\.|\$""", re.DOTALL)
_REFUSED: Final = {
    "||": "runs a second command where the first one fails",
    "&&": "runs a second command",
    ";": "runs a second command",
    ";;": "runs a second command",
    "&": "runs a command in the background",
    "|&": "pipes error messages",
    "(": "starts a subshell",
    ")": "ends a subshell",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its quotes, and where it starts in the script; `variable` marks an unquoted `$NAME`."""

    text: str
    at: int
    variable: bool = False


def read_pipeline(script: str, *, variables: bool = False) -> tuple[tuple[Word, ...], ...]:
    """Read the commands of a pipeline, each with at least one word.

    With `variables` a word may be `$NAME`: the text of a command inside a jq filter, where it is a variable of jq.

    Raises:
        ReadError: it is more than one pipeline, or needs a shell; its span counts in `script`.
    """
    if len(script) > MAX_LENGTH:
        raise ReadError(f"is longer than {MAX_LENGTH} characters", remedy=ALLOWED)
    return _Reader(script, variables=variables).pipeline()


def span_at(script: str, at: int) -> Span:
    """Tell line and column of an offset."""
    return Span(script.count("\n", 0, at) + 1, at - (script.rfind("\n", 0, at) + 1) + 1)


class _Reader:
    """Reads from `_at` onward."""

    def __init__(self, script: str, *, variables: bool) -> None:
        self._script = script
        self._variables = variables
        self._at = 0

    def pipeline(self) -> tuple[tuple[Word, ...], ...]:
        commands = [self._command()]
        while self._rest("|"):
            self._operator("|")
            commands.append(self._command())
        self._gap(lines=True)
        if self._at < len(self._script):
            self._refuse("a second command follows; a query is one pipeline")
        return tuple(commands)

    def _command(self) -> tuple[Word, ...]:
        self._gap(lines=True)
        words = []
        while self._at < len(self._script) and not self._rest("\n"):
            if _OPERATOR.match(self._script, self._at):
                if self._rest("|") and not self._rest("||") and not self._rest("|&"):
                    break
                self._operator("|")
            words.append(self._word())
            self._gap(lines=False)
        if not words:
            self._refuse("a command is missing")
        return tuple(words)

    def _gap(self, *, lines: bool) -> None:
        """Step over blanks and comments, and over line breaks where they end nothing."""
        while match := _BLANK.match(self._script, self._at) or _COMMENT.match(self._script, self._at):
            self._at = match.end()
        if lines and self._rest("\n"):
            self._at += 1
            self._gap(lines=True)

    def _word(self) -> Word:
        start = self._at
        if self._variables and (match := _NAME.match(self._script, start)):
            self._at = match.end()
            return Word(match[0], start, variable=True)
        if self._rest("~"):
            self._refuse("~ stands for a folder that only a shell knows")
        parts = []
        while (part := self._part()) is not None:
            parts.append(part)
        return Word("".join(parts), start)

    def _part(self) -> str | None:
        """The next piece of a word; None where the word ends."""
        match = _PLAIN.match(self._script, self._at)
        if match:
            self._at = match.end()
            return match[0]
        readers = {"'": self._single, '"': self._double, "\\": self._escaped, "$": self._dollar, "`": self._dollar}
        char = self._script[self._at : self._at + 1]
        if char in readers:
            return readers[char]()
        if char and char in "*?[{}":
            self._refuse(f"{char} without quotes is a pattern to a shell")
        return None

    def _single(self) -> str:
        end = self._script.find("'", self._at + 1)
        if end < 0:
            self._refuse("a single quote is never closed")
        text = self._script[self._at + 1 : end]
        self._at = end + 1
        return text

    def _double(self) -> str:
        start, parts = self._at, []
        self._at += 1
        while not self._rest('"'):
            self._check_expansion()
            match = _DOUBLE.match(self._script, self._at)
            if match is None:
                self._at = start
                self._refuse("a double quote is never closed")
            self._at = match.end()
            parts.append(_in_double(match[0]))
        self._at += 1
        return "".join(parts)

    def _escaped(self) -> str:
        escaped = self._script[self._at + 1 : self._at + 2]
        if not escaped:
            self._refuse("a backslash escapes nothing")
        self._at += 2
        return "" if escaped == "\n" else escaped

    def _dollar(self) -> str:
        self._check_expansion()
        if self._script[self._at + 1 : self._at + 2] in {"'", '"'}:
            self._refuse("$ in front of a quote means different things to different shells")
        self._at += 1
        return "$"

    def _check_expansion(self) -> None:
        if self._rest("`") or self._rest("$("):
            self._refuse("what another command prints cannot be put in here")
        if match := _EXPANSION.match(self._script, self._at):
            self._refuse(f"{match[0]} is a variable to a shell", "put jq's filter between single quotes. ")

    def _operator(self, allowed: str) -> None:
        match = _OPERATOR.match(self._script, self._at)
        if match is not None and match[0] == allowed:
            self._at = match.end()
            return
        found = match[0] if match else ""
        self._refuse(f"{found} {_REFUSED.get(found, 'redirects to or from a file')}")

    def _rest(self, text: str) -> bool:
        return self._script.startswith(text, self._at)

    def _refuse(self, why: str, advice: str = "") -> NoReturn:
        raise ReadError(f"needs a shell: {why}", remedy=advice + ALLOWED, span=span_at(self._script, self._at))


def _in_double(piece: str) -> str:
    if not piece.startswith("\\"):
        return piece
    if piece == "\\\n":
        return ""
    return piece[1:] if piece[1:] in {"$", "`", '"', "\\"} else piece
