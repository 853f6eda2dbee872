"""Rego's values, as text and in order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.engine.go_text import quote
from compliance.engine.rego_values import (
    MAX_DEPTH,
    BuiltinError,
    Number,
    RegoObject,
    RegoSet,
    order,
    parse,
    render,
    show,
)

if TYPE_CHECKING:
    from compliance.engine.rego_values import Value

numbers = st.one_of(
    st.integers().map(lambda value: Number(str(value))),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Number(json.dumps(value))),
    st.sampled_from(["1.50", "2e3", "-0", "1E+2", "0.10"]).map(Number),
)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), texts, numbers),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(RegoSet.of),
        st.lists(st.tuples(inner, inner), max_size=4).map(RegoObject.of),
    ),
    max_leaves=20,
)


@given(values)
def test_what_is_written_reads_back_as_it_was(value: Value) -> None:
    assert parse(render(value)) == value


@given(st.lists(values, max_size=6))
def test_a_set_holds_each_value_once_whatever_the_order(members: list[Value]) -> None:
    assert order(RegoSet.of(members)) == order(RegoSet.of([*reversed(members), *members]))


@given(st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), texts), st.lists))
def test_json_is_read_as_json(value: object) -> None:
    assert json.loads(render(parse(json.dumps(value)))) == value


def test_values_of_all_types_sort_as_rego_sorts_them() -> None:
    ordered = '[null, false, true, -1, 1.0, 2, "", "B", "a", [], [1], {}, {"a": 1}, set(), {1}]'
    found = parse(ordered)
    assert isinstance(found, list)
    turned = found[::-1]
    assert sorted(turned, key=order) == found


def test_equal_numbers_are_one_member_however_they_are_spelt() -> None:
    assert show(parse("{1, 1.0, 1e0}")) in {"{1}", "{1.0}", "{1e0}"}


def test_the_empty_set_and_the_empty_object_differ() -> None:
    assert (parse("set()"), parse("{}")) == (RegoSet(()), RegoObject(()))


@pytest.mark.parametrize("broken", ["", "[", "{1, 2", '{"a": }', "[1 2", '"open', "nonsense", "1 2", "]", "{1: 2, 3}"])
def test_what_is_no_value_is_not_read(broken: str) -> None:
    with pytest.raises(ValueError, match=r"before|no value|at \d|Unterminated"):
        parse(broken)


def test_nesting_is_limited() -> None:
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    with pytest.raises(RecursionError):
        parse("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2))


@pytest.mark.parametrize("text", ["1.5", "1e-1", "0.1"])
def test_a_fraction_is_no_integer(text: str) -> None:
    with pytest.raises(BuiltinError):
        _ = Number(text).integer


def test_an_integer_may_be_spelt_with_point_and_exponent_but_not_without_end() -> None:
    assert (Number("2.0").integer, Number("2e3").integer) == (2, 2000)
    with pytest.raises(BuiltinError):
        _ = Number("1e999999999").integer


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('a"b\\c', r'"a\"b\\c"'),
        ("\a\b\f\n\r\t\v\0\x1b\x7f", r'"\a\b\f\n\r\t\v\x00\x1b\x7f"'),
        ("ü 日本 😀", '"ü 日本 😀"'),
        ("\u00a0\u200b\u2028\ufeff\U000e0001", r'"\u00a0\u200b\u2028\ufeff\U000e0001"'),
    ],
)
def test_text_is_quoted_as_go_quotes(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_text_is_quoted_in_ascii_when_asked() -> None:
    assert quote("ü😀", ascii_only=True) == r'"\u00fc\U0001f600"'
