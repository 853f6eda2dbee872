"""bridgecrewio/checkov: the examples of its checks, each told by the check's id, which is an alias of ours or not.

Kubernetes examples say PASSED or FAILED in their file's name, Dockerfiles lie in a folder `success` or `failure`, and
the Terraform tests list the resources that must pass and fail.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from cases import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from compliance.catalogue import Catalogue

_ID: Final = re.compile(r"""\bid\s*=\s*["'](CKV\w+)["']""")
_CLOUDS: Final = ("aws", "azure", "gcp")
_LISTS: Final = {"passing_resources": False, "failing_resources": True}


def cases(checkout: Path, _catalogue: Catalogue) -> Iterator[Case]:
    """All examples of Kubernetes (pod security policies apart), Dockerfile and Terraform checks of three clouds."""
    yield from _kubernetes(checkout)
    yield from _dockerfiles(checkout)
    yield from _terraform(checkout)


def _ids(folder: Path) -> dict[str, str]:
    """The id of each check, by the name of its file."""
    files = folder.rglob("*.py")
    return {file.stem: found[1] for file in files if (found := _ID.search(file.read_text(encoding="utf-8")))}


def _examples(tests: Path, ids: dict[str, str]) -> Iterator[tuple[str, Path]]:
    for folder in sorted(tests.rglob("example_*")):
        if folder.is_dir() and (id_ := ids.get(folder.name.removeprefix("example_"))):
            yield id_, folder


def _kubernetes(checkout: Path) -> Iterator[Case]:
    ids = _ids(checkout / "checkov/kubernetes/checks/resource")
    for id_, folder in _examples(checkout / "tests/kubernetes/checks", ids):
        for file in sorted(folder.iterdir()):
            if ("PASSED" in file.name) != ("FAILED" in file.name) and not folder.name.endswith("PSP"):
                yield Case(f"{folder.name}/{file.name} {id_}", (id_,), "FAILED" in file.name, path=file)


def _dockerfiles(checkout: Path) -> Iterator[Case]:
    ids = _ids(checkout / "checkov/dockerfile/checks")
    for id_, folder in _examples(checkout / "tests/dockerfile/checks", ids):
        for file in sorted(folder.glob("*/*Dockerfile*")):
            if file.parent.name in {"success", "failure"}:
                name = f"{folder.name}/{file.parent.name}/{file.name} {id_}"
                yield Case(name, (id_,), file.parent.name == "failure", path=file)


def _terraform(checkout: Path) -> Iterator[Case]:
    ids = _ids(checkout / "checkov/terraform/checks/resource")
    tests = checkout / "tests/terraform/checks/resource"
    for id_, folder in (found for cloud in _CLOUDS for found in _examples(tests / cloud, ids)):
        test = folder.with_name(f"test_{folder.name.removeprefix('example_')}.py")
        for address, refused in sorted(_listed(test)) if test.is_file() else ():
            yield Case(f"{folder.name}#{address} {id_}", (id_,), refused, path=folder, subject=address)


def _listed(test: Path) -> Iterator[tuple[str, bool]]:
    """The resources that a test expects to pass and to fail."""
    for node in ast.walk(ast.parse(test.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in _LISTS:
            for item in ast.walk(node.value):
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    yield item.value, _LISTS[node.targets[0].id]
