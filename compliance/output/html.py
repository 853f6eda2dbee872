"""The HTML report: one page that asks nothing of anybody, readable without JavaScript and without its CSS.

The template and its style sheet lie in `reports/`. Everything is escaped by the template engine, control characters
and direction overrides are taken out of every value, and the page's own policy forbids scripts and every request.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

from compliance.data import data_folder
from compliance.output import history_words, html_view, tally, text

if TYPE_CHECKING:
    from jinja2 import Environment

    from compliance.model import Assessment, Decision

TEMPLATE: Final = "report.html.j2"
STYLE: Final = "report.css"
SIGNS: Final = {"critical": "◆", "high": "✖", "medium": "▲", "low": "●", "info": "·"}


def render(assessment: Assessment, decision: Decision) -> str:
    """The whole page.

    Raises:
        ConfigurationError: the installation lacks its `reports` folder.
    """
    style = (data_folder("reports") / STYLE).read_text(encoding="utf-8")
    template = _environment().get_template(TEMPLATE)
    return template.render(html_view.context(assessment, decision), style=style, style_hash=_hash(style))


def _hash(style: str) -> str:
    """As a content security policy names an inline style sheet."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - heavy import only when used

    environment = Environment(
        loader=FileSystemLoader(data_folder("reports")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_clean,
    )
    environment.filters.update(
        blocks=text.blocks,
        spans=text.spans,
        notes=tally.notes,
        verdict=tally.verdict,
        counted=tally.counted,
        moment=history_words.moment,
    )
    environment.globals.update(signs=SIGNS)
    return environment


def _clean(value: object) -> object:
    """Every value on its way into the page; escaping comes after."""
    return value if hasattr(value, "__html__") else text.lines(str(value))
