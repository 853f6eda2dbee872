"""Programs of Debian's packages: unpacked into a folder, or, where they need more than libc, installed."""

from __future__ import annotations

import functools
import os
import platform
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from making import InstallError, run

_APT_SOURCES = (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list"))
_DEBIAN_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


@dataclass(frozen=True, slots=True)
class DebianPackage:
    """A program in a Debian package that needs nothing but libc.

    It is unpacked, not installed: no service starts and nothing of the machine is replaced.

    `suite` is empty for the machine's own release. `version` is the major version that it must have.
    """

    package: str
    program: str
    name: str
    version: str
    suite: str = ""

    def install(self, folder: Path) -> None:
        """Download the package with apt folders of our own, the machine's mirror and Debian's keys, and unpack it."""
        with tempfile.TemporaryDirectory() as made:
            root = Path(made)
            options = _private_apt(root, self.suite or _codename())
            run("apt-get", [*options, "update"], "Debian")
            run("apt-get", [*options, "download", self.package], "Debian", cwd=root)
            package = next(root.glob("*.deb"))
            self._check(package)
            run("dpkg-deb", ["--extract", str(package), str(root / "unpacked")], "Debian")
            found = (file for file in (root / "unpacked").rglob(self.program) if file.parent.name == "bin")
            for file in found:
                shutil.copy(file, folder / self.name)

    def _check(self, package: Path) -> None:
        found = run("dpkg-deb", ["--field", str(package), "Version"], "Debian").strip()
        upstream = found.partition(":")[2] or found
        if upstream.split(".")[0] != self.version:
            raise InstallError(f"{self.suite or 'this release'} has {self.package} {found}, not {self.version}")


@dataclass(frozen=True, slots=True)
class SystemPackage:
    """A program with libraries and settings in /etc, which Debian's own package installs into the machine.

    `program` is a pattern of its path where that is not on PATH; of several versions the newest counts.
    """

    package: str
    version: str = "of the machine"
    program: str = ""

    def found(self) -> Path | None:
        """Where the program is, None when it is not installed."""
        if not self.program:
            found = shutil.which(self.package)
            return Path(found) if found else None
        return max(Path("/").glob(self.program.lstrip("/")), key=_by_number, default=None)

    def install(self, folder: Path) -> None:  # noqa: ARG002 - the recipes' common shape
        """Install the package, as root only; `folder` stays empty."""
        if self.found() is None:
            if os.geteuid() != 0:
                raise InstallError(f"it needs root: run `apt-get install {self.package}`")
            _update()
            options = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
            run("apt-get", ["install", *options, self.package], "Debian", env={"DEBIAN_FRONTEND": "noninteractive"})


def _by_number(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]


def _codename() -> str:
    return platform.freedesktop_os_release().get("VERSION_CODENAME", "")


def _mirror() -> str:
    """Where this machine takes Debian's packages from: the first address of its own sources (sources.list(5))."""
    for file in _APT_SOURCES:
        if file.is_file() and (
            found := re.search(r"^(?:URIs:|deb\s)[^\n#]*?(https?://[^\s]+)", file.read_text(), re.MULTILINE)
        ):
            return found.group(1)
    raise InstallError("it is a Debian package, and this machine has no list of Debian's packages")


def _private_apt(root: Path, suite: str) -> list[str]:
    """Make apt folders of our own for one suite; the options that have apt-get use them (apt.conf(5))."""
    sources, status = root / "sources.list", root / "status"
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (root / folder).mkdir(parents=True)
    sources.write_text(f"deb [signed-by={_DEBIAN_KEYS}] {_mirror()} {suite} main\n")
    status.touch()
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State": root / "state",
        "Dir::State::status": status,
        "Dir::Cache": root / "cache",
        "APT::Sandbox::User": "root",
        "APT::Default-Release": "",
        "Acquire::Languages": "none",
    }
    return ["-q", *(part for key, value in settings.items() for part in ("-o", f"{key}={value}"))]


@functools.cache
def _update() -> None:
    run("apt-get", ["update", "-q"], "Debian")
