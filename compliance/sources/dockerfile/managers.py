"""How the command lines of package managers read: which actions install, and what a package's version looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_APK_NAME = re.compile(r"[^=~<>@]+")
_PIP_NAME = re.compile(r"[^=~<>!;\[\s]+")
_RPM_VERSION = re.compile(r"(.+?)((?:-[A-Za-z0-9.~^_:+]+)+)")
_FLOATING = frozenset({"latest", "next", "master", "main", "HEAD", ""})


@dataclass(frozen=True, slots=True)
class Manager:
    """How a manager's command line reads.

    `actions` says what each does, `valued` which options take the next word, `decided_by` which options take the
    choice of versions elsewhere. `package` gives a word's name and whether it says a version (None: cannot be told),
    `repository` whether the URL of a repository says a commit or tag.
    """

    family: str
    actions: Mapping[str, str]
    valued: re.Pattern[str]
    decided_by: frozenset[str] = frozenset()
    package: Callable[[str], tuple[str, bool | None]] = lambda word: (word, None)
    repository: Callable[[str], bool | None] = lambda _: None


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


def _rpm_package(word: str) -> tuple[str, bool | None]:
    """A version follows a hyphen and begins with a digit; `@group` and `module:stream` have none of their own."""
    if word.startswith("@") or "/" in word or "*" in word:
        return word, None
    match = _RPM_VERSION.fullmatch(word)
    parts = match[2].split("-")[1:] if match else []
    return word, any(part[:1].isdigit() for part in parts)


def _zypper_package(word: str) -> tuple[str, bool | None]:
    if "=" in word:
        return word.partition("=")[0].rstrip("<>"), "<" not in word and ">" not in word
    return _rpm_package(word)


def _npm_package(word: str) -> tuple[str, bool | None]:
    name, at, version = word[1:].partition("@")
    if "/" in word and not word.startswith("@"):
        return word, None
    return word[:1] + name, bool(at) and version not in _FLOATING


def _gem_package(word: str) -> tuple[str, bool | None]:
    name, _, version = word.partition(":")
    return name, bool(version)


def _go_package(word: str) -> tuple[str, bool | None]:
    """Without @ the version is the one in go.mod, where there is one."""
    name, at, version = word.partition("@")
    return name, version not in _FLOATING if at else None


def _pip_repository(url: str) -> bool:
    return "@" in url.partition("://")[2].partition("/")[2]


APK = Manager(
    "apk",
    {"add": "install", "update": "update", "upgrade": "upgrade"},
    valued=re.compile(
        r"-[tXp]|--(?:virtual|repository|root|arch|keys-dir|repositories-file|cache-dir|wait|cache-max-age|progress-fd"
        r"|timeout)"
    ),
    package=_apk_package,
)
APT = Manager(
    "apt",
    {"install": "install", "update": "update"}
    | dict.fromkeys(("upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade"), "upgrade"),
    valued=re.compile(r"-[toca]|--(?:target-release|default-release|option|config-file|host-architecture)"),
    package=_apt_package,
)
PIP = Manager(
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
    repository=_pip_repository,
)
RPM = Manager(
    "dnf",
    dict.fromkeys(("install", "in", "localinstall", "reinstall", "rei", "groupinstall"), "install")
    | {"makecache": "update"}
    | dict.fromkeys(("update", "upgrade", "up", "distro-sync", "dsync"), "upgrade")
    | dict.fromkeys(("update-minimal", "upgrade-minimal", "up-min"), "upgrade"),
    valued=re.compile(r"-[xc]|--(?:enablerepo|disablerepo|repo|setopt|releasever|installroot|exclude)"),
    package=_rpm_package,
)
ZYPPER = Manager(
    "zypper",
    dict.fromkeys(("install", "in"), "install") | dict.fromkeys(("update", "up", "dist-upgrade", "dup"), "upgrade"),
    valued=re.compile(r"-[rt]|--(?:repo|from|type)"),
    package=_zypper_package,
)
NPM = Manager(
    "npm",
    dict.fromkeys(("install", "i", "add", "ci", "clean-install"), "install"),
    valued=re.compile(r"-[Cw]|--(?:registry|loglevel|prefix|cache|workspace|userconfig|tag|omit|include|only)"),
    package=_npm_package,
    repository=lambda url: "#" in url,
)
GEM = Manager(
    "gem",
    dict.fromkeys(("install", "i"), "install"),
    valued=re.compile(
        r"-[vnisPg]|--(?:version|source|install-dir|bindir|platform|trust-policy|build-root|file|use-system-libraries)"
    ),
    decided_by=frozenset({"-v", "--version", "-g", "--file"}),
    package=_gem_package,
)
GO = Manager(
    "go",
    dict.fromkeys(("install", "get", "run"), "install"),
    valued=re.compile(r"-(?:C|o|tags|ldflags|gcflags|mod|modfile|p|buildmode|exec)"),
    package=_go_package,
)
MANAGERS = {
    "apk": APK,
    "apt": APT,
    "apt-get": APT,
    "aptitude": APT,
    "dnf": RPM,
    "tdnf": RPM,
    "yum": RPM,
    "microdnf": RPM,
    "zypper": ZYPPER,
    "npm": NPM,
    "gem": GEM,
    "go": GO,
}
