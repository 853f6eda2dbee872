"""Images whose packages `advisories` knows."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from image_contents import Package, alpine, debian, python_distributions
from oci_layouts import File, Image, build_oci_layout

if TYPE_CHECKING:
    from pathlib import Path

DEBIAN = (
    Package("base-files", "12.4+deb12u5"),
    Package("libssl3", "3.0.15-1~deb12u1", "openssl"),
    Package("zlib1g", "1:1.2.13.dfsg-1", "zlib"),
)
ALPINE = (Package("musl", "1.2.4_git20230717-r4"), Package("libcrypto3", "3.1.4-r5", "openssl"))
PYTHON = (Package("jinja2", "3.1.2"), Package("requests", "2.31.0"), Package("flask", "3.0.0"))


def debian_with_python(folder: Path) -> Path:
    """Debian 12 with vulnerable OpenSSL, zlib, jinja2 and requests."""
    return layout(folder, debian("12", DEBIAN), python_distributions(PYTHON))


def alpine_image(folder: Path) -> Path:
    """Alpine 3.19 with vulnerable OpenSSL."""
    return layout(folder, alpine("3.19", ALPINE))


def blob(folder: Path, raw: bytes) -> dict[str, object]:
    """Put a manifest into a layout's folder of blobs; its descriptor."""
    value = hashlib.sha256(raw).hexdigest()
    (folder / value).write_bytes(raw)
    kind = "application/vnd.oci.image.manifest.v1+json"
    return {"mediaType": kind, "digest": f"sha256:{value}", "size": len(raw)}


def layout(folder: Path, *layers: list[File], platform: str = "linux/amd64") -> Path:
    """Write a layout with one image of these layers."""
    build_oci_layout(folder, Image(layers, platform=platform))
    return folder
