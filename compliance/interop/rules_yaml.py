"""Rules as shell pipelines: `rules: [{name, description, query, remediation, severity}]`, read without a shell.

Published form: `compliance/schemas/rules-yaml-v1.json`. A query is `kubectl get RESOURCE... -o json | jq 'FILTER'`; it
is read into what to ask for and which filters to run (`shell_words`, `kubectl_get`, `jq_filters`), and everything else
that a shell could do is refused with its line. `rules_yaml_judging` says what the answers mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance import positioned_yaml, shape
from compliance.errors import ConfigurationError, EvaluationError, ReadError
from compliance.interop import jq_running
from compliance.interop.jq_filters import JOINED, Filter, Join, read_filter
from compliance.interop.kubectl_get import Get, read_get
from compliance.interop.shell_words import ALLOWED, read_pipeline, span_at
from compliance.model import Origin, Rule, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compliance.positioned_yaml import Document

PACK: Final = "rules_yaml"
OWNER: Final = "security"
"""Whose findings these are; the format does not say, and security leads compliance in the responsibility matrix."""

_SHOWN_PROBLEMS: Final = 20
_LITERAL: Final = re.compile(rb"""[^#]*?["']?query["']?\s*:\s*\|[-+0-9]*[ \t]*(?:#.*)?\r?""")
_JQ_LINE: Final = re.compile(r"\A(?:jq: error: )?(?P<why>.*?) at <top-level>, line (?P<line>[0-9]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Query:
    """What a pipeline asks: the objects to get, the filters that they go through, and what those are joined with."""

    gets: tuple[Get, ...]
    filters: tuple[Filter, ...]
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True, slots=True)
class ShellRule:
    """One rule of the file; `origin` is where its query begins.

    `text` is the query; `first_line` is where its first line stands in the file, None where its lines are folded.
    """

    name: str
    description: str
    severity: Severity
    remediation: str
    query: Query
    origin: Origin
    text: str = field(repr=False, default="")
    first_line: int | None = None

    @property
    def id(self) -> str:
        """The rule's id: waiver key, SARIF ruleId."""
        return f"{PACK}.{self.name.casefold()}"

    def as_rule(self) -> Rule:
        """The rule as one of ours; what it applies to is the answer to its own query, so that is its id."""
        return Rule(
            id=self.id,
            title=self.description,
            description=f"{self.description}\n\nQuery: {self.text.strip()}",
            severity=self.severity,
            applies_to=(self.id,),
            remediation=self.remediation,
            owner=OWNER,
            aliases=(self.name,),
            builtin=False,
        )

    def place(self, span: Span | None) -> Origin:
        """Where a place in the query stands in the file."""
        return _place(self.origin, self.first_line, span)


def parse(content: bytes, file: str) -> tuple[ShellRule, ...]:
    """Read the rules of a file; filters are not compiled yet (see `check`).

    Raises:
        ConfigurationError: the file is no such YAML, a key is unknown, missing or of another type, a name comes twice,
            or a query needs a shell; with file, line and key. All problems are told, the first one first.
    """
    document = positioned_yaml.parse(content, file)
    problems = [
        (document.origin(*each.place), each) for each in shape.published("rules-yaml-v1").problems(document.value)
    ]
    _raise([ConfigurationError(each.message, remedy=each.remedy, origin=origin) for origin, each in problems])
    read = [_rule(entry, number, document, content) for number, entry in enumerate(document.value["rules"])]
    wrong = [each for each in read if isinstance(each, ConfigurationError)]
    rules = tuple(each for each in read if isinstance(each, ShellRule))
    _raise([*wrong, *_repeated(document)])
    return rules


def check(rules: Sequence[ShellRule], limits: jq_running.Limits) -> None:
    """Compile the filters of rules, in one process for all of them.

    Raises:
        ConfigurationError: jq cannot compile one; with its line.
        ToolMissing: jq is not installed.
    """
    programs = [each for rule in rules for each in _programs(rule)]
    try:
        answers = jq_running.check([(text, variables) for _, _, text, variables in programs], limits)
    except EvaluationError as error:
        raise ConfigurationError(f"the filters cannot be compiled: {error.message}", origin=rules[0].origin) from error
    told = zip(programs, answers, strict=True)
    _raise([_uncompiled(rule, at, why) for (rule, at, _, _), why in told if why is not None])


def _programs(rule: ShellRule) -> Iterator[tuple[ShellRule, int | None, str, Mapping[str, Any]]]:
    """Every program of a rule: its place in the query, text and variables; those inside others stand on their own."""
    for each in rule.query.filters:
        yield rule, each.at, each.program, {**each.variables, JOINED: []}
    for join in rule.query.joins:
        for text in join.filters:
            yield rule, None, text, {}


def _uncompiled(rule: ShellRule, at: int | None, why: str) -> ConfigurationError:
    found = _JQ_LINE.match(why)
    reason = found["why"] if found else why.partition("\n")[0]
    line = 1 if at is None else rule.text.count("\n", 0, at) + (int(found["line"]) if found else 1)
    message = f"rules.{rule.name}.query: jq cannot compile the filter: {reason}"
    return ConfigurationError(message, remedy="see https://jqlang.org/manual/", origin=rule.place(Span(line)))


def _rule(entry: Mapping[str, str], number: int, document: Document, content: bytes) -> ShellRule | ConfigurationError:
    place = ("rules", number, "query")
    origin, text = document.origin(*place), entry["query"]
    first_line = _first_line(content, origin)
    try:
        query = _query(text)
    except ReadError as error:
        where = _place(origin, first_line, error.span)
        return ConfigurationError(f"rules[{number}].query {error.message}", remedy=error.remedy, origin=where)
    return ShellRule(
        name=entry["name"],
        description=entry["description"].strip(),
        severity=Severity.parse(entry["severity"]),
        remediation=entry["remediation"].strip(),
        query=query,
        origin=origin,
        text=text,
        first_line=first_line,
    )


def _query(text: str) -> Query:
    command, *rest = read_pipeline(text)
    gets = read_get(command, text)
    if not rest:
        remedy = "pipe it through jq 'FILTER' that selects what is wrong. " + ALLOWED
        raise ReadError("has no jq, so nothing says what is wrong", remedy=remedy, span=span_at(text, command[0].at))
    filters: list[Filter] = []
    joins: list[Join] = []
    for number, words in enumerate(rest, 1):
        read, found = read_filter(words, text, last=number == len(rest), joins=len(joins))
        filters.append(read)
        joins.extend(found)
    return Query(gets, tuple(filters), tuple(joins))


def _first_line(content: bytes, origin: Origin) -> int | None:
    """Where the text of a literal block (`query: |`) begins; None for other forms, whose lines may be folded."""
    lines = content.split(b"\n")
    number = origin.span.line if origin.span else 0
    return number + 1 if 0 < number <= len(lines) and _LITERAL.fullmatch(lines[number - 1]) else None


def _place(origin: Origin, first_line: int | None, span: Span | None) -> Origin:
    if span is None or first_line is None:
        return origin
    return Origin(origin.file, Span(first_line + span.line - 1))


def _repeated(document: Document) -> Iterator[ConfigurationError]:
    seen: dict[str, int] = {}
    for number, entry in enumerate(document.value["rules"]):
        name = entry["name"].casefold()
        if name in seen:
            origin = document.origin("rules", number, "name")
            why = f"rules[{number}].name {entry['name']!r} is the name of rules[{seen[name]}] too"
            yield ConfigurationError(why, remedy="names tell findings and waivers apart; change one", origin=origin)
        seen.setdefault(name, number)


def _raise(problems: Sequence[ConfigurationError]) -> None:
    """Raise all problems as one, in the order of their places."""
    if not problems:
        return
    ordered = sorted(problems, key=lambda each: each.origin.span.line if each.origin and each.origin.span else 0)
    first, *others = ordered[:_SHOWN_PROBLEMS]
    more = "".join(f"\n{each}" for each in others)
    raise ConfigurationError(first.message + more, remedy=first.remedy, origin=first.origin)
