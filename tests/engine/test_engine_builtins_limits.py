"""What the built-in functions do with text that nobody would write."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.engine import builtins


@given(st.text(max_size=30), st.lists(st.one_of(st.none(), st.text(max_size=5), st.integers()), max_size=3))
def test_no_layout_breaks_sprintf(layout: str, values: list[object]) -> None:
    try:
        answer = builtins.call("sprintf", [json.dumps(f"%{layout}"), json.dumps(values)])
    except OverflowError:
        return
    assert isinstance(json.loads(answer or ""), str)


@given(st.sampled_from(["yaml.unmarshal", "time.parse_duration_ns", "units.parse", "semver.compare"]), st.text())
def test_no_text_breaks_a_parser(name: str, text: str) -> None:
    arguments = [json.dumps(text)] * (2 if name == "semver.compare" else 1)
    try:
        builtins.call(name, arguments)
    except OverflowError:
        return


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("sprintf", ['"%' + "9000000d" * 1 + '%9000000d"', "[1, 1]"]),
        ("sprintf", ['"%x"', "[1.5]"]),
        ("units.parse", ['"1e123456"']),
        ("net.cidr_expand", ['"10.0.0.0/8"']),
        ("numbers.range_step", ["1", "1000000000000", "1"]),
        ("time.date", ['[0, "Local"]']),
        ("yaml.unmarshal", [json.dumps("a: !!timestamp 2024-01-01")]),
        ("yaml.unmarshal", [json.dumps("[" * 300 + "]" * 300)]),
        (
            "yaml.unmarshal",
            [json.dumps("a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 12)))],
        ),
    ],
)
def test_what_would_take_too_much_is_given_up_aloud(name: str, arguments: list[str]) -> None:
    with pytest.raises((OverflowError, RecursionError)):
        builtins.call(name, arguments)
