"""A message for an incoming webhook of Slack, in Block Kit.

https://docs.slack.dev/reference/block-kit/blocks: 50 blocks, 3000 characters in a section, 150 in a header;
https://docs.slack.dev/messaging/formatting-message-text: `&`, `<` and `>` are escaped, so that no text is a link or a
mention, and `verbatim` keeps Slack from finding any in plain text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from compliance.model import Severity
from compliance.notify.message import headline, left_out, remarks

if TYPE_CHECKING:
    from compliance.notify.message import Item, News

SHOWN: Final = 20
LONGEST_SECTION: Final = 3000
LONGEST_HEADER: Final = 150
_BROKEN_ESCAPE: Final = re.compile(r"&[a-z]{0,3}$")
_SIGNS: Final = {
    Severity.CRITICAL: ":red_circle:",
    Severity.HIGH: ":large_orange_circle:",
    Severity.MEDIUM: ":large_yellow_circle:",
    Severity.LOW: ":large_blue_circle:",
    Severity.INFO: ":white_circle:",
}


def payload(said: News) -> dict[str, Any]:
    """The JSON to post; `text` is what notifications and screen readers get."""
    shown = said.items[:SHOWN]
    title = headline(said)
    blocks = [_header(title), _section("\n".join(map(escaped, remarks(said))))]
    blocks += [_section(_item(item)) for item in shown]
    if end := "\n".join(part for part in (escaped(left_out(said, len(shown))), _link(said)) if part):
        blocks.append(_section(end))
    return {"text": _fitting(escaped(title), LONGEST_SECTION), "blocks": blocks}


def escaped(text: str) -> str:
    """`text` as Slack shows it literally, formatting apart."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _item(item: Item) -> str:
    since = "" if item.is_new else f", open since {item.first_seen.date()}"
    subject, message = escaped(item.subject), escaped(item.message)
    foot = escaped(f"{item.rule}, {item.owner}{since}")
    return f"{_SIGNS[item.severity]} *{item.severity.label}* {subject}\n{message}\n{foot}"


def _link(said: News) -> str:
    """The address cannot hold `|` or `>`: the configuration's schema refuses them."""
    return f"<{escaped(said.report_url)}|Report>" if said.report_url else ""


def _header(text: str) -> dict[str, Any]:
    return {
        "type": "header",
        "text": {"type": "plain_text", "text": _fitting(escaped(text), LONGEST_HEADER), "emoji": False},
    }


def _section(text: str) -> dict[str, Any]:
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": _fitting(text, LONGEST_SECTION), "verbatim": True},
    }


def _fitting(text: str, longest: int) -> str:
    """At most so many characters, and no half of an escape at the end."""
    return text if len(text) <= longest else _BROKEN_ESCAPE.sub("", text[: longest - 1]) + "…"
