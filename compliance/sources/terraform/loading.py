"""From a folder to the configuration in it: every .tf and .tf.json file, overrides, variable files, the lock file.

Reference: https://developer.hashicorp.com/terraform/language/files
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import stat
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from compliance.errors import ReadError
from compliance.model import Gap, Origin, Stage
from compliance.sources.terraform import json_syntax as terraform_json
from compliance.sources.terraform import syntax as terraform_syntax
from compliance.sources.terraform.secret_values import hidden_lines
from compliance.sources.terraform.tree import Block, Literal, Mistake, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from compliance.model import Span
    from compliance.sources.terraform.tree import Expression

MAX_FILE: Final = 1024 * 1024
_MAX_FILES: Final = 1000
_SUFFIXES: Final = (".tf", ".tf.json")
_VARIABLES: Final = (".tfvars", ".tfvars.json")
_LABELS: Final = {"resource": 2, "data": 2, "ephemeral": 2, "provider": 1, "variable": 1, "output": 1, "module": 1}
_LOCK_FILE: Final = ".terraform.lock.hcl"


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that was read: its name for people, its lines, and those of them that hold secrets."""

    name: str
    text: tuple[str, ...] = field(repr=False)
    hidden: frozenset[int]

    def line(self, number: int) -> str | None:
        """The line with that number, from 1; None when there is none or it is hidden."""
        if number in self.hidden or not 1 <= number <= len(self.text):
            return None
        return self.text[number - 1]


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the file that it stands in."""

    block: Block
    file: TextFile


@dataclass(frozen=True, slots=True)
class Configuration:
    """What one folder holds."""

    folder: Path
    name: str
    blocks: tuple[Placed, ...]
    gaps: tuple[Gap, ...]
    sha256: str

    def of(self, kind: str) -> dict[tuple[str, ...], Placed]:
        """The blocks of one kind by their labels."""
        return {placed.block.labels: placed for placed in self.blocks if placed.block.type == kind}

    def locals(self) -> dict[str, Expression]:
        """Every local value."""
        return {
            name: attribute.value
            for placed in self.blocks
            if placed.block.type == "locals"
            for name, attribute in placed.block.attributes.items()
        }


def load(folder: Path, name: str) -> Configuration:
    """Read a folder; files that cannot be read in whole leave a gap, and the rest of them is still used."""
    gaps: list[Gap] = []
    blocks: list[Placed] = []
    overrides: list[Placed] = []
    digest = hashlib.sha256()
    for path in _paths(folder, name, gaps):
        shown = posixpath.join(name, path.name)
        content = _read(path, shown, gaps)
        if content is None:
            continue
        digest.update(content.encode())
        source = (terraform_json if path.name.endswith(".json") else terraform_syntax).parse(content)
        gaps.extend(gap(shown, mistake) for mistake in (*source.mistakes, *_misplaced(source)))
        file = TextFile(shown, (*content.split("\n"),), hidden_lines(source.blocks))
        kept = [Placed(block, file) for block in source.blocks if _is_expected(block)]
        (overrides if _is_override(path.name) else blocks).extend(kept)
    return Configuration(folder, name, (*_overridden(blocks, overrides),), (*gaps,), digest.hexdigest())


def load_variables(folder: Path, name: str, more: Iterable[Path]) -> tuple[dict[str, Expression], list[Gap]]:
    """Read the variable files that Terraform takes by itself, and then those that are named; the last one wins."""
    gaps: list[Gap] = []
    values: dict[str, Expression] = {}
    found = sorted(path.name for path in _entries(folder) if path.name.endswith(_VARIABLES))
    automatic = [file for file in found if file.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    first = [file for file in ("terraform.tfvars", "terraform.tfvars.json") if file in found]
    for path, shown in (
        *((folder / file, posixpath.join(name, file)) for file in (*first, *automatic)),
        *((path, path.as_posix()) for path in more),
    ):
        content = _read(path, shown, gaps)
        if content is not None:
            parse = terraform_json.parse_variables if path.name.endswith(".json") else terraform_syntax.parse
            source = parse(content)
            gaps.extend(gap(shown, mistake) for mistake in source.mistakes)
            values.update((key, attribute.value) for key, attribute in source.attributes.items())
    return values, gaps


def locked_versions(folder: Path) -> Mapping[str, str]:
    """The provider versions that `terraform init` wrote down, by the provider's full address."""
    content = _read(folder / _LOCK_FILE, _LOCK_FILE, []) if has_lock_file(folder) else None
    blocks = terraform_syntax.parse(content).blocks if content else ()
    versions = {block.labels[0]: block.attributes.get("version") for block in blocks if block.labels}
    return {
        address: str(version.value.value)
        for address, version in versions.items()
        if version and isinstance(version.value, Literal)
    }


