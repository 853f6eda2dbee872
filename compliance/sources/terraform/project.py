"""Everything that one root folder draws in: the folders of its modules, the files that it reads, and their limits."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import orjson

from compliance.model import Gap, Origin, Stage
from compliance.sources.terraform import loading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compliance.sources.terraform.loading import Configuration, Placed
    from compliance.sources.terraform.values import Value

_MAX_MODULES: Final = 200
_MAX_NESTED: Final = 10
_MAX_READ: Final = 256 * 1024
_INSTALLED: Final = ".terraform/modules"
_LOCAL: Final = ("./", "../", ".\\", "..\\")


@dataclass(frozen=True, slots=True)
class Called:
    """A module call: its block, the value of its source, the folder of the caller and the names that lead to him."""

    placed: Placed
    source: Value
    caller: str
    names: tuple[str, ...]


@dataclass(slots=True)
class Project:
    """A root folder; `name` is what people call it ("" where it is the current one). Paths lead from the root."""

    root: Path
    name: str
    gaps: list[Gap] = field(default_factory=list)
    folders: dict[Path, Configuration] = field(default_factory=dict)
    installed: Mapping[str, str] = field(default_factory=dict)
    modules: int = 0
    _texts: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def open(cls, root: Path, name: str) -> Project:
        """A project with the modules that `terraform init` has brought here."""
        return cls(root, "" if name == "." else name, installed=_installed(root))

    def configuration(self, path: str) -> Configuration:
        """Read a folder, once."""
        resolved = (self.root / path).resolve()
        if resolved not in self.folders:
            shown = posixpath.normpath(posixpath.join(self.name, path))
            self.folders[resolved] = loading.load(self.root / path, "" if shown == "." else shown)
            self.gaps.extend(self.folders[resolved].gaps)
        return self.folders[resolved]

    def read(self, path: str) -> str | None:
        """The text of a file within one of the folders; None when it is not there or lies elsewhere."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> str | None:
        try:
            resolved = (self.root / path).resolve()
            if not resolved.is_file() or not any(map(resolved.is_relative_to, self.folders)):
                return None
            with resolved.open("rb") as stream:
                data = stream.read(_MAX_READ + 1)
            return data.decode() if len(data) <= _MAX_READ else None
        except (OSError, ValueError, RuntimeError):
            return None

    def folder_of(self, called: Called, instances: int) -> str | None:
        """The folder of a called module; None, and a gap, when it cannot be followed."""
        source = called.source
        if isinstance(source, str) and (source.startswith(_LOCAL) or source in {".", ".."}):
            folder = posixpath.normpath(posixpath.join(called.caller, source.replace("\\", "/")))
        else:
            folder = self.installed.get(".".join((*called.names, *called.placed.block.labels)), "")
        self.modules += instances
        obstacle = self._obstacle(called, folder)
        if obstacle:
            self.add_gap(called.placed, *obstacle)
        return None if obstacle else folder

    def _obstacle(self, called: Called, folder: str) -> tuple[str, str] | None:
        """Why a module cannot be followed, and what to do."""
        if not folder and not isinstance(called.source, str):
            return "where the module comes from is not known", "write its source out"
        if not folder:
            why = f"the module comes from {called.source}, which is not here"
            return why, "run terraform init first, or scan a plan: terraform show -json PLAN"
        if not (self.root / folder).is_dir():
            return f"the module's folder {folder} does not exist", "mend its source"
        if len(called.names) >= _MAX_NESTED:
            return f"modules are nested more than {_MAX_NESTED} deep", "see whether the module calls itself"
        if self.modules > _MAX_MODULES:
            return f"more than {_MAX_MODULES} modules are called", "scan a plan instead: terraform show -json PLAN"
        return None

    def add_gap(self, placed: Placed, why: str, remedy: str) -> None:
        """Note that a block could not be followed."""
        about = ".".join((placed.block.type, *placed.block.labels))
        self.gaps.append(Gap(Stage.COLLECT, about, why, remedy, origin=Origin(placed.file.name, placed.block.span)))


def _installed(root: Path) -> dict[str, str]:
    """The modules that `terraform init` has brought here, by their path of names."""
    try:
        listed = orjson.loads((root / _INSTALLED / "modules.json").read_bytes())["Modules"]
        folders = {str(one["Key"]): posixpath.normpath(one["Dir"]) for one in listed}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return {key: folder for key, folder in folders.items() if folder.startswith(f"{_INSTALLED}/")}
