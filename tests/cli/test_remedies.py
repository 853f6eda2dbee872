"""What remedies tell a user to type is there: options of the commands, and keys of compliance.yaml."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import compliance
from compliance.cli import COMMANDS, main, scanner

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE = Path(compliance.__file__).parent
_GROUPS = {
    "keys": ("generate",),
    "notify": ("test",),
    "waivers": ("audit", "add"),
    "rules": ("list", "show", "new", "test", "build"),
}
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_KEY = re.compile(r"(?<![.\w])images((?:\.[a-z_]+)+)")
_OF_OTHERS = re.compile(r"\b(?:trivy|opa|pip|kubectl) .*")


@pytest.fixture
def options(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Those that the help of some command shows."""
    monkeypatch.setenv("COLUMNS", "200")
    for name in COMMANDS:
        for command in [(name, sub) for sub in _GROUPS.get(name, ())] or [(name,)]:
            with pytest.raises(SystemExit) as end:
                main([*command, "--help"])
            assert not end.value.code
    with pytest.raises(SystemExit):
        scanner.main(["--help"])
    return set(_OPTION.findall(capsys.readouterr().out))


def test_options_that_remedies_name_are_there(options: set[str]) -> None:
    named = {found for text in _remedies() for found in _OPTION.findall(_OF_OTHERS.sub("", text))}
    assert "--trust-config" in named
    assert named <= options


def test_keys_of_the_configuration_that_texts_name_are_there() -> None:
    schema = json.loads((_CODE / "schemas" / "configuration-v1.json").read_bytes())
    named = {found for tree in _modules() for text in _texts(tree) for found in _KEY.findall(text)}
    assert ".vulnerabilities.known_exploited" in named
    assert {key for key in named if not _has(schema, key)} == set()


def _has(schema: dict[str, Any], key: str) -> bool:
    place = schema["properties"]["images"]
    for part in key.strip(".").split("."):
        if "$ref" in place:
            place = schema["definitions"][place["$ref"].rpartition("/")[2]]
        if part not in place.get("properties", {}):
            return False
        place = place["properties"][part]
    return True


def _modules() -> Iterator[ast.Module]:
    return (ast.parse(file.read_bytes()) for file in sorted(_CODE.rglob("*.py")))


def _remedies() -> Iterator[str]:
    """Arguments, variables and results that are called remedies."""
    for tree in _modules():
        for node in ast.walk(tree):
            match node:
                case ast.keyword(arg="remedy", value=ast.expr() as value):
                    yield from _texts(value)
                case ast.Assign(targets=[ast.Name(id=name)]) if "remedy" in name.lower():
                    yield from _texts(node.value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if "remedy" in name.lower():
                    yield from _texts(value)
                case ast.FunctionDef(name=name) if "remedy" in name:
                    yield from _texts(node)


def _texts(tree: ast.AST) -> Iterator[str]:
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
