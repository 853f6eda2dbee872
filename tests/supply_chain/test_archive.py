"""Images in tars: those of Docker, old and new, layouts, and tars that mean harm."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import ContentError, ContentNotFound
from compliance.supply_chain.archive import DockerArchive, LayoutArchive, open_archive
from compliance.supply_chain.content import Manifest
from compliance.supply_chain.layout import write_layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LAYER = b"a layer" * 100
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _member(name: str, data: bytes = b"", **fields: Any) -> tuple[tarfile.TarInfo, bytes]:  # noqa: ANN401 - of TarInfo
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, data


def _tar(path: Path, members: Iterable[tuple[tarfile.TarInfo, bytes]], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload] # the mode is a text here
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return path


def _files(files: Mapping[str, bytes]) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [_member(name, data) for name, data in files.items()]


def _docker(layer: bytes = LAYER, **more: object) -> dict[str, bytes]:
    config = json.dumps({"os": "linux", "rootfs": {"type": "layers", "diff_ids": [_digest(LAYER)]}}).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    image = {"Config": name, "RepoTags": ["app:1"], "Layers": ["abc/layer.tar"], **more}
    return {"manifest.json": json.dumps([image]).encode(), name: config, "abc/layer.tar": layer}


def _layout() -> dict[str, bytes]:
    config = b"{}"

    def entry(data: bytes, media_type: str) -> dict[str, Any]:
        return {"mediaType": media_type, "digest": _digest(data), "size": len(data)}

    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": entry(config, "application/vnd.oci.image.config.v1+json"),
            "layers": [entry(LAYER, "application/vnd.oci.image.layer.v1.tar")],
        }
    ).encode()
    names = {"org.opencontainers.image.ref.name": "1", "io.containerd.image.name": "docker.io/library/app:1"}
    index = {"schemaVersion": 2, "manifests": [{**entry(manifest, OCI_MANIFEST), "annotations": names}]}
    blobs = {f"blobs/sha256/{_digest(data)[7:]}": data for data in (config, LAYER, manifest)}
    return {
        "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
        "index.json": json.dumps(index).encode(),
        **blobs,
    }


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_an_old_docker_archive_is_read_with_a_manifest_of_our_making(tmp_path: Path, mode: str) -> None:
    path = _tar(tmp_path / "app.tar", _files(_docker()), mode)
    with open_archive(path) as archive:
        assert isinstance(archive, DockerArchive)
        assert archive.synthetic
        assert [*archive.tags()] == ["docker.io/library/app:1"]
        digests = {archive.resolve(name).digest for name in (None, "app:1", "docker.io/library/app:1")}
        manifest = archive.manifest(digests.pop())
        assert not digests
        assert isinstance(manifest, Manifest)
        assert manifest.layers[0].media_type == "application/vnd.docker.image.rootfs.diff.tar"
        assert archive.blob(manifest.layers[0], max_size=1000) == LAYER
        assert json.loads(archive.blob(manifest.config, max_size=1000))["os"] == "linux"


def test_an_archive_becomes_a_layout(tmp_path: Path) -> None:
    with open_archive(_tar(tmp_path / "app.tar", _files(_docker()))) as archive:
        image = archive.resolve(None)
        copy = write_layout(archive, image.digest, tmp_path / "copy", max_size=10_000)
    assert copy.resolve(None).digest == image.digest


def test_a_layer_that_differs_from_its_diff_id_is_refused_when_it_is_read(tmp_path: Path) -> None:
    changed = LAYER[:-1] + b"!"
    with open_archive(_tar(tmp_path / "app.tar", _files(_docker(changed)))) as archive:
        manifest = archive.manifest(archive.resolve(None).digest)
        assert isinstance(manifest, Manifest)
        with pytest.raises(ContentError, match="not what its digest names"):
            archive.blob(manifest.layers[0], max_size=1000)


def test_a_compressed_layer_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    compressed = gzip.compress(LAYER)
    with open_archive(_tar(tmp_path / "app.tar", _files(_docker(compressed)))) as archive:
        manifest = archive.manifest(archive.resolve(None).digest)
        assert isinstance(manifest, Manifest)
        (layer,) = manifest.layers
        assert (layer.digest, layer.media_type.endswith(".tar.gzip")) == (_digest(compressed), True)
        assert gzip.decompress(archive.blob(layer, max_size=1000)) == LAYER


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("prefix", ["", "./"])
def test_a_layout_in_a_tar_is_read_like_one_in_a_folder(tmp_path: Path, mode: str, prefix: str) -> None:
    files = {prefix + name: data for name, data in _layout().items()}
    with open_archive(_tar(tmp_path / "app.tar", _files(files), mode)) as archive:
        assert isinstance(archive, LayoutArchive)
        assert not archive.synthetic
        found = {archive.resolve(name).digest for name in (None, "1", "docker.io/library/app:1")}
        manifest = archive.manifest(found.pop())
        assert not found
        assert isinstance(manifest, Manifest)
        assert archive.blob(manifest.layers[0], max_size=1000) == LAYER


def _both(**changes: object) -> dict[str, bytes]:
    """As `docker save` writes it since Docker 25, and BuildKit's exporter."""
    names = [f"blobs/sha256/{_digest(data)[7:]}" for data in (b"{}", LAYER)]
    image = {"Config": names[0], "RepoTags": ["app:1"], "Layers": names[1:], **changes}
    return {"manifest.json": json.dumps([image]).encode(), **_layout()}


