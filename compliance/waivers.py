"""Accepted risks: read from their file (`schemas/waivers-v1.json`), matched with findings, expired by date.

A waiver that does not fit, names no rule or waives everything never covers anything: it is reported as invalid, and the
others still work. It holds through the day `expires`, in UTC; from the next day on its findings are violations again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from compliance import globs, positioned_yaml, shape
from compliance.errors import ConfigurationError, UsageError, WaiverFileError
from compliance.model import Finding, Origin, Subject, Waiver, WaiverReport, WaiverState

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from compliance.catalogue import Catalogue
    from compliance.positioned_yaml import Document

SCHEMA = "waivers-v1"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a waiver must satisfy: rules that exist, an end within `max_days` of `now`, and for inline ones leave."""

    catalogue: Catalogue
    now: datetime
    max_days: int | None = None
    inline: bool = True

    @property
    def today(self) -> date:
        """The day of `now` in UTC."""
        return self.now.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class AcceptedRisk:
    """A valid waiver and what it covers: ids of rules; one subject, or a pattern over them; a pattern over `at`."""

    waiver: Waiver
    rules: frozenset[str]
    subject: Subject | re.Pattern[str]
    at: re.Pattern[str] | None = None

    def covers_at(self, at: str) -> bool:
        """Whether this place in the subject is meant."""
        return self.at is None or self.at.fullmatch(at) is not None


ReadWaivers = tuple[tuple[AcceptedRisk, ...], tuple[WaiverReport, ...]]


def load_waivers(path: Path, terms: Terms) -> ReadWaivers:
    """Read a waiver file: the valid ones in its order, and a report for each invalid one.

    Raises:
        WaiverFileError: the file cannot be read, or is no list; with its place.
    """
    try:
        document = positioned_yaml.load(path)
    except ConfigurationError as error:
        raise WaiverFileError(error.message, remedy=error.remedy, origin=error.origin) from error
    return read_document(document, terms)


def read_document(document: Document, terms: Terms) -> ReadWaivers:
    """Read the content of a waiver file.

    Raises:
        WaiverFileError: it is no list.
    """
    entries = [] if document.value is None else document.value
    if not isinstance(entries, list):
        raise WaiverFileError("must be a list of waivers", origin=document.origin())
    return sorted_out([accept(entry, document.origin(number), terms) for number, entry in enumerate(entries)])


def sorted_out(read: Iterable[AcceptedRisk | WaiverReport]) -> ReadWaivers:
    """Tell the valid ones from the invalid ones, both in their order."""
    all_read = tuple(read)
    risks = tuple(each for each in all_read if isinstance(each, AcceptedRisk))
    return risks, tuple(each for each in all_read if isinstance(each, WaiverReport))


def accept(entry: object, origin: Origin, terms: Terms, only: Subject | None = None) -> AcceptedRisk | WaiverReport:
    """Check one waiver; `only` is the subject that carries it, when it is inline."""
    fields = entry if isinstance(entry, dict) else {}
    problems = shape.published(SCHEMA, "waiver").problems(entry)
    if problems:
        return invalid(fields, origin, "; ".join(sorted(map(str, problems))))
    try:
        waiver = _waiver(fields, origin)
        _check_end(waiver.expires, terms)
        rules = _rules(waiver.rule, terms.catalogue)
        _check_width(waiver, rules, terms)
        at = globs.over_text(fields["at"]) if "at" in fields else None
        return AcceptedRisk(waiver, rules, only or globs.over_path(waiver.subject), at)
    except ValueError as error:
        return invalid(fields, origin, str(error))


def invalid(fields: Mapping[str, Any], origin: Origin, why: str) -> WaiverReport:
    """Report a waiver that covers nothing because something is wrong with it."""
    said = {key: value for key, value in fields.items() if isinstance(value, str)}
    rule, subject, reason, by = (said.get(key, "") for key in ("rule", "subject", "reason", "approved_by"))
    waiver = Waiver(rule, subject, reason, by, _date_or_none(said.get("expires", "")), said.get("ticket"), origin)
    return WaiverReport(waiver, WaiverState.INVALID, 0, why)


