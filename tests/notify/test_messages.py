"""What each kind of channel is sent: as expected, within its limits, and safe whatever the findings are called."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from jsonschema_rs import Draft202012Validator
from news import HOSTILE, hostile, many, texts, told, tracked, usual

from compliance.model import Severity
from compliance.notify import generic, mail, slack, teams
from compliance.notify.message import clipped, example, headline, remarks
from compliance.output.json_text import compact, dump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from syrupy.assertion import SnapshotAssertion

    from compliance.notify.message import News

PAYLOADS = {"slack": slack.payload, "teams": teams.payload, "generic": generic.payload}
SCHEMA = json.loads(resources.files("compliance").joinpath("schemas", "notification-v1.json").read_bytes())


def strings(tree: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from strings(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from strings(value)


@pytest.mark.parametrize("kind", PAYLOADS)
@pytest.mark.parametrize("said", [usual(), hostile()], ids=["usual", "hostile"])
def test_webhooks_get(kind: str, said: News, snapshot: SnapshotAssertion) -> None:
    assert dump(PAYLOADS[kind](said)) == snapshot


@pytest.mark.parametrize("said", [usual(), hostile()], ids=["usual", "hostile"])
def test_mail_says(said: News, snapshot: SnapshotAssertion) -> None:
    assert mail.text(said) == snapshot


def test_the_most_severe_findings_come_first_and_the_rest_is_counted() -> None:
    said = told(*(tracked(f"web-{index:03}") for index in range(120)), tracked("last", severity=Severity.CRITICAL))
    assert said.items[0].severity is Severity.CRITICAL
    assert (said.total, len(said.items)) == (121, 100)
    assert generic.payload(said)["left_out"] == 21
    assert "and 101 more findings" in dump(slack.payload(said))
    assert "and 71 more findings" in mail.text(said)


@pytest.mark.parametrize(
    ("since", "line"),
    [([5, 5], "2 new findings in production: 2 high"), ([5, 1], "2 findings in production: 2 high")],
)
def test_findings_are_called_new_when_all_of_them_are(since: list[int], line: str) -> None:
    said = told(*(tracked(f"web-{index}", since=night) for index, night in enumerate(since)))
    assert headline(said) == line
    assert any("1 of them are new" in remark for remark in remarks(said)) == (1 in since)


def test_the_same_news_has_the_same_id_and_other_news_another() -> None:
    first, again, later = told(tracked("web")), told(tracked("web")), told(tracked("web", since=4))
    assert first.id == again.id
    assert len({first.id, later.id, told(tracked("api")).id, told(tracked("web"), tracked("api")).id}) == 4


def test_slack_takes_it_however_much_it_is() -> None:
    made = slack.payload(many(200))
    texts = [block["text"]["text"] for block in made["blocks"]]
    assert len(made["blocks"]) <= 50
    assert max(map(len, texts)) <= 3000
    assert len(made["blocks"][0]["text"]["text"]) <= 150
    assert not any(text.endswith(("&", "&a", "&am", "&amp", "&l", "&lt")) for text in texts)


def test_teams_takes_it_however_much_it_is() -> None:
    made = teams.payload(many(200))
    assert 10 * 1024 < len(compact(made)) <= 28 * 1024
    assert "more findings" in dump(made)


@given(texts)
def test_no_name_is_a_link_a_mention_or_markdown_to_slack_and_teams(text: str) -> None:
    said = hostile(text)
    for block in slack.payload(said)["blocks"]:
        shown = block["text"]["text"].replace("<https://reports.example.org/nightly?cluster=production|Report>", "")
        assert "<" not in shown
        assert ">" not in shown
        assert block["text"].get("verbatim") is True or block["text"]["type"] == "plain_text"
    assert '"type": "TextBlock"' not in dump(teams.payload(said))


@given(texts)
def test_every_webhook_gets_json_without_control_characters(text: str) -> None:
    for payload in PAYLOADS.values():
        sent = json.loads(compact(payload(hostile(text))))
        assert all(char == "\n" or char.isprintable() or ord(char) > 0x9F for each in strings(sent) for char in each)


@pytest.mark.parametrize("make", [usual, hostile, lambda: many(150)])
def test_what_generic_channels_get_fits_its_published_schema(make: Callable[[], News]) -> None:
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(generic.payload(make()))] == []


def test_every_key_of_the_published_schema_is_described() -> None:
    assert [key for key, about in SCHEMA["properties"].items() if not {"description", "const"} & set(about)] == []


def test_a_test_message_says_so_everywhere() -> None:
    said = example("operations", usual().taken_at, Severity.HIGH, None)
    for payload in PAYLOADS.values():
        assert "this is a test" in dump(payload(said))
    assert headline(said).startswith("[test]")
    assert generic.payload(said)["test"] is True


@given(texts)
def test_a_clipped_text_is_one_line_of_utf8_and_no_longer_than_allowed(text: str) -> None:
    line = clipped(text, 40)
    assert len(line) <= 40
    assert not {"\n", "\r", "\x00", "\u202e"} & set(line)
    line.encode()


def test_a_hostile_text_is_hostile() -> None:
    assert {"\n", "\x00", "\ud800"} <= set(HOSTILE)
