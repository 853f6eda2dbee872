"""Files are read within bounds."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from compliance import bounded_files

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_of_just_the_size_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")

    assert bounded_files.read(tmp_path / "file", 5) == b"12345"


@pytest.mark.parametrize(
    ("most", "said"), [(4, "4 bytes"), (1024, "1 KiB"), (1025, "1025 bytes"), (3 * 1024**2, "3 MiB")]
)
def test_a_larger_file_is_an_error_that_says_how_large_it_may_be(tmp_path: Path, most: int, said: str) -> None:
    (tmp_path / "file").write_bytes(b"1" * (most + 1))

    with pytest.raises(OSError, match=f"larger than {said}") as raised:
        bounded_files.read(tmp_path / "file", most)

    assert (raised.value.errno, raised.value.strerror) == (errno.EFBIG, f"larger than {said}")


def test_a_missing_file_is_the_usual_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        bounded_files.read(tmp_path / "none", 10)
