"""A history as a dict would keep it: what happens night after night, and what a comparison must say of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from histories import PROBE, REPLICAS, day, finding, judged, night
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.store.history import Store
    from compliance.store.records import Comparison, Tracked

NAMES = ("api", "db", "web")
RULE_IDS = (PROBE, REPLICAS)


@dataclass(frozen=True, slots=True)
class Night:
    """What is wrong, what was judged (a subject perhaps twice), by which rules, and whether that was all there is."""

    wrong: list[tuple[str, str]]
    judged: list[str]
    rules: list[str]
    whole: bool


@dataclass(slots=True)
class Model:
    """For each rule and subject, the nights in which its open violations were first and last seen, the oldest first."""

    open: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)

    def take(self, number: int, run: Night) -> dict[str, Counter[tuple[str, str, int, int]]]:
        """What a comparison of that night says: subject, rule, and both times."""
        told: dict[str, Counter[tuple[str, str, int, int]]] = {
            name: Counter() for name in ("new", "unchanged", "fixed", "gone", "unjudged")
        }
        wrong = Counter(run.wrong)
        for key in {*self.open, *wrong}:
            known = self.open.get(key, [])
            still = [(first, number) for first, _ in known[: wrong[key]]]
            begun = [(number, number)] * (wrong[key] - len(still))
            missing = known[len(still) :]
            ended = self._ended(key, run, wrong[key], missing)
            kept = missing[: len(missing) - ended]
            met = key[0] in run.judged
            for name, ages in (
                ("new", begun),
                ("unchanged", still),
                ("fixed" if met else "gone", missing[len(kept) :]),
                ("unjudged", kept),
            ):
                told[name].update((*key, first, last) for first, last in ages)
            self.open[key] = [*still, *begun, *kept]
        return told

    @staticmethod
    def _ended(key: tuple[str, str], run: Night, seen: int, missing: list[tuple[int, int]]) -> int:
        name, rule = key
        if name not in run.judged:
            return len(missing) if run.whole else 0
        clean = run.judged.count(name) - seen if rule in run.rules else 0
        return min(len(missing), max(0, clean))


def _told(comparison: Comparison) -> dict[str, Counter[tuple[str, str, int, int]]]:
    return {name: _counted(getattr(comparison, name)) for name in ("new", "unchanged", "fixed", "gone", "unjudged")}


def _counted(tracked: Iterable[Tracked]) -> Counter[tuple[str, str, int, int]]:
    return Counter(
        (each.finding.subject.name, each.finding.rule, (each.first_seen - day(0)).days, (each.last_seen - day(0)).days)
        for each in tracked
    )


def _without_last(told: dict[str, Counter[tuple[str, str, int, int]]]) -> dict[str, Counter[tuple[str, str, int]]]:
    """The same without when each was last seen, which is forgotten when it is seen again."""
    return {name: Counter(row[:3] for row in rows.elements()) for name, rows in told.items()}


@st.composite
def nights(draw: st.DrawFn) -> Night:
    """Any night."""
    seen = draw(st.lists(st.sampled_from(NAMES), max_size=5))
    rules = draw(st.lists(st.sampled_from(RULE_IDS), unique=True))
    possible = [(name, rule) for name in seen for rule in rules]
    wrong = draw(st.lists(st.sampled_from(possible), max_size=6)) if possible else []
    return Night(wrong, seen, rules, draw(st.booleans()))


def assert_same(store: Store, scope: str, runs: list[Night]) -> None:
    """Save the nights in a scope that is new, and compare all that is said of each with the model."""
    model, told = Model(), list[dict[str, Counter[tuple[str, str, int, int]]]]()
    for number, run in enumerate(runs):
        taken = night(number, [finding(name, rule) for name, rule in run.wrong])
        coverage = judged(*run.judged, rules=run.rules)
        compared = store.compare(taken, scope, coverage, whole=run.whole)
        saved = store.save(taken, scope=scope, coverage=coverage, whole=run.whole)
        told.append(model.take(number, run))
        assert _told(saved.comparison) == _told(compared) == told[-1]
        assert store.latest(scope) == taken
        assert store.recall(saved.run)[0] == taken
        assert _told(store.recall(saved.run)[1]) == told[-1]
    saved_runs = store.history(scope)
    assert len(saved_runs) == len(runs)
    for run_, said in zip(saved_runs, reversed(told), strict=True):
        assert _without_last(_told(store.recall(run_)[1])) == _without_last(said)
