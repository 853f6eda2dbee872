"""Files that are read whole, and never more of them than the reader is ready to hold."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_UNITS: Final = ((1024**2, "MiB"), (1024, "KiB"))


def read(path: Path, most: int) -> bytes:
    """Return the bytes of a file that has at most `most` of them.

    Raises:
        OSError: it cannot be read; with EFBIG where it is larger, and `strerror` says so.
    """
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"larger than {_size(most)}", str(path))
    return content


def _size(count: int) -> str:
    for unit, name in _UNITS:
        if count >= unit and count % unit == 0:
            return f"{count // unit} {name}"
    return f"{count} bytes"
