"""What a RUN instruction asks of package managers, and what these leave behind in its layer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compliance.sources.dockerfile.managers import MANAGERS, PIP
from compliance.sources.secret_names import without_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.sources.dockerfile.managers import Manager
    from compliance.sources.shell import ShellCommand

_LOCAL = re.compile(
    r"[./~]|.*(?:://|\$|\{|`)|.*\.(?:apk|deb|rpm|whl|zip|gem|tgz|tar|tar\.\w+)(?:\[.*\])?$|.*\s@\s", re.DOTALL
)
_REPOSITORY = re.compile(r"(?:git|hg|svn|bzr)(?:\+[\w-]+)?://|git@")
_PYTHON = re.compile(r"python[\d.]*")
_PIP = re.compile(r"pip[\d.]*")
_SIMULATES = frozenset({"-s", "--simulate", "--just-print", "--dry-run", "--print-uris"})
_OTHER_PIPS = frozenset({"uv", "pipx"})
_MAX_NAME = 200
_BRACES = re.compile(r"(.*?)\{([^{}]*)\}(.*)", re.DOTALL)
_CACHES = {
    "apk": ("/var/cache/apk", "/etc/apk/cache"),
    "apt": ("/var/lib/apt/lists",),
    "dnf": ("/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"),
    "zypper": ("/var/cache/zypp",),
    "pip": ("/root/.cache/pip", "/root/.cache"),
    "npm": ("/root/.npm",),
}
_HOME_CACHES = {"pip": ".cache", "npm": ".npm"}
_CLEANERS = {
    "apk": (("cache", "clean"),),
    "apt": (("distclean",), ("dist-clean",)),
    "dnf": (("clean", "all"),),
    "zypper": (("clean",), ("cc",)),
    "pip": (("cache", "purge"),),
    "npm": (("cache", "clean"),),
}
_REMOVALS = frozenset({"del", "purge", "remove", "autoremove", "erase", "rm"})
_IDLE = frozenset(
    {
        *("echo", "printf", "set", "rm", "true", ":", "export", "cd", "find", "ls", "sleep", "cat", "tee"),
        *("apt-key", "add-apt-repository"),
    }
)
_CLEANING = frozenset({"clean", "cc", "autoclean", "distclean", "dist-clean", "cache"})
_NEVER_ASKS = frozenset(
    {"-y", "--yes", "--assume-yes", "--assumeyes", "--force-yes", "--non-interactive", "--no-confirm", "-n"}
)
_YES = re.compile(r"-[a-zA-Z]*y[a-zA-Z]*|-[a-zA-Z]*q[a-zA-Z]*q[a-zA-Z]*|-q=2")
_ASKING = frozenset({"apt", "dnf", "zypper"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around a RUN: the targets of its cache mounts, variables, and settings made by earlier ones."""

    mounted: Sequence[str] = ()
    environment: Mapping[str, str | None] = field(default_factory=dict)
    settings: frozenset[str] = frozenset()


def read_packages(commands: Sequence[ShellCommand], around: Surroundings) -> list[dict[str, Any]]:
    """Facts of each package manager's command in one RUN."""
    found: list[dict[str, Any]] = []
    emptied = {family for family in _CACHES if any(_is_cache(target, family) for target in around.mounted)}
    removed: set[str] = set()
    answered = any(command.program == "yes" and command.into for command in commands)
    for index in range(len(commands) - 1, -1, -1):
        command = commands[index]
        emptied |= {family for family in _CACHES if _removes(command, family)}
        manager, words = _manager(command)
        if manager is None:
            continue
        if not _REMOVALS.isdisjoint(words):
            removed.add(manager.family)
        fact = _fact(command, manager, words)
        if fact is not None:
            found.append(fact | _left(fact, emptied, removed, around) | _manners(fact, around, answered=answered))
            found[-1]["index_unused"] = _leaves_index_unused(fact, commands[index + 1 :], around)
    return found[::-1]


def _manager(command: ShellCommand) -> tuple[Manager | None, tuple[str, ...]]:
    """The manager and its words, also for `python -m pip` and `uv pip`."""
    words = command.words[1:]
    if _PIP.fullmatch(command.program):
        return PIP, words
    if _PYTHON.fullmatch(command.program) and words[:2] == ("-m", "pip"):
        return PIP, words[2:]
    if command.program == "pipx":
        return PIP, words
    if command.program == "uv" and words[:1] == ("pip",):
        return PIP, words[1:]
    return MANAGERS.get(command.program), words


def _fact(command: ShellCommand, manager: Manager, words: Sequence[str]) -> dict[str, Any] | None:
    options, operands = _split(words, manager.valued)
    module = manager.family == "dnf" and operands[:1] == ["module"]
    operands = operands[module:]
    action = manager.actions.get(operands[0]) if operands else None
    if action is None or not _SIMULATES.isdisjoint(options):
        return None
    named = operands[1:2] if operands[:2][0] == "run" else operands[1:]
    return {
        "manager": manager.family,
        "program": "pip" if manager is PIP and command.program not in _OTHER_PIPS else command.program,
        "action": action,
        "operation": operands[0],
        "options": options,
        "packages": [
            _module(word) if module else _package(word, manager, options) for word in named if word[-1:] != "-"
        ],
        "text": command.text,
    }


