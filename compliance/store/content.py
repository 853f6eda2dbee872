"""An assessment as pieces that are addressed by their own SHA-256, so that what did not change is stored once.

    piece   the compact JSON of one finding, gap, input, rule, waiver or passed-over file, as `compliance/assessment/v1`
            writes it
    chunk   the digests of pieces that follow each other, 32 bytes each
    root    JSON: everything else of the assessment but its time, and for each list the digests of its chunks

Where a list is cut into chunks depends on the pieces alone (a cut follows a digest whose last six bits are zero, the
idea of content-defined chunking), so one finding more changes one chunk and the root, wherever it stands.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import orjson

from compliance.errors import StoreError
from compliance.output import result_tree
from compliance.output.json_result import SCHEMA
from compliance.output.json_text import compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from compliance.model import Assessment, Finding

    Fetch: TypeAlias = Callable[[Sequence[bytes]], Mapping[bytes, bytes]]

DIGEST_SIZE: Final = 32
LISTS: Final = ("findings", "gaps", "inputs", "passed_over", "rules", "waivers")
_CUT: Final = 0b111111
_LONGEST: Final = 1024


@dataclass(slots=True)
class Packed:
    """An assessment in pieces: all of them by digest, the root's digest, and those of the findings in their order."""

    root: bytes
    findings: tuple[bytes, ...]
    pieces: dict[bytes, bytes] = field(repr=False)


def pack(taken: Assessment) -> Packed:
    """Take an assessment apart; equal ones, whenever they were taken and whatever came before, have the same root."""
    tree = result_tree.assessment(taken)
    del tree["taken_at"]
    tree["schema"] = SCHEMA
    tree["rules"] = [tree["rules"][key] for key in sorted(tree["rules"])]
    pieces: dict[bytes, bytes] = {}
    listed = {name: [_put(pieces, compact(item)) for item in tree[name]] for name in LISTS}
    for name, digests in listed.items():
        tree[name] = [_put(pieces, b"".join(chunk)).hex() for chunk in _chunks(digests)]
    return Packed(_put(pieces, compact(tree)), tuple(listed["findings"]), pieces)


def _put(pieces: dict[bytes, bytes], body: bytes) -> bytes:
    digest = hashlib.sha256(body).digest()
    pieces[digest] = body
    return digest


def _chunks(digests: Iterable[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    for digest in digests:
        chunk.append(digest)
        if not digest[-1] & _CUT or len(chunk) == _LONGEST:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def unpack(root: bytes, taken_at: datetime, fetch: Fetch) -> Assessment:
    """Put an assessment together again; `fetch` gives pieces by digest and raises where one is missing.

    Raises:
        StoreError: the pieces are not such as this version reads.
    """
    tree = _root(root, fetch)
    try:
        for name in LISTS:
            digests = _listed(tree[name], fetch)
            pieces = fetch(digests)
            tree[name] = [orjson.loads(pieces[digest]) for digest in digests]
        tree["rules"] = {rule["id"]: rule for rule in tree["rules"]}
        del tree["schema"]
        return result_tree.read_assessment({**tree, "taken_at": taken_at.isoformat()})
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(tree.get("tool_version"), error) from error


def read_finding(body: bytes) -> Finding:
    """Read one piece that is a finding.

    Raises:
        StoreError: it is none that this version reads.
    """
    try:
        return result_tree.read_finding(orjson.loads(body))
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(None, error) from error


def reached(root: bytes, fetch: Fetch) -> Iterator[bytes]:
    """Digests of all pieces that a root needs, itself included; some more than once.

    Raises:
        StoreError: a chunk or the root is damaged; raised by `fetch` where one is missing.
    """
    tree = _root(root, fetch)
    yield root
    for name in LISTS:
        chunks = _chunk_digests(tree[name])
        yield from chunks
        yield from _listed(tree[name], fetch)


def _root(root: bytes, fetch: Fetch) -> dict[str, Any]:
    try:
        tree = orjson.loads(fetch([root])[root])
        schema = tree["schema"]
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(None, error) from error
    if schema != SCHEMA:
        raise StoreError(f"a run in the history is a {schema!r}, not a {SCHEMA!r}", remedy=_NEWER)
    return dict(tree)


def _chunk_digests(listed: Iterable[str]) -> list[bytes]:
    return [bytes.fromhex(digest) for digest in listed]


def _listed(listed: Iterable[str], fetch: Fetch) -> list[bytes]:
    chunks = _chunk_digests(listed)
    bodies = fetch(chunks)
    joined = b"".join(bodies[chunk] for chunk in chunks)
    return [joined[start : start + DIGEST_SIZE] for start in range(0, len(joined), DIGEST_SIZE)]


_NEWER: Final = "use the version of compliance that saved it, or a newer one"


def _unreadable(version: object, error: Exception) -> StoreError:
    said = f" of version {version}" if version else ""
    return StoreError(f"a run{said} in the history cannot be read ({type(error).__name__}: {error})", remedy=_NEWER)
