"""Layers, honest and hostile: what is found in them, and why some cannot be judged."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import zstandard

from compliance.sources.images.layers import Walked, walk
from compliance.sources.images.limits import Limits

if TYPE_CHECKING:
    from types import ModuleType

    from compliance.supply_chain.layout import Layout

_LIMITS = Limits()
_TOKEN = "ghp_" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2"
_PLAIN = "application/vnd.oci.image.layer.v1.tar"


def _walk(layout: Layout, made: ModuleType, *layers: object, limits: Limits = _LIMITS) -> Walked:
    manifest = made.image(layout, layers)
    return walk(layout, manifest.layers, [one.diff_id for one in layers], limits)


def _why(walked: Walked) -> str:
    (gap,) = walked.gaps
    return gap.why


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress, bytes])
@pytest.mark.parametrize("suffix", ["", "+gzip", "+zstd"])
def test_compression_is_told_by_the_bytes(compress: type[bytes], suffix: str, layout: Layout, made: ModuleType) -> None:
    data = made.tar([made.entry("usr/local/bin/x", mode=0o4755)])
    layer = made.Layer(compress(data), made.layer(data).diff_id, _PLAIN + suffix)

    walked = _walk(layout, made, layer)

    assert walked.gaps == []
    assert walked.unpacked == [len(data)]
    assert walked.files["usr/local/bin/x"].setuid


@pytest.mark.parametrize(
    ("media_type", "why"),
    [
        ("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", "it is encrypted"),
        ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "kept elsewhere"),
        ("application/vnd.oci.image.layer.nondistributable.v1.tar", "kept elsewhere"),
        ("application/vnd.example", "no kind of layer that can be read"),
    ],
)
def test_a_layer_that_cannot_be_read_is_a_gap(media_type: str, why: str, layout: Layout, made: ModuleType) -> None:
    walked = _walk(layout, made, replace(made.layer(made.tar([])), media_type=media_type))

    assert why in _why(walked)
    assert not walked.complete


def test_content_that_the_configuration_does_not_name_tells_nothing(layout: Layout, made: ModuleType) -> None:
    layer = made.layer(made.tar([made.entry("bin/x", mode=0o4755)]))
    other = replace(layer, diff_id=made.layer(b"other").diff_id)

    walked = _walk(layout, made, other)

    assert f"has the digest {layer.diff_id}" in _why(walked)
    assert len(walked.files) == 0


def test_the_content_may_be_named_by_sha512(layout: Layout, made: ModuleType) -> None:
    data = made.tar([made.entry("bin/x", mode=0o4755)])
    layer = replace(made.layer(data), diff_id=f"sha512:{hashlib.sha512(data).hexdigest()}")

    assert _walk(layout, made, layer).gaps == []


def test_a_blob_that_its_digest_does_not_name_tells_nothing(layout: Layout, made: ModuleType) -> None:
    good = made.layer(made.tar([made.entry("bin/x", mode=0o755)]))
    manifest = made.image(layout, [good])
    blob = layout._folder / "blobs" / "sha256" / manifest.layers[0].digest.partition(":")[2]  # noqa: SLF001 - as an attacker would
    changed = gzip.compress(made.tar([made.entry("bin/y", mode=0o755)]), 1, mtime=0)
    blob.write_bytes(changed)

    walked = walk(layout, manifest.layers, [made.layer(made.tar([])).diff_id], _LIMITS)

    assert "its digest names" in _why(walked) or "its descriptor" in _why(walked)
    assert len(walked.files) == 0


def test_ten_gigabytes_of_zeros_are_given_up_early_and_in_little_memory(layout: Layout, made: ModuleType) -> None:
    size = 10 * 2**30
    header = made.entry("zeros", size=size).tobuf(tarfile.GNU_FORMAT)
    packed = io.BytesIO()
    piece = bytes(1024 * 1024)
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as stream:
        stream.write(header)
        for _ in range(300):  # the rest of it is never asked for
            stream.write(piece)
    tracemalloc.start()
    walked = _walk(layout, made, made.Layer(packed.getvalue(), f"sha256:{'0' * 64}"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert _why(walked).startswith("it grows to more than 2")
    assert peak < 16 * 2**20


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_a_layer_that_grows_too_much_for_its_size_is_given_up(
    compress: type[bytes], layout: Layout, made: ModuleType
) -> None:
    data = made.tar([("zeros", bytes(3_000_000))])
    limits = replace(_LIMITS, ratio=10, ratio_free=1_000_000)

    walked = _walk(layout, made, made.Layer(compress(data), made.layer(data).diff_id), limits=limits)

    assert _why(walked) == "it grows to more than 1000000 bytes when decompressed"


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (replace(_LIMITS, members=3), "more files than are looked at"),
        (replace(_LIMITS, image=1000), "larger together"),
        (replace(_LIMITS, layer=1000), "more than 1000 bytes when decompressed"),
        (replace(_LIMITS, records=2), "more than 2 files that matter"),
        (replace(_LIMITS, depth=1), "more than 1 folders deep"),
        (replace(_LIMITS, name=3), "a name has more than 3 bytes"),
        (replace(_LIMITS, deadline=0.0), "takes too long"),
        (replace(_LIMITS, compressed_layer=10), "10 are allowed"),
    ],
)
def test_every_bound_becomes_a_gap(limits: Limits, why: str, layout: Layout, made: ModuleType) -> None:
    layer = made.layer(made.tar([made.entry(f"opt/a/{n}", mode=0o4755) for n in range(4)]))

    walked = _walk(layout, made, layer, limits=limits)

    assert why in _why(walked)


def test_a_stream_that_is_cut_off_is_a_gap(layout: Layout, made: ModuleType) -> None:
    data = made.tar([("a", "text" * 5000)])
    cut = data[:5000]

    walked = _walk(layout, made, made.layer(cut))

    assert _why(walked) == "the archive ends inside 'a'"


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_a_compressed_stream_that_is_cut_off_is_a_gap(compress: type[bytes], layout: Layout, made: ModuleType) -> None:
    data = made.tar([made.entry("opt/x", mode=0o4755), ("a", bytes(range(256)) * 500)])
    cut = made.Layer(compress(data)[:-20], made.layer(data).diff_id)

    walked = _walk(layout, made, cut)

    assert len(walked.gaps) == 1
    assert len(walked.files) == 0


def test_the_layers_above_one_that_cannot_be_read_are_read(layout: Layout, made: ModuleType) -> None:
    bad = replace(made.layer(made.tar([])), media_type="application/vnd.example")
    good = made.layer(made.tar([("app/key.env", f"TOKEN={_TOKEN}")]))

    walked = _walk(layout, made, bad, good)

    assert walked.unpacked[0] is None
    assert walked.files["app/key.env"].secret == "a GitHub token"  # noqa: S105 - words


@pytest.mark.parametrize(
    ("name", "kind", "fields", "odd"),
    [
        ("../../etc/cron.d/x", tarfile.REGTYPE, {}, "traversal"),
        ("a/../../x", tarfile.DIRTYPE, {}, "traversal"),
        ("etc/passwd/../shadow", tarfile.REGTYPE, {}, "traversal"),
        ("x", tarfile.LNKTYPE, {"linkname": "../../etc/shadow"}, "link_out"),
        ("etc/x", tarfile.SYMTYPE, {"linkname": "../../../etc/shadow"}, "symlink_out"),
        ("dev/sda", tarfile.BLKTYPE, {"devmajor": 8}, "device"),
        ("dev/tty", tarfile.CHRTYPE, {}, "device"),
        ("/ko-app/web", tarfile.REGTYPE, {}, "absolute"),
    ],
)
def test_odd_entries_are_noted_and_not_followed(
    name: str, kind: bytes, fields: dict[str, object], odd: str, layout: Layout, made: ModuleType
) -> None:
    walked = _walk(layout, made, made.layer(made.tar([made.entry(name, kind, **fields)])))

    assert [one.kind for one in walked.odd] == [odd]
    assert walked.gaps == []


@pytest.mark.parametrize(
    ("name", "kind", "fields"),
    [
        ("./etc/x", tarfile.SYMTYPE, {"linkname": "../usr/x"}),
        ("etc/x", tarfile.SYMTYPE, {"linkname": "/usr/x"}),
        ("a..b/..c", tarfile.REGTYPE, {}),
        ("bin/x", tarfile.LNKTYPE, {"linkname": "bin/y"}),
        ("run/pipe", tarfile.FIFOTYPE, {}),
    ],
)
def test_ordinary_entries_are_not_odd(
    name: str, kind: bytes, fields: dict[str, object], layout: Layout, made: ModuleType
) -> None:
    assert _walk(layout, made, made.layer(made.tar([made.entry(name, kind, **fields)]))).odd == []


def test_a_secret_that_a_higher_layer_deletes_is_buried_in_its_own(layout: Layout, made: ModuleType) -> None:
    lower = made.layer(made.tar([("root/.netrc", "machine x login y password z")]))
    higher = made.layer(made.tar([("root/.wh..netrc", "")]))

    walked = _walk(layout, made, made.layer(made.tar([])), lower, higher)

    assert [(path, one.layer) for path, one in walked.buried] == [("root/.netrc", 1)]
    assert walked.files.get("root/.netrc") is None


def test_a_secret_that_a_higher_layer_overwrites_is_buried(layout: Layout, made: ModuleType) -> None:
    lower = made.layer(made.tar([("app/settings.env", f"TOKEN={_TOKEN}")]))
    higher = made.layer(made.tar([("app/settings.env", "TOKEN=")]))

    walked = _walk(layout, made, lower, higher)

    assert [path for path, _ in walked.buried] == ["app/settings.env"]


def test_a_setuid_bit_that_a_higher_layer_takes_away_is_gone(layout: Layout, made: ModuleType) -> None:
    lower = made.layer(made.tar([made.entry("opt/x", mode=0o4755)]))
    higher = made.layer(made.tar([made.entry("opt/x", mode=0o755)]))

    assert len(_walk(layout, made, lower, higher).files) == 0


def test_a_hard_link_to_a_setuid_file_is_one(layout: Layout, made: ModuleType) -> None:
    lower = made.layer(made.tar([made.entry("opt/x", mode=0o4755)]))
    higher = made.layer(made.tar([made.entry("opt/y", tarfile.LNKTYPE, linkname="opt/x")]))

    walked = _walk(layout, made, lower, higher)

    assert walked.files["opt/y"].setuid
    assert walked.files["opt/y"].layer == 1


def test_a_hard_link_is_a_program_by_its_own_name(layout: Layout, made: ModuleType) -> None:
    link = [made.entry(name, tarfile.LNKTYPE, linkname="bin/busybox") for name in ("bin/ls", "usr/sbin/sshd")]

    walked = _walk(layout, made, made.layer(made.tar([("bin/busybox", "\0"), *link])))

    programs = {path: one.program for path, one in walked.files.items().items()}
    assert programs == {"bin/busybox": "shell", "usr/sbin/sshd": "ssh_server"}


def test_the_last_of_two_entries_with_a_name_holds(layout: Layout, made: ModuleType) -> None:
    layer = made.layer(made.tar([made.entry("opt/x", mode=0o4755), made.entry("opt/x", mode=0o755)]))

    assert len(_walk(layout, made, layer).files) == 0


def _link(made: ModuleType, path: str, target: str) -> tarfile.TarInfo:
    entry: tarfile.TarInfo = made.entry(path, tarfile.SYMTYPE, linkname=target)
    return entry


@pytest.mark.parametrize(
    "links",
    [
        [("bin", "usr/bin")],
        [("bin", "/usr/bin")],
        [("bin", "b"), ("b", "./x/../usr/bin")],
        [("bin", "../../usr/bin")],
        [("bin", "u/bin"), ("u", "usr")],
    ],
    ids=["relative", "absolute", "two", "above the root", "within"],
)
def test_entries_lie_where_links_on_the_way_lead(
    links: list[tuple[str, str]], layout: Layout, made: ModuleType
) -> None:
    linked = made.layer(made.tar([_link(made, path, target) for path, target in links]))
    program = made.layer(made.tar([made.entry("bin/su", mode=0o4755)]))

    assert [*_walk(layout, made, linked, program).files.items()] == ["usr/bin/su"]


def test_a_whiteout_deletes_where_links_on_the_way_lead(layout: Layout, made: ModuleType) -> None:
    base = made.layer(made.tar([made.entry("usr/bin/su", mode=0o4755), _link(made, "bin", "usr/bin")]))

    walked = _walk(layout, made, base, made.layer(made.tar([made.entry("bin/.wh.su")])))

    assert len(walked.files) == 0


def test_accounts_are_replaced_through_a_link(layout: Layout, made: ModuleType) -> None:
    base = made.layer(made.tar([("etc/passwd", "app:x:1000:"), _link(made, "config", "etc")]))

    walked = _walk(layout, made, base, made.layer(made.tar([("config/passwd", "app:x:0:")])))

    assert walked.files["etc/passwd"].text == b"app:x:0:"


@pytest.mark.parametrize(
    "change", [("bin", tarfile.DIRTYPE), (".wh.bin", tarfile.REGTYPE), (".wh..wh..opq", tarfile.REGTYPE)]
)
def test_a_link_that_is_gone_leads_nowhere(change: tuple[str, bytes], layout: Layout, made: ModuleType) -> None:
    linked = made.layer(made.tar([_link(made, "bin", "usr/bin")]))
    program = made.layer(made.tar([made.entry(*change), made.entry("bin/su", mode=0o4755)]))

    assert [*_walk(layout, made, linked, program).files.items()] == ["bin/su"]


def test_more_links_than_are_looked_at_are_a_gap(layout: Layout, made: ModuleType) -> None:
    layer = made.layer(made.tar([_link(made, str(number), "x") for number in range(3)]))

    assert "more than 2 symbolic links" in _why(_walk(layout, made, layer, limits=replace(_LIMITS, links=2)))


def test_a_layer_with_links_in_a_circle_is_a_gap(layout: Layout, made: ModuleType) -> None:
    layer = made.layer(made.tar([_link(made, "a", "b"), _link(made, "b", "a"), made.entry("a/su", mode=0o4755)]))

    assert "in a circle" in _why(_walk(layout, made, layer))


def test_capabilities_are_seen(layout: Layout, made: ModuleType) -> None:
    capable = made.entry("opt/x", pax_headers={"SCHILY.xattr.security.capability": "\x01"})

    walked = _walk(layout, made, made.layer(made.tar([capable])))

    assert walked.files["opt/x"].capabilities


@pytest.mark.parametrize(("mode", "seen"), [(0o777, True), (0o1777, False), (0o775, False)])
def test_folders_that_everybody_may_write_to(mode: int, seen: bool, layout: Layout, made: ModuleType) -> None:  # noqa: FBT001 - a table
    walked = _walk(layout, made, made.layer(made.tar([made.entry("data", tarfile.DIRTYPE, mode=mode)])))

    assert (walked.files.get("data") is not None) is seen


def test_a_large_layer_takes_little_memory(layout: Layout, made: ModuleType) -> None:
    packed, plain = io.BytesIO(), hashlib.sha256()
    piece = bytes(range(256)) * 4096
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as stream:
        for part in (made.entry("a", size=64 * len(piece)).tobuf(), *[piece] * 64, bytes(1024)):
            stream.write(part)
            plain.update(part)
    layer = made.Layer(packed.getvalue(), f"sha256:{plain.hexdigest()}")
    manifest = made.image(layout, [layer])
    tracemalloc.start()
    walked = walk(layout, manifest.layers, [layer.diff_id], _LIMITS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert walked.gaps == []
    assert walked.unpacked == [64 * len(piece) + 512 + 1024]
    assert peak < 8 * 2**20
