"""What tests of Terraform facts share: the facts of one resource, from the lines that are in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from compliance.sources.terraform import read_folder

if TYPE_CHECKING:
    from pathlib import Path


class Read(Protocol):
    """Reads one block of a folder that holds nothing but a text."""

    def __call__(self, kind: str, inner: str, *, block: str = "resource", more: str = "") -> dict[str, Any]:
        """The facts of the block `r` with these lines; `var.v` is a variable that nobody has given a value."""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A reader of blocks."""

    def read_block(kind: str, inner: str, *, block: str = "resource", more: str = "") -> dict[str, Any]:
        text = f'variable "v" {{}}\n{block} "{kind}" "r" {{\n{inner}\n}}\n{more}\n'
        (tmp_path / "main.tf").write_text(text, encoding="utf-8")
        address = f"{kind}.r" if block == "resource" else f"data.{kind}.r"
        reading = read_folder(tmp_path, "")
        assert reading.gaps == ()
        return next(dict(facts.body) for facts in reading.facts if facts.body["address"] == address)

    return read_block
