"""Names of entries as paths, and which of them lead out of the image."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.sources.images.paths import climbs, deleted_by, leaves_root, normalised, shown

_PATHS = st.lists(st.sampled_from(["a", "b", ".", "..", ""]), max_size=6).map("/".join)


@given(name=_PATHS)
def test_a_name_without_climbing_means_what_posix_says(name: str) -> None:
    path = normalised(name)
    if climbs(path):
        assert ".." in name.split("/")
    else:
        assert path == posixpath.normpath(f"/{name}").lstrip("/")


@given(folder=st.sampled_from(["", "a", "a/b"]), link=_PATHS)
def test_a_link_leaves_the_root_where_a_step_goes_above_it(folder: str, link: str) -> None:
    steps = ([] if link.startswith("/") else folder.split("/")) + link.split("/")
    depth, lowest = 0, 0
    for step in steps:
        depth += 0 if step in {"", "."} else -1 if step == ".." else 1
        lowest = min(depth, lowest)

    assert leaves_root(folder, link) == (lowest < 0)


@pytest.mark.parametrize(
    ("path", "deleted"),
    [
        (".wh.a", "a"),
        ("etc/.wh.passwd", "etc/passwd"),
        ("etc/.wh..wh..opq", None),
        ("etc/.wh..wh.plnk", None),
        ("etc/wh.a", None),
    ],
)
def test_whiteouts(path: str, deleted: str | None) -> None:
    assert deleted_by(path) == deleted


def test_a_path_is_shown_printable_and_cut() -> None:
    assert shown("etc/a\x1b[31m\n") == "/etc/a\\x1b[31m\\n"
    assert len(shown("a" * 5000)) == 201