def _split(words: Sequence[str], valued: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """Options without their values, and the other words."""
    options: list[str] = []
    operands: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word == "--":
            break
        if not word.startswith("-"):
            operands.append(word)
            continue
        options.append(word if word == "-q=2" else word.partition("=")[0])
        if valued.fullmatch(word):
            next(remaining, None)
    return options, operands


def _module(word: str) -> dict[str, Any]:
    """A module of dnf, whose stream is its version."""
    return {"text": word, "name": None, "pinned": None if "$" in word else ":" in word}


def _package(word: str, manager: Manager, options: Sequence[str]) -> dict[str, Any]:
    if len(word) > _MAX_NAME or not manager.decided_by.isdisjoint(options):
        return {"text": without_credentials(word), "name": None, "pinned": None}
    if _REPOSITORY.match(word):
        pinned = None if "$" in word else manager.repository(word)
        return {"text": without_credentials(word), "name": None, "pinned": pinned}
    if _LOCAL.match(word):
        return {"text": without_credentials(word), "name": None, "pinned": None}
    name, pinned = manager.package(word)
    return {"text": word, "name": name, "pinned": pinned}


def _left(fact: Mapping[str, Any], emptied: set[str], removed: set[str], around: Surroundings) -> dict[str, bool]:
    """What later commands of the RUN leave of it."""
    return {
        "keeps_cache": _fills_cache(fact, around) and fact["manager"] not in emptied,
        "removed": fact["manager"] in removed,
    }


def _fills_cache(fact: Mapping[str, Any], around: Surroundings) -> bool:
    """Whether the command leaves an index or what it fetched behind, as far as its options and variables say."""
    family, options = fact["manager"], fact["options"]
    if family == "apk":
        return not {"--no-cache", "--no-network"} & set(options)
    if family == "apt":
        return bool(fact["action"] == "update")
    if family == "pip":
        told = "--no-cache-dir" in options or around.environment.get("PIP_NO_CACHE_DIR", "") != ""
        return not told and fact["program"] not in _OTHER_PIPS
    return family in _CACHES


def _manners(fact: Mapping[str, Any], around: Surroundings, *, answered: bool) -> dict[str, bool | None]:
    """Whether it waits for an answer that nobody gives, and whether apt adds what is only recommended."""
    family, options = fact["manager"], fact["options"]
    silent = answered or any(option in _NEVER_ASKS or _YES.fullmatch(option) for option in options)
    if family == "apt":
        silent = (
            silent or sum(option in {"-q", "--quiet"} for option in options) > 1 or "assume-yes" in fact["text"].lower()
        )
    asks = family in _ASKING and fact["action"] in {"install", "upgrade"} and not silent
    plain = "--no-install-recommends" not in options and "install-recommends" not in fact["text"].lower()
    recommends = plain and "install-recommends" not in around.settings if family == "apt" else None
    return {"asks": None if asks and "assume-yes" in around.settings else asks, "recommends": recommends}


def _leaves_index_unused(fact: Mapping[str, Any], later: Sequence[ShellCommand], around: Surroundings) -> bool:
    """Whether the command only fetches an index, and nothing after it in the RUN can be using it."""
    if fact["action"] != "update" or any(_is_cache(target, fact["manager"]) for target in around.mounted):
        return False
    return all(_is_idle(command) for command in later)


def _is_idle(command: ShellCommand) -> bool:
    manager, words = _manager(command)
    if manager is None:
        return command.program in _IDLE
    _, operands = _split(words, manager.valued)
    return not operands or operands[0] in _CLEANING or manager.actions.get(operands[0]) == "update"


def _is_cache(path: str, family: str) -> bool:
    home = _HOME_CACHES.get(family)
    return _covers(path, family) or (home is not None and home in path.split("/"))


def _removes(command: ShellCommand, family: str) -> bool:
    words = command.words[1:]
    if command.program == "rm":
        return any(_is_cache(word, family) for argument in words for word in _alternatives(argument))
    if command.program == "find":
        return any(word.startswith(folder) for word in words for folder in _CACHES[family])
    manager, words = _manager(command)
    if manager is None or manager.family != family:
        return False
    operands = tuple(word for word in words if not word.startswith("-"))
    return any(operands[: len(cleaner)] == cleaner for cleaner in _CLEANERS[family])


def _covers(word: str, family: str) -> bool:
    """Whether emptying `word` empties a cache: it is its folder, something in it, or a folder around it."""
    path = word.rstrip("*").rstrip("/")
    return any(
        path.startswith(folder) or (path != "" and f"{folder}/".startswith(f"{path}/")) for folder in _CACHES[family]
    )


def _alternatives(word: str) -> list[str]:
    """The words that a brace expansion such as /var/lib/{apt,dpkg} stands for."""
    match = _BRACES.fullmatch(word)
    return [match[1] + choice + match[3] for choice in match[2].split(",")] if match else [word]


def settings_made(commands: Sequence[ShellCommand]) -> frozenset[str]:
    """Settings of package managers that the commands write into files, for the RUNs after this one."""
    text = "\n".join(command.text for command in commands).lower()
    return frozenset(name for name in ("assume-yes", "install-recommends") if name in text)
