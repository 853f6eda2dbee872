"""One assessment with a little of everything, hostile text included, that every output has to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from compliance.model import (
    Assessment,
    BaselineReport,
    ClusterReading,
    Day,
    Decision,
    Excerpt,
    ExitCode,
    Finding,
    Gap,
    History,
    Input,
    Origin,
    PassedOver,
    Rule,
    Scanner,
    Seen,
    Severity,
    Span,
    Stage,
    Standing,
    Subject,
    Target,
    Waiver,
    WaiverReport,
    WaiverState,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

HOSTILE = '<script>alert(1)</script>"onload="x\x1b[31m\n::error::forged\u202e `](http://evil.example) | \x00\ud800'
REMEDY = "Add a readiness probe:\n```yaml\nreadinessProbe:\n  httpGet: {path: /ready, port: 8080}\n```\n"


def _rule(key: str, severity: Severity, title: str, remediation: str, owner: str = "development") -> Rule:
    return Rule(
        id=key,
        title=title,
        description=f"Why it matters: {title.lower()}.",
        severity=severity,
        applies_to=("workload",),
        remediation=remediation,
        owner=owner,
        frameworks={"cis_kubernetes": ("5.2.6",), "nsa_cisa": ("pods",)},
        aliases=("CKV_K8S_9",),
        params={"mutable_tags": {"type": "array", "default": ["latest"]}},
        enforced_from=date(2027, 1, 1) if key == "availability.single_replica" else None,
    )


RULES = {
    rule.id: rule
    for rule in (
        _rule("availability.single_replica", Severity.HIGH, "More than one replica", "Set replicas to 2.", "sre"),
        _rule("dockerfile.runs_as_root", Severity.MEDIUM, "The user is not root", "Add `USER 1000`."),
        _rule(
            "infrastructure.open_ingress", Severity.CRITICAL, "No ingress from everywhere", "Name a CIDR.", "security"
        ),
        _rule("probes.missing_readiness", Severity.HIGH, "Containers say when they are ready", REMEDY),
        _rule("probes.missing_liveness", Severity.LOW, "Containers say that they are alive", REMEDY),
        _rule("versioned_tags.floating_tag", Severity.HIGH, "Images are pinned", "Pin by digest."),
        _rule("versioned_tags.no_change_cause", Severity.INFO, "Changes say why", "Annotate the change cause."),
    )
}
WEB = Subject("Deployment", "web", "shop")
WAIVER = Waiver(
    rule="versioned_tags.floating_tag",
    subject="Deployment/shop/*",
    reason="the vendor ships no tags <b>yet</b>",
    approved_by="Ada Lovelace",
    expires=date(2026, 12, 31),
    ticket="OPS-7",
    origin=Origin("compliance-waivers.yaml", Span(3)),
)
EXPIRED = replace(WAIVER, rule="probes.missing_liveness", expires=date(2026, 1, 31), origin=Origin("w.yaml", Span(9)))


def _finding(rule: str, subject: Subject, message: str, at: str, origin: Origin) -> Finding:
    return Finding(rule, RULES[rule].severity, subject, message, at, origin, RULES[rule].owner)


def _findings() -> tuple[Finding, ...]:
    manifest = "shop/web app.yaml"
    probe = _finding(
        "probes.missing_readiness",
        WEB,
        "container web has no readiness probe",
        "containers[web]",
        Origin(manifest, Span(12, 9, 20)),
    )
    excerpt = Excerpt(11, 12, ("      containers:", "      - name: web", "        image: web:1.2.3"))
    liveness = _finding(
        "probes.missing_liveness", WEB, "container web has no liveness probe", "containers[web]", probe.origin
    )
    waived = _finding(
        "versioned_tags.floating_tag",
        WEB,
        "image web:latest can change",
        "containers[web].image",
        Origin(manifest, Span(13, 16)),
    )
    replica = _finding(
        "availability.single_replica", WEB, "1 replica only", "spec.replicas", Origin(manifest, Span(6, 3))
    )
    ingress = _finding(
        "infrastructure.open_ingress",
        Subject("aws_security_group", "größe-東京"),
        "ingress is open to 0.0.0.0/0",
        "ingress",
        Origin("./terraform/network.tf", Span(4, 5)),
    )
    root = _finding(
        "dockerfile.runs_as_root", Subject("Dockerfile", "-"), "the last user is root", "USER", Origin("-", Span(7))
    )
    rendered = _finding(
        "versioned_tags.floating_tag",
        Subject("StatefulSet", "db", "shop"),
        "image postgres has no tag",
        "containers[db].image",
        Origin("charts/db", Span(41, 18), "chart charts/db"),
    )
    hostile = replace(
        _finding("versioned_tags.no_change_cause", WEB, HOSTILE, "metadata", Origin(f"bad{HOSTILE}.yaml", Span(1))),
        subject=Subject("ConfigMap", HOSTILE, "shop"),
        excerpt=Excerpt(1, 2, ("a: 1", f"name: {HOSTILE}")),
    )
    return (
        replace(probe, standing=Standing.NEW, excerpt=excerpt),
        replace(liveness, standing=Standing.KNOWN, expired_waiver=EXPIRED),
        replace(waived, standing=Standing.KNOWN, waiver=WAIVER),
        replace(replica, standing=Standing.NEW, enforced=False),
        replace(ingress, standing=Standing.NEW),
        replace(root, standing=Standing.KNOWN),
        replace(rendered, standing=Standing.NEW),
        replace(hostile, standing=Standing.NEW),
    )


@pytest.fixture
def assessment() -> Assessment:
    """Findings of every severity, waived, expired, rendered and from stdin; gaps, waivers, a baseline."""
    return Assessment(
        taken_at=datetime(2026, 11, 23, 10, 30, 5, 123456, tzinfo=UTC),
        tool_version="1.2.3",
        rules_digest="ab" * 32,
        engine="wasm",
        targets=(Target("path", "shop"), Target("path", "my terraform"), Target("stdin", "-")),
        inputs=(
            Input("shop/web app.yaml", "kubernetes", "01" * 32, 2),
            Input("./terraform/network.tf", "terraform", "02" * 32, 1),
            Input("-", "dockerfile", "03" * 32, 1),
        ),
        subjects=5,
        judged={key: 0 if key == "versioned_tags.no_change_cause" else 4 for key in RULES} | {"probes.silent": 3},
        findings=_findings(),
        gaps=(
            Gap(
                Stage.COLLECT,
                "shop/broken.yaml",
                "a mapping has no end",
                "mend the file",
                None,
                Origin("shop/broken.yaml", Span(3, 2)),
            ),
            Gap(Stage.EVALUATE, "Deployment/shop/web", "past its deadline of 5 s", "", "probes.missing_liveness"),
        ),
        passed_over=(
            PassedOver("shop/.gitlab-ci.yml", "a GitLab pipeline"),
            PassedOver("shop/x.yaml", "no Kubernetes object"),
        ),
        rules=RULES,
        waivers=(
            WaiverReport(WAIVER, WaiverState.USED, 1),
            WaiverReport(EXPIRED, WaiverState.EXPIRED, 1),
            WaiverReport(replace(WAIVER, subject="Pod/*"), WaiverState.UNUSED, 0),
            WaiverReport(replace(WAIVER, rule="no.rule"), WaiverState.INVALID, 0, "there is no rule no.rule"),
        ),
        baseline=BaselineReport(new=5, known=3, fixed=("f" * 32,)),
        scanners=(
            Scanner("trivy", "0.59.1", datetime(2026, 2, 1, 6, tzinfo=UTC), 2),
            Scanner("grype", None, None, None),
        ),
        clusters=(ClusterReading("prod", "v1.34.2", 61, 1250, 900),),
    )


def _day(day: int, findings: tuple[int, int, int, int, int], waived: int = 0, gaps: int = 0) -> Day:
    return Day(date(2026, 11, day), dict(zip(sorted(Severity), findings, strict=True)), waived, gaps)


@pytest.fixture
def remembered(assessment: Assessment) -> Assessment:
    """The same with a history: one finding is new, one is back with its age, the others are open for up to 40 days."""
    now, previous = assessment.taken_at, datetime(2026, 11, 22, 2, tzinfo=UTC)
    nights = iter(
        (Seen(now, now, new=True), Seen(previous - timedelta(days=9), now, new=True), *_open(now, (40, 12, 1, 0.1, 3)))
    )
    findings = tuple(each if each.waiver else replace(each, seen=next(nights)) for each in assessment.findings)
    ended = replace(assessment.findings[0], standing=None, excerpt=None, seen=Seen(now - timedelta(days=12), previous))
    history = History(
        scope="prod",
        run=41,
        previous=previous,
        new=2,
        unchanged=5,
        fixed=(replace(ended, subject=Subject("Deployment", "api", "shop")),),
        gone=(replace(ended, subject=Subject("Deployment", HOSTILE, "old"), severity=Severity.LOW),),
        unjudged=(replace(ended, subject=Subject("Deployment", "db", "shop")),),
        trend=(_day(20, (1, 2, 0, 3, 1)), _day(21, (1, 2, 0, 4, 0), 1, 2), _day(23, (0, 1, 1, 3, 1), 1)),
    )
    return replace(assessment, findings=findings, history=history)


def _open(now: datetime, days: Iterable[float]) -> Iterator[Seen]:
    return (Seen(now - timedelta(days=number), now) for number in days)


@pytest.fixture
def decision() -> Decision:
    """What the gate says of it."""
    return Decision(
        ExitCode.REFUSED,
        (
            "refused: 3 findings at or above high (infrastructure.open_ingress 1, probes.missing_readiness 1, …)",
            "not judged: 2 gaps (collect 1, evaluate 1)",
        ),
    )


@pytest.fixture
def nothing(assessment: Assessment) -> tuple[Assessment, Decision]:
    """An empty folder: no findings, no gaps, and still no pass."""
    empty = replace(
        assessment,
        inputs=(),
        subjects=0,
        judged={},
        findings=(),
        gaps=(),
        passed_over=(),
        waivers=(),
        baseline=None,
        scanners=(),
    )
    return empty, Decision(ExitCode.NOT_JUDGED, ("not judged: nothing was found to judge",))


@pytest.fixture
def clean(assessment: Assessment) -> tuple[Assessment, Decision]:
    """Everything judged, nothing objected."""
    judged = replace(assessment, findings=(), gaps=(), waivers=(), baseline=None)
    return judged, Decision(ExitCode.CLEAN, ("clean: 0 findings",))


@pytest.fixture
def many(assessment: Assessment) -> Callable[[int], Assessment]:
    """The same with so many findings, severities in turn and the least severe first."""

    def build(number: int) -> Assessment:
        severities = sorted(Severity)
        template = assessment.findings[0]
        findings = tuple(
            replace(
                template,
                severity=severities[index * len(severities) // number],
                subject=Subject("Deployment", f"web-{index}", "shop"),
                origin=Origin(f"shop/{index}.yaml", Span(12, 9)),
                standing=None,
            )
            for index in range(number)
        )
        return replace(assessment, findings=findings, gaps=(), baseline=None)

    return build
