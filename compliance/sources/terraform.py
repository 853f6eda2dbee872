"""Terraform: folders of .tf files, and plans and states as `terraform show -json` prints them.

Shape: `rules/schemas/terraform.json`. What cannot be known before Terraform runs is null, and its path is in `unknown`;
what cannot be read is a gap. Nothing is downloaded, no provider is started, and files outside of the folder and its
local modules are not opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.model import Facts, Gap, Origin, Stage
from compliance.sources import terraform_plan
from compliance.sources.terraform_configuration import facts_of
from compliance.sources.terraform_loading import load_variables
from compliance.sources.terraform_modules import open_module
from compliance.sources.terraform_project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder or plan held. `modules` are the resolved folders of local modules that are part of it."""

    facts: tuple[Facts, ...]
    gaps: tuple[Gap, ...]
    modules: tuple[Path, ...] = ()


def read_folder(folder: Path, origin_prefix: str, var_files: Sequence[Path] = ()) -> Reading:
    """Read a folder as a root module, with the local modules that it calls.

    `origin_prefix` is the folder as the user would type it; `var_files` count after the ones that Terraform takes by
    itself. A broken block or file costs only itself, and is a gap. Safe in any thread.

    Raises:
        OSError: the folder cannot be listed.
    """
    project = Project.open(folder, origin_prefix)
    variables, gaps = load_variables(folder, project.name, var_files)
    project.gaps.extend(gaps)
    root = open_module(project, variables)
    told = list(facts_of(root))
    gaps = [*project.gaps, *(one for one in told if isinstance(one, Gap))]
    if root.evaluator.exhausted:
        why = "it takes too many steps to evaluate, so some values are taken as unknown"
        gaps.append(Gap(Stage.COLLECT, origin_prefix, why, "scan a plan instead", origin=Origin(origin_prefix)))
    facts = tuple(one for one in told if isinstance(one, Facts))
    return Reading(facts, (*dict.fromkeys(gaps),), tuple(path for path in project.folders if path != folder.resolve()))


def is_plan(document: Mapping[str, Any]) -> bool:
    """Whether it is what `terraform show -json` prints of a plan or a state."""
    return terraform_plan.is_plan(document)


def read_plan(document: Mapping[str, Any], origin_file: str) -> Reading:
    """Read a plan or a state. Values that Terraform marks as sensitive are replaced by `(sensitive)`."""
    facts, gaps = terraform_plan.read(document, origin_file)
    return Reading((*facts,), (*gaps,))
