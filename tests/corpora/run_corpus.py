"""Measure the built-in rules on material that somebody else wrote.

    python tests/corpora/run_corpus.py checkov ~/src/checkov
    python tests/corpora/run_corpus.py --index cases.jsonl ~/src/manifests

The first form reads a checkout that you made, as its project lays it out; the second reads an index of your own (see
cases.py). Each case agrees, disagrees for a reason that `exceptions/<corpus>.yaml` records, or disagrees; the exit
code is 1 when one disagrees without a reason, or a recorded one agrees.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml
from cases import Case, read_index
from judging import Court

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compliance.catalogue import Catalogue
    from compliance.model import Finding

_HERE: Final = Path(__file__).resolve().parent
_CORPORA: Final = ("checkov", "gatekeeper_library", "hadolint", "pod_security_admission", "trivy_checks")
_STATES: Final = ("agree", "recorded", "disagree", "not judged", "no longer true", "no rule of ours")
_BAD: Final = frozenset({"disagree", "not judged", "no longer true"})


def main() -> int:
    """Run one corpus and print what disagrees, then the table by rule."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", choices=_CORPORA)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--index", type=Path, help="expectations as JSON lines, in place of a corpus")
    parser.add_argument("--exceptions", type=Path, help="reasons for cases that disagree")
    parser.add_argument("--rule", help="only the cases of this rule (id or alias)")
    given = parser.parse_args()
    if (given.corpus is None) == (given.index is None):
        parser.error("give a corpus or --index")
    court = Court()
    try:
        cases = _cases(given.corpus, given.index, given.checkout)
        return _report(court, cases(court.catalogue), _exceptions(given.corpus, given.exceptions), given.rule)
    finally:
        court.close()


def _cases(corpus: str | None, index: Path | None, checkout: Path) -> Callable[[Catalogue], Iterator[Case]]:
    if index is not None:
        return lambda _catalogue: read_index(index, checkout)
    return partial(import_module(str(corpus)).cases, checkout)


def _exceptions(corpus: str | None, file: Path | None) -> dict[str, str]:
    """The reasons for disagreeing, by the case's name or a prefix of it that ends with `*`."""
    file = file or (_HERE / "exceptions" / f"{corpus}.yaml")
    rows = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else None
    return {case: row["reason"] for row in rows or () for case in row["cases"]}


def _report(court: Court, cases: Iterator[Case], reasons: dict[str, str], only: str | None) -> int:
    table: dict[str, Counter[str]] = {}
    wanted = court.rule_ids((only,)) if only else None
    for case in cases:
        rules = court.rule_ids(case.rules)
        if wanted is not None and not wanted & rules:
            continue
        state, why = _state(court, case, rules, reasons)
        table.setdefault("several" if len(rules) > 1 else min(rules, default="none"), Counter())[state] += 1
        if state in _BAD:
            print(f"{state}: {case.name}: expected {'a finding' if case.refused else 'none'}; {why}")
    print(f"{'rule':50}" + "".join(f"{state:>17}" for state in _STATES))
    for rule, counts in [*sorted(table.items()), ("all", sum(table.values(), Counter()))]:
        print(f"{rule:50}" + "".join(f"{counts[state]:17}" for state in _STATES))
    return int(any(counts[state] for counts in table.values() for state in _BAD))


def _state(court: Court, case: Case, rules: frozenset[str], reasons: dict[str, str]) -> tuple[str, str]:
    if not rules:
        return "no rule of ours", ""
    outcome = court.outcome(case)
    found = [finding for finding in outcome.findings if finding.rule in rules and _about(case, finding)]
    why = "; ".join(f"{finding.rule}: {finding.message}" for finding in found[:2]) or "nothing found"
    if bool(found) == case.refused and (found or rules & outcome.asked):
        return ("no longer true" if case.name in reasons else "agree"), why
    if case.name in reasons or any(name.endswith("*") and case.name.startswith(name[:-1]) for name in reasons):
        return "recorded", why
    if outcome.gaps or (not case.refused and not found):
        return "not judged", "; ".join(outcome.gaps[:2]) or "no rule of the case judges anything in it"
    return "disagree", why


def _about(case: Case, finding: Finding) -> bool:
    """Whether it is about the case's subject; instances of a Terraform resource that are alike are told as one."""
    if case.subject is None:
        return True
    return (
        finding.subject.name in {case.subject, case.subject.partition('["')[0]} or str(finding.subject) == case.subject
    )


if __name__ == "__main__":
    sys.exit(main())
