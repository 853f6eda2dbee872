"""Layers laid over each other, against a model that keeps the whole file system."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compliance.sources.images.file_system import Changes, Kept

_NAMES = st.sampled_from(["a", "b", "c", ".wh.a", ".wh.b", ".wh.c", ".wh..wh..opq", ".wh..wh.plnk"])
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)
_LAYERS = st.lists(st.lists(st.tuples(_PATHS, st.booleans(), st.booleans()), max_size=8), max_size=4)


def _model(layers: list[list[tuple[str, bool, bool]]]) -> dict[str, tuple[int, bool]]:
    """All paths with their layer and whether somebody wants them; folders that are only implied are not entries."""
    below: dict[str, tuple[int, bool]] = {}
    for number, entries in enumerate(layers):
        added: dict[str, tuple[int, bool]] = {}
        for path, is_folder, wanted in entries:
            *folder, name = path.split("/")
            if any(part.startswith(".wh.") for part in folder):
                continue
            if name == ".wh..wh..opq":
                below = {old: kept for old, kept in below.items() if not _is_below(old, "/".join(folder))}
            elif name.startswith(".wh..wh."):
                continue
            elif name.startswith(".wh."):
                target = "/".join([*folder, name.removeprefix(".wh.")])
                below = {old: kept for old, kept in below.items() if old != target and not _is_below(old, target)}
            else:
                for tree in (below, added):
                    if not is_folder:
                        for old in [old for old in tree if _is_below(old, path)]:
                            del tree[old]
                below.pop(path, None)
                added[path] = (number, wanted)
        below |= added
    return below


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


@given(layers=_LAYERS)
def test_what_is_left_is_what_the_model_has(layers: list[list[tuple[str, bool, bool]]]) -> None:
    kept: Kept[int] = Kept()
    for number, entries in enumerate(layers):
        changes: Changes[int] = Changes()
        for path, is_folder, wanted in entries:
            changes.entry(path, number if wanted else None, kept, is_folder=is_folder)
        changes.apply(kept)

    assert kept.items() == {path: layer for path, (layer, wanted) in _model(layers).items() if wanted}


@given(layers=_LAYERS)
def test_what_goes_and_what_stays_is_all_that_came(layers: list[list[tuple[str, bool, bool]]]) -> None:
    kept: Kept[tuple[int, str]] = Kept()
    came, gone = set(), set()
    for number, entries in enumerate(layers):
        changes: Changes[tuple[int, str]] = Changes()
        for path, is_folder, wanted in entries:
            changes.entry(path, (number, path) if wanted else None, kept, is_folder=is_folder)
        came |= set(changes.added.items().values())
        gone |= {value for _, value in changes.apply(kept)}

    assert came == gone | set(kept.items().values())
    assert not gone & set(kept.items().values())


def test_a_whiteout_leaves_what_its_own_layer_brings_wherever_it_stands() -> None:
    kept: Kept[str] = Kept()
    kept.put("etc/old", "below")
    changes: Changes[str] = Changes()
    changes.entry("etc/new", "above", kept, is_folder=False)
    changes.entry("etc/.wh..wh..opq", None, kept, is_folder=False)

    assert changes.apply(kept) == [("etc/old", "below")]
    assert kept.items() == {"etc/new": "above"}
