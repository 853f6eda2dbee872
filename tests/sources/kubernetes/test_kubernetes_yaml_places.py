"""Where things stand: a key's line and column, the last line of its value, or the nearest thing that is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.model import Span
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.yaml import Document, json_stream, stream
from compliance.sources.kubernetes.yaml.events import events_of

if TYPE_CHECKING:
    from compliance.sources.kubernetes.yaml import Path

DEPLOYMENT = """\
# Source: app
kind: Deployment
metadata: {name: app, labels: {app: a,
    tier: b}}

spec:
  template:
    spec:
      containers:
      # the first
      - name: web
        image: web:1
        args: ["--listen",
          "0.0.0.0"]

      - name: sidecar
        command:
        - |
          run

        image: >-
          side
          car

  empty:
  yes: 1
last: 'a

  b'
"""


def locate(text: str, *paths: Path, index: int = 0) -> list[Span]:
    document = list(kubernetes_yaml.load(text.encode()))[index]
    assert isinstance(document, Document)
    spans = document.places.spans(paths)
    return [spans[path] for path in paths]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), Span(2, 1, 29)),
        (("kind",), Span(2, 1, 2)),
        (("metadata",), Span(3, 1, 4)),
        (("metadata", "labels"), Span(3, 23, 4)),
        (("metadata", "labels", "tier"), Span(4, 5, 4)),
        (("spec",), Span(6, 1, 26)),
        (("spec", "template", "spec", "containers"), Span(9, 7, 23)),
        (("spec", "template", "spec", "containers", 0), Span(11, 9, 14)),
        (("spec", "template", "spec", "containers", 0, "image"), Span(12, 9, 12)),
        (("spec", "template", "spec", "containers", 0, "args", 1), Span(14, 11, 14)),
        (("spec", "template", "spec", "containers", 1, "command"), Span(17, 9, 19)),
        (("spec", "template", "spec", "containers", 1, "image"), Span(21, 9, 23)),
        (("spec", "empty"), Span(25, 3, 25)),
        (("spec", "true"), Span(26, 3, 26)),
        (("last",), Span(27, 1, 29)),
    ],
)
def test_an_entry_stands_where_its_key_is_and_ends_with_its_last_line(path: Path, expected: Span) -> None:
    assert locate(DEPLOYMENT, path) == [expected]


@pytest.mark.parametrize(
    ("path", "around"),
    [
        (("spec", "strategy", "type"), ("spec",)),
        (("spec", "template", "spec", "containers", 7, "image"), ("spec", "template", "spec", "containers")),
        (("kind", "of"), ("kind",)),
        (("status",), ()),
    ],
)
def test_what_is_missing_has_the_place_of_the_nearest_thing_around_it(path: Path, around: Path) -> None:
    missing, nearest = locate(DEPLOYMENT, path, around)
    assert missing == nearest


def test_what_an_alias_or_a_merge_brings_in_stands_where_it_is_used() -> None:
    text = "a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n  l: 2\n"
    assert locate(text, ("b", "k"), ("c", "k"), ("c", "l")) == [Span(2, 1, 2), Span(3, 1, 5), Span(5, 3, 5)]


def test_an_alias_as_key_is_the_text_that_it_stands_for() -> None:
    assert locate("a: [&x yes]\n*x : 1\n", ("true",)) == [Span(2, 1, 2)]


def test_of_a_repeated_key_the_one_in_force_is_meant() -> None:
    text = "a: {b: 1, c: 2}\na: {b: 3}\n"
    assert locate(text, ("a", "b"), ("a", "c")) == [Span(2, 5, 2), Span(2, 1, 2)]


def test_an_empty_item_stands_where_its_dash_is() -> None:
    assert locate("a:\n- |\n  x\n-\n- y\n", ("a", 0), ("a", 1), ("a", 2)) == [
        Span(2, 3, 3),
        Span(4, 2, 4),
        Span(5, 3, 5),
    ]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("a:\n- ''\n-\n", 1),  # nothing but empty items
        ("? |-\n  a\n\n\n:\nb: 1\n", 2),  # a block scalar as key, and no value
        ("a:\n- &x y\n- *x\n", 3),
    ],
)
def test_an_entry_ends_where_the_last_thing_written_in_it_ends(text: str, last: int) -> None:
    assert [span.end_line for span in locate(text, ("a",))] == [last]


def test_each_document_of_a_stream_counts_the_lines_of_the_stream() -> None:
    text = "---\n---\na: 1\n---\nb: [\n---\n# c\n\nc:\r\n  d: 1\r\n"
    assert locate(text, ("a",)) == [Span(3, 1, 3)]
    assert locate(text, ("c", "d"), index=2) == [Span(10, 3, 10)]


def test_characters_are_counted_and_not_bytes() -> None:
    text = "\ufeff{ä: '🚀', b: 1}\n---\nö: 1\n---\nc: {é: 2, d: 3}\n"
    assert locate(text, ("b",)) == [Span(1, 10, 1)]
    assert locate(text, ("c", "d"), index=2) == [Span(5, 11, 5)]


def test_json_has_places_too() -> None:
    text = ' {"a": 1} {"b":\n  {"c": [1,\n 2]}}\n{"d": "\\ud83d\\ude80", "e": 1}'
    assert locate(text, ("a",)) == [Span(1, 3, 1)]
    assert locate(text, ("b", "c", 1), (), index=1) == [Span(3, 2, 3), Span(1, 11, 3)]
    assert locate(text, ("d",), ("e",), index=2) == [Span(4, 1), Span(4, 1)]  # YAML stops at the surrogates


@pytest.mark.parametrize(
    "item", ["- kind: A\n  spec:\n\n    b: [1]\n", "- {kind: A,\n\n  spec: {a: 1,\n    b: [1]}}\n"]
)
def test_an_item_of_a_large_list_is_found(item: str) -> None:
    text = "kind: List\nitems:\n" + item * 3000 + "-\nmetadata: {}\n"
    start = 3 + 4 * 2999
    spans = locate(
        text, ("items", 2999, "spec", "b"), ("items", 2999, "status"), ("metadata",), ("items", 3000), ("items", 9999)
    )
    assert spans == [
        Span(start + 3, 5, start + 3),
        Span(start, 3, start + 3),
        Span(start + 5, 1, start + 5),
        Span(start + 4, 2, start + 4),
        Span(2, 1, start + 3),
    ]


@pytest.mark.parametrize("text", ["a: {b: 1}\n", '{"a": {"b": 1}}'])
def test_a_text_is_read_once_however_often_places_are_asked_for(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    readings = []
    for module in (stream, json_stream):
        monkeypatch.setattr(module, "events_of", lambda given: readings.append(given) or events_of(given))
    [document] = kubernetes_yaml.load(text.encode())
    assert isinstance(document, Document)
    spans = [document.places.spans([path]) for path in [(), ("a",), ("a", "b")]]
    assert [span.line for found in spans for span in found.values()] == [1, 1, 1]
    assert readings == [text]


def test_of_many_keys_a_repeated_one_is_the_last_too() -> None:
    text = "".join(f"key{number}: {number}\n" for number in range(100)) + "key0: a\nkey99: b\n"
    assert locate(text, ("key0",), ("key1",), ("key99",), ("key100",)) == [
        Span(101, 1, 101),
        Span(2, 1, 2),
        Span(102, 1, 102),
        Span(1, 1, 102),
    ]