def has_lock_file(folder: Path) -> bool:
    """Whether `terraform init` has written down which providers it took."""
    return (folder / _LOCK_FILE).is_file()


def gap(file: str, mistake: Mistake) -> Gap:
    """What a mistake means for the verdict."""
    remedy = "mend it; terraform validate tells more"
    return Gap(Stage.COLLECT, file, mistake.message, remedy, origin=Origin(file, mistake.span))


def _entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "#")))


def _paths(folder: Path, name: str, gaps: list[Gap]) -> list[Path]:
    paths = [path for path in _entries(folder) if path.name.endswith(_SUFFIXES)]
    if len(paths) > _MAX_FILES:
        why = f"holds {len(paths)} Terraform files, and only the first {_MAX_FILES} are read"
        gaps.append(Gap(Stage.COLLECT, name, why, "divide the folder into modules", origin=Origin(name)))
    return paths[:_MAX_FILES]


def _read(path: Path, shown: str, gaps: list[Gap]) -> str | None:
    """The text of a file, or a gap that says why there is none."""
    try:
        return _text(path)
    except ReadError as error:
        why = error.message
    except UnicodeDecodeError:
        why = "no UTF-8 text"
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    gaps.append(Gap(Stage.COLLECT, shown, why, "make it a readable text, or exclude it", origin=Origin(shown)))
    return None


def _text(path: Path) -> str:
    if path.is_symlink() and not os.path.realpath(path).endswith((*_SUFFIXES, *_VARIABLES)):
        raise ReadError("a symbolic link to a file of another kind")
    with open(path, "rb", opener=_open_without_waiting) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise ReadError("no regular file")
        data = stream.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise ReadError(f"larger than {MAX_FILE // 1024} KiB")
    return data.decode("utf-8-sig")


def _open_without_waiting(path: str, flags: int) -> int:
    """A pipe would have us wait for somebody who writes."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _is_override(name: str) -> bool:
    stem = name.removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def _is_expected(block: Block) -> bool:
    return block.type in terraform_syntax.TOP_LEVEL and len(block.labels) == _LABELS.get(block.type, len(block.labels))


def _misplaced(source: Source) -> Iterable[Mistake]:
    for attribute in source.attributes.values():
        yield Mistake(f"{attribute.name} = … stands outside of any block", attribute.span)
    for block in source.blocks:
        if block.type not in terraform_syntax.TOP_LEVEL:
            yield Mistake(f"{block.type} is no block that Terraform knows", block.span)
        elif not _is_expected(block):
            wanted = _LABELS[block.type]
            yield Mistake(f"a {block.type} block needs {wanted} label{'s' * (wanted > 1)}", block.span)


def _overridden(blocks: list[Placed], overrides: list[Placed]) -> list[Placed]:
    """Merge override files into what they override."""
    merged = list(blocks)
    for override in overrides:
        key = (override.block.type, override.block.labels)
        index = next((i for i, one in enumerate(merged) if (one.block.type, one.block.labels) == key), None)
        if index is None or override.block.type == "locals":
            merged.append(override)
        else:
            base = merged[index]
            merged[index] = Placed(_merged(base.block, override.block), base.file)
    return merged


def _merged(base: Block, override: Block) -> Block:
    """The override's attributes and kinds of nested blocks replace the base's; places stay within the base."""
    moved = _moved(override, base.span)
    replaced = {block.type for block in moved.blocks}
    kept = tuple(block for block in base.blocks if block.type not in replaced)
    return replace(base, attributes={**base.attributes, **moved.attributes}, blocks=(*kept, *moved.blocks))


def _moved(block: Block, span: Span) -> Block:
    attributes = {name: replace(attribute, span=span) for name, attribute in block.attributes.items()}
    return replace(block, attributes=attributes, blocks=(*(_moved(one, span) for one in block.blocks),), span=span)
