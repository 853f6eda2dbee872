"""Which facts a rule looks at, as far as its text tells."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from compliance.catalogue import Catalogue

_NOT_CODE: Final = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`]*`')
_OTHERS: Final = re.compile(r"\bdata\s*[.\[]")
_FACT: Final = re.compile(r"\binput\b(?:\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*))?")


def reads(rego: str) -> frozenset[str] | None:
    """The paths of the facts that a rule names, such as `pod.host_network`.

    None where it may look at any: at its whole input, or through other packages.
    """
    # A comment may hold a quote, and a string a hash: whichever begins first is taken out whole.
    code = _NOT_CODE.sub(lambda found: "" if found[0].startswith("#") else '""', rego)
    paths = [found[1] for found in _FACT.finditer(code)]
    return None if _OTHERS.search(code) or None in paths else frozenset(paths)


def reads_of(catalogue: Catalogue, id_: str) -> frozenset[str] | None:
    """The same of a rule in the catalogue; None where its text is not there."""
    return _reads(catalogue.folder_of(catalogue.rules[id_]))


@lru_cache(maxsize=1024)
def _reads(folder: Path) -> frozenset[str] | None:
    try:
        return reads((folder / f"{folder.name}.rego").read_text(encoding="utf-8"))
    except OSError:
        return None


def meets(read: frozenset[str] | None, unread: Iterable[str]) -> list[str]:
    """The paths among `unread` that a rule looks at, into or out of."""
    if read is None:
        return sorted(unread)
    return sorted(path for path in unread if any(_touch(path, each) for each in read))


def _touch(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
