"""Terraform: folders of .tf files, and plans and states as `terraform show -json` prints them.

Shape: `rules/schemas/terraform.json`. What cannot be known before Terraform runs is null, and its path is in `unknown`;
what cannot be read is a gap. Nothing is downloaded, no provider is started, and outside of the folder and its local
modules nothing is opened but Terraform files that are linked in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance.model import Facts, Gap, Origin, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


_SECTIONS: Final = ("planned_values", "values", "resource_changes")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder or plan held.

    `modules` are the resolved folders of local modules that are part of it; `sha256` is the digest of the folder's own
    Terraform files, as far as they could be read, in the order of their names ("" for a plan).
    """

    facts: tuple[Facts, ...]
    gaps: tuple[Gap, ...]
    modules: tuple[Path, ...] = ()
    sha256: str = ""


def read_folder(folder: Path, origin_prefix: str, var_files: Sequence[Path] = ()) -> Reading:
    """Read a folder as a root module, with the local modules that it calls.

    `origin_prefix` is the folder as the user would type it; `var_files` count after the ones that Terraform takes by
    itself. A broken block or file costs only itself, and is a gap. Safe in any thread.

    Raises:
        OSError: the folder cannot be listed.
    """
    from compliance.sources.terraform.configuration import facts_of  # noqa: PLC0415 - heavy import only when used
    from compliance.sources.terraform.loading import load_variables  # noqa: PLC0415 - likewise
    from compliance.sources.terraform.modules import open_module  # noqa: PLC0415 - likewise
    from compliance.sources.terraform.project import Project  # noqa: PLC0415 - likewise

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
    modules = tuple(path for path in project.folders if path != folder.resolve())
    return Reading(facts, (*dict.fromkeys(gaps),), modules, root.configuration.sha256)


def is_plan(document: Mapping[str, Any]) -> bool:
    """Whether it is what `terraform show -json` prints of a plan or a state."""
    return isinstance(document.get("format_version"), str) and (
        "terraform_version" in document or any(section in document for section in _SECTIONS)
    )


def read_plan(document: Mapping[str, Any], origin_file: str) -> Reading:
    """Read a plan or a state. Values that Terraform marks as sensitive are replaced by `(sensitive)`."""
    from compliance.sources.terraform import plan  # noqa: PLC0415 - heavy import only when used

    facts, gaps = plan.read(document, origin_file)
    return Reading((*facts,), (*gaps,))
