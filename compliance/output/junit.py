"""JUnit XML as Jenkins reads it (the schema of its xunit plugin, junit-10), which GitLab and others read too.

A suite is a pack. A test case is a finding (failed, or skipped when it is waived or not enforced yet), a rule without
any (passed), or a gap (error).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from compliance.output import history_words
from compliance.output.tally import counted, obstacles, ranked
from compliance.output.text import for_xml, one_line

if TYPE_CHECKING:
    from compliance.model import Assessment, Decision, Finding, Gap, Rule

_NO_PACK: Final = "not judged"


def render(assessment: Assessment, decision: Decision) -> str:
    """One `testsuites` document."""
    cases: dict[str, list[ET.Element]] = defaultdict(list)
    seen: Counter[tuple[str, str]] = Counter()
    for finding in ranked(assessment.findings):
        cases[_pack(finding.rule)].append(_finding_case(finding, assessment.rules.get(finding.rule), seen))
    for gap in obstacles(assessment, decision):
        cases[_pack(gap.rule) if gap.rule else _NO_PACK].append(_gap_case(gap, seen))
    for key, judged in sorted(_silent(assessment).items()):
        cases[_pack(key)].append(_passed_case(key, assessment.rules.get(key), judged))
    root = ET.Element("testsuites", {"name": "compliance", "time": "0"})
    for pack in sorted(cases):
        root.append(_suite(pack, cases[pack], assessment))
    root.attrib.update({key: _sum(root, key) for key in ("tests", "failures", "errors")})
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _pack(rule: str) -> str:
    return rule.partition(".")[0]


def _sum(root: ET.Element, key: str) -> str:
    return str(sum(int(suite.attrib[key]) for suite in root))


def _silent(assessment: Assessment) -> dict[str, int]:
    """The rules that judged something, without an objection and without a gap; with the number of subjects."""
    loud = {finding.rule for finding in assessment.findings} | {gap.rule for gap in assessment.gaps}
    return {key: count for key, count in assessment.judged.items() if count and key not in loud}


def _suite(pack: str, cases: list[ET.Element], assessment: Assessment) -> ET.Element:
    counts = Counter(case[0].tag for case in cases if len(case))
    suite = ET.Element(
        "testsuite",
        {
            "name": for_xml(pack),
            "tests": str(len(cases)),
            "failures": str(counts["failure"]),
            "errors": str(counts["error"]),
            "skipped": str(counts["skipped"]),
            "time": "0",
            "timestamp": assessment.taken_at.replace(microsecond=0, tzinfo=None).isoformat(),
        },
    )
    told: list[tuple[str, object]] = [
        *(("scanner", one) for one in assessment.scanners),
        *(("cluster", one) for one in assessment.clusters),
    ]
    if said := history_words.line(assessment):
        told.append(("history", said))
    if told:
        properties = ET.SubElement(suite, "properties")
        for name, one in told:
            ET.SubElement(properties, "property", {"name": name, "value": for_xml(str(one))})
    suite.extend(cases)
    return suite


def _case(classname: str, name: str) -> ET.Element:
    return ET.Element("testcase", {"classname": for_xml(classname), "name": for_xml(one_line(name)), "time": "0"})


def _told(case: ET.Element, tag: str, kind: str, message: str, text: str) -> ET.Element:
    attributes = {"type": for_xml(kind), "message": for_xml(one_line(message))}
    ET.SubElement(case, tag, attributes).text = for_xml(text)
    return case


def _unique(seen: Counter[tuple[str, str]], classname: str, name: str) -> str:
    """Readers keep only one of two cases with the same name."""
    seen[classname, name] += 1
    number = seen[classname, name]
    return name if number == 1 else f"{name} ({number})"


def _finding_case(finding: Finding, rule: Rule | None, seen: Counter[tuple[str, str]]) -> ET.Element:
    case = _case(finding.rule, _unique(seen, finding.rule, f"{finding.subject} {finding.at}".rstrip()))
    text = "\n".join((one_line(str(finding.origin)), one_line(finding.message), *history_words.notes(finding)))
    if waiver := finding.waiver:
        until = f" until {waiver.expires}" if waiver.expires else ""
        reason = f"waived by {waiver.approved_by}{until}: {waiver.reason}"
        return _told(case, "skipped", "waived", reason, text)
    if not finding.enforced:
        since = f" before {rule.enforced_from}" if rule and rule.enforced_from else " yet"
        return _told(case, "skipped", "not enforced", f"not enforced{since}: {finding.message}", text)
    remedy = f"\n\n{rule.remediation}" if rule else ""
    return _told(case, "failure", finding.severity.label, f"{finding.severity.label}: {finding.message}", text + remedy)


def _gap_case(gap: Gap, seen: Counter[tuple[str, str]]) -> ET.Element:
    classname = gap.rule or gap.stage.value
    case = _case(classname, _unique(seen, classname, gap.about))
    place = f"{one_line(str(gap.origin))}\n" if gap.origin else ""
    return _told(case, "error", f"could not {gap.stage.value}", gap.why, f"{place}{gap.why}\n{gap.remedy}".rstrip())


def _passed_case(key: str, rule: Rule | None, judged: int) -> ET.Element:
    case = _case(key, rule.title if rule else key)
    ET.SubElement(case, "system-out").text = f"no objection to {counted(judged, 'subject')}"
    return case
