"""The HTML report: nothing in it runs or asks anything of anybody, and everybody can read it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from compliance.data import data_folder
from compliance.model import Excerpt, Origin, Subject, Target
from compliance.output import html

if TYPE_CHECKING:
    from compliance.model import Assessment, Decision

Parse = Callable[[str], Any]
ELEMENTS: Final = re.compile(
    "html|head|meta|title|style|body|header|nav|main|section|article|h[1-4]|p|ul|ol|li|a|div|dl|dt|dd"
    "|table|caption|thead|tbody|tfoot|tr|th|td|code|pre|mark|span|strong|time"
    "|figure|figcaption|details|summary|svg|g|rect|line|text"
)
ATTRIBUTES: Final = re.compile(
    "lang|charset|http-equiv|content|name|href|id|class|aria-label|aria-labelledby|aria-hidden|role|tabindex|scope|datetime"
    "|viewbox|x|y|x1|x2|y1|y2|width|height"
)
ATTACK: Final = (
    "</code></pre></style><script>alert(1)</script><img src=x onerror=alert(1)>"
    '" onload="alert(1)\' {{7*7}} {% raw %} &amp;'
)


@pytest.fixture
def assessment(remembered: Assessment) -> Assessment:
    """The page with everything on it, a history too."""
    return remembered


def _page(parse_html: Parse, assessment: Assessment, decision: Decision) -> Any:  # noqa: ANN401 - the fixture's tree
    return parse_html(html.render(assessment, decision))


def _attacked(assessment: Assessment) -> Assessment:
    waivers = tuple(
        replace(report, why=ATTACK, waiver=replace(report.waiver, reason=ATTACK, approved_by=ATTACK, subject=ATTACK))
        for report in assessment.waivers
    )
    finding = replace(
        assessment.findings[0],
        message=ATTACK,
        at=ATTACK,
        owner=ATTACK,
        subject=Subject(ATTACK, ATTACK),
        origin=Origin(ATTACK),
        excerpt=Excerpt(1, 1, (ATTACK,)),
        expired_waiver=waivers[0].waiver,
    )
    rule = replace(
        assessment.rules[finding.rule],
        title=ATTACK,
        description=ATTACK,
        remediation=f"{ATTACK}\n\n`{ATTACK}`\n```\n{ATTACK}\n```",
        frameworks={ATTACK: (ATTACK,)},
    )
    history = assessment.history
    assert history is not None
    ended = (replace(finding, seen=history.fixed[0].seen),)
    return replace(
        assessment,
        history=replace(history, scope=ATTACK, fixed=ended, gone=ended, unjudged=ended),
        tool_version=ATTACK,
        engine=ATTACK,
        targets=(Target(ATTACK, ATTACK),),
        inputs=tuple(replace(item, locator=ATTACK, kind=ATTACK) for item in assessment.inputs),
        findings=(finding, replace(finding, waiver=waivers[0].waiver)),
        gaps=tuple(replace(gap, about=ATTACK, why=ATTACK, remedy=ATTACK) for gap in assessment.gaps),
        passed_over=tuple(replace(item, locator=ATTACK, why=ATTACK) for item in assessment.passed_over),
        rules={rule.id: rule},
        waivers=waivers,
    )


def test_hostile_text_stays_text_everywhere(parse_html: Parse, assessment: Assessment, decision: Decision) -> None:
    page = _page(parse_html, _attacked(assessment), replace(decision, reasons=(ATTACK,)))
    assert all(ELEMENTS.fullmatch(element.name) for element in page.all())
    assert all(ATTRIBUTES.fullmatch(name) for element in page.all() for name in element.attributes)
    assert page.text().count(ATTACK) > 20


def test_control_characters_and_direction_overrides_do_not_reach_the_page(
    assessment: Assessment, decision: Decision
) -> None:
    text = html.render(assessment, decision)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_the_page_asks_nothing_of_anybody_and_allows_only_its_own_style(
    parse_html: Parse, assessment: Assessment, decision: Decision
) -> None:
    page = _page(parse_html, assessment, decision)
    links = [element.attributes["href"] for element in page.all() if "href" in element.attributes]
    anchors = {element.attributes["id"] for element in page.all() if "id" in element.attributes}
    assert links
    assert all(link is not None and link[0] == "#" and link[1:] in anchors for link in links)
    style = page.all("style")[0].text()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(meta.attributes["content"] for meta in page.all("meta") if "http-equiv" in meta.attributes)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import|image-set", style)


def test_headings_skip_no_level_and_ids_are_unique(
    parse_html: Parse, assessment: Assessment, decision: Decision
) -> None:
    page = _page(parse_html, assessment, decision)
    levels = [int(element.name[1]) for element in page.all() if re.fullmatch("h[1-6]", element.name)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1
    ids = Counter(element.attributes["id"] for element in page.all() if "id" in element.attributes)
    assert ids.most_common(1)[0][1] == 1
    assert {
        element.attributes["aria-labelledby"] for element in page.all() if "aria-labelledby" in element.attributes
    } <= set(ids)


def test_every_table_has_a_caption_and_scopes(parse_html: Parse, assessment: Assessment, decision: Decision) -> None:
    page = _page(parse_html, assessment, decision)
    tables = page.all("table")
    assert len(tables) == 13
    assert all(table.all()[0].name == "caption" for table in tables)
    assert all("scope" in header.attributes for header in page.all("th"))


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_has_the_contrast_of_wcag_aa_in_light_and_dark(scheme: int) -> None:
    style = (data_folder("reports") / html.STYLE).read_text(encoding="utf-8")
    block = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))
    texts = set(colours) - {"page", "panel", "line", "mark"}
    assert len(texts) == 11
    for text in texts:
        assert _contrast(colours[text], colours["page"]) >= 4.5, text
        assert _contrast(colours[text], colours["panel"]) >= 4.5, text
    assert _contrast(colours["text"], colours["mark"]) >= 4.5
