"""What is worth keeping of a file in a layer: rights that it gives, secrets it holds, what it says of the image."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from compliance.sources.secret_files import secrecy
from compliance.sources.secret_values import is_literal_in_file, known_format

if TYPE_CHECKING:
    from compliance.sources.images.limits import Limits
    from compliance.supply_chain.tar_stream import Member

ACCOUNTS: Final = "etc/passwd"
OS_RELEASES: Final = ("etc/os-release", "usr/lib/os-release")
_SHADOW: Final = "etc/shadow"
_WANTED: Final = frozenset({ACCOUNTS, *OS_RELEASES})
_BINARIES: Final = ("bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin")
_PROGRAMS: Final = {
    **dict.fromkeys(("sh", "bash", "ash", "dash", "busybox", "zsh"), "shell"),
    **dict.fromkeys(
        ("apt-get", "apk", "dnf", "microdnf", "tdnf", "yum", "zypper", "pacman", "opkg"), "package_manager"
    ),
    **dict.fromkeys(("sshd", "dropbear"), "ssh_server"),
}
_PROGRAM_AT: Final = {f"{folder}/{name}": kind for folder in _BINARIES for name, kind in _PROGRAMS.items()}
_SETUID_OR_SETGID: Final = 0o6000
_STICKY: Final = 0o1000
_WORLD_WRITABLE: Final = 0o002
_EXECUTABLE: Final = 0o111
_CAPABILITY: Final = "SCHILY.xattr.security.capability"

_SYSTEM: Final = re.compile(
    r"usr/(?!local/|src/|share/(?:nginx|httpd|caddy)/)|lib(?:32|64|x32)?/|s?bin/|(?:proc|sys|dev)/"
    r"|var/(?:lib|cache)/(?:dpkg|apt|rpm|pacman|dnf|yum)/|etc/(?:ssl/certs|pki/ca-trust)/"
)
_OTHERS_CODE: Final = re.compile(
    r"(?:^|/)(?:tests?|testdata|test_data|fixtures?|mocks?|examples?|samples?|docs?|man|locale|node_modules|vendor"
    r"|(?:site|dist)-packages|gems|\.cargo|\.m2|pkg/mod|__pycache__)/"
)
_PROSE: Final = re.compile(r".*\.(?:md|rst|adoc|html?|txt|map|po|svg|css|d\.ts)", re.IGNORECASE)
_SETTING: Final = re.compile(
    r"""^[ \t]{0,40}(?:export[ \t]+)?["']?([A-Za-z_][\w.-]{0,80})["']?[ \t]*[=:][ \t]*(\S{1,500}?),?[ \t\r]*$""",
    re.MULTILINE,
)
_HASH: Final = re.compile(rb"^[^:\n]+:\$[^:\n]+:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A path of one layer (counted from 0) that matters, and why; no value of a secret is kept."""

    layer: int
    mode: int = 0
    owner: int = 0
    group: int = 0
    is_folder: bool = False
    capabilities: bool = False
    secret: str | None = None
    program: str | None = None
    text: bytes | None = None

    @property
    def setuid(self) -> bool:
        """Whether it runs as its owner or group, whoever starts it."""
        return not self.is_folder and bool(self.mode & _SETUID_OR_SETGID) and bool(self.mode & _EXECUTABLE)

    @property
    def world_writable(self) -> bool:
        """Whether it is a folder in which everybody may replace everybody's files."""
        return self.is_folder and bool(self.mode & _WORLD_WRITABLE) and not self.mode & _STICKY

    @property
    def matters(self) -> bool:
        """Whether there is any reason to keep it."""
        reasons = (self.setuid, self.world_writable, self.capabilities, self.secret, self.program)
        return any(reasons) or self.text is not None


def see(member: Member, path: str, layer: int, limits: Limits) -> Sighting | None:
    """Look at a regular file, folder or symbolic link; None where nothing about it matters.

    Raises:
        ContentError: the archive ends within the file.
    """
    regular = member.kind == "0"
    data = member.content(_most(path, limits)) if regular and _is_read(path) else None
    found = Sighting(
        layer,
        member.mode if member.kind != "2" else 0,
        member.owner,
        member.group,
        is_folder=member.kind == "5",
        capabilities=regular and bool(member.records.get(_CAPABILITY)),
        secret=secret(path, data) if regular and member.size else None,
        program=_PROGRAM_AT.get(path) if member.kind != "5" else None,
        text=data if path in _WANTED else None,
    )
    return found if found.matters else None


def linked(target: Sighting | None, path: str, layer: int) -> Sighting | None:
    """Look at a hard link: it is the file that it names (None where nothing about that matters), by another name."""
    found = replace(target or Sighting(layer), layer=layer, program=_PROGRAM_AT.get(path), text=None)
    return found if found.matters else None


def _most(path: str, limits: Limits) -> int:
    return limits.account_file if path in _WANTED or path == _SHADOW else limits.small_file


def _is_read(path: str) -> bool:
    """Whether the content is looked at: not that of packages, of other people's code, or of prose."""
    if path in _WANTED or path == _SHADOW:
        return True
    return not _is_brought(path) and (secrecy(path) is not None or _PROSE.fullmatch(path) is None)


def _is_brought(path: str) -> bool:
    """Whether a package of the distribution or of a language brings it, whose keys are for tests and examples."""
    return _SYSTEM.match(path) is not None or _OTHERS_CODE.search(path) is not None


def secret(path: str, data: bytes | None) -> str | None:
    """Say in words what secret a file is or holds; None for none. `data` is None where the file was not read."""
    if path == _SHADOW:
        return "the hash of a password" if data is not None and _HASH.search(data) else None
    if path.endswith("-snakeoil.key") or _is_brought(path):
        return None
    named = secrecy(path)
    text = _text(data)
    held = None if text is None else known_format(text) or (_setting(text) if named == "possible" else None)
    return held or ("credentials, as its name says" if named == "credentials" else None)


def _text(data: bytes | None) -> str | None:
    if data is None or b"\0" in data:
        return None
    return data.decode("utf-8", "replace")


def _setting(text: str) -> str | None:
    found = next((name for name, value in _SETTING.findall(text) if is_literal_in_file(name, value)), None)
    return None if found is None else f"a secret in clear text ({found})"
