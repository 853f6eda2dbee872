"""What a RUN instruction asks of package managers: apk, apt, pip, and upgrades by dnf, yum, microdnf and zypper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from compliance.sources.shell import ShellCommand

_LOCAL = re.compile(r"[./~]|.*(?:://|\$|\{|`)|.*\.(?:apk|deb|rpm|whl|zip|tar\.\w+)(?:\[.*\])?$|.*\s@\s", re.DOTALL)
_PYTHON = re.compile(r"python[\d.]*")
_PIP = re.compile(r"pip[\d.]*")
_APK_NAME = re.compile(r"[^=~<>@]+")
_PIP_NAME = re.compile(r"[^=~<>!;\[\s]+")
_MAX_NAME = 200
_BRACES = re.compile(r"(.*?)\{([^{}]*)\}(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Manager:
    """How a manager's command line reads.

    `actions` says what each does, `valued` which options take the next word, `decided_by` which options take the
    choice of versions elsewhere.
    """

    family: str
    actions: Mapping[str, str]
    valued: re.Pattern[str]
    decided_by: frozenset[str] = frozenset()
    package: Callable[[str], tuple[str, bool | None]] = lambda word: (word, None)


def _apk_package(word: str) -> tuple[str, bool | None]:
    name = _APK_NAME.match(word)
    return name[0] if name else word, "=" in word or "~" in word


def _apt_package(word: str) -> tuple[str, bool | None]:
    name, equals, _ = word.partition("=")
    return name.partition("/")[0], bool(equals)


def _pip_package(word: str) -> tuple[str, bool | None]:
    if "/" in word:
        return word, None
    name = _PIP_NAME.match(word)
    return name[0] if name else word, "==" in word or "~=" in word


_APK = _Manager(
    "apk",
    {"add": "install", "update": "update", "upgrade": "upgrade"},
    valued=re.compile(
        r"-[tXp]|--(?:virtual|repository|root|arch|keys-dir|repositories-file|cache-dir|wait|cache-max-age|progress-fd"
        r"|timeout)"
    ),
    package=_apk_package,
)
_APT = _Manager(
    "apt",
    {"install": "install", "update": "update"}
    | dict.fromkeys(("upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade"), "upgrade"),
    valued=re.compile(r"-[toca]|--(?:target-release|default-release|option|config-file|host-architecture)"),
    package=_apt_package,
)
_PIP_MANAGER = _Manager(
    "pip",
    {"install": "install"},
    valued=re.compile(
        r"-[rceiftpC]|--(?:requirement|constraint|editable|index-url|extra-index-url|find-links|target|prefix|root"
        r"|python|platform|abi|implementation|python-version|trusted-host|cache-dir|timeout|default-timeout|retries"
        r"|progress-bar|upgrade-strategy|no-binary|only-binary|src|build-option|global-option|config-settings|report"
        r"|proxy|cert|client-cert|log|exists-action|use-feature|use-deprecated|root-user-action|keyring-provider"
        r"|group|override|index|default-index|python-platform|resolution|prerelease|link-mode|extra)"
    ),
    decided_by=frozenset({"-c", "--constraint", "--no-index"}),
    package=_pip_package,
)
_RPM = _Manager(
    "dnf",
    {"install": "install"} | dict.fromkeys(("update", "upgrade", "distro-sync", "update-minimal"), "upgrade"),
    valued=re.compile(r"-[xc]|--(?:enablerepo|disablerepo|repo|setopt|releasever|installroot|exclude)"),
)
_ZYPPER = _Manager(
    "zypper",
    dict.fromkeys(("install", "in"), "install") | dict.fromkeys(("update", "up", "dist-upgrade", "dup"), "upgrade"),
    valued=re.compile(r"-r|--(?:repo|from)"),
)
_MANAGERS = {
    "apk": _APK,
    "apt": _APT,
    "apt-get": _APT,
    "aptitude": _APT,
    "dnf": _RPM,
    "yum": _RPM,
    "microdnf": _RPM,
    "zypper": _ZYPPER,
}
_INDEX_FOLDERS = {"apk": "/var/cache/apk", "apt": "/var/lib/apt/lists"}
_INDEX_MOUNTS = {
    "apk": ("/var/cache/apk", "/etc/apk/cache", "/var/cache"),
    "apt": ("/var/lib/apt/lists", "/var/lib/apt", "/var/lib"),
}


def read_packages(commands: Sequence[ShellCommand], mounted: Sequence[str]) -> list[dict[str, Any]]:
    """Facts of each package manager's command in one RUN; `mounted` are the targets of its cache mounts."""
    found: list[dict[str, Any]] = []
    emptied = {family for family, folders in _INDEX_MOUNTS.items() if any(t.rstrip("/") in folders for t in mounted)}
    for command in reversed(commands):
        emptied |= {family for family in _INDEX_FOLDERS if _removes(command, family)}
        fact = _fact(command)
        if fact is not None:
            found.append(fact | {"keeps_index": _fetches_index(fact) and fact["manager"] not in emptied})
    return found[::-1]


