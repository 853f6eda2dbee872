"""What a real builder puts into an image, and that real readers take the images that tests describe for real ones."""

from __future__ import annotations

import json
import tarfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from commands import run
from image_contents import Package, alpine, debian, python_distributions
from oci_layouts import Image, build_oci_layout

if TYPE_CHECKING:
    from pathlib import Path

    from buildah_images import BuiltImage

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("buildah")]

_PERMISSIONS = 0o7777  # buildah writes the file's type into the mode too, as 0o104755

_OPENSSL = Package("libssl3", "3.0.11-1~deb12u1", source="openssl")
_DEBIAN = Image([debian("12", [_OPENSSL]), python_distributions([Package("jinja2", "3.1.2")])])
_ALPINE = Image([alpine("3.19", [Package("libcrypto3", "3.1.4-r0", source="openssl")])])


def _blob(layout: Path, digest: str) -> Path:
    return layout / PurePosixPath("blobs", *digest.split(":"))


def _manifest(layout: Path) -> dict[str, Any]:
    index = json.loads((layout / "index.json").read_bytes())
    manifest: dict[str, Any] = json.loads(_blob(layout, index["manifests"][0]["digest"]).read_bytes())
    return manifest


def _configuration(layout: Path) -> dict[str, Any]:
    configuration: dict[str, Any] = json.loads(_blob(layout, _manifest(layout)["config"]["digest"]).read_bytes())
    return configuration


def test_the_configuration_says_what_the_dockerfile_says(built_image: BuiltImage) -> None:
    configuration = _configuration(built_image.layout)["config"]

    assert configuration["User"] == "10001:10001"
    assert configuration["Entrypoint"] == ["/bin/sh", "-c"]
    assert configuration["ExposedPorts"] == {"8080/tcp": {}}
    assert "APP_MODE=production" in configuration["Env"]
    assert configuration["Labels"]["org.opencontainers.image.version"] == "1.2.3"


def test_a_health_check_is_kept_in_docker_s_format_and_lost_in_oci_s(built_image: BuiltImage) -> None:
    with tarfile.open(built_image.docker_archive) as archive:
        (entry,) = json.loads(_member(archive, "manifest.json"))
        docker = json.loads(_member(archive, entry["Config"]))["config"]

    assert docker["Healthcheck"]["Test"] == ["CMD", "/bin/true"]
    assert "Healthcheck" not in _configuration(built_image.layout)["config"]


def test_the_history_holds_build_arguments_in_clear(built_image: BuiltImage) -> None:
    steps = [step["created_by"] for step in _configuration(built_image.layout)["history"]]

    assert any("BUILD_NUMBER=7" in step for step in steps)


def test_a_removed_file_is_a_whiteout_and_a_setuid_file_keeps_its_mode(built_image: BuiltImage) -> None:
    last = _manifest(built_image.layout)["layers"][-1]["digest"]
    with tarfile.open(_blob(built_image.layout, last)) as archive:
        modes = {member.name: member.mode & _PERMISSIONS for member in archive}

    assert "etc/.wh.removed" in modes
    assert modes["srv/elevated"] == 0o4755
    assert "srv/result" in modes


def test_skopeo_reads_the_configuration_that_a_test_described(skopeo: Path, tmp_path: Path) -> None:
    build_oci_layout(tmp_path, Image(_DEBIAN.layers, {"User": "1000", "Labels": {"version": "1"}}))

    shown = json.loads(run([skopeo, "inspect", "--config", f"oci:{tmp_path}:latest"]))

    assert shown["config"] == {"User": "1000", "Labels": {"version": "1"}}


@pytest.mark.parametrize("compression", ["", "gzip", "zstd"])
def test_trivy_sees_the_packages_that_a_test_described(trivy: Path, tmp_path: Path, compression: str) -> None:
    image = Image(_DEBIAN.layers, compression=compression)
    build_oci_layout(tmp_path / "layout", image)
    offline = ["--skip-db-update", "--offline-scan", "--cache-dir", tmp_path / "cache"]

    shown = json.loads(
        run([trivy, "image", "--quiet", "--input", tmp_path / "layout", *offline, "--format", "cyclonedx"])
    )

    assert {("debian", "12.0"), ("libssl3", "3.0.11-1~deb12u1"), ("jinja2", "3.1.2")} <= _components(shown)


@pytest.mark.parametrize(
    ("image", "package"),
    [(_DEBIAN, ("libssl3", "3.0.11-1~deb12u1")), (_DEBIAN, ("jinja2", "3.1.2")), (_ALPINE, ("libcrypto3", "3.1.4-r0"))],
)
def test_syft_sees_the_packages_that_a_test_described(
    syft: Path, tmp_path: Path, image: Image, package: tuple[str, str]
) -> None:
    build_oci_layout(tmp_path, image)

    quiet = {"SYFT_CHECK_FOR_APP_UPDATE": "false"}
    shown = json.loads(run([syft, "scan", f"oci-dir:{tmp_path}", "-q", "-o", "cyclonedx-json"], env=quiet))

    assert package in _components(shown)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None
    return file.read()


def _components(bill: dict[str, Any]) -> set[tuple[str, str]]:
    return {(component["name"], component.get("version", "")) for component in bill["components"]}