def _waiver(fields: Mapping[str, str], origin: Origin) -> Waiver:
    expires = _date_or_none(fields["expires"])
    if expires is None:
        raise ValueError(f"expires: there is no day {fields['expires']}")
    rule, subject, reason, by = (fields[key] for key in ("rule", "subject", "reason", "approved_by"))
    return Waiver(rule, subject, reason, by, expires, fields.get("ticket"), origin)


def _date_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _check_end(expires: date | None, terms: Terms) -> None:
    days = (expires - terms.today).days if expires else 0
    if terms.max_days is not None and days > terms.max_days:
        raise ValueError(f"expires: lies {days} days ahead, and waiver_max_days allows {terms.max_days}")


def _rules(name: str, catalogue: Catalogue) -> frozenset[str]:
    if "*" in name:
        pattern = globs.over_text(name)
        found = frozenset(rule for rule in catalogue.rules if pattern.fullmatch(rule))
    else:
        found = frozenset(_ids(name, catalogue))
    if not found:
        hint = shape.suggestion(name, catalogue.rules)
        raise ValueError(f"rule: there is no rule {name!r}{'; ' if hint else ''}{hint}")
    return found


def _ids(name: str, catalogue: Catalogue) -> Iterable[str]:
    try:
        rule = catalogue.get(name)
    except UsageError as error:
        raise ValueError(f"rule: {error.message}") from error
    return [rule.id] if rule else []


def _check_width(waiver: Waiver, rules: frozenset[str], terms: Terms) -> None:
    all_rules = "*" in waiver.rule and len(rules) == len(terms.catalogue.rules)
    if all_rules and not waiver.subject.strip("*?/"):
        raise ValueError("waives everything; name a rule or a subject")


def apply(
    findings: Sequence[Finding], risks: Sequence[AcceptedRisk], *, now: datetime
) -> tuple[tuple[Finding, ...], tuple[WaiverReport, ...]]:
    """Mark the findings that waivers cover, and report on each waiver in the order given.

    The first one that holds decides, and else the first expired one is named; each counts all that it matches.
    """
    today = now.astimezone(UTC).date()
    held = [risk.waiver.expires is not None and today <= risk.waiver.expires for risk in risks]
    index = _Index(risks)
    matched: Counter[int] = Counter()
    marked = []
    for finding in findings:
        if numbers := index.covering(finding):
            matched.update(numbers)
            marked.append(_marked(finding, numbers, risks, held))
        else:
            marked.append(finding)
    return tuple(marked), tuple(
        WaiverReport(risk.waiver, _state(held[number], matched[number]), matched[number])
        for number, risk in enumerate(risks)
    )


def _marked(finding: Finding, numbers: Sequence[int], risks: Sequence[AcceptedRisk], held: Sequence[bool]) -> Finding:
    holding = next((number for number in numbers if held[number]), None)
    if holding is None:
        return replace(finding, expired_waiver=risks[numbers[0]].waiver)
    return replace(finding, waiver=risks[holding].waiver)


def _state(held: bool, matched: int) -> WaiverState:  # noqa: FBT001 - two facts about one waiver
    if not held:
        return WaiverState.EXPIRED
    return WaiverState.USED if matched else WaiverState.UNUSED


class _Index:
    """Which waivers may cover a finding, found by rule and, for inline ones, by subject."""

    def __init__(self, risks: Sequence[AcceptedRisk]) -> None:
        self._risks = risks
        self._inline: defaultdict[tuple[str, Subject], list[int]] = defaultdict(list)
        self._wide: defaultdict[str, list[tuple[int, re.Pattern[str]]]] = defaultdict(list)
        for number, risk in enumerate(risks):
            for rule in risk.rules:
                if isinstance(risk.subject, Subject):
                    self._inline[rule, risk.subject].append(number)
                else:
                    self._wide[rule].append((number, risk.subject))

    def covering(self, finding: Finding) -> list[int]:
        """List the numbers of the waivers that cover it, in order; a pattern without a cluster means every cluster."""
        if not self._risks:
            return []
        subject = finding.subject
        numbers = list(self._inline.get((finding.rule, subject), ()))
        if wide := self._wide.get(finding.rule):
            full = str(subject)
            short = full.removeprefix(f"{subject.cluster}/") if subject.cluster else full
            numbers += [
                number
                for number, pattern in wide
                if pattern.fullmatch(short) or (full != short and pattern.fullmatch(full))
            ]
        return sorted(number for number in numbers if self._risks[number].covers_at(finding.at))
