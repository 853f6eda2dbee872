"""What a document means: scalars, tags, keys, aliases, merges."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.yaml import Document


def value(text: str) -> Any:  # noqa: ANN401 - any JSON value
    [document] = kubernetes_yaml.load(text.encode())
    assert isinstance(document, Document), document
    return document.value


def same(left: object, right: object) -> bool:
    """Equal, and equal in type: 1, 1.0 and True are three things."""
    return orjson.dumps(left, option=orjson.OPT_SORT_KEYS) == orjson.dumps(right, option=orjson.OPT_SORT_KEYS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[(text, True) for text in ("true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON")],
        *[(text, False) for text in ("false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF")],
        *[(text, None) for text in ("~", "null", "Null", "NULL", "", "# a comment")],
        *[(text, text) for text in ("yeS", "oN", "tRUE", "nUll", "nil", "=", "<<", "y1", "nope", "None")],
        ("0", 0), ("00", 0), ("-0", 0), ("+5", 5), ("-5", -5), ("1_000", 1000), ("1__0_", 10), ("-_1", -1),
        ("0644", 420), ("0o644", 420), ("0O17", 15), ("0_7", 7), ("-017", -15), ("08", 8), ("09.5", 9.5),
        ("0x1F", 31), ("0X1f", 31), ("-0x1_F", -31), ("0b11", 3), ("-0b11", -3), ("0b-1", -1), ("0b+1", 1),
        ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
        ("9223372036854775808", 2**63), ("18446744073709551615", 2**64 - 1), ("0xFFFFFFFFFFFFFFFF", 2**64 - 1),
        ("18446744073709551616", 2.0**64), ("-9223372036854775809", -(2.0**63)), ("+9223372036854775808", 2.0**63),
        ("1.", 1), (".5", 0.5), ("+.5", 0.5), ("-.5", -0.5), ("1.50", 1.5), ("1_0.5", 10.5), (".1_5", 0.15),
        ("1e3", 1000), ("1E+3", 1000), ("12e03", 12000), ("1.5e-3", 0.0015), ("-0.0", 0), ("1e20", 1e20),
        ("1e-400", 0), ("1e400", "1e400"), ("3.0", 3),
        *[(text, text) for text in ("0x", "0b", "0b2", "0o8", "1e", "1e+", ".", "..", ".5.", "1.2.3", "._5", ".5_")],
        *[(text, text) for text in ("190:20:30", "1:20", "2001-01-01", "2001-12-14T21:59:43Z", "500m", "1Gi", "1,000")],
        *[(text, text) for text in ("0x1p3", "+_", "_1", "+", "--", "\u0663", "1\u0663", "5 5", "infinity", "nan")],
        ("'yes'", "yes"), ('"0644"', "0644"), ("|\n  1\n", "1\n"), (">-\n  true\n", "true"), ("''", ""), ('"~"', "~"),
    ],
)  # fmt: skip
def test_a_scalar_has_the_type_that_kubernetes_gives_it(text: str, expected: object) -> None:
    assert same(value(f"at: {text}\n"), {"at": expected})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!!str 5", "5"), ("!!str yes", "yes"), ("!!int '5'", 5), ("!!float 5", 5), ("!!float 0x10", 16),
        ("!!bool 'on'", True), ("!!null ''", None), ("!!binary aGk=", "hi"), ("!!binary |\n  a\n  Gk=\n", "hi"),
        ("!!binary /4A=", "\ufffd\ufffd"), ("! 5", "5"), ("!Ref 5", "5"), ("!!set 5", "5"), ("!!str ''", ""),
        ("!<tag:yaml.org,2002:int> '5'", 5), ("!!map {a: 1}", {"a": 1}), ("!!set [1]", [1]), ("!Sub {a: 1}", {"a": 1}),
    ],
)  # fmt: skip
def test_a_tag_counts_on_a_scalar_and_not_on_a_collection(text: str, expected: object) -> None:
    assert same(value(f"at: {text}\n"), {"at": expected})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "1"), ("0644", "420"), ("yes", "true"), ("off", "false"), ("1.5", "1.5"), ("1.0", "1"), ("-0.0", "-0"),
        ("1e6", "1e+06"), ("123456.7", "123456.7"), ("1234567.0", "1.234567e+06"), ("0.0001", "0.0001"),
        ("0.00001", "1e-05"), ("16777217.0", "1.6777216e+07"), ("0.1", "0.1"), ("1e300", ".inf"), ("-.inf", "-.inf"),
        (".nan", ".nan"), ("2001-01-01", "2001-01-01"), ("'~'", "~"), ("!!str 1", "1"), ("!!binary aGk=", "hi"),
    ],
)  # fmt: skip
def test_a_key_is_text_in_the_spelling_of_go(text: str, expected: str) -> None:
    assert value(f"{text}: x\n") == {expected: "x"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 0644\nb: *x", {"a": 420, "b": 420}),
        ("&x yes: 1\nb: *x", {"true": 1, "b": True}),
        ("a: &x 1.0\n*x : b", {"a": 1, "1": "b"}),
        ("a: &x {k: [1]}\nb: *x", {"a": {"k": [1]}, "b": {"k": [1]}}),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
        ("a: &x {k: &x 1, l: *x}\nb: *x", {"a": {"k": 1, "l": 1}, "b": 1}),
        ("a: &x\nb: *x", {"a": None, "b": None}),
    ],
)
def test_an_alias_stands_for_what_its_anchor_last_named(text: str, expected: object) -> None:
    assert same(value(text), expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}", {"k": 3, "l": 2}),
        ("a: &x {k: 1}\nb: {k: 3, <<: *x}", {"k": 1}),  # as go-yaml has it: what comes later wins
        ("a: [&x {k: 1, l: 1}, &y {k: 2, m: 2}]\nb: {<<: [*x, *y]}", {"k": 1, "l": 1, "m": 2}),
        ("a: [&x {k: 1}, &y {k: 2}]\nb: {<<: *x, <<: *y}", {"k": 2}),
        ("a: &x {k: 1}\nb: {<<: {<<: *x, l: 2}}", {"k": 1, "l": 2}),
        ("b: {<<: {k: 1}}", {"k": 1}),
        ("b: {<<: []}", {}),
        ("b: {'<<': {k: 1}}", {"<<": {"k": 1}}),
        ("b: {!!merge <<: {k: 1}}", {"k": 1}),
        ("b: [<<]", ["<<"]),
    ],
)
def test_a_merge_puts_the_entries_of_other_mappings_in_its_place(text: str, expected: object) -> None:
    assert same(value(text)["b"], expected)


def test_a_merge_leaves_the_merged_mapping_as_it_is() -> None:
    assert value("a: &x {k: 1}\nb: {<<: *x, k: 2}") == {"a": {"k": 1}, "b": {"k": 2}}


def test_a_whole_float_is_an_int_where_64_bits_hold_it() -> None:
    assert repr(value("[-0.0, 1e18, 1e19]")) == "[0, 1000000000000000000, 1e+19]"