def _fact(command: ShellCommand) -> dict[str, Any] | None:
    program, words = _program(command)
    manager = _PIP_MANAGER if _PIP.fullmatch(program) else _MANAGERS.get(program)
    if manager is None:
        return None
    options, operands = _split(words, manager.valued)
    action = manager.actions.get(operands[0]) if operands else None
    if action is None:
        return None
    packages = [_package(word, manager, options) for word in operands[1:] if not word.endswith("-")]
    return {
        "manager": manager.family,
        "program": program,
        "action": action,
        "operation": operands[0],
        "options": options,
        "packages": packages,
        "text": command.text,
    }


def _program(command: ShellCommand) -> tuple[str, tuple[str, ...]]:
    """The manager's name and its words, also for `python -m pip` and `uv pip`."""
    words = command.words[1:]
    if _PYTHON.fullmatch(command.program) and words[:2] == ("-m", "pip"):
        return "pip", words[2:]
    if command.program == "uv" and words[:1] == ("pip",):
        return "pip", words[1:]
    return command.program, words


def _split(words: Sequence[str], valued: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """Options without their values, and the other words."""
    options: list[str] = []
    operands: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if not word.startswith("-"):
            operands.append(word)
            continue
        options.append(word.partition("=")[0])
        if valued.fullmatch(word):
            next(remaining, None)
    return options, operands


def _package(word: str, manager: _Manager, options: Sequence[str]) -> dict[str, Any]:
    if len(word) > _MAX_NAME or _LOCAL.match(word) or not manager.decided_by.isdisjoint(options):
        return {"text": word, "name": None, "pinned": None}
    name, pinned = manager.package(word)
    return {"text": word, "name": name, "pinned": pinned}


def _fetches_index(fact: Mapping[str, Any]) -> bool:
    """Whether the command leaves an index behind: each one of apk that is not told otherwise, but only apt's update."""
    if fact["manager"] == "apk":
        return "--no-cache" not in fact["options"]
    return bool(fact["manager"] == "apt" and fact["action"] == "update")


def _removes(command: ShellCommand, family: str) -> bool:
    folder = _INDEX_FOLDERS[family]
    if command.program == "rm":
        return any(_covers(word, folder) for argument in command.words[1:] for word in _alternatives(argument))
    if command.program == "find":
        return any(word.startswith(folder) for word in command.words[1:])
    if family == "apt":
        return command.program in {"apt-get", "apt"} and not {"distclean", "dist-clean"}.isdisjoint(command.words)
    return command.words[:3] == ("apk", "cache", "clean")


def _covers(word: str, folder: str) -> bool:
    """Whether removing `word` empties the folder: it is the folder, something in it, or a folder around it."""
    path = word.rstrip("*").rstrip("/")
    return path.startswith(folder) or (path != "" and f"{folder}/".startswith(f"{path}/"))


def _alternatives(word: str) -> list[str]:
    """The words that a brace expansion such as /var/lib/{apt,dpkg} stands for."""
    match = _BRACES.fullmatch(word)
    return [match[1] + choice + match[3] for choice in match[2].split(",")] if match else [word]
