"""aquasecurity/trivy-checks: good and bad examples in a YAML file beside each check, told by the check's id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import yaml
from cases import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from compliance.catalogue import Catalogue

_ID: Final = re.compile(r"^#\s+id:\s*(\S+)", re.MULTILINE)
_FILES: Final = {"dockerfile": "Dockerfile", "kubernetes": "manifest.yaml", "terraform": "main.tf"}


def cases(checkout: Path, _catalogue: Catalogue) -> Iterator[Case]:
    """The examples of Dockerfile, Kubernetes and Terraform checks."""
    for check in sorted((checkout / "checks").rglob("*.rego")):
        examples = check.with_suffix(".yaml")
        if examples.is_file() and (id_ := _ID.search(check.read_text(encoding="utf-8"))):
            yield from _examples(examples, id_[1])


def _examples(file: Path, id_: str) -> Iterator[Case]:
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    for language, name in _FILES.items():
        for quality in ("good", "bad"):
            for number, text in enumerate(told.get(language, {}).get(quality) or (), start=1):
                case = f"{file.parent.name}/{file.stem} {language} {quality} {number} {id_}"
                yield Case(case, (id_,), quality == "bad", text=text, file=name)
