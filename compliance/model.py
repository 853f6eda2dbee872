"""The nouns: what is looked at, what is known, what is objected to, what is decided.

Everything here is a frozen value that does no I/O and imports nothing of ours, so that sources, engines, the gate
and outputs can share it without knowing each other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime


class Severity(IntEnum):
    """How much a finding matters; ordered, so a gate's threshold is `>=`."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case name that metadata, configuration and outputs use."""
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> Severity:
        """Read a label in any letter case.

        Raises:
            ValueError: `text` names no severity.
        """
        try:
            return cls[text.upper()]
        except KeyError:
            raise ValueError(f"{text!r} is no severity; use one of {', '.join(s.label for s in cls)}") from None


class Stage(StrEnum):
    """Where judging stopped short."""

    COLLECT = "collect"
    EVALUATE = "evaluate"


class Standing(StrEnum):
    """A finding against the baseline."""

    NEW = "new"
    KNOWN = "known"


class WaiverState(StrEnum):
    """What became of a waiver in one run."""

    USED = "used"
    UNUSED = "unused"
    EXPIRED = "expired"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Target:
    """What the user pointed at: `kind` is path, stdin, image or cluster."""

    kind: str
    locator: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The one thing that a finding is about; equal in two runs means the same thing."""

    kind: str
    name: str
    namespace: str | None = None
    cluster: str | None = None

    def __str__(self) -> str:
        return "/".join(part for part in (self.cluster, self.kind, self.namespace, self.name) if part)

    @property
    def live_path(self) -> str:
        """Where it is in its cluster, so that results sort by namespace: `CLUSTER/NAMESPACE/KIND/NAME`."""
        return "/".join(part for part in (self.cluster, self.namespace, self.kind, self.name) if part)


@dataclass(frozen=True, slots=True)
class LiveObject:
    """A subject as an object of a live cluster: `api_version` as in manifests, `uid` tells it from later ones."""

    subject: Subject
    api_version: str
    uid: str


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: lines and columns count from 1, the end is inclusive."""

    line: int
    column: int = 1
    end_line: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a subject or finding was seen.

    `file` is a POSIX path as the user would type it (relative when the target was), or `-` for stdin; where `is_file`
    is False it is a reference to something else, such as an image. `rendered_by` names the chart or overlay whose
    output this is; the span then counts lines of the rendered text.
    """

    file: str
    span: Span | None = None
    rendered_by: str | None = None
    is_file: bool = True

    def __str__(self) -> str:
        place = f"{self.file}:{self.span.line}:{self.span.column}" if self.span else self.file
        return f"{place} (rendered by {self.rendered_by})" if self.rendered_by else place


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a rule may see of one subject.

    `body` fits `rules/schemas/<schema>.json`. `locate` maps rules' `at`s
    (`containers[web].image`) to their places in the origin's file, or to the nearest enclosing places; it is called
    only for findings. `lines` returns the text's line with that number (from 1), or None when it may not be shown
    (secrets) or is not known. `unread` are the paths of facts (`network_policies`) that would tell of objects which
    could not be read: rules that look at them cannot judge.
    """

    schema: str
    subject: Subject
    body: Mapping[str, Any]
    origin: Origin
    locate: Callable[[Sequence[str]], Sequence[Span | None]] = field(compare=False, repr=False)
    lines: Callable[[int], str | None] = field(compare=False, repr=False)
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's METADATA, read once (design of the contract: rules/README.md)."""

    id: str
    title: str
    description: str
    severity: Severity
    applies_to: tuple[str, ...]
    remediation: str
    owner: str
    frameworks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    enforced_from: date | None = None
    builtin: bool = True

    @property
    def pack(self) -> str:
        """The first part of the id."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted risk. `subject` is a glob over `str(Subject)`; `origin` is where it is written."""

    rule: str
    subject: str
    reason: str
    approved_by: str
    expires: date | None
    ticket: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class WaiverReport:
    """What became of one waiver: its state, how many findings it covers, and why it is invalid when it is."""

    waiver: Waiver
    state: WaiverState
    matched: int
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Source lines around a finding: `first` is the number of the first line, `marked` of the line meant."""

    first: int
    marked: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """When a history saw a finding: first since it was last fixed, and last. `new`: it was not open the run before."""

    first: datetime
    last: datetime
    new: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's objection.

    `at` names things and never counts them (`containers[web].image`), so that reordering a file changes no
    fingerprint. `enforced` is False while the rule's `enforced_from` lies ahead: the finding then only warns. `seen` is
    None without a history, and for what a waiver accepts.
    """

    rule: str
    severity: Severity
    subject: Subject
    message: str
    at: str
    origin: Origin
    owner: str
    excerpt: Excerpt | None = None
    waiver: Waiver | None = None
    expired_waiver: Waiver | None = None
    standing: Standing | None = None
    enforced: bool = True
    seen: Seen | None = None

    @property
    def fingerprint(self) -> str:
        """Stable identity over runs: rule, subject and `at`, neither file nor line; 32 hexadecimal digits."""
        subject = self.subject
        parts = (self.rule, subject.cluster or "", subject.kind, subject.namespace or "", subject.name, self.at)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]

    @property
    def counts(self) -> bool:
        """Whether the gate may refuse because of it."""
        return self.waiver is None and self.enforced


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be judged; never a pass."""

    stage: Stage
    about: str
    why: str
    remedy: str
    rule: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file that is none of this tool's business (`why` says what it is), counted so that nothing vanishes."""

    locator: str
    why: str


