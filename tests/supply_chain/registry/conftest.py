"""Scripted registries, plain and with TLS, for the tests of the client."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


@pytest.fixture(scope="session")
def scripted() -> ModuleType:
    """The module of the scripted registry: `Answer`, `manifest`, `index`, `descriptor`, `Known`."""
    name = "scripted_registry"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture
def registry(scripted: ModuleType) -> Iterator[Any]:
    """A registry that speaks plain http."""
    made = scripted.ScriptedRegistry()
    yield made
    made.close()


@pytest.fixture
def other(scripted: ModuleType) -> Iterator[Any]:
    """Another server, at another port: another origin."""
    made = scripted.ScriptedRegistry()
    yield made
    made.close()


@pytest.fixture(scope="session")
def tls(scripted: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """TLS for servers on loopback, and the file of the authority behind it."""
    made: tuple[Any, Path] = scripted.certificates(tmp_path_factory.mktemp("tls"))
    return made


@pytest.fixture
def secure_registry(scripted: ModuleType, tls: tuple[Any, Path]) -> Iterator[Any]:
    """A registry that speaks TLS."""
    made = scripted.ScriptedRegistry(tls[0])
    yield made
    made.close()
