"""Makes OCI layouts that hold one image, in memory and without any container tool."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar"

Files = dict[str, bytes]

DEBIAN_RELEASE = b'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12"\n'
ALPINE_RELEASE = b"ID=alpine\nVERSION_ID=3.19.1\n"
PYTHON = {"jinja2": "3.1.2", "requests": "2.31.0", "flask": "3.0.0"}


def python_packages(packages: Mapping[str, str] = PYTHON) -> Files:
    """Installed Python packages."""
    return {
        f"usr/lib/python3/dist-packages/{name}-{version}.dist-info/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
        )
        for name, version in packages.items()
    }


def debian(release: bytes = DEBIAN_RELEASE, *, packages: bool = True) -> Files:
    """Debian 12 with three packages: OpenSSL and zlib (vulnerable), and base-files."""
    entries = [
        ("base-files", "12.4+deb12u5", "base-files"),
        ("libssl3", "3.0.15-1~deb12u1", "openssl"),
        ("zlib1g", "1:1.2.13.dfsg-1", "zlib"),
    ]
    status = "".join(
        f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nSource: {source}\nVersion: {version}\n\n"
        for name, version, source in entries
    )
    files = {"etc/os-release": release, "etc/debian_version": b"12.5\n"}
    return files | ({"var/lib/dpkg/status": status.encode()} if packages else {})


def alpine() -> Files:
    """Alpine 3.19 with OpenSSL (vulnerable) and musl."""
    entries = [("musl", "1.2.4_git20230717-r4", "musl"), ("libcrypto3", "3.1.4-r5", "openssl")]
    installed = "".join(f"P:{name}\nV:{version}\nA:x86_64\no:{origin}\n\n" for name, version, origin in entries)
    return {
        "etc/os-release": ALPINE_RELEASE,
        "etc/alpine-release": b"3.19.1\n",
        "lib/apk/db/installed": installed.encode(),
    }


def write(folder: Path, *layers: Files, system: str = "linux", config_type: str = _CONFIG) -> Path:
    """Write a layout with one image of these layers, the lowest first; a file named `.wh.NAME` hides NAME below."""
    packed = [_tar(files) for files in layers]
    config = {
        "architecture": "amd64",
        "os": system,
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(data).hexdigest()}" for data in packed]},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _blob(folder, json.dumps(config).encode(), config_type),
        "layers": [_blob(folder, data, _LAYER) for data in packed],
    }
    named = _blob(folder, json.dumps(manifest).encode(), _MANIFEST)
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [named]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return folder


def _blob(folder: Path, data: bytes, media_type: str) -> dict[str, Any]:
    value = hashlib.sha256(data).hexdigest()
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    (blobs / value).write_bytes(data)
    return {"mediaType": media_type, "digest": f"sha256:{value}", "size": len(data)}


def _tar(files: Files) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return raw.getvalue()
