"""Which distribution an image holds: os-release(5), https://www.freedesktop.org/software/systemd/man/os-release.html."""

from __future__ import annotations

import re
import shlex
from typing import Final

_LINE: Final = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")
_MAX_VALUE: Final = 80


def read_os_release(data: bytes) -> dict[str, str | None] | None:
    """`{"id", "version"}` of `ID` and `VERSION_ID`; None without `ID`, which the format calls `linux` then."""
    lines = data.decode("utf-8", "replace").splitlines()
    values: dict[str, str] = {found[1]: found[2] for line in lines if (found := _LINE.fullmatch(line))}
    name = _unquoted(values.get("ID", ""))
    return {"id": name, "version": _unquoted(values.get("VERSION_ID", "")) or None} if name else None


def _unquoted(value: str) -> str:
    try:
        return "".join(shlex.split(value)[:1])[:_MAX_VALUE]
    except ValueError:
        return ""
