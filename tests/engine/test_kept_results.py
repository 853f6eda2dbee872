"""Results that an earlier run computed: used for the same document by the same rules, and for nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compliance.engine.kept_results import KeptResults
from compliance.errors import EvaluationError
from compliance.private_cache import PrivateCache

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from compliance.engine.results import Result


class _Engine:
    """Denies what each document says, by the rule `a.b`; `c.d` is silent."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def evaluate(self, schema: str, inputs: Sequence[bytes]) -> list[Result]:
        self.asked.extend(inputs)
        return [self._one(schema, document) for document in inputs]

    def _one(self, schema: str, document: bytes) -> Result:
        if document == b"bad":
            return EvaluationError("it failed")
        found: dict[str, Any] = {"a.b": [{"msg": f"{schema} {document.decode()}", "at": ""}], "c.d": []}
        return found

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def blobs(tmp_path: Path) -> PrivateCache:
    return PrivateCache(tmp_path / "cache")


def _run(
    blobs: PrivateCache, *documents: bytes, about: str = "prod", digest: str = "1", schema: str = "workload"
) -> tuple[list[Result], list[bytes]]:
    """The results, and what the engine itself was asked."""
    engine = _Engine()
    kept = KeptResults(engine, blobs, about, digest)
    results = kept.evaluate(schema, documents)
    kept.save()
    return results, engine.asked


def test_a_known_document_is_not_evaluated_again_and_gives_the_same(blobs: PrivateCache) -> None:
    first, _ = _run(blobs, b"x", b"y")

    second, asked = _run(blobs, b"y", b"z", b"x")

    assert asked == [b"z"]
    assert [second[2], second[0]] == first
    assert second[1] == {"a.b": [{"msg": "workload z", "at": ""}], "c.d": []}


@pytest.mark.parametrize("change", [{"about": "other"}, {"digest": "2"}, {"schema": "service"}])
def test_a_result_holds_for_its_cluster_rules_and_schema_only(blobs: PrivateCache, change: dict[str, str]) -> None:
    _run(blobs, b"x")

    _, asked = _run(blobs, b"x", **change)

    assert asked == [b"x"]


def test_a_failure_is_not_kept(blobs: PrivateCache) -> None:
    (first,), _ = _run(blobs, b"bad")

    _, asked = _run(blobs, b"bad")

    assert isinstance(first, EvaluationError)
    assert asked == [b"bad"]


def test_what_a_run_does_not_use_is_forgotten(blobs: PrivateCache) -> None:
    _run(blobs, b"x")
    _run(blobs, b"y")

    _, asked = _run(blobs, b"x")

    assert asked == [b"x"]


def test_no_more_is_kept_than_there_is_room_for(blobs: PrivateCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compliance.engine.kept_results._MOST_RESULTS", 2)
    _run(blobs, b"x", b"y", b"z")

    _, asked = _run(blobs, b"x", b"y", b"z")

    assert asked == [b"z"]


def test_what_somebody_else_could_have_written_is_not_believed(blobs: PrivateCache, tmp_path: Path) -> None:
    _run(blobs, b"x")
    (tmp_path / "cache").chmod(0o777)

    _, asked = _run(blobs, b"x")

    assert asked == [b"x"]
