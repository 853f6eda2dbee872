"""Results that were computed in an earlier run, for documents that have not changed since.

A document holds all that a rule may see, parameters and the time included, so its digest together with that of the
rules stands for the result. Kept are the results that the last run used, within bounds, in a folder that nobody but the
user can write (`private_cache`): whoever could write there could make a finding disappear. Failures are never kept.

A long run saves now and then, so that one that was stopped, or killed, is gone on with: until a run has come to its
end, what earlier ones knew is kept beside what it has used.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any, Final, Self

import orjson

from compliance import __version__
from compliance.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.engine import Engine
    from compliance.engine.results import Result
    from compliance.private_cache import PrivateCache

_MOST_RESULTS: Final = 20_000
_MOST_BYTES: Final = 64 * 1024 * 1024
_SAVE_EVERY: Final = 30.0


class KeptResults:
    """An engine that asks another one only what it does not know; `name` is the other's.

    A context manager: what was used is saved at its end, and if that is an exception, beside what was known before.
    """

    def __init__(self, engine: Engine, blobs: PrivateCache, about: str, rules_digest: str) -> None:
        """Load what is known `about` something, such as a cluster, by these rules."""
        self.name = engine.name
        self.judged = self.reused = 0
        """How many documents the other engine evaluated, and for how many that was not needed."""
        self._engine = engine
        self._blobs = blobs
        self._blob = f"results-{hashlib.sha256(about.encode('utf-8', 'backslashreplace')).hexdigest()}"
        self._digest = f"{__version__} {engine.name} {rules_digest}"
        self._rules: list[tuple[str, ...]] = []
        self._known: dict[str, bytes] = {}
        self._used: dict[str, bytes] = {}
        self._size = 0
        self._is_saved = True
        self._next_save = time.monotonic() + _SAVE_EVERY
        self._load()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.save()
        else:
            self._save_all()

    def evaluate(self, schema: str, inputs: Sequence[bytes]) -> list[Result]:
        """As `Engine.evaluate`."""
        keys = [_key(schema, document) for document in inputs]
        unknown = [number for number, key in enumerate(keys) if key not in self._known]
        fresh = self._engine.evaluate(schema, [inputs[number] for number in unknown]) if unknown else []
        self.judged += len(unknown)
        self.reused += len(keys) - len(unknown)
        for number, result in zip(unknown, fresh, strict=True):
            if not isinstance(result, EvaluationError):
                self._keep(keys[number], self._packed(result))
                self._is_saved = False
        found: dict[int, Result] = dict(zip(unknown, fresh, strict=True))
        return [found[number] if number in found else self._unpacked(key) for number, key in enumerate(keys)]

    def save(self) -> None:
        """Keep what was used, and forget the rest."""
        self._put(self._used)

    def save_sometimes(self) -> None:
        """Save what a run has computed so far, when it is time to and there is something new."""
        if not self._is_saved and time.monotonic() >= self._next_save:
            self._save_all()
            self._next_save = time.monotonic() + _SAVE_EVERY

    def close(self) -> None:
        """The other engine is closed by whoever opened it."""

    def _save_all(self) -> None:
        """Keep what was used, and of what was known as much as there is room for."""
        if self._is_saved:
            return
        kept, size = dict(self._used), self._size
        for key, packed in self._known.items():
            if len(kept) >= _MOST_RESULTS or size + len(packed) >= _MOST_BYTES:
                break
            if key not in kept:
                kept[key] = packed
                size += len(packed)
        self._put(kept)
        self._is_saved = True

    def _put(self, results: Mapping[str, bytes]) -> None:
        packed = {key: orjson.Fragment(value) for key, value in results.items()}
        said = {"digest": self._digest, "rules": self._rules, "results": packed}
        self._blobs.put(self._blob, orjson.dumps(said))

    def _load(self) -> None:
        """Believe what was stored if it is whole and of these rules; else begin anew."""
        stored = self._blobs.get(self._blob)
        try:
            said = {} if stored is None else orjson.loads(stored)
        except ValueError:
            return
        if isinstance(said, dict) and said.get("digest") == self._digest:
            self._rules = [tuple(ids) for ids in said["rules"]]
            self._known = {key: orjson.dumps(value) for key, value in said["results"].items()}

    def _packed(self, result: Mapping[str, Any]) -> bytes:
        """Which rules answered, by number, and the answers that are not empty."""
        ids = tuple(sorted(result))
        if ids not in self._rules:
            self._rules.append(ids)
        return orjson.dumps([self._rules.index(ids), {id_: value for id_, value in result.items() if value != []}])

    def _unpacked(self, key: str) -> Result:
        packed = self._known[key]
        self._keep(key, packed)
        number, answers = orjson.loads(packed)
        result: dict[str, Any] = {id_: [] for id_ in self._rules[number]} | answers
        return result

    def _keep(self, key: str, packed: bytes) -> None:
        if key not in self._used and len(self._used) < _MOST_RESULTS and self._size + len(packed) < _MOST_BYTES:
            self._used[key] = packed
            self._size += len(packed)


def _key(schema: str, document: bytes) -> str:
    return hashlib.blake2b(schema.encode() + b"\0" + document, digest_size=16).hexdigest()
