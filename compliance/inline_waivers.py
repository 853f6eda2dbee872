"""Waivers that a subject carries itself: annotations of a Kubernetes object, comments in a Dockerfile or in Terraform.

    compliance.waiver/probes.missing_readiness: "batch job; approved_by=Ada; expires=2027-01-31; ticket=OPS-7"
    # compliance: waive dockerfile.missing_user reason="init only" approved_by=Ada expires=2027-01-31

A comment anywhere in a Dockerfile is about the file; in Terraform one inside a block is about that block. They cover
that very subject and one rule. What is wrong with one, or that inline waivers are forbidden, is reported.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from compliance.model import Origin, Span, Subject
from compliance.waivers import ReadWaivers, Terms, accept, invalid, sorted_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from compliance.model import WaiverReport
    from compliance.waivers import AcceptedRisk

ANNOTATION_PREFIX: Final = "compliance.waiver/"
MAX_TEXT: Final = 4096
_COMMENT: Final = re.compile(r"\s*(?:#|//)\s*compliance:\s*waive(?:\s+(?P<said>.*))?", re.DOTALL)
_OPTIONAL: Final = frozenset({"approved_by", "expires", "ticket", "at"})


def from_annotations(
    annotations: Mapping[str, str],
    subject: Subject,
    origin: Origin,
    terms: Terms,
    locate: Callable[[str], Span | None] = lambda _at: None,
) -> ReadWaivers:
    """Read an object's annotations; `locate` finds the place of one."""
    read = []
    for key, value in annotations.items():
        if key.startswith(ANNOTATION_PREFIX):
            place = replace(origin, span=locate(f"metadata.annotations[{key}]") or origin.span)
            read.append(_accepted(key.removeprefix(ANNOTATION_PREFIX), _annotated, value, subject, place, terms))
    return sorted_out(read)


def from_comments(
    lines: Iterable[str | None], subject: Subject, file: str, terms: Terms, *, first: int = 1
) -> ReadWaivers:
    """Read the comments among the lines that are about `subject`; None is a line that may not be read."""
    read = []
    for number, line in enumerate(lines, first):
        if line is not None and (match := _COMMENT.fullmatch(line)):
            rule, _, said = (match["said"] or "").strip().partition(" ")
            read.append(_accepted(rule, _commented, said, subject, Origin(file, Span(number)), terms))
    return sorted_out(read)


def _accepted(
    rule: str, parse: Callable[[str], dict[str, str]], text: str, subject: Subject, origin: Origin, terms: Terms
) -> AcceptedRisk | WaiverReport:
    fields = {"rule": rule, "subject": str(subject)}
    why = None if terms.inline else "inline waivers are forbidden here"
    try:
        fields |= parse(text)
    except ValueError as error:
        why = why or str(error)
    if "*" in rule:
        why = why or "an inline waiver names one rule"
    return invalid(fields, origin, why) if why else accept(fields, origin, terms, only=subject)


def _annotated(text: str) -> dict[str, str]:
    reason, *parts = (part.strip() for part in _bounded(text).split(";"))
    return {"reason": reason} | _pairs((part for part in parts if part), _OPTIONAL)


def _commented(text: str) -> dict[str, str]:
    return _pairs(shlex.split(_bounded(text)), _OPTIONAL | {"reason"})


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise ValueError(f"is longer than {MAX_TEXT} characters")
    return text


def _pairs(parts: Iterable[str], known: frozenset[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in parts:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise ValueError(f"{key!r} is no KEY=VALUE")
        if key in pairs or key not in known:
            raise ValueError(f"{key!r} is given twice" if key in pairs else f"{key!r} is no key of an inline waiver")
        pairs[key] = value
    return pairs
