"""The history against a dict: whatever happens night after night, both say the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

from histories import SCOPE
from history_model import Night, assert_same, nights
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.store import open_store


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(nights(), min_size=1, max_size=6))
def test_the_history_says_what_a_dict_would(runs: list[Night]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{Path(folder) / 'history'}") as store:
        assert_same(store, SCOPE, runs)
        assert store.check().runs == len(runs)
