"""A user's cache that is empty but for the native code of the built-in rules, which takes a second to make."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from compliance import catalogue, engine

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "compliance"
"""Where engines keep what they compile; what was verified or audited lies in other folders."""


def with_native_code(folder: Path) -> Path:
    """Compile the built-in rules into a cache; where it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        engine.prepare("wasm", catalogue.load())
    return folder


def copy(cache: Path, target: Path) -> Path:
    """Make a cache that holds the native code of another; files are written anew when they change, so links do."""
    shutil.copytree(cache / _NAME, target / _NAME, copy_function=os.link)
    return target
