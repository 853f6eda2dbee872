"""What the answer to a query means. A query lists what is wrong; everything that its last filter gives is an objection.

* A Kubernetes object, or an object with its `name` (and `namespace`, `kind`): a finding about that object. The same
  object twice is one finding.
* Text that is the name of one of the objects, or `namespace/name`: a finding about that object. Any other text: a
  finding about the query itself, with the text in its message.
* A number: how many things are wrong, so 0 is a pass and any other a finding about the query itself.
* Nothing, `null`, an empty text, list or object: a pass. A list is what is in it.
* `true` and `false` are a gap: they may say that all is well or that something is wrong, and nobody can tell which.

A filter that fails, loops or gives too much is a gap, and so are objects that cannot be had; what it gave before that
does not count.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.errors import ComplianceError, EvaluationError, ReadError
from compliance.interop import jq_running
from compliance.interop.rules_yaml import OWNER
from compliance.judging import Judged
from compliance.model import Finding, Gap, Origin, Stage, Subject
from compliance.sources.kubernetes.fields import mapping, text_map
from compliance.sources.secret_text import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from compliance.interop.kubectl_get import Get, Objects
    from compliance.interop.rules_yaml import ShellRule
    from compliance.waivers import ReadWaivers

UNJUDGED: Final = "unjudged"
"""Stands in place of a rule's id beside the subjects that it could not judge."""

_QUERY: Final = "Query"
_MEND: Final = "mend the filter; `kubectl get ... -o json | jq ...` in a shell shows what it does"
_OBJECTS: Final = "let the last filter give the objects that are wrong: .items[] | select(CONDITION)"


@dataclass(frozen=True, slots=True)
class Terms:
    """What judging needs beside a rule: objects, the moment, limits, where an object was seen, and in which cluster.

    `inline_waivers` reads the annotations of a subject.
    """

    objects: Objects
    now: datetime
    limits: jq_running.Limits = field(default_factory=jq_running.Limits)
    origin: Callable[[Subject], Origin] = lambda subject: Origin(str(subject), is_file=False)
    cluster: str | None = None
    inline_waivers: Callable[[Subject, Mapping[str, str]], ReadWaivers] = lambda _subject, _annotations: ((), ())


def judge(rule: ShellRule, terms: Terms) -> Judged:
    """Ask for the objects, run the filters, and tell findings and gaps; never raises for what one rule meets.

    The subjects are the objects asked for, each beside the rule's id.

    Raises:
        ToolMissing: jq is not installed.
    """
    try:
        items = [item for get in rule.query.gets for item in _items(get, terms)]
        joined = [_by_namespace(join.get, terms) for join in rule.query.joins]
    except ComplianceError as error:
        return Judged(gaps=[_gap(rule, Stage.COLLECT, error.message, error.remedy or "see that it can be read")])
    judged = _told(rule, items, joined, terms)
    for item in items:
        subject = _subject(item, terms.cluster)
        risks, invalid = terms.inline_waivers(subject, text_map(mapping(item, "metadata", "annotations")))
        judged.risks.extend(risks)
        judged.waivers.extend(invalid)
    return judged


def _told(
    rule: ShellRule, items: Sequence[dict[str, Any]], joined: Sequence[Mapping[str, Any]], terms: Terms
) -> Judged:
    subjects = [_subject(item, terms.cluster) for item in items]
    try:
        document = orjson.dumps(_document(rule, items))
        told = jq_running.run(rule.query.filters, document, joined, terms.limits, terms.now)
    except (EvaluationError, TypeError) as error:
        why = error.message if isinstance(error, EvaluationError) else f"the objects are no JSON: {error}"
        return Judged(gaps=[_gap(rule, Stage.EVALUATE, why, _MEND)], subjects=_unjudged(subjects))
    return _judged(rule, told, subjects, terms)


def _judged(rule: ShellRule, told: Iterable[Mapping[str, Any]], subjects: Sequence[Subject], terms: Terms) -> Judged:
    reader, findings = _Results(rule, subjects, terms.cluster), {}
    gaps: dict[str, Gap] = {}
    for result in told:
        if result["is"] in {"boolean", "other"}:
            what = f"the filter says {result['text']}" if result["is"] == "boolean" else "the filter nests lists deeply"
            gaps[what] = _gap(rule, Stage.EVALUATE, f"{what}, which does not tell what is wrong", _OBJECTS)
        elif (found := reader.objection(result)) is not None:
            subject, at = found
            findings[found] = _finding(rule, subject, at, result, terms.origin)
    if gaps:
        return Judged([*findings.values()], [*gaps.values()], subjects=_unjudged(subjects))
    judged = Judged([*findings.values()], subjects=[(str(subject), rule.id) for subject in subjects])
    judged.judged[rule.id] = len(subjects)
    return judged


