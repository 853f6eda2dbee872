"""The simple commands of a shell script, well enough to see which programs run with which arguments.

No variable is resolved and no condition decided: a command that might run counts as one that runs. Any text is read
to its end; what no shell would accept just gives odd words. Grammar: POSIX.1-2017, Shell Command Language, 2.3, 2.9.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(
    r"""
      (?P<space>(?:[ \t\r]|\\\r?\n)+)
    | (?P<comment>\#[^\n]*)
    | (?P<redirect>(?:\d+|&)?(?:<<<|<<-?|<>|<&|>>|>&|>\||<(?!\()|>(?!\()))
    | (?P<operator>&&|\|\||;;|\|&|[;&|()\n])
    | (?P<word>(?:
          [^\s'"\\`$;&|<>()]+
        | \\.
        | '[^']*'
        | "(?:[^"\\]|\\.)*"
        | `[^`]*`
        | [$<>]\((?:[^()]|\((?:[^()]|\([^()]*+\))*+\))*+\)
        | \$[$!?#@*-]?
      )+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)""", re.DOTALL)
_ESCAPED_IN_QUOTES = re.compile(r"\\([\"\\$`])|\\\n")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=(.*)", re.DOTALL)
_RESERVED = frozenset({"if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"})
_SUDO = frozenset({"-u", "-g", "-h", "-p", "-C", "-D", "-R", "-r", "-t", "-T", "-U", "--user", "--group", "--host"})
_WRAPPERS = {
    "sudo": _SUDO,
    "env": frozenset({"-u", "--unset", "-C", "--chdir"}),
    "nice": frozenset({"-n"}),
    "exec": frozenset({"-a"}),
    "command": frozenset[str](),
    "nohup": frozenset[str](),
}
_PIPES = frozenset({"|", "|&"})
_MAX_PIPELINE = 8
SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
_SCRIPT_OPTION = re.compile(r"-[a-z]*c[a-z]*")
_OUTPUTS = frozenset({">", ">>", ">|", "1>", "1>>", "&>", "&>>"})
_MAX_NESTING = 2


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """One simple command: `words` without quotes, assignments, redirections and wrappers such as sudo.

    `before` holds the wrappers and reserved words in front of it, `variables` the assignments, `into` the words of the
    commands that its output is piped through.
    `operator` is what ends it (`&&`, `|`, a line break; empty at the end of the script), `output` where its standard
    output is redirected to.
    """

    words: tuple[str, ...]
    text: str
    before: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    into: tuple[tuple[str, ...], ...] = ()
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
    command = _bare(words, " ".join(words))
    return tuple(_with_nested(command, 0)) if command else ()


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
    found: list[ShellCommand] = []
    piped: set[int] = set()
    cases = _Cases()
    while scanner.at < len(script):
        start = scanner.at
        words, end, operator = scanner.read_command()
        if cases.hold_pattern(words, operator):
            continue
        command = _bare(words, " ".join(script[start:end].split()))
        if command:
            found.append(replace(command, operator=operator, output=scanner.output))
        if operator in _PIPES:
            piped.add(len(found) - 1)
    return reversed(list(_with_pipelines(found, piped)))


def _with_pipelines(commands: Sequence[ShellCommand], piped: set[int]) -> Iterator[ShellCommand]:
    """The commands from the last to the first, each with those that its output goes through."""
    into: tuple[tuple[str, ...], ...] = ()
    for index in range(len(commands) - 1, -1, -1):
        following = (commands[index + 1].words, *into) if index in piped and index + 1 < len(commands) else ()
        into = following[:_MAX_PIPELINE]
        yield replace(commands[index], into=into) if into else commands[index]


class _Cases:
    """Tells patterns of `case` from commands: `amd64 | arm64)` is no pipe."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_pattern = False

    def hold_pattern(self, words: list[str], operator: str) -> bool:
        """Whether these words are part of a pattern; of `case x in a` only `case x in` stays in `words`."""
        if self._in_pattern and words[:1] != ["esac"]:
            self._in_pattern = operator != ")"
            return True
        if words[:1] == ["esac"]:
            self._depth = max(0, self._depth - 1)
        starts = words[:1] == ["case"] and "in" in words[2:]
        if starts:
            self._depth += 1
            del words[words.index("in", 2) + 1 :]
        self._in_pattern = operator != ")" if starts else operator == ";;" and self._depth > 0
        return False


class _Scanner:
    """Reads a script command by command; `at` is where the next one starts."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._delimiters: list[str] = []
        self.at = 0
        self.output: str | None = None

    def read_command(self) -> tuple[list[str], int, str]:
        """Read words up to an operator, step over it, and return the words, where they end, and the operator."""
        words: list[str] = []
        redirect, end = "", self.at
        self.output = None
        while match := _TOKEN.match(self._script, self.at):
            self.at = match.end()
            if match.lastgroup == "operator":
                if match[0] == "\n":
                    self._skip_heredocs()
                return words, end, match[0]
            if match.lastgroup == "redirect":
                redirect = match[0]
            elif match.lastgroup == "word" and redirect:
                self._note_redirect(redirect, match[0])
                redirect = ""
            elif match.lastgroup == "word":
                words.append(_unquote(match[0]))
            if match.lastgroup not in {"space", "comment"}:
                end = self.at
        return words, end, ""

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


def assignment(word: str) -> tuple[str, str] | None:
    """Name and value of a word such as `A=1`; None for any other."""
    match = _ASSIGNMENT.fullmatch(word)
    return (match[1], match[2]) if match else None


def _bare(words: Sequence[str], text: str) -> ShellCommand | None:
    """The command from its program on: reserved words, assignments and wrappers with their options stand before it."""
    before: list[str] = []
    variables: list[tuple[str, str]] = []
    valued: frozenset[str] | None = None
    remaining = iter(words)
    for word in remaining:
        assigned = assignment(word)
        if word in _WRAPPERS:
            before.append(word)
            valued = _WRAPPERS[word]
        elif word in _RESERVED:
            before.append(word)
        elif assigned:
            variables.append(assigned)
        elif valued is not None and word.startswith("-"):
            if word in valued:
                next(remaining, None)
        else:
            return ShellCommand((word, *remaining), text, tuple(before), tuple(variables))
    return ShellCommand(("env",), text, tuple(before[:-1]), tuple(variables)) if before[-1:] == ["env"] else None
