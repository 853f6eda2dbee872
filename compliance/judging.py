"""From facts to findings: ask the engine, check what it says, and find the places.

This is the part of a scan that runs in every worker process. It knows nothing of files, waivers or the gate.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from compliance.errors import EvaluationError, ExhaustedError
from compliance.model import Excerpt, Facts, Finding, Gap, Origin, Span, Stage, WaiverReport
from compliance.rule_reads import meets
from compliance.sources.secret_text import shown, shown_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from compliance.engine import Engine
    from compliance.rule_settings import EffectiveRule
    from compliance.waivers import AcceptedRisk, ReadWaivers

_BATCH = 256
_CONTEXT = 2
_MAX_LINE = 200
_HIDDEN = "(not shown)"
_MAX_FINDINGS = 10_000
# A rule that fails costs time for every subject, most of all when it uses up its time or memory: three of those do.
_STRIKES = 24
_STRIKES_OF_EXHAUSTION = 8


@dataclass(slots=True)
class Judged:
    """What a batch gave: findings, gaps, how many subjects each rule judged, and the subjects with their schemas."""

    findings: list[Finding] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    judged: Counter[str] = field(default_factory=Counter)
    subjects: list[tuple[str, str]] = field(default_factory=list)
    risks: list[AcceptedRisk] = field(default_factory=list)
    waivers: list[WaiverReport] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Terms:
    """What judging needs to know beside the facts: the rules, the day, who owns a finding, what a subject waives.

    `reads` tells which facts a rule looks at, None where that may be any.
    """

    rules: Mapping[str, EffectiveRule]
    today: date
    owner: Callable[[str, Facts], str]
    inline_waivers: Callable[[Facts], ReadWaivers]
    reads: Callable[[str], frozenset[str] | None] = lambda _rule: None


class Judge:
    """Holds facts against rules with one engine."""

    def __init__(self, terms: Terms, engine: Engine) -> None:
        self._terms = terms
        self._engine = engine
        self._by_schema: dict[str, dict[str, EffectiveRule]] = {}
        self._strikes: Counter[str] = Counter()
        self._batch_size: dict[str, int] = {}

    def judge(self, facts: Iterable[Facts]) -> Iterator[Judged]:
        """Judge all facts, in batches; every applicable rule gives findings, silence or a gap for each subject."""
        waiting: dict[tuple[str, frozenset[str]], list[Facts]] = {}
        for one in facts:
            key = (one.schema, one.unread)
            batch = waiting.setdefault(key, [])
            batch.append(one)
            if len(batch) >= self._batch_size.get(one.schema, 1):
                yield self._batch(one.schema, waiting.pop(key))
        for (schema, _), batch in waiting.items():
            yield self._batch(schema, batch)

    def _applicable(self, schema: str) -> dict[str, EffectiveRule]:
        if schema not in self._by_schema:
            self._by_schema[schema] = {
                id_: rule for id_, rule in self._terms.rules.items() if schema in rule.rule.applies_to
            }
        return self._by_schema[schema]

    def _batch(self, schema: str, batch: Sequence[Facts]) -> Judged:
        judged = Judged(subjects=[(str(facts.subject), schema) for facts in batch])
        for facts in batch:
            risks, invalid = self._terms.inline_waivers(facts)
            judged.risks.extend(risks)
            judged.waivers.extend(invalid)
        rules = self._asked(batch, judged)
        if not rules:
            return judged
        params = _params(rules)
        documents = [_document(facts, params) for facts in batch]
        results = self._engine.evaluate(schema, documents)
        # Batches grow while all goes well: a rule that runs away holds up few subjects before it is cut off.
        late = any(isinstance(result, ExhaustedError) for result in results)
        self._batch_size[schema] = 1 if late else min(2 * len(batch), _BATCH)
        for facts, result in zip(batch, results, strict=True):
            if isinstance(result, EvaluationError):
                self._one_by_one(facts, rules, judged)
            else:
                self._take(facts, rules, result, judged)
        return judged

    def _asked(self, batch: Sequence[Facts], judged: Judged) -> dict[str, EffectiveRule]:
        """The rules to ask; for one that has failed too often, or looks at what was not read, each subject is a gap."""
        rules = self._applicable(batch[0].schema)
        given_up = {id_ for id_ in rules if self._strikes[id_] >= _STRIKES}
        judged.gaps.extend(_given_up(facts, id_) for facts in batch for id_ in sorted(given_up))
        blind = self._blind(rules, batch[0].unread)
        judged.gaps.extend(_unread_gap(facts, id_, paths) for facts in batch for id_, paths in blind.items())
        return {id_: rule for id_, rule in rules.items() if id_ not in given_up and id_ not in blind}

    def _blind(self, rules: Iterable[str], unread: frozenset[str]) -> dict[str, list[str]]:
        """The rules that look at facts which are not known, and at which."""
        found = ((id_, meets(self._terms.reads(id_), unread)) for id_ in rules) if unread else ()
        return {id_: paths for id_, paths in found if paths}

    def _one_by_one(self, facts: Facts, rules: Mapping[str, EffectiveRule], judged: Judged) -> None:
        """Evaluate each rule alone, so that the one that fails is named and the others are heard."""
        for id_, rule in rules.items():
            if self._strikes[id_] >= _STRIKES:
                judged.gaps.append(_given_up(facts, id_))
                continue
            (result,) = self._engine.evaluate(facts.schema, [_document(facts, _params({id_: rule}))])
            if isinstance(result, EvaluationError):
                self._strikes[id_] += _STRIKES_OF_EXHAUSTION if isinstance(result, ExhaustedError) else 1
                judged.gaps.append(_gap(facts, id_, result.message))
            else:
                self._take(facts, {id_: rule}, result, judged)

    def _take(
        self, facts: Facts, rules: Mapping[str, EffectiveRule], result: Mapping[str, Any], judged: Judged
    ) -> None:
        denials: list[tuple[EffectiveRule, str, str]] = []
        for id_, rule in rules.items():
            answer = result.get(id_)
            if answer == []:
                judged.judged[id_] += 1
                continue
            denied = _denials(answer)
            if isinstance(denied, str):
                judged.gaps.append(_gap(facts, id_, f"rule {id_} {denied}"))
                continue
            unknown = (
                [denial for denial in denied if _is_unknown(denial[1], facts)] if facts.body.get("unknown") else []
            )
            judged.gaps.extend(_unknown_gap(facts, id_, message, at) for message, at in unknown)
            judged.judged[id_] += not unknown
            denials.extend((rule, *denial) for denial in denied if denial not in unknown)
        if denials:
            judged.findings.extend(self._findings(facts, denials))

    def _findings(self, facts: Facts, denials: Sequence[tuple[EffectiveRule, str, str]]) -> Iterator[Finding]:
        ats = list({at: None for _, _, at in denials})
        spans = dict(zip(ats, facts.locate(ats), strict=True))
        places = {span: (_origin(facts, span), _excerpt(facts, span)) for span in {*spans.values()}}
        owners = {owner: self._terms.owner(owner, facts) for owner in {rule.rule.owner for rule, _, _ in denials}}
        for rule, message, at in denials:
            origin, excerpt = places[spans[at]]
            enforced_from = rule.rule.enforced_from
            yield Finding(
                rule=rule.rule.id,
                severity=rule.severity,
                subject=facts.subject,
                message=shown(message),
                at=shown(at),
                origin=origin,
                owner=owners[rule.rule.owner],
                excerpt=excerpt,
                enforced=enforced_from is None or enforced_from <= self._terms.today,
            )


def _origin(facts: Facts, span: Span | None) -> Origin:
    return facts.origin if span is None else replace(facts.origin, span=span)


def _params(rules: Mapping[str, EffectiveRule]) -> bytes:
    return orjson.dumps({id_: dict(rule.params) for id_, rule in rules.items()})


def _document(facts: Facts, params: bytes) -> bytes:
    """The facts with `params` appended as text: the parameters are the same for a whole batch."""
    return b"".join((orjson.dumps(facts.body)[:-1], b',"params":', params, b"}"))


def _denials(answer: object) -> list[tuple[str, str]] | str:
    """The messages and places of what a rule answered, or why it is no set of denials."""
    if answer is None:
        return "is undefined: its package has no deny"
    if not isinstance(answer, list):
        return "does not answer with a set"
    if len(answer) > _MAX_FINDINGS:
        return f"answers with more than {_MAX_FINDINGS} denials for one subject"
    for denial in answer:
        if not isinstance(denial, dict) or denial.keys() != {"msg", "at"}:
            return 'answers with something else than {"msg", "at"}'
        if not all(isinstance(value, str) for value in denial.values()):
            return "answers with a msg or at that is no text"
    return [(denial["msg"], denial["at"]) for denial in answer]


def _is_unknown(at: str, facts: Facts) -> bool:
    """Whether a rule objects to what nobody can know yet; rules on such facts fire unless a value is provably good."""
    unknown = facts.body.get("unknown", ())
    return any(at == path or at.startswith((f"{path}.", f"{path}[")) for path in unknown)


def _unknown_gap(facts: Facts, rule: str, message: str, at: str) -> Gap:
    (span,) = facts.locate([at])
    why = f"{at} is known only when Terraform runs, so nobody can tell whether {message}"
    remedy = "give the variable a value (--var-file), or scan a plan: terraform show -json PLAN"
    origin = Origin(facts.origin.file, span or facts.origin.span)
    return Gap(Stage.EVALUATE, str(facts.subject), why, remedy, rule=rule, origin=origin)


def _unread_gap(facts: Facts, rule: str, paths: Sequence[str]) -> Gap:
    why = f"rule {rule} looks at what could not be read: {', '.join(paths)}"
    remedy = "see which kinds could not be listed, and why"
    return Gap(Stage.EVALUATE, str(facts.subject), why, remedy, rule=rule, origin=facts.origin)


def _given_up(facts: Facts, rule: str) -> Gap:
    return _gap(
        facts, rule, f"rule {rule} has failed or run out of time or memory too often, and is not asked any more"
    )


def _gap(facts: Facts, rule: str, why: str) -> Gap:
    return Gap(Stage.EVALUATE, str(facts.subject), why, "mend the rule, or turn it off", rule=rule, origin=facts.origin)


def _excerpt(facts: Facts, span: Span | None) -> Excerpt | None:
    if span is None:
        return None
    first = max(1, span.line - _CONTEXT)
    # One line more, which may say what the first is the value of.
    read = (facts.lines(number) if number else None for number in range(first - 1, span.line + _CONTEXT + 1))
    kept = list(shown_lines(read))[1:]
    while kept and kept[-1] is None:
        kept.pop()
    lines = tuple(_HIDDEN if line is None else line.rstrip()[:_MAX_LINE] for line in kept)
    return Excerpt(first, span.line, lines) if lines else None
