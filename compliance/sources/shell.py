"""The simple commands of a shell script, well enough to see which programs run with which arguments.

No variable is resolved and no condition decided: a command that might run counts as one that runs. Any text is read
to its end; what no shell would accept just gives odd words. Grammar: POSIX.1-2017, Shell Command Language, 2.3, 2.9.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(
    r"""
      (?P<space>(?:[ \t\r]|\\\r?\n)+)
    | (?P<comment>\#[^\n]*)
    | (?P<redirect>(?:\d+|&)?(?:<<<|<<-?|<>|<&|>>|>&|>\||<|>))
    | (?P<operator>&&|\|\||;;|\|&|[;&|()\n])
    | (?P<word>(?:
          [^\s'"\\`$;&|<>()]+
        | \\.
        | '[^']*'
        | "(?:[^"\\]|\\.)*"
        | `[^`]*`
        | \$\((?:[^()]|\((?:[^()]|\([^()]*+\))*+\))*+\)
        | \$[$!?#@*-]?
      )+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)""", re.DOTALL)
_ESCAPED_IN_QUOTES = re.compile(r"\\([\"\\$`])|\\\n")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=.*", re.DOTALL)
_RESERVED = frozenset({"if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"})
_WRAPPERS = frozenset({"sudo", "env", "exec", "command", "nice", "nohup"})
SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
_SCRIPT_OPTION = re.compile(r"-[a-z]*c[a-z]*")
_OUTPUTS = frozenset({">", ">>", ">|", "1>", "1>>", "&>", "&>>"})
_MAX_NESTING = 2


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """One simple command: `words` without quotes, assignments, redirections and wrappers such as sudo.

    `operator` is what ends it (`&&`, `|`, a line break; empty at the end of the script), `output` where its standard
    output is redirected to.
    """

    words: tuple[str, ...]
    text: str
    operator: str = ""
    output: str | None = None

    @property
    def program(self) -> str:
        """The program's name without its folder."""
        return self.words[0].rpartition("/")[2]


def read_script(script: str, nesting: int = 0) -> tuple[ShellCommand, ...]:
    """The commands of a script in their order, those of a nested `sh -c` included."""
    found: list[ShellCommand] = []
    for command in _commands(script):
        found.extend(_with_nested(command, nesting))
    return tuple(found)


def read_words(words: Sequence[str]) -> tuple[ShellCommand, ...]:
    """The commands of an exec form, which runs one program without a shell."""
    bare = _bare(words)
    return tuple(_with_nested(ShellCommand(bare, " ".join(words)), 0)) if bare else ()


def _with_nested(command: ShellCommand, nesting: int) -> Iterator[ShellCommand]:
    yield command
    if command.program not in SHELLS or nesting >= _MAX_NESTING:
        return
    for option, script in zip(command.words[1:], command.words[2:], strict=False):
        if _SCRIPT_OPTION.fullmatch(option):
            yield from read_script(script, nesting + 1)
            return


def _commands(script: str) -> Iterator[ShellCommand]:
    scanner = _Scanner(script)
    while scanner.at < len(script):
        start = scanner.at
        words, end = scanner.read_command()
        bare = _bare(words)
        if bare:
            yield ShellCommand(bare, " ".join(script[start:end].split()), scanner.operator, scanner.output)


class _Scanner:
    """Reads a script command by command; `at` is where the next one starts."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._delimiters: list[str] = []
        self.at = 0
        self.operator = ""
        self.output: str | None = None

    def read_command(self) -> tuple[list[str], int]:
        """Read words up to an operator, step over it, and return the words and where they end."""
        words: list[str] = []
        redirect, end = "", self.at
        self.operator, self.output = "", None
        while match := _TOKEN.match(self._script, self.at):
            self.at = match.end()
            if match.lastgroup == "operator":
                if match[0] == "\n":
                    self._skip_heredocs()
                self.operator = match[0]
                return words, end
            if match.lastgroup == "redirect":
                redirect = match[0]
            elif match.lastgroup == "word" and redirect:
                self._note_redirect(redirect, match[0])
                redirect = ""
            elif match.lastgroup == "word":
                words.append(_unquote(match[0]))
            if match.lastgroup not in {"space", "comment"}:
                end = self.at
        return words, end

    def _note_redirect(self, redirect: str, word: str) -> None:
        if redirect.lstrip("0123456789") in {"<<", "<<-"}:
            self._delimiters.append(_unquote(word))
        elif redirect in _OUTPUTS:
            self.output = _unquote(word)

    def _skip_heredocs(self) -> None:
        """Step over the here-documents that the line just ended has opened: their lines are no commands."""
        for delimiter in self._delimiters:
            while self.at < len(self._script):
                end = self._script.find("\n", self.at)
                line = self._script[self.at : end if end >= 0 else None]
                self.at += len(line) + 1
                if line.strip("\t\r") == delimiter:
                    break
        self._delimiters.clear()


def _unquote(word: str) -> str:
    return _QUOTED.sub(_plain, word) if "'" in word or '"' in word or "\\" in word else word


def _plain(match: re.Match[str]) -> str:
    single, double, escaped = match.groups()
    if double is not None:
        return _ESCAPED_IN_QUOTES.sub(lambda inner: inner[1] or "", double)
    return single if single is not None else escaped


def _bare(words: Sequence[str]) -> tuple[str, ...]:
    """The words from the program on: reserved words, assignments and wrappers with their options are left out."""
    start, wrapped = 0, False
    while start < len(words):
        word = words[start]
        if word in _WRAPPERS:
            wrapped = True
        elif not (word in _RESERVED or _ASSIGNMENT.fullmatch(word) or (wrapped and word.startswith("-"))):
            break
        start += 1
    return tuple(words[start:]) or (("env",) if words[-1:] == ["env"] else ())
