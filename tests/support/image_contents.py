"""Files that make an image look like a distribution with packages, for `oci_layouts`.

Formats: os-release(5); Debian policy, chapter 5 (the database is dpkg's `status`); the fields of Alpine's APKINDEX as
apk keeps them in `installed`; Python's core metadata 2.1 in a `.dist-info` folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oci_layouts import File

if TYPE_CHECKING:
    from collections.abc import Sequence

_SITE_PACKAGES = "usr/lib/python3/dist-packages"


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package; `source` is what it was built from (Debian: Source, Alpine: origin) if another name."""

    name: str
    version: str
    source: str = ""


def os_release(name: str, version: str) -> File:
    """Name the distribution: `os_release("debian", "12")`."""
    return File("etc/os-release", f'ID={name}\nVERSION_ID="{version}"\nPRETTY_NAME="{name} {version}"\n')


def dpkg_status(packages: Sequence[Package]) -> File:
    """The database of installed Debian packages."""
    return File("var/lib/dpkg/status", "\n".join(map(_dpkg_entry, packages)))


def apk_installed(packages: Sequence[Package]) -> File:
    """The database of installed Alpine packages."""
    return File("lib/apk/db/installed", "\n".join(map(_apk_entry, packages)))


def python_distributions(packages: Sequence[Package]) -> list[File]:
    """The metadata of installed Python distributions."""
    return [file for package in packages for file in _distribution(package)]


def debian(version: str, packages: Sequence[Package]) -> list[File]:
    """A layer of Debian: its release and its packages."""
    release = File("etc/debian_version", f"{version}.0\n")
    return [os_release("debian", version), release, dpkg_status(packages)]


def alpine(version: str, packages: Sequence[Package]) -> list[File]:
    """A layer of Alpine: its release and its packages; `version` as in `3.19`."""
    release = File("etc/alpine-release", f"{version}.0\n")
    return [os_release("alpine", f"{version}.0"), release, apk_installed(packages)]


def _dpkg_entry(package: Package) -> str:
    source = f"Source: {package.source}\n" if package.source else ""
    return (
        f"Package: {package.name}\n"
        "Status: install ok installed\n"
        "Maintainer: Tests <tests@example.invalid>\n"
        "Architecture: amd64\n"
        f"{source}Version: {package.version}\n"
        "Description: made for a test\n"
    )


def _apk_entry(package: Package) -> str:
    origin = package.source or package.name
    return f"P:{package.name}\nV:{package.version}\nA:x86_64\nT:made for a test\nL:MIT\no:{origin}\n"


def _distribution(package: Package) -> list[File]:
    folder = f"{_SITE_PACKAGES}/{package.name}-{package.version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {package.version}\n"
    return [File(f"{folder}/METADATA", metadata), File(f"{folder}/RECORD", ""), File(f"{folder}/INSTALLER", "pip\n")]
