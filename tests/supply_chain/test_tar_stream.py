"""Archives that builders make, and ones that nobody honest makes."""

from __future__ import annotations

import io
import posixpath
import tarfile
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ContentError
from compliance.sources.images.limits import Limits
from compliance.supply_chain.tar_stream import members

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIMITS = Limits()


def _entry(name: str, kind: bytes = tarfile.REGTYPE, **fields: Any) -> tarfile.TarInfo:  # noqa: ANN401 - of a header
    made = tarfile.TarInfo(name)
    made.type = kind
    for key, value in fields.items():
        setattr(made, key, value)
    return made


def _archive(entries: Sequence[tarfile.TarInfo | tuple[str, str | bytes]], *, form: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for entry in entries:
            name, content = entry if isinstance(entry, tuple) else (entry, b"")
            data = content.encode() if isinstance(content, str) else content
            header = _entry(name, size=len(data)) if isinstance(name, str) else name
            archive.addfile(header, io.BytesIO(data))
    return packed.getvalue()


class _Source:
    def __init__(self, data: bytes) -> None:
        self._stream = io.BytesIO(data)

    def take(self, size: int) -> bytes:
        return self._stream.read(size)

    def skip(self, size: int) -> None:
        if len(self._stream.read(size)) < size:
            raise ContentError("the archive is cut off")


def _read(data: bytes, limits: Limits = _LIMITS) -> list[tuple[str, str, bytes | None]]:
    return [(one.name, one.kind, one.content(1000)) for one in members(_Source(data), limits)]


def _patched(data: bytes, at: int, value: bytes) -> bytes:
    """The archive with bytes of its first header replaced, and that header's checksum made right."""
    header = bytearray(data[:512])
    header[at : at + len(value)] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[512:]


def _pax(records: bytes, size: int | None = None) -> bytes:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, len(records) if size is None else size
    return header.tobuf(tarfile.USTAR_FORMAT) + records + b"\0" * (-len(records) % 512)


_NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=300).filter(
    lambda name: not name.endswith("/")
)


@given(
    entries=st.lists(st.tuples(_NAMES, st.binary(max_size=1000)), max_size=5),
    form=st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]),
)
def test_what_tarfile_writes_is_read_back(entries: list[tuple[str, bytes]], form: int) -> None:
    assert _read(_archive(entries, form=form)) == [(name, "0", data) for name, data in entries]


@given(data=st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(ContentError):
        _read(data)


@given(data=st.data())
def test_a_damaged_archive_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(_archive([("a" * 150, "text"), _entry("b", tarfile.SYMTYPE, linkname="c" * 120)]))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ContentError):
        _read(bytes(whole))


def test_a_link_has_no_content_whatever_size_it_claims() -> None:
    link = _archive([_entry("link", tarfile.SYMTYPE, linkname="file")])[:512]
    claims = _patched(link, 124, b"00000002000\0")

    found = _read(claims + _archive([("file", "text")]))

    assert [name for name, _, _ in found] == ["link", "file"]


def test_a_size_in_a_pax_record_overrides_the_header() -> None:
    hidden = _archive([("inner", "x")])[:1024]
    outer = _archive([("outer", b"")])[:512]

    found = _read(_pax(b"13 size=1024\n") + outer + hidden + bytes(1024))

    assert [name for name, _, _ in found] == ["outer"]


def test_the_last_of_two_records_holds() -> None:
    found = _read(_pax(b"9 path=a\n9 path=b\n") + _archive([("c", "")]))

    assert found == [("b", "0", b"")]


def test_global_records_are_passed_over() -> None:
    header = _patched(_pax(b"9 path=a\n"), 156, b"g")

    assert _read(header + _archive([("c", "")])) == [("c", "0", b"")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x01" * 512, "no tar archive"),
        (b"\x01" * 100, "ends inside a header"),
        (_pax(b"", size=2_000_000_000), "claims 2000000000 bytes"),
        (_pax(b"9 path=a\n") * 17, "more than 16 extended headers"),
        (_pax(b"9 path=a\n"), "ends after an extended header"),
        (_pax(b"99 path=a\n"), "not as long as it says"),
        (_pax(b"x path=a\n"), "no length"),
        (_pax(b"12 size=-10\n"), "is no number"),
        (bytes(512) + b"\x01" * 512, "goes on after its end"),
    ],
    ids=["noise", "short", "huge", "chain", "lonely", "long record", "no length", "negative", "after the end"],
)
def test_what_is_wrong_is_refused_with_its_reason(data: bytes, why: str) -> None:
    with pytest.raises(ContentError, match=why):
        _read(data + (_archive([("c", "")]) if "size=-10" in str(data) else b""))


