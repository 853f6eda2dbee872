"""What tests of images share: an empty layout, and the module that makes layers and images."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compliance.supply_chain.layout import Layout

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An empty layout."""
    return Layout.create(tmp_path / "layout")


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """The module that makes layers and images."""
    spec = importlib.util.spec_from_file_location("image_making", Path(__file__).with_name("image_making.py"))
    if spec is None or spec.loader is None:
        raise ImportError("image_making.py cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
