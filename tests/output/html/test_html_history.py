"""The HTML report's history: what changed, what is open the longest, and the trend."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from compliance.model import History
from compliance.output import html

if TYPE_CHECKING:
    from collections.abc import Callable

    from compliance.model import Assessment, Decision


def _section(parse_html: Callable[[str], Any], assessment: Assessment, decision: Decision) -> Any:  # noqa: ANN401 - the fixture's tree
    page = parse_html(html.render(assessment, decision))
    return next(element for element in page.all("section") if element.attributes.get("id") == "history")


def _rows(section: Any, key: str) -> list[str]:  # noqa: ANN401 - likewise
    table = next(
        table for table in section.all("table") if table.all("caption")[0].attributes["id"] == f"history-{key}"
    )
    return [row.all("td")[4].text().partition(",")[0] for row in table.all("tr")[1:]]


def test_the_page_lists_what_is_open_the_longest_first(
    parse_html: Callable[[str], Any], remembered: Assessment, decision: Decision
) -> None:
    section = _section(parse_html, remembered, decision)

    assert _rows(section, "unchanged") == ["40 days", "12 days", "3 days", "1 day", "2 hours"]
    assert _rows(section, "new") == ["less than an hour", "10 days"]
    assert [len(_rows(section, key)) for key in ("fixed", "gone", "unjudged")] == [1, 1, 1]


def test_the_first_page_lists_nothing_twice(
    parse_html: Callable[[str], Any], remembered: Assessment, decision: Decision
) -> None:
    first = replace(remembered, history=History("prod", 1, None, 7, 0))
    section = _section(parse_html, first, decision)

    assert (section.all("table"), section.all("svg")) == ([], [])
    assert "the first run of prod" in section.text()


def test_the_trend_is_drawn_to_scale_and_stands_beside_it_as_a_table(
    parse_html: Callable[[str], Any], remembered: Assessment, decision: Decision
) -> None:
    section = _section(parse_html, remembered, decision)
    (drawing,) = section.all("svg")
    bars = drawing.all("g")
    heights = [sum(float(piece.attributes["height"]) for piece in bar.all("rect")) for bar in bars]
    places = [float(bar.all("rect")[0].attributes["x"]) for bar in bars]

    assert [title.text() for title in drawing.all("title")] == [
        "2026-11-20: 7 open findings (1 critical, 3 high, 2 low, 1 info)",
        "2026-11-21: 7 open findings (4 high, 2 low, 1 info); 2 not judged",
        "2026-11-23: 6 open findings (1 critical, 3 high, 1 medium, 1 low)",
    ]
    assert heights[0] == pytest.approx(heights[1], abs=0.3)
    assert heights[2] / heights[0] == pytest.approx(6 / 7, abs=0.01)
    assert places[2] - places[1] == pytest.approx(2 * (places[1] - places[0]))
    assert [text.text() for text in bars[1].all("text")] == ["?"]
    days = section.all("details")[0].all("tbody")[0].all("tr")
    assert [row.all("th")[0].text() for row in days] == ["2026-11-23", "2026-11-21", "2026-11-20"]


def test_long_lists_are_cut_and_said(
    parse_html: Callable[[str], Any], remembered: Assessment, decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.output.html_history.MAX_ROWS", 3)
    section = _section(parse_html, remembered, decision)

    assert _rows(section, "unchanged") == ["40 days", "12 days", "3 days"]
    assert "2 more findings are left out here" in section.text()