def test_names_longer_than_allowed_are_refused() -> None:
    with pytest.raises(ContentError, match="a name has more than 4096 bytes"):
        _read(_archive([("a" * 5000, "")]))


def test_a_number_without_room_is_read_in_base_256() -> None:
    data = _archive([_entry("a", uid=2**40)], form=tarfile.GNU_FORMAT)

    (found,) = members(_Source(data), _LIMITS)

    assert found.owner == 2**40


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(ContentError, match="negative or too large"):
        _read(_patched(_archive([("a", "")]), 124, b"\xff" * 12))


def test_an_archive_that_ends_inside_a_file_is_refused() -> None:
    with pytest.raises(ContentError, match="cut off"):
        _read(_archive([("a", "text" * 500)])[:1024], replace(_LIMITS))


_FILE = tarfile.TarInfo("usr/bin/su").tobuf(tarfile.USTAR_FORMAT)
_GNU_FILE = tarfile.TarInfo("su").tobuf(tarfile.GNU_FORMAT)
_LONG = b"./" * 62 + b"usr/bin"


@pytest.mark.parametrize(
    "data",
    [
        _pax(b"8 path=\n") + _FILE,
        _patched(_pax(b"\0"), 156, b"L") + _FILE,
        _pax(b"9 path=a\n") + _patched(_pax(b""), 156, b"g") + _FILE,
        _patched(_pax(b"a"), 156, b"L") + _patched(_pax(b""), 156, b"g") + _FILE,
        _patched(_pax(b"a"), 156, b"L") + _patched(_pax(b"\0"), 156, b"L") + _FILE,
        _pax(b"21 GNU.sparse.name=a\n") + _FILE,
        _patched(_GNU_FILE, 345, b"usr/bin\0"),
        _patched(_GNU_FILE, 345, b"7 /../usr/bin\0"),
        _patched(_patched(_patched(_FILE, 0, b"su\0"), 345, _LONG + b"0" * 24), 508, b"tar\0"),
    ],
    ids=[
        "empty path",
        "empty name",
        "global",
        "global after a name",
        "name taken back",
        "no map",
        "old Go",
        "no octal",
        "star",
    ],
)
def test_a_file_has_the_name_that_go_unpacks_it_by(data: bytes) -> None:
    (found,) = _read(data + bytes(1024))

    assert posixpath.normpath(found[0]) == "usr/bin/su"


@pytest.mark.parametrize(
    "record", [b"22 GNU.sparse.major=1\n", b"22 GNU.sparse.map=6,4\n", b"23 GNU.sparse.offset=6\n"]
)
def test_a_sparse_file_of_pax_is_refused(record: bytes) -> None:
    with pytest.raises(ContentError, match="only pieces"):
        _read(_pax(record) + _FILE + bytes(1024))


def test_a_number_with_something_behind_it_is_refused() -> None:
    with pytest.raises(ContentError, match="a number that is none"):
        _read(_patched(_archive([("a", "")]), 100, b"0 4755\0"))


def test_only_an_old_kind_of_file_is_a_folder_by_its_name() -> None:
    named = [_patched(_patched(_FILE, 0, b"a/\0"), 156, kind) for kind in (b"\0", b"0", b"7")]

    assert [kind for _, kind, _ in _read(b"".join(named) + bytes(1024))] == ["5", "0", "0"]


def test_the_map_of_a_sparse_file_is_passed_over() -> None:
    sparse = _patched(_patched(_archive([("a", "")])[:512], 156, b"S"), 482, b"\x01")

    assert _read(sparse + bytes(512) + _archive([("b", "")])) == [("a", "0", b""), ("b", "0", b"")]
