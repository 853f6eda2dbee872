"""What single commands of a RUN, CMD or ENTRYPOINT do that matters: what they hide, trust and allow."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from compliance.sources.dockerfile.trust import certificates_unchecked, signatures_unchecked
from compliance.sources.secret_names import is_secret
from compliance.sources.secret_values import known_format
from compliance.sources.shell import SHELLS, assignment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compliance.sources.shell import ShellCommand

_POSIX_SHELLS = SHELLS | {"busybox"}
_DOWNLOADERS = frozenset({"curl", "wget", "fetch", "aria2c"})
_SOURCING = frozenset({"eval", "source", "."})
_INTERPRETER = re.compile(r"python[\d.]*|perl|ruby|node|php")
_DOWNLOADED = re.compile(r"(?:[$<]\(|`)\s*(?:sudo\s+)?(?:curl|wget)\s")
_CONDITIONS = frozenset({"if", "elif", "while", "until", "!"})
_OCTAL = re.compile(r"[0-7]{3,5}")
_SYMBOLIC = re.compile(r"([ugoa]*)[+=]([rwxXst]*)")
_MODE_OPTION = re.compile(r"(?:-[a-zA-Z]*m|--mode)=?([0-7]{3,5}|[ugoa]*[+=][rwxXst,=+ugoa]+)?")
_DUMMY = re.compile(r".{0,7}|.*(?:dummy|fake|test|example|placeholder|change|build|temp|unused|not[-_ ]|xxx).*")
_MAX_PATHS = 3


def command_facts(commands: Sequence[ShellCommand], *, guarded: bool) -> list[dict[str, Any]]:
    """Facts of commands in their order; `guarded` says that their shell notices a failure inside a pipe."""
    facts = []
    for command in commands:
        guarded = guarded or _asks_for_pipefail(command)
        facts.append(
            {
                "words": list(command.words),
                "text": command.text,
                "before": list(command.before),
                "failure_hidden": bool(command.into) and not guarded and _CONDITIONS.isdisjoint(command.before),
                "runs_download": _runs_download(command),
                "certificates_unchecked": certificates_unchecked(command),
                "signatures_unchecked": signatures_unchecked(command),
                "permission": permission(command),
            }
        )
    return facts


def guards_pipes(shell: Sequence[str]) -> bool:
    """Whether a SHELL notices a failure inside a pipe, or is none that has pipes of POSIX."""
    program = re.split(r"[/\\]", shell[0])[-1].lower() if shell else "sh"
    return program not in _POSIX_SHELLS or "pipefail" in shell


def _asks_for_pipefail(command: ShellCommand) -> bool:
    return (command.program == "set" or command.program in SHELLS) and "pipefail" in command.words


def literal_secrets(commands: Sequence[ShellCommand]) -> list[str]:
    """Names of the variables and options that the commands set to a secret that is written down, and known formats."""
    given = {
        name
        for command in commands
        for name, value in (*_assigned(command), *_options(command))
        if _is_written(name, value)
    }
    known = {found for command in commands if (found := known_format(" ".join(command.words)))}
    return sorted(given | known)


def _options(command: ShellCommand) -> Iterator[tuple[str, str]]:
    """Options that carry their value with them, such as `--password=hunter2`, and the login that curl is given."""
    for option, word in pairwise(command.words):
        if command.program == "curl" and option in {"-u", "--user"} and ":" in word:
            yield f"{option} password", word.partition(":")[2]
    for word in command.words[1:]:
        name, sign, value = word.partition("=")
        if sign and name.startswith("--"):
            yield name, value


def variables_set(commands: Sequence[ShellCommand]) -> dict[str, str]:
    """Variables that the commands set for themselves or for those after them, as written."""
    return {name: value for command in commands for name, value in _assigned(command)}


def _is_written(name: str, value: str) -> bool:
    literal = not any(mark in value for mark in "$`<")
    return literal and is_secret(name, value) and _DUMMY.fullmatch(value.lower()) is None


def _assigned(command: ShellCommand) -> Iterator[tuple[str, str]]:
    yield from command.variables
    if command.program == "export":
        yield from filter(None, map(assignment, command.words[1:]))


def _runs_download(command: ShellCommand) -> bool:
    """Whether what it downloads is run unseen: `curl … | sh`, `bash <(curl …)`, `eval "$(curl …)"`."""
    if command.program in _DOWNLOADERS:
        return any(_reads_program(words) for words in command.into)
    if command.program in SHELLS or command.program in _SOURCING or _INTERPRETER.fullmatch(command.program):
        return any(_DOWNLOADED.match(word) for word in command.words[1:])
    return False


def _reads_program(words: Sequence[str]) -> bool:
    """Whether the words start an interpreter whose program is its standard input."""
    name = words[0].rpartition("/")[2]
    operands = [word for word in words[1:] if not word.startswith("-") or word == "-"]
    if name in SHELLS:
        options = [word for word in words[1:] if re.fullmatch(r"-[a-z]+", word)]
        if any("c" in option for option in options):
            return False
        return not operands or operands[0] in {"-", "/dev/stdin"} or any("s" in option for option in options)
    return _INTERPRETER.fullmatch(name) is not None and (not words[1:] or words[1:2] == ("-",))


def permission(command: ShellCommand) -> dict[str, Any] | None:
    """Facts of the mode that a chmod, install or mkdir gives to files; None when it gives none that can be read."""
    if command.program == "chmod":
        words = [word for word in command.words[1:] if not word.startswith("-")]
        return mode_facts(words[0], words[1:]) if words else None
    if command.program not in {"install", "mkdir"}:
        return None
    for word, following in zip(command.words[1:], (*command.words[2:], ""), strict=False):
        match = _MODE_OPTION.fullmatch(word)
        if match:
            return mode_facts(match[1] or following, command.words[-1:])
    return None


def mode_facts(mode: str, paths: Sequence[str]) -> dict[str, Any] | None:
    """Facts of a mode such as 4755 or u+s,o+w; None when a variable hides it."""
    if _OCTAL.fullmatch(mode):
        bits = int(mode, 8)
        writable, setuid = bool(bits & 0o002) and not bits & 0o1000, bool(bits & 0o4000)
    else:
        clauses = [_SYMBOLIC.fullmatch(clause) for clause in mode.split(",")]
        if None in clauses:
            return None
        pairs = [(match[1], match[2]) for match in clauses if match]
        sticky = any("t" in given for _, given in pairs)
        writable = not sticky and any("w" in given and set("oa") & set(who) for who, given in pairs)
        setuid = any("s" in given and (not who or set("ua") & set(who)) for who, given in pairs)
    return {"mode": mode, "world_writable": writable, "setuid": setuid, "paths": list(paths[:_MAX_PATHS])}
