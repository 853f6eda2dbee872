"""What a stream holds: encodings, many documents, JSON, repeated keys."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import yaml

from compliance.errors import ReadError, ToolMissing
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.yaml import Document


def values(text: str | bytes) -> list[Any]:
    documents = list(kubernetes_yaml.load(text.encode() if isinstance(text, str) else text))
    assert all(isinstance(document, Document) for document in documents), documents
    return [document.value for document in documents if isinstance(document, Document)]


def value(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON value
    [only] = values(text)
    return only


def same(left: object, right: object) -> bool:
    """Equal, and equal in type: 1, 1.0 and True are three things."""
    return orjson.dumps(left) == orjson.dumps(right)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffa: é\nb: |\n  x\n  y\n",
        "a: é\r\nb: |\r\n  x\r\n  y\r\n",
        "%YAML 1.1\n---\na: é\nb: |\n  x\n  y\n...\n",
        "# a comment\na:\té\t# another\nb: |\n  x\n  y\n",
        '{"a": "é", "b": "x\\ny\\n"}',
        "{\ta: é, b: 'x\n\n\ty\n\n'}",
    ],
)
def test_byte_order_marks_line_ends_comments_and_styles_make_no_difference(text: str) -> None:
    assert value(text) == {"a": "é", "b": "x\ny\n"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_and_utf_16_are_understood(encoding: str) -> None:
    assert value("a: grüße 🚀\n".encode(encoding)) == {"a": "grüße 🚀"}


def test_a_stream_has_many_documents_and_its_empty_ones_are_left_out() -> None:
    text = "---\n---\na: 1\n--- # next\n# nothing\n---\nb: 2\n...\n---\n- 3\n--- 4\n---\nnull\n"
    assert values(text) == [{"a": 1}, {"b": 2}, [3], 4, None]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n---\n", "\ufeff"])
def test_a_stream_without_content_has_no_document(text: str) -> None:
    assert values(text) == []


def test_the_first_line_of_a_document_is_that_of_its_content() -> None:
    documents = kubernetes_yaml.load(b"# head\n---\n\na: 1\n---\n# more\nb: 2\n--- {c: 3}\n")
    assert [document.first_line for document in documents if isinstance(document, Document)] == [4, 7, 8]


def test_three_dashes_inside_a_block_scalar_separate_nothing() -> None:
    text = "a: |\n  ---\n  b\n---\nc: '\n ---'\n"
    assert values(text) == [{"a": "---\nb\n"}, {"c": " ---"}]


@pytest.mark.parametrize("text", ['{"a": 1}{"b": 2}', '{"a": 1}\n{"b": 2}\n', ' {"a": 1}\r\n\t{"b": 2}'])
def test_json_objects_one_after_another_are_documents(text: str) -> None:
    assert values(text) == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("rest", ["5", "[1]", "null", '"b"', "b", "b: 1", "}", "{", ","])
def test_what_follows_a_json_object_and_is_none_is_told_beside_it(rest: str) -> None:
    first, second = kubernetes_yaml.load(f'{{"a": 1}}\n{rest}\n'.encode())
    assert isinstance(first, Document)
    assert first.value == {"a": 1}
    assert isinstance(second, ReadError)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'{"a": "\ud83d\ude80"}', {"a": "🚀"}),
        (r'{"a": "\/"}', {"a": "/"}),
        ('{"%s": 1}' % ("k" * 2000), {"k" * 2000: 1}),
        ('{"a": 1.0, "b": 1e3, "c": 0.5, "d": -0.0}', {"a": 1, "b": 1000, "c": 0.5, "d": 0}),
        ('{"a": 18446744073709551615, "b": 18446744073709551616}', {"a": 2**64 - 1, "b": 2.0**64}),
        ('{"yes": "0644", "a": [true, null]}', {"yes": "0644", "a": [True, None]}),
        ('{"a": NaN, "b": -Infinity}', {"a": "NaN", "b": "-Infinity"}),  # no JSON, and text to YAML
        ('{"a": 1e400}', {"a": "1e400"}),  # likewise
        ('{"a": 1%s}' % ("0" * 400), {"a": "1" + "0" * 400}),  # likewise
        ('{"a": 1}\n---\nb: 2', None),
    ],
)
def test_json_is_read_as_json_where_yaml_would_stumble(text: str, expected: object) -> None:
    assert same(values(text), [expected] if expected else [{"a": 1}, {"b": 2}])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", {"a": 3, "b": 2}),
        ('{"a": 1,\n "b": 2,\n"a": 3}', {"a": 3, "b": 2}),
        ("1: 1\nb: 2\n'1': 3\n", {"1": 3, "b": 2}),
    ],
)
def test_the_last_of_a_repeated_key_is_in_force_and_the_repetition_is_told(text: str, expected: object) -> None:
    [document] = kubernetes_yaml.load(text.encode())
    assert isinstance(document, Document)
    assert document.value == expected
    assert [(len(path), span.line, span.column) for path, span in document.duplicate_keys] == [(1, 3, 1)]


def test_a_repeated_key_is_told_with_its_path_wherever_it_is() -> None:
    text = "a:\n- b: 1\n- c: {d: 1, d: 2}\n  b: 1\n  b: 2\na: [{c: {d: 4}}]\n"
    [document] = kubernetes_yaml.load(text.encode())
    assert isinstance(document, Document)
    assert [(path, span.line, span.column) for path, span in document.duplicate_keys] == [
        (("a", 1, "c", "d"), 3, 13),
        (("a", 1, "b"), 5, 3),
        (("a",), 6, 1),
    ]


@pytest.mark.parametrize(
    "text", ["a: &x {k: 1}\nb: {<<: *x, k: 2}", "a: &x {k: 1}\nb: {<<: *x, <<: *x}", "a: {b: 1}\nb: 1"]
)
def test_what_a_merge_brings_in_is_no_repetition(text: str) -> None:
    [document] = kubernetes_yaml.load(text.encode())
    assert isinstance(document, Document)
    assert document.duplicate_keys == ()


def test_a_pyyaml_without_libyaml_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    with pytest.raises(ToolMissing, match="without libyaml") as caught:
        list(kubernetes_yaml.load(b"a: 1"))
    assert "pip install" in caught.value.remedy
