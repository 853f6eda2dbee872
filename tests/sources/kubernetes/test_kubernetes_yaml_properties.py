"""What holds of any text: nothing is raised, broken documents hide no others, and other readers agree."""

from __future__ import annotations

from typing import Any

import orjson
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.yaml import Document

BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = (
    *"ab01-+.:?,[]{}&*!|>'\"%@`#~<= \n\t\\é\u2028\x85\ufeff\x01\ud800",
    *("\n  ", "\n- ", "\n---\n", "\n...\n", "<<: ", "&a ", "*a", "!!int ", "{a: ", "\r\n", "yes", "0x1F"),
)
NASTY = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
JSON_PIECES = (
    '{"a": 1}',
    "{",
    "}",
    "[",
    "]",
    '"a"',
    ":",
    ",",
    "1",
    "null",
    " ",
    "\n",
    "\r",
    "\\ud83d",
    '"',
    "-",
    "e9",
    "\x7f",
)
NASTY_JSON = st.lists(st.sampled_from(JSON_PIECES), max_size=12).map(lambda pieces: '{"a": 1}' + "".join(pieces))
PRINTABLE = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")))


def json_values(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(-1e15, 1e15)
    return st.recursive(
        st.none() | st.booleans() | numbers | text,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
        max_leaves=20,
    )


def load_one(data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    [document] = kubernetes_yaml.load(data)
    assert isinstance(document, Document), document
    return document.value


def as_go_writes_it(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A whole float comes back from Kubernetes as an int."""
    if isinstance(node, dict):
        return {key: as_go_writes_it(inner) for key, inner in node.items()}
    if isinstance(node, list):
        return [as_go_writes_it(inner) for inner in node]
    return int(node) if isinstance(node, float) and node.is_integer() else node


def shape(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, dict):
        return [shape(inner) for inner in node.values()]
    return [shape(inner) for inner in node] if isinstance(node, list) else None


@BOUNDED
@given(json_values(st.text()))
def test_what_json_says_is_what_is_loaded(node: object) -> None:
    data = orjson.dumps({"at": node})
    assert orjson.dumps(load_one(data)) == orjson.dumps({"at": as_go_writes_it(node)})


@BOUNDED
@given(json_values(PRINTABLE))
def test_json_means_the_same_when_it_is_read_as_yaml(node: object) -> None:
    data = orjson.dumps({"at": node})
    assert orjson.dumps(load_one(b"--- " + data)) == orjson.dumps(load_one(data))


@BOUNDED
@given(
    json_values(st.text()),
    st.sampled_from([None, False, True]),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_second_reader_sees_the_same_tree(node: object, flow: bool | None, style: str | None, line_end: str) -> None:  # noqa: FBT001 - drawn
    """PyYAML's base loader takes every scalar as text: it is blind to types, and not to structure."""
    dumped = yaml.dump({"at": node}, default_flow_style=flow, default_style=style, allow_unicode=True)
    text = dumped.replace("\n", line_end)
    second = yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - it makes nothing but text
    assert shape(load_one(text.encode())) == shape(second)


@BOUNDED
@given(NASTY | NASTY_JSON | st.text())
def test_any_text_gives_documents_or_errors_with_a_remedy_and_raises_nothing(text: str) -> None:
    for document in kubernetes_yaml.load(text.encode(errors="surrogatepass")):
        if isinstance(document, ReadError):
            assert document.message
            assert document.remedy
            assert document.span is None or 1 <= document.span.line <= len(text) + 1
        else:
            assert load_one(orjson.dumps({"at": document.value})) == {"at": document.value}


@BOUNDED
@given(st.binary(max_size=200))
def test_any_bytes_give_documents_or_errors_and_raise_nothing(data: bytes) -> None:
    assert all(isinstance(document, Document | ReadError) for document in kubernetes_yaml.load(data))


@BOUNDED
@given(NASTY)
def test_a_broken_document_hides_neither_the_one_before_nor_the_one_after(middle: str) -> None:
    data = f"first: 1\n---\n{middle}\n---\nlast: 2\n".encode(errors="surrogatepass")
    documents = [found.value for found in kubernetes_yaml.load(data) if isinstance(found, Document)]
    assert documents[0] == {"first": 1}
    assert documents[-1] == {"last": 2}


@BOUNDED
@given(NASTY, st.lists(st.lists(st.sampled_from(["a", "b", "true", 0, 1]), max_size=3).map(tuple), max_size=3))
def test_a_place_is_found_for_any_path_in_any_document(text: str, paths: list[kubernetes_yaml.Path]) -> None:
    data = text.encode(errors="surrogatepass")
    for document in kubernetes_yaml.load(data):
        if isinstance(document, ReadError):
            continue
        spans = document.places.spans(paths)
        assert set(spans) == set(paths)
        assert all(1 <= span.line <= (span.end_line or span.line) <= len(text) + 1 for span in spans.values())
