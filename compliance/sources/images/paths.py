"""Names of layers' entries as paths in the image, and what of them is hostile.

OCI image specification, layer.md: entries are relative to the root, `.wh.NAME` deletes NAME of the layers below, and
`.wh..wh..opq` all that they have in its folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

WHITEOUT: Final = ".wh."
OPAQUE: Final = ".wh..wh..opq"
_META: Final = ".wh..wh."


def normalised(name: str) -> str:
    """The path without `.`, doubled and outer slashes; `..` stays. The root is the empty text."""
    if "//" not in name and "/." not in name and not name.startswith("."):
        return name.strip("/")
    return "/".join(part for part in name.split("/") if part not in {"", "."})


def climbs(path: str) -> bool:
    """Whether a path has `..` in it."""
    return ".." in path and ".." in path.split("/")


def leaves_root(folder: str, link: str) -> bool:
    """Whether a symbolic link in that folder climbs above the image's root; one that begins with `/` begins there."""
    depth = 0 if link.startswith("/") or not folder else folder.count("/") + 1
    for part in link.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


def parent(path: str) -> str:
    """The folder that it is in; the root is the empty text."""
    return path.rpartition("/")[0]


def ancestors(path: str) -> Iterator[str]:
    """The folders above it, the nearest first and without the root."""
    end = path.rfind("/")
    while end > 0:
        yield path[:end]
        end = path.rfind("/", 0, end)


def deleted_by(path: str) -> str | None:
    """The path that a whiteout deletes; None where it is none, or an opaque one or other bookkeeping of AUFS."""
    name = path.rpartition("/")[2]
    if not name.startswith(WHITEOUT) or name.startswith(_META):
        return None
    folder = parent(path)
    target = name[len(WHITEOUT) :]
    return f"{folder}/{target}" if folder else target


def is_bookkeeping(path: str) -> bool:
    """Whether it is no file of the image: a whiteout, or what AUFS keeps beside (`.wh..wh.plnk`)."""
    return any(part.startswith(WHITEOUT) for part in path.split("/")) if WHITEOUT in path else False


def shown(path: str) -> str:
    """A path as facts and messages have it: absolute, printable and no longer than 200 characters."""
    text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in path)
    return f"/{text}" if len(text) <= 200 else f"/{text[:100]}…{text[-99:]}"  # noqa: PLR2004
