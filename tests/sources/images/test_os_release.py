"""Which distribution a text names."""

from __future__ import annotations

import pytest

from compliance.sources.images.os_release import read_os_release


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.1\n', {"id": "alpine", "version": "3.20.1"}),
        ('ID="rhel"\nVERSION_ID="9.4"\n', {"id": "rhel", "version": "9.4"}),
        ("# comment\nID=arch\n", {"id": "arch", "version": None}),
        ("ID='debian'\nID=other\n", {"id": "other", "version": None}),
        ('NAME="x"\n', None),
        ('ID="unclosed\n', None),
        ("", None),
    ],
)
def test_what_a_distribution_says_of_itself(text: str, told: dict[str, str | None] | None) -> None:
    assert read_os_release(text.encode()) == told