def test_of_both_formats_the_one_with_manifests_is_taken(tmp_path: Path) -> None:
    with open_archive(_tar(tmp_path / "app.tar", _files(_both()))) as archive:
        assert isinstance(archive, LayoutArchive)


@pytest.mark.parametrize(
    "files",
    [
        _docker() | _layout(),
        _both(Layers=[]),
        _both(Config="blobs/sha256/" + "a" * 64),
        _both(Layers=[1]),
        _both(Config=None),
    ],
    ids=["another image", "no layers", "another configuration", "no name", "no configuration"],
)
def test_formats_that_name_different_images_are_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(ContentError, match="name different images"):
        open_archive(_tar(tmp_path / "app.tar", _files(files)))


def test_formats_that_name_images_differently_are_refused(tmp_path: Path) -> None:
    files = _both()
    manifest = next(data for data in files.values() if b"schemaVersion" in data and b"layers" in data)
    other = json.dumps(json.loads(manifest) | {"layers": []}).encode()
    index = json.loads(files["index.json"])
    more = index["manifests"][0] | {"digest": _digest(other), "size": len(other), "annotations": {}}
    named = index["manifests"][0]["annotations"]
    index["manifests"] = [index["manifests"][0] | {"annotations": {}}, more | {"annotations": named}]
    files |= {"index.json": json.dumps(index).encode(), f"blobs/sha256/{_digest(other)[7:]}": other}
    with pytest.raises(ContentError, match="name different images"):
        open_archive(_tar(tmp_path / "app.tar", _files(files)))


@pytest.mark.parametrize(
    ("member", "why"),
    [
        (_member("/etc/passwd", b"x"), "leads out"),
        (_member("../../etc/passwd", b"x"), "leads out"),
        (_member("a/../../b", b"x"), "leads out"),
        (_member("../x", type=tarfile.SYMTYPE, linkname="/etc/passwd"), "leads out"),
        (_member("./manifest.json", b"[]"), "is twice"),
    ],
)
def test_names_that_lead_out_or_come_twice_are_refused(
    tmp_path: Path, member: tuple[tarfile.TarInfo, bytes], why: str
) -> None:
    path = _tar(tmp_path / "app.tar", [*_files(_docker()), member])
    with pytest.raises(ContentError, match=why):
        open_archive(path)


def test_what_lies_below_a_link_is_refused(tmp_path: Path) -> None:
    link = _member("here", type=tarfile.SYMTYPE, linkname=".")
    path = _tar(tmp_path / "app.tar", [*_files(_docker()), link, _member("here/manifest.json", b"[]")])
    with pytest.raises(ContentError, match=r"'here/manifest.json' in .* is below a link"):
        open_archive(path)


