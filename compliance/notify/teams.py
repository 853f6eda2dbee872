"""A message for a webhook of a Teams workflow ("Post to a channel when a webhook request is received").

An Adaptive Card in an attachment, at most about 28 KB with all that Teams adds; the older connectors of Microsoft 365
are retired. Whatever others wrote stands in a RichTextBlock, because a TextBlock reads Markdown, links included.
https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams, https://adaptivecards.io/explorer
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.model import Severity
from compliance.notify.message import headline, left_out, remarks
from compliance.output.json_text import compact

if TYPE_CHECKING:
    from compliance.notify.message import Item, News

SHOWN: Final = 20
MOST_BYTES: Final = 20 * 1024
"""Well below 28 KB: Teams turns the card into something larger before it measures."""
_SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"
_TYPE: Final = "application/vnd.microsoft.card.adaptive"
_COLOURS: Final = {
    Severity.CRITICAL: "attention",
    Severity.HIGH: "attention",
    Severity.MEDIUM: "warning",
    Severity.LOW: "accent",
    Severity.INFO: "default",
}


def payload(said: News) -> dict[str, Any]:
    """The JSON to post, with as many findings as fit."""
    for shown in range(min(SHOWN, len(said.items)), 0, -1):
        made = _message(said, shown)
        if len(compact(made)) <= MOST_BYTES:
            return made
    return _message(said, 0)


def _message(said: News, shown: int) -> dict[str, Any]:
    body = [_text([_run(headline(said), size="large", weight="bolder")])]
    body += [_text([_run(line)]) for line in remarks(said)]
    body += [_item(item) for item in said.items[:shown]]
    if more := left_out(said, shown):
        body.append(_text([_run(more)]))
    card: dict[str, Any] = {"$schema": _SCHEMA, "type": "AdaptiveCard", "version": "1.5", "body": body}
    card["msteams"] = {"width": "Full"}
    if said.report_url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Report", "url": said.report_url}]
    return {"type": "message", "attachments": [{"contentType": _TYPE, "contentUrl": None, "content": card}]}


def _item(item: Item) -> dict[str, Any]:
    since = "" if item.is_new else f", open since {item.first_seen.date()}"
    severity = _run(f"{item.severity.label} ", color=_COLOURS[item.severity], weight="bolder")
    lines = (
        [severity, _run(item.subject, weight="bolder")],
        [_run(item.message)],
        [_run(f"{item.rule}, {item.owner}{since}", isSubtle=True)],
    )
    return {"type": "Container", "separator": True, "items": [_text(line) for line in lines]}


def _text(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": runs}


def _run(text: str, **style: object) -> dict[str, Any]:
    return {"type": "TextRun", "text": text, **style}
