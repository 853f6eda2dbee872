"""JSON piece by piece is JSON as a whole."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from compliance.output import json_text

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_TREES = st.recursive(
    _SCALARS, lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4), max_leaves=20
)


@given(st.dictionaries(st.text(), _TREES, min_size=1, max_size=6), st.sets(st.text()))
def test_pieces_come_to_the_whole(tree: dict[str, Any], also: set[str]) -> None:
    long = {key: [{"number": number, "in": [key]} for number in range(len(key) * 300)] for key in sorted(also)[:2]}
    whole: dict[str, Any] = {**tree, **long}
    given_ = {key: iter(value) if isinstance(value, list) else value for key, value in whole.items()}

    assert "".join(json_text.pieces(given_)) == json_text.dump(whole)


def test_a_long_list_is_never_one_piece() -> None:
    pieces = list(json_text.pieces({"findings": iter(range(100_000)), "gaps": []}))

    assert max(map(len, pieces)) < 10_000