def test_a_name_is_the_one_that_docker_load_takes(tmp_path: Path) -> None:
    """Python's tarfile has the record of the first header hold for what follows the second one; Go has not."""
    files = _files(_docker())
    other = tarfile.TarInfo("pax")
    record = b"17 path=harmless\n"
    other.type, other.size = tarfile.XHDTYPE, len(record)
    hidden = other.tobuf(tarfile.USTAR_FORMAT) + record.ljust(512, b"\0")
    common = tarfile.TarInfo("pax")
    common.type = tarfile.XGLTYPE
    second = tarfile.TarInfo("manifest.json").tobuf(tarfile.USTAR_FORMAT)
    path = _tar(tmp_path / "app.tar", files)
    whole = path.read_bytes().rstrip(b"\0")
    whole += bytes(-len(whole) % 512)
    path.write_bytes(whole + hidden + common.tobuf(tarfile.USTAR_FORMAT) + second + bytes(1024))
    with pytest.raises(ContentError, match=r"'manifest\.json' is twice"):
        open_archive(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_what_is_no_file_is_not_read(tmp_path: Path, kind: bytes) -> None:
    files = _docker()
    files.pop("abc/layer.tar")
    link = _member("abc/layer.tar", type=kind, linkname="/etc/passwd")
    with pytest.raises(ContentError, match="link or no regular file"):
        open_archive(_tar(tmp_path / "app.tar", [*_files(files), link]))


def test_a_link_that_nobody_reads_does_no_harm(tmp_path: Path) -> None:
    link = _member("elsewhere", type=tarfile.SYMTYPE, linkname="/etc/passwd")
    with open_archive(_tar(tmp_path / "app.tar", [*_files(_docker()), link])) as archive:
        assert archive.resolve(None)


def test_a_tar_that_is_small_only_while_compressed_is_refused(tmp_path: Path) -> None:
    path = _tar(tmp_path / "app.tar", _files({"zeros": bytes(50_000_000)}), "w:gz")
    assert path.stat().st_size < 100_000
    with pytest.raises(ContentError, match="larger than 1000000 bytes when uncompressed"):
        open_archive(path, max_size=1_000_000)


def test_more_members_than_any_image_has_are_refused(tmp_path: Path) -> None:
    path = _tar(tmp_path / "app.tar", (_member(str(number)) for number in range(10_001)))
    with pytest.raises(ContentError, match="more than 10000 members"):
        open_archive(path)


def test_a_long_header_is_not_read_into_memory(tmp_path: Path) -> None:
    path = _tar(tmp_path / "app.tar", [_member("x", bytes(2_000_000), type=tarfile.XHDTYPE), *_files(_docker())])
    with pytest.raises(ContentError, match="no tar that can be read"):
        open_archive(path)


def test_a_tar_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = _tar(tmp_path / "app.tar", _files(_docker(bytes(100_000))))
    path.write_bytes(path.read_bytes()[:50_000])
    with pytest.raises(ContentError):
        open_archive(path)


@pytest.mark.parametrize("data", [b"", b"no tar", b"\x1f\x8bno gzip", b"\0" * 10_240])
def test_what_is_no_image_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "app.tar").write_bytes(data)
    with pytest.raises(ContentError):
        open_archive(tmp_path / "app.tar")


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ContentNotFound):
        open_archive(tmp_path / "app.tar")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"Layers": ["abc/layer.tar", "abc/layer.tar"]}, "2 layers, and 1"),
        ({"Layers": ["missing"]}, "has no 'missing'"),
        ({"Layers": [1]}, "no configuration and layers"),
        ({"Config": None}, "no configuration and layers"),
        ({"layers": []}, "some readers take for 'Layers'"),
        ({"Config": "abc/layer.tar"}, "no JSON"),
    ],
)
def test_a_manifest_json_that_does_not_fit_is_refused(tmp_path: Path, more: dict[str, object], why: str) -> None:
    with pytest.raises(ContentError, match=why):
        open_archive(_tar(tmp_path / "app.tar", _files(_docker(**more))))


def test_a_configuration_that_differs_from_its_name_is_refused(tmp_path: Path) -> None:
    files = {
        name: data + b" " if name not in ("manifest.json", "abc/layer.tar") else data
        for name, data in _docker().items()
    }
    with pytest.raises(ContentError, match=r"the configuration in .* not what its digest names"):
        open_archive(_tar(tmp_path / "app.tar", _files(files)))
