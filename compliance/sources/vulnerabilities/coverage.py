"""What of an image a scanner judged, and what it passed over without a word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from compliance.sources.vulnerabilities.bill_of_materials import DISTRIBUTION_ECOSYSTEMS
from compliance.sources.vulnerabilities.databases import update_remedy
from compliance.sources.vulnerabilities.records import gap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compliance.model import Gap
    from compliance.sources.vulnerabilities.bill_of_materials import BillOfMaterials
    from compliance.sources.vulnerabilities.records import ImageContent, Outcome, Report, Seen

FAMILIES: Final = {"trivy": ("trivy",), "grype": ("syft", "grype")}
"""The tools whose bills of materials a scanner understands whole: each names source packages in fields of its own."""
_OTHER_SCANNER: Final = (
    "name both scanners (--scanner, images.vulnerabilities.scanners), and have what none of them knows judged by hand"
)
_BY_HAND: Final = (
    "scan a bill of materials that its build made, or have the image judged by hand: scanners recognise packages by "
    "the databases of package managers and by language"
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a scanner can judge: `judges` answers for a kind of packages, None where it judges none of that kind."""

    content: ImageContent
    judges: Callable[[Seen, Report], bool | None]
    bill: BillOfMaterials | None = None


def covered(outcome: Outcome, report: Report, coverage: Coverage) -> Outcome:
    """Complete an outcome with its report, the ecosystems that it judged, and gaps for what it did not."""
    name, content = outcome.scanner, coverage.content
    lost = _lost(name, coverage.bill)
    judged, gaps, unsupported = set(), list(_unseen(name, report, content)), []
    for seen in report.seen:
        answer = coverage.judges(seen, report)
        if answer is None:
            unsupported.append((seen.ecosystem, _unsupported(name, seen, report, content)))
        elif not answer:
            gaps.append(_no_data(name, seen, report, content))
        elif seen.ecosystem not in lost:
            judged.add(seen.ecosystem)
    gaps += _bill_gaps(name, report, coverage)
    return replace(
        outcome,
        report=report,
        judged=frozenset(judged),
        gaps=(*outcome.gaps, *gaps),
        unsupported=tuple(unsupported),
    )


def _unseen(name: str, report: Report, content: ImageContent) -> Iterator[Gap]:
    """Packages that a scanner must have missed, or a distribution that it does not know."""
    if report.distribution is None and content.os_release:
        why = f"{name} does not know the distribution {content.os_release}: its packages are not judged"
        yield gap(content, why, _OTHER_SCANNER)
    if report.distribution and not any(seen.of_distribution for seen in report.seen):
        why = f"{name} recognised {report.distribution} and none of its packages: they are not judged"
        yield gap(content, why, _BY_HAND)
    elif not report.seen:
        yield gap(content, f"{name} recognised no package: there was nothing that it could judge", _BY_HAND)


def _what(seen: Seen, report: Report) -> str:
    return str(report.distribution) if seen.of_distribution and report.distribution else seen.kind


def _unsupported(name: str, seen: Seen, report: Report, content: ImageContent) -> Gap:
    why = f"{name} judges no packages of {_what(seen, report)}: {seen.packages} are not judged"
    return gap(content, why, _OTHER_SCANNER)


def _no_data(name: str, seen: Seen, report: Report, content: ImageContent) -> Gap:
    what = _what(seen, report)
    why = f"{name}'s database has no data for {what}: {seen.packages} packages are not judged"
    return gap(content, why, update_remedy(name))


def _lost(name: str, bill: BillOfMaterials | None) -> frozenset[str]:
    """Ecosystems that a bill of materials of another family holds in a form that the scanner does not understand."""
    if bill is None or bill.made_by(FAMILIES[name]):
        return frozenset()
    return DISTRIBUTION_ECOSYSTEMS & bill.packages.keys()


def _bill_gaps(name: str, report: Report, coverage: Coverage) -> Iterator[Gap]:
    bill, content = coverage.bill, coverage.content
    if bill is None:
        return
    lost = _lost(name, bill)
    if lost:
        maker = bill.makers[0] if bill.makers else "an unknown tool"
        count = sum(bill.packages[ecosystem] for ecosystem in lost)
        why = (
            f"the bill of materials was made by {maker}, and {name} does not understand how it names source packages: "
            f"{count} packages of the distribution are not judged"
        )
        yield gap(content, why, f"make it with {' or '.join(FAMILIES[name])}, or scan the image itself")
    if bill.nameless:
        why = f"{bill.nameless} libraries of the bill of materials have no package URL: they are not judged"
        yield gap(content, why, "make it with a tool that writes package URLs, or scan the image itself")
    for ecosystem, count in sorted(bill.packages.items()):
        seen = sum(each.packages for each in report.seen if each.ecosystem == ecosystem)
        if seen < count and ecosystem not in lost:
            why = f"{name} recognised {seen} of {count} {ecosystem} packages of the bill of materials"
            yield gap(content, f"{why}: the others are not judged", "scan the image itself")
