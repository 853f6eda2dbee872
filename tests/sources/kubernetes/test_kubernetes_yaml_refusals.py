"""What is refused: where, in which words, and with which remedy. And what nothing can blow up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.errors import ReadError
from compliance.model import Span
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.yaml import MAX_DEPTH, MAX_DOCUMENTS, MAX_SIZE, Document

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

BROKEN = {
    "tab": "a:\n  b: 1\n\tc: 2\n",
    "tab after spaces": "a:\n  \tb: 1\n",
    "template": "a:\n  {{- if .Values.b }}\n  b: {{ .Values.b }}\n",
    "indentation": "a:\n  b: 1\n c: 2\n",
    "colon in a value": "a: b: c\n",
    "template in a value": "a:\n  b: c {{ d: e }}\n",
    "template block": "{%- if a %}\nb: 1\n",
    "missing colon": "a: 1\nb\nc: 2\n",
    "open quote": 'a: 1\nb: "c\nd: e\n',
    "open quote before a separator": 'a: "b\n---\nc: 1\n',
    "open bracket": "a: [1, 2\nb: 3\n",
    "reserved character": "a: @b\n",
    "escape": 'a: "\\d"\n',
    "second root": "{a: 1}\nb: 2\n",
    "tag handle": "a: !b!c d\n",
    "no alias": "a: *b\n",
    "self": "a: &b [*b]\n",
    "mapping as key": "? {a: 1}\n: b\n",
    "alias of a mapping as key": "a: &b {c: 1}\n*b : 1\n",
    "null as key": "a:\n  ~: b\n",
    "number too great for a key": "18446744073709551615: a\n",
    "infinity": "a:\n- .inf\n",
    "not a number": "a: !!float .nan\n",
    "tag that does not fit": "a: !!int b\n",
    "another tag that does not fit": "a: !!float 18446744073709551615\n",
    "tag without a value": "{a: !b, c}\n",
    "timestamp": "a: !!timestamp 2001-01-01\n",
    "binary": "a: !!binary '?'\n",
    "merge of a scalar": "a:\n  <<: 1\n",
    "merge of an alias of a list": "a: &b [{c: 1}]\nd:\n  <<: *b\n",
    "merge of a list of scalars": "a:\n  <<: [1]\n",
    "control character": "a: 1\r\nb: é\x07\r\n",
    "delete character": "a: \x7f\n",
    "byte order mark inside": "a: 1\n---\n\ufeffb: 2\n",
    "lone surrogate in JSON": '{"a": "\\ud83d"}',
}  # fmt: skip


def problems(data: bytes) -> list[ReadError]:
    return [document for document in kubernetes_yaml.load(data) if isinstance(document, ReadError)]


def told(error: ReadError) -> str:
    place = f"{error.span.line}:{error.span.column}" if error.span else "-"
    return f"{place}  {error.message}  [{error.remedy}]"


def test_every_problem_is_told_with_its_place_and_a_remedy(snapshot: SnapshotAssertion) -> None:
    assert {name: [told(error) for error in problems(text.encode())] for name, text in BROKEN.items()} == snapshot


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"a: 1\n---\nb: \xff\xe9\n---\nc: 1\n", 3, "byte 0xff is not UTF-8"),
        (b"a: 1\n---\nb: \xed\xa0\x80\n", 3, "byte 0xed is not UTF-8"),
        (b'{"a": "\xff"}', 1, "byte 0xff is not UTF-8"),
        (b"\xff\xfea\x00\x00\xd8", None, "is broken UTF-16"),
        (b"\x7fELF\x02\x01\x00\x00", None, "has a NUL byte: this is no text file"),
        (b"a\x00:\x00", None, "has a NUL byte"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, line: int | None, message: str) -> None:
    [error] = problems(data)
    assert error.message.startswith(message)
    assert error.remedy
    assert (error.span and error.span.line) == line


@pytest.mark.parametrize(
    "broken",
    ["a: [}\n", 'a: "b\n', "a: \x01\n", "\ta: 1\n", "a: *b\n", "%YAML 7.0\n", "- " * 200 + "\n", "a: \ud800\n"],
)
def test_a_broken_document_hides_no_other(broken: str) -> None:
    text = f"a: 1\n---\n{broken}---\nb: 2\n...\n---\n{broken}---\nc: 3\n"
    found = list(kubernetes_yaml.load(text.encode(errors="surrogatepass")))
    assert [document.value for document in found if isinstance(document, Document)] == [{"a": 1}, {"b": 2}, {"c": 3}]
    assert [document.first_line for document in found if isinstance(document, Document)] == [1, 5, 10]
    assert [isinstance(document, ReadError) for document in found] == [False, True, False, True, False]
    assert [error.span.line for error in found if isinstance(error, ReadError) and error.span] == [3, 8]


def test_what_follows_the_end_of_a_document_is_read_unlike_kubectl() -> None:
    first, second = kubernetes_yaml.load(b"a: 1\n...\nb: [\n")
    assert isinstance(first, Document)
    assert isinstance(second, ReadError)


@pytest.mark.parametrize(
    "deep",
    ["[" * 10_000, "{a: " * 10_000, "- " * 10_000, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000],
)
def test_deep_nesting_is_refused_where_it_gets_too_deep(deep: str) -> None:
    [error] = problems(deep.encode())
    assert error.message == f"is nested deeper than {MAX_DEPTH} levels"
    assert error.span is not None
    assert error.span.column < 600


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_is_allowed_up_to_the_limit(opening: str, closing: str) -> None:
    def nested(depth: int) -> bytes:
        return (opening * depth + "1" + closing * depth).encode()

    assert problems(nested(MAX_DEPTH)) == []
    assert len(problems(nested(MAX_DEPTH + 1))) == 1


def test_aliases_that_multiply_are_refused_before_they_are_written_out() -> None:
    levels = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 30)]
    [error] = problems("\n".join(["a0: &a0 [x]", *levels]).encode())
    assert error.message.startswith("aliases stand for more than")
    assert error.span is not None
    assert error.span.line == 7


def test_aliases_of_a_long_text_are_counted_by_its_length() -> None:
    [error] = problems(b"a: &a " + b"x" * 100_000 + b"\nb: [" + b"*a, " * 1000 + b"]")
    assert error.message.startswith("aliases stand for more than")


def test_merges_that_multiply_are_refused() -> None:
    keys = ", ".join(f"k{number}: 1" for number in range(1000))
    [error] = problems(f"a: &a {{{keys}}}\nb:\n{'- <<: *a' + chr(10)}".encode() + b"- <<: *a\n" * 1000)
    assert error.message.startswith("aliases stand for more than")


def test_a_few_aliases_of_a_large_part_are_fine() -> None:
    [document] = kubernetes_yaml.load(b"a: &a [" + b"x, " * 1000 + b"]\nb: [" + b"*a, " * 100 + b"]")
    assert isinstance(document, Document)
    assert len(document.value["b"]) == 100


@pytest.mark.parametrize(
    "text", ["[" + "a," * 3000 + "]", "[" + "a, b: c, " * 600 + "]", '{"a": [' + "1," * 1000 + "1]}"]
)
def test_a_document_of_too_many_nodes_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, limit in (("builder.MAX_NODES", 1000), ("builder._MAX_EVENTS", 2000), ("json_stream.MAX_NODES", 1000)):
        monkeypatch.setattr(f"compliance.sources.kubernetes.yaml.{name}", limit)
    [error] = problems(text.encode())
    assert error.message == "has more than 1000 keys and values"


def test_a_stream_that_is_too_large_is_refused_unread() -> None:
    [error] = problems(b"#" * (MAX_SIZE + 1))
    assert error.message == "is larger than 16 MiB"
    assert error.span is None


@pytest.mark.parametrize("document", ["---\n", "a\n---\n", "{}\n", "a: [\n---\n"])
def test_a_stream_of_too_many_documents_is_cut_and_says_so(document: str) -> None:
    found = list(kubernetes_yaml.load((document * (MAX_DOCUMENTS + 5)).encode()))
    assert isinstance(found[-1], ReadError)
    assert found[-1].message == f"the stream has more than {MAX_DOCUMENTS} documents"
    assert len(found) <= MAX_DOCUMENTS + 1


def test_a_refusal_quotes_no_more_than_a_piece_of_the_text() -> None:
    long = "x" * 100_000
    for text in (f"a: *{long}", f"{{a: !{long}, b}}", f"a: !!int {long}", f"a: &{long} [*{long}]"):
        [error] = problems(text.encode())
        assert len(error.message) < 200
        assert error.span is not None


def test_a_place_counts_from_one() -> None:
    [error] = problems(b"@")
    assert error.span == Span(1, 1)