class _Results:
    """Reads what results are about."""

    def __init__(self, rule: ShellRule, subjects: Sequence[Subject], cluster: str | None) -> None:
        self._query = Subject(_QUERY, rule.name, cluster=cluster)
        self._by_name: defaultdict[str, set[Subject]] = defaultdict(set)
        for subject in subjects:
            self._by_name[subject.name].add(subject)
            if subject.namespace:
                self._by_name[f"{subject.namespace}/{subject.name}"].add(subject)

    def objection(self, result: Mapping[str, Any]) -> tuple[Subject, str] | None:
        """What a result objects to: its subject and `at`; None where it objects to nothing."""
        text = result["text"]
        match result["is"]:
            case "null":
                return None
            case "number":
                return (self._query, "") if float(text) != 0 else None
            case "text":
                named = self._named(text)
                return (named, "") if named else ((self._query, masked(text)) if text.strip() else None)
        return self._object(result)

    def _object(self, result: Mapping[str, Any]) -> tuple[Subject, str]:
        kind, name, namespace = (result.get(key) for key in ("kind", "name", "namespace"))
        if name and kind:
            return Subject(kind, name, namespace, self._query.cluster), ""
        named = self._named(f"{namespace}/{name}" if namespace else name) if name else None
        return (named, "") if named else (self._query, masked(result["text"]))

    def _named(self, text: str) -> Subject | None:
        """The one object of that name; None where there are several or none."""
        found = self._by_name.get(text, set())
        return next(iter(found)) if len(found) == 1 else None


def _finding(
    rule: ShellRule, subject: Subject, at: str, result: Mapping[str, Any], origin: Callable[[Subject], Origin]
) -> Finding:
    about_query = subject.kind == _QUERY
    said = at or result["text"] if about_query else ""
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        subject=subject,
        message=f"{rule.description}: {said}" if said else rule.description,
        at=at,
        origin=rule.origin if about_query else origin(subject),
        owner=OWNER,
    )


def _items(get: Get, terms: Terms) -> list[dict[str, Any]]:
    """The objects that one `Get` asks for, as kubectl prints them."""
    items = terms.objects(get).get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ReadError(f"{get} gave no list of objects")
    if get.name is not None and len(items) != 1:
        raise ReadError(f"{get}: there is no such object", remedy="mend the name, or select by metadata.name")
    return items if get.managed_fields else [_without_managed_fields(item) for item in items]


def _without_managed_fields(item: dict[str, Any]) -> dict[str, Any]:
    metadata = item.get("metadata")
    if not isinstance(metadata, dict) or "managedFields" not in metadata:
        return item
    return {**item, "metadata": {key: value for key, value in metadata.items() if key != "managedFields"}}


def _document(rule: ShellRule, items: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What kubectl prints: one object for a name, else a List."""
    return items[0] if rule.query.gets[0].name is not None else _list(items)


def _list(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}


def _by_namespace(get: Get, terms: Terms) -> dict[str, Any]:
    """The lists that `kubectl get RESOURCE -n NAMESPACE` would print, by namespace."""
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for item in _items(get, terms):
        namespace = _subject(item, None).namespace
        if namespace is None:
            remedy = "leave the kubectl inside jq to resources that live in namespaces"
            raise ReadError(f"{get.resource} do not live in namespaces, so -n says nothing", remedy=remedy)
        found[namespace].append(item)
    return {namespace: _list(items) for namespace, items in found.items()}


def _subject(item: Mapping[str, Any], cluster: str | None) -> Subject:
    metadata = item.get("metadata")
    said = metadata if isinstance(metadata, dict) else {}
    namespace = said.get("namespace")
    within = namespace if isinstance(namespace, str) else None
    return Subject(str(item.get("kind")), str(said.get("name")), within, cluster)


def _unjudged(subjects: Sequence[Subject]) -> list[tuple[str, str]]:
    return [(str(subject), UNJUDGED) for subject in subjects]


def _gap(rule: ShellRule, stage: Stage, why: str, remedy: str) -> Gap:
    about = ", ".join(map(str, rule.query.gets))
    return Gap(stage, about, why, remedy, rule=rule.id, origin=rule.origin)
