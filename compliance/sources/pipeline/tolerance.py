"""Whether a shell script goes on when one of its commands fails."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compliance.sources.shell import ShellCommand

_CONDITIONAL = re.compile(r"(?:if|elif|while|until|!)\s")
_PIPEFAIL = re.compile(r"\bset\s+-\w*o\s+pipefail|\bset\s+-o\s+pipefail")
_CODE_READ = re.compile(r"\$\?|\bPIPESTATUS\b")
_MAX_LINE = 100  # commands behind a `||` that are looked at
_IGNORING = frozenset({"true", ":", "echo", "printf"})
_STOPPING = frozenset({"exit", "return", "false"})


def is_tolerated(
    commands: Sequence[ShellCommand], number: int, script: str, *, stops: bool, errexit: bool
) -> bool | None:
    """Whether the failure of a command is ignored; None when what follows may or may not judge it.

    `errexit`: the shell is started so that it stops at an error; `stops`: it does so when it comes to this command.
    """
    command = commands[number]
    if _CONDITIONAL.match(command.text) or command.operator == "&":
        return None
    if command.operator == "||":
        return _after_or(islice(commands, number + 1, number + 1 + _MAX_LINE))
    if command.operator in {"|", "|&"}:
        return False if _holds(_PIPEFAIL, script) else None
    if stops or all(later.operator == "" for later in islice(commands, number, None)):
        return False
    return None if not errexit or _holds(_CODE_READ, script) else True


@lru_cache(maxsize=8)
def _holds(pattern: re.Pattern[str], script: str) -> bool:
    """Asked for each command of a script, but searched for once."""
    return pattern.search(script) is not None


def _after_or(following: Iterable[ShellCommand]) -> bool | None:
    """What `||` leads to, up to the end of the line."""
    line: list[ShellCommand] = []
    for command in following:
        line.append(command)
        if command.operator == "\n":
            break
    if not line:
        return None
    stops = [command for command in line if command.program in _STOPPING]
    if line[0].program == "exit" and line[0].words[1:2] == ("0",):
        return True
    if stops:
        return False if line[0] is stops[0] else None
    return True if line[0].program in _IGNORING else None


def stops_after(command: ShellCommand, *, errexit: bool) -> bool:
    """Whether the shell stops at an error after a command, which may be a `set`."""
    if command.program == "set":
        for word in command.words[1:]:
            if word[:1] in {"-", "+"} and "e" in word[1:] and not word.startswith("--"):
                errexit = word[0] == "-"
    return errexit
