"""The loop over the rules of a file: rule -> objects -> filters -> findings and gaps -> assessment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from compliance import catalogue
from compliance.assessing import Bookkeeping, Run, Tally
from compliance.catalogue import Catalogue
from compliance.errors import CatalogueError
from compliance.inline_waivers import ANNOTATION_PREFIX, from_annotations
from compliance.interop import resources, rules_yaml
from compliance.interop.jq_running import Limits
from compliance.interop.rules_yaml_judging import Terms, judge
from compliance.model import PassedOver
from compliance.rule_folders import digest_of
from compliance.rule_settings import effective_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from compliance.assessing import Progress
    from compliance.config import Config
    from compliance.interop.cluster_objects import ClusterObjects
    from compliance.interop.kubectl_get import Get, Objects
    from compliance.interop.object_files import ObjectFiles
    from compliance.interop.rules_yaml import ShellRule
    from compliance.model import Assessment, Origin, Subject
    from compliance.waivers import ReadWaivers

ENGINE: Final = "jq"


@dataclass(frozen=True, slots=True)
class Request:
    """What to judge, and by what: the rules, a run that knows them, and where objects come from."""

    rules: Sequence[ShellRule]
    run: Run
    objects: ObjectFiles | ClusterObjects
    limits: Limits = field(default_factory=Limits)


def prepare(rules: Sequence[ShellRule], content: bytes, settings: Config, now: datetime) -> Run:
    """A run that has these rules and no others; waivers and configuration may name the other ones too.

    Raises:
        ConfigurationError: the configuration names an unknown rule, or the catalogue cannot be read.
    """
    known = with_rules(catalogue.load(settings.rules_folders), rules, content)
    ids = {rule.id for rule in rules}
    effective = {id_: rule for id_, rule in effective_rules(settings, known).items() if id_ in ids}
    return Run(config=settings, catalogue=known, rules=effective, now=now)


def with_rules(known: Catalogue, rules: Sequence[ShellRule], content: bytes) -> Catalogue:
    """The catalogue with the rules of a file; its digest changes with the file's content.

    Raises:
        CatalogueError: another rule has the id of one.
    """
    ours = {rule.id: rule.as_rule() for rule in rules}
    for rule in rules:
        if rule.id in known.rules:
            raise CatalogueError(
                f"{rule.id} is the id of another rule too", remedy="change its name", origin=rule.origin
            )
    digest = digest_of((known.digest, hashlib.sha256(content).hexdigest()))
    return Catalogue(dict(sorted((*known.rules.items(), *ours.items()))), digest, known.folders)


def scan_rules(request: Request, progress: Progress = lambda _what, _done, _total: None) -> Assessment:
    """Judge by every rule that is not turned off.

    Raises:
        ConfigurationError: a filter is no jq, or waivers or baseline cannot be read.
        ToolMissing: jq is not installed.
    """
    run = request.run
    bookkeeping, tally, source = Bookkeeping(run), Tally(), request.objects
    rules_yaml.check(request.rules, request.limits)
    reader = _InlineWaivers(run, source.origin)
    terms = Terms(_kept(source), run.now, request.limits, source.origin, source.cluster, reader.read)
    asked = [rule for rule in request.rules if rule.id in run.rules]
    for number, rule in enumerate(asked):
        progress("asking", number, len(asked))
        tally.take_judged(judge(replace(rule, severity=run.rules[rule.id].severity), terms))
        tally.passed_over.extend(_other_namespaces(rule))
    tally.inputs.extend(source.inputs)
    tally.gaps.extend(source.gaps)
    tally.clusters.extend(source.readings)
    assessment = bookkeeping.assess(tally, (source.target,))
    return replace(assessment, engine=ENGINE, subjects=len({subject for subject, _ in tally.subjects}))


class _InlineWaivers:
    """Reads the waivers in an object's annotations once, however many rules ask for it; only those of these rules."""

    def __init__(self, run: Run, origin: Callable[[Subject], Origin]) -> None:
        self._run = run
        self._origin = origin
        self._read: set[Subject] = set()

    def read(self, subject: Subject, annotations: Mapping[str, str]) -> ReadWaivers:
        if subject in self._read or not any(key.startswith(ANNOTATION_PREFIX) for key in annotations):
            return (), ()
        self._read.add(subject)
        risks, invalid = from_annotations(annotations, subject, self._origin(subject), self._run.waiver_terms)
        return tuple(risk for risk in risks if not risk.rules.isdisjoint(self._run.rules)), invalid


def _kept(objects: Objects) -> Objects:
    """Ask once for what several rules ask for."""
    answers: dict[Get, Mapping[str, Any]] = {}

    def ask(get: Get) -> Mapping[str, Any]:
        if get not in answers:
            answers[get] = objects(get)
        return answers[get]

    return ask


def _other_namespaces(rule: ShellRule) -> Iterator[PassedOver]:
    """What kubectl does not show by itself: people forget that, and a rule then passes for objects it has not seen."""
    for get in rule.query.gets:
        found = resources.find(get.resource, resources.KNOWN)
        if found is not None and found.namespaced and get.namespace is None and not get.all_namespaces:
            why = f"{get} looks at the current namespace only; -A looks at all"
            yield PassedOver(f"{rule.id}: {get.resource} of other namespaces", why)