@dataclass(frozen=True, slots=True)
class Input:
    """One text that was read: SHA-256 of its bytes, and how many subjects it held."""

    locator: str
    kind: str
    sha256: str
    subjects: int


@dataclass(frozen=True, slots=True)
class Scanner:
    """A vulnerability scanner that gave a result, and how old its database is; None where it does not say."""

    name: str
    version: str | None
    database_built_at: datetime | None
    database_age_days: int | None

    def __str__(self) -> str:
        name = f"{self.name} {self.version}" if self.version else self.name
        if self.database_built_at is None:
            return f"{name} with a database of unknown age"
        age = "" if self.database_age_days is None else f", {self.database_age_days} days old"
        return f"{name} with a database of {self.database_built_at.date()}{age}"


@dataclass(frozen=True, slots=True)
class ClusterReading:
    """What was read of a live cluster; `copies` are objects that say what their controller says, judged with it.

    `version` is the API server's, such as v1.37.1; None where it does not say.
    """

    name: str
    version: str | None
    requests: int
    objects: int
    copies: int

    def __str__(self) -> str:
        copies = f", {self.copies} of them judged with what made them" if self.copies else ""
        version = f" ({self.version})" if self.version else ""
        return f"cluster {self.name}{version}: {self.objects} objects{copies}, {self.requests} API requests"


@dataclass(frozen=True, slots=True)
class BaselineReport:
    """Findings against a baseline: how many are new and known, and the fingerprints that are gone."""

    new: int
    known: int
    fixed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What the last run of a day, in UTC, found: counts without a waiver by severity, those with one, and gaps."""

    date: date
    findings: Mapping[Severity, int]
    waived: int
    gaps: int


@dataclass(frozen=True, slots=True)
class History:
    """A run against what was open before it; what is open says so itself, by `Finding.seen`.

    `run` is its number in the history, `previous` the time of the run before, None for the first of its scope. `new`
    and `unchanged` are numbers of open findings. `fixed` were judged again and are no longer found, `gone` are those of
    subjects that no longer exist, `unjudged` are open still, because nothing was learned of them this time. `trend` has
    the oldest day first.
    """

    scope: str
    run: int
    previous: datetime | None
    new: int
    unchanged: int
    fixed: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    unjudged: tuple[Finding, ...] = ()
    trend: tuple[Day, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that one run established. `judged` counts the subjects that each rule judged without a gap.

    `history` is None where none is kept; a history keeps neither it nor what findings know from it.
    """

    taken_at: datetime
    tool_version: str
    rules_digest: str
    engine: str
    targets: tuple[Target, ...]
    inputs: tuple[Input, ...]
    subjects: int
    judged: Mapping[str, int]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    passed_over: tuple[PassedOver, ...]
    rules: Mapping[str, Rule]
    waivers: tuple[WaiverReport, ...] = ()
    baseline: BaselineReport | None = None
    scanners: tuple[Scanner, ...] = ()
    clusters: tuple[ClusterReading, ...] = ()
    history: History | None = None


class ExitCode(IntEnum):
    """The same for every command."""

    CLEAN = 0
    REFUSED = 1
    USAGE = 2
    NOT_JUDGED = 3
    FAILED = 4


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer; `reasons` are sentences for a person, the deciding one first."""

    exit_code: ExitCode
    reasons: tuple[str, ...]
