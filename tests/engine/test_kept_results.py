"""Results that an earlier run computed: used for the same document by the same rules, and for nothing else."""

from __future__ import annotations

from contextlib import suppress
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


def _stop(blobs: PrivateCache, *documents: bytes) -> None:
    """A run that is stopped after these."""
    with suppress(SystemExit), KeptResults(_Engine(), blobs, "prod", "1") as kept:
        kept.evaluate("workload", documents)
        raise SystemExit(143)


def test_a_run_that_is_stopped_keeps_what_it_computed_and_what_was_known(blobs: PrivateCache) -> None:
    _run(blobs, b"x", b"y")
    _stop(blobs, b"z")

    _, asked = _run(blobs, b"x", b"y", b"z")

    assert asked == []


def test_what_a_stopped_run_used_has_room_before_what_was_known(
    blobs: PrivateCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.engine.kept_results._MOST_RESULTS", 2)
    _run(blobs, b"x", b"y")
    _stop(blobs, b"z")

    _, asked = _run(blobs, b"x", b"y", b"z")

    assert asked == [b"y"]


def test_a_run_saves_now_and_then_what_is_new(blobs: PrivateCache, monkeypatch: pytest.MonkeyPatch) -> None:
    _run(blobs, b"x", b"y")
    monkeypatch.setattr("compliance.engine.kept_results._SAVE_EVERY", 0.0)
    killed = KeptResults(_Engine(), blobs, "prod", "1")
    killed.evaluate("workload", [b"x", b"z"])
    killed.save_sometimes()

    _, asked = _run(blobs, b"x", b"y", b"z")

    assert asked == []
    assert (killed.judged, killed.reused) == (1, 1)


def test_a_run_saves_neither_too_often_nor_what_is_not_new(
    blobs: PrivateCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(blobs, b"x")
    (file,) = (tmp_path / "cache").iterdir()
    before = file.stat().st_ino
    kept = KeptResults(_Engine(), blobs, "prod", "1")

    kept.evaluate("workload", [b"z"])
    kept.save_sometimes()
    assert file.stat().st_ino == before
    monkeypatch.setattr("compliance.engine.kept_results._SAVE_EVERY", 0.0)
    kept = KeptResults(_Engine(), blobs, "prod", "1")
    kept.evaluate("workload", [b"x"])
    kept.save_sometimes()
    assert file.stat().st_ino == before


@pytest.mark.parametrize("part", [slice(0, 0), slice(0, 40), slice(40, None), slice(0, -1)])
def test_what_is_damaged_or_half_written_is_computed_again(blobs: PrivateCache, tmp_path: Path, part: slice) -> None:
    _run(blobs, b"x")
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(file.read_bytes()[part])

    _, asked = _run(blobs, b"x")
    _, later = _run(blobs, b"x")

    assert (asked, later) == ([b"x"], [])


@pytest.mark.parametrize("content", [b"not JSON", b"[]", b"{}", b'{"digest": 1}'])
def test_what_is_no_store_of_results_is_computed_again(blobs: PrivateCache, tmp_path: Path, content: bytes) -> None:
    _run(blobs, b"x")
    (file,) = (tmp_path / "cache").iterdir()
    blobs.put(file.name, content)

    _, asked = _run(blobs, b"x")

    assert asked == [b"x"]
