"""A file is replaced as a whole, or left alone; what is no file is written as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from compliance import atomic_write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "report.json"
    found.write_bytes(b"old")
    return found


def _left(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        atomic_write.write(tmp_path / "new", [b"x"])
    finally:
        os.umask(before)

    assert (tmp_path / "new").read_bytes() == b"x"
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


def test_a_file_keeps_its_mode_and_is_another_one(file: Path) -> None:
    file.chmod(0o604)
    before = file.stat().st_ino

    atomic_write.write(file, [b"new"])

    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o604
    assert file.stat().st_ino != before
    assert _left(file.parent) == ["report.json"]


def test_what_only_its_owner_may_read_is_never_readable_by_others(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o600)
    modes: list[int] = []
    opened = os.open

    def watched(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = opened(path, flags, mode)
        modes.append(os.fstat(descriptor).st_mode & 0o777)
        return descriptor

    monkeypatch.setattr("os.open", watched)
    atomic_write.write(file, [b"new"])

    assert modes == [0o600]


def test_a_file_of_our_own_has_no_more_than_its_mode(file: Path) -> None:
    before = os.umask(0o027)
    try:
        atomic_write.replace(file, b"new", 0o644)
    finally:
        os.umask(before)

    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o640)


def test_a_link_is_replaced_and_not_followed_where_the_file_is_ours(file: Path) -> None:
    link = file.with_name("latest.json")
    link.symlink_to("report.json")

    atomic_write.replace(link, b"new")

    assert not link.is_symlink()
    assert file.read_bytes() == b"old"


def test_a_reader_of_the_old_file_reads_it_to_its_end(file: Path) -> None:
    with file.open("rb") as reader:
        atomic_write.write(file, [b"new"])

        assert reader.read() == b"old"


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt(), SystemExit(143)])
def test_what_stops_the_writing_leaves_the_old_file_and_no_other(
    file: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def fail(_descriptor: int) -> None:
        raise failure

    monkeypatch.setattr("os.fsync", fail)

    with pytest.raises(type(failure)):
        atomic_write.write(file, [b"new"])

    assert file.read_bytes() == b"old"
    assert _left(file.parent) == ["report.json"]


def test_the_target_of_a_link_is_written_and_the_link_stays(file: Path) -> None:
    link = file.with_name("latest.json")
    link.symlink_to("report.json")

    atomic_write.write(link, [b"new"])

    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_link_to_nowhere_is_followed(tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to("later")

    atomic_write.write(tmp_path / "latest", [b"x"])

    assert (tmp_path / "later").read_bytes() == b"x"


def test_a_fifo_is_written_to(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_bytes()))
    reader.start()

    atomic_write.write(fifo, [b"x" * 100_000])
    reader.join(10)

    assert read == [b"x" * 100_000]
    assert fifo.is_fifo()


@pytest.mark.parametrize("name", ["/dev/stdout", "/proc/self/fd/1", "out.txt"])
def test_standard_output_stays_the_file_that_it_is(tmp_path: Path, name: str) -> None:
    writes = "from compliance import atomic_write; atomic_write.write(Path('{}'), [b'report'])"
    program = f"from pathlib import Path; {writes}; print('!')"
    with (tmp_path / "out.txt").open("ab") as out:
        subprocess.run(  # noqa: S603 - the tests' own command
            [sys.executable, "-c", program.format(name)], stdout=out, cwd=tmp_path, check=True, timeout=60
        )

    assert (tmp_path / "out.txt").read_bytes() == b"report!\n"


def test_a_file_in_a_folder_that_lets_nothing_be_made_is_written_in_place(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refused)

    atomic_write.write(file, [b"new"])

    assert file.read_bytes() == b"new"


def test_a_file_that_can_only_be_written_in_place_is_and_no_other_is_left(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr("pathlib.Path.replace", busy)

    atomic_write.write(file, iter([b"ne", b"w"]))

    assert file.read_bytes() == b"new"
    assert _left(file.parent) == ["report.json"]


def test_what_fails_while_it_is_given_leaves_the_old_file_and_no_other(file: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"ne"
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        atomic_write.write(file, pieces())

    assert file.read_bytes() == b"old"
    assert _left(file.parent) == ["report.json"]


def test_the_longest_of_names_can_be_written(tmp_path: Path) -> None:
    atomic_write.write(tmp_path / ("x" * 255), [b"new"])

    assert (tmp_path / ("x" * 255)).read_bytes() == b"new"
