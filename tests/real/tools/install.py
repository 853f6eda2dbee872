"""Installs the programs that the real tests and the benchmark need into a cache folder, and finds them again.

    python tests/real/tools/install.py                 what the tests need
    python tests/real/tools/install.py kube-score ...  those named
    python tests/real/tools/install.py --path          the folders to put on PATH, installing nothing

The cache is $COMPLIANCE_TOOLS, or ~/.cache/compliance-tools. Each program has a folder there that is named after its
version, so that another version never answers for it. Exit status 1: a program could not be installed.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_REAL = Path(__file__).resolve().parent.parent
_DEADLINE = 1800.0


class InstallError(Exception):
    """A program could not be installed; the message says why."""


class Recipe(Protocol):
    """How one program is made."""

    @property
    def version(self) -> str:
        """What distinguishes this build from another of the same program."""
        ...

    def install(self, folder: Path) -> None:
        """Put the program into `folder`, under its own name."""
        ...


@dataclass(frozen=True, slots=True)
class GoModule:
    """A program that `go install` builds from a released module."""

    package: str
    version: str

    def install(self, folder: Path) -> None:
        """Build it; a major-version suffix of the package is no part of the program's name."""
        _go(["install", "-p=2", f"{self.package}@{self.version}"], env={"GOBIN": str(folder)})


@dataclass(frozen=True, slots=True)
class GoFolder:
    """A program of our own, in a folder beside this one with its own go.mod."""

    name: str

    @property
    def version(self) -> str:
        """A digest of its sources."""
        digest = hashlib.sha256()
        for file in sorted(file for file in self._folder.rglob("*") if file.suffix in {".go", ".mod", ".sum"}):
            digest.update(file.relative_to(self._folder).as_posix().encode() + b"\0" + file.read_bytes())
        return digest.hexdigest()[:12]

    def install(self, folder: Path) -> None:
        """Build it from the checked-in sources and the versions in its go.sum."""
        _go(["build", "-p=2", "-mod=readonly", "-o", str(folder / self.name), "."], cwd=self._folder)

    @property
    def _folder(self) -> Path:
        return _REAL / self.name


TESTS: Mapping[str, Recipe] = {
    "opa": GoModule("github.com/open-policy-agent/opa", "v1.22.2"),
    "kustomize": GoModule("sigs.k8s.io/kustomize/kustomize/v5", "v5.8.2"),
    "helm": GoModule("helm.sh/helm/v3/cmd/helm", "v3.22.0"),
    "yaml_oracle": GoFolder("yaml_oracle"),
}
PEERS: Mapping[str, Recipe] = {
    "conftest": GoModule("github.com/open-policy-agent/conftest", "v0.71.1"),
    "kube-score": GoModule("github.com/zegl/kube-score/cmd/kube-score", "v1.20.0"),
}
_ALL = {**TESTS, **PEERS}


def cache() -> Path:
    """Where the programs live."""
    return Path(os.environ.get("COMPLIANCE_TOOLS") or Path.home() / ".cache" / "compliance-tools")


def installed(name: str) -> Path | None:
    """The program in the cache, in the version that this file names; None when it is not there."""
    program = _home(name) / name
    return program if program.is_file() else None


def search_path() -> str:
    """The cache's folders as PATH wants them."""
    return os.pathsep.join(str(program.parent) for name in _ALL if (program := installed(name)))


def install(name: str) -> Path:
    """Install a program unless it is there.

    Raises:
        InstallError: it cannot be built here.
    """
    with _locked(name):
        if found := installed(name):
            return found
        with tempfile.TemporaryDirectory(dir=cache()) as made:
            _ALL[name].install(Path(made))
            if not (Path(made) / name).is_file():
                raise InstallError(f"the build of {name} left no program of that name")
            shutil.rmtree(_home(name), ignore_errors=True)
            shutil.copytree(made, _home(name))
    return _home(name) / name


def _home(name: str) -> Path:
    return cache() / f"{name}-{_ALL[name].version}"


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Let one process at a time install a program."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _go(arguments: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
    go = shutil.which("go")
    if go is None:
        raise InstallError("it is built with Go (https://go.dev/doc/install), which is not on PATH")
    settings = {"CGO_ENABLED": "0", "GOFLAGS": "-trimpath", **(env or {})}
    try:
        done = subprocess.run(  # noqa: S603 - our own table's arguments
            [go, *arguments],
            cwd=cwd,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=_DEADLINE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InstallError(f"go ran longer than {_DEADLINE:g} s") from None
    if done.returncode:
        raise InstallError("\n".join(done.stderr.strip().splitlines()[-5:]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Install the programs that real tests and the benchmark need.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(_ALL)}; default: those of the tests")
    parser.add_argument("--path", action="store_true", help="print the folders to put on PATH and install nothing")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(_ALL):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if options.path:
        print(search_path())
        return 0
    return max([_report(name) for name in options.names or TESTS])


def _report(name: str) -> int:
    try:
        install(name)
    except InstallError as error:
        print(f"{name} {_ALL[name].version}: not installed: {error}", file=sys.stderr)
        return 1
    print(f"{name} {_ALL[name].version}: ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
