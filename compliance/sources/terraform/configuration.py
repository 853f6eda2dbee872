"""The facts of a folder: one for each block, whatever module it stands in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from compliance.model import Facts, Gap, Origin, Span, Stage, Subject
from compliance.sources.secret_text import masked
from compliance.sources.terraform.alike import ways
from compliance.sources.terraform.facts import Identity, configured
from compliance.sources.terraform.folder import backend, is_root
from compliance.sources.terraform.joins import join
from compliance.sources.terraform.loading import Placed, TextFile, has_lock_file, locked_versions
from compliance.sources.terraform.places import locate
from compliance.sources.terraform.providers import provider_of, providers
from compliance.sources.terraform.references import references
from compliance.sources.terraform.repetition import MAX_INSTANCES
from compliance.sources.terraform.scopes import Bound
from compliance.sources.terraform.sections import Section, section, text_of
from compliance.sources.terraform.tree import Block
from compliance.sources.terraform.values import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compliance.sources.terraform.loading import Configuration
    from compliance.sources.terraform.modules import Module

_TOLD: Final = frozenset({"resource", "data", "provider", "variable", "output", "module"})
_REPEATED: Final = frozenset({"resource", "data", "module"})
_MAX_INSTANCES: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Told:
    """One instance of a block: its address with indexes, its facts, and its values for finding places."""

    address: str
    body: dict[str, Any]
    values: Section
    placed: Placed


def facts_of(root: Module) -> Iterator[Facts | Gap]:
    """Tell every block of a root module and of the modules that it calls; instances that are alike are told once."""
    namespace = root.project.name or None
    told: dict[tuple[str, int], list[_Told]] = {}
    count = 0
    for module in root.tree():
        for placed in module.configuration.blocks:
            if placed.block.type in _TOLD:
                for one in _instances(module, placed, root):
                    told.setdefault((one.body["address"], id(placed)), []).append(one)
                    count += 1
            yield from _left_out(module, placed)
            if count > _MAX_INSTANCES:
                break
        if count > _MAX_INSTANCES:
            yield _too_many(root.configuration)
            break
    join([one.body for instances in told.values() for one in instances], root)
    yield _settings(root, namespace)
    for instances in told.values():
        for number, body in ways([(one.address, one.body) for one in instances]):
            yield _facts(replace(instances[number], body=body), namespace)


def _instances(module: Module, placed: Placed, root: Module) -> Iterator[_Told]:
    block = placed.block
    repeated = module.repetition(placed) if block.type in _REPEATED else None
    for one in repeated.instances if repeated else (None,):
        scope = Bound(one.names, module) if one else module
        values = section(block, module.evaluator, scope)
        if block.type == "variable" and "type" in block.attributes:
            values["type"] = text_of(block.attributes["type"].value)
        identity = _identity(block, module.address(indexed=False), values)
        defaults = _default_tags(identity.provider, module, root) if block.type == "resource" else None
        body = configured(identity, values, defaults)
        body["references"] = _references(block, module)
        if repeated and repeated.by:
            body["repetition"] = {"by": repeated.by, "instances": repeated.total}
        _place(body, placed)
        address = identity.address(module.address(indexed=True)) + (one.suffix if one else "")
        yield _Told(address, body, values, placed)


def _identity(block: Block, module: str, values: Section) -> Identity:
    if block.type in {"resource", "data"}:
        kind, name = block.labels
        return Identity(block.type, kind, name, module, provider_of(block))
    alias = values.get("alias")
    name = f"{block.labels[0]}.{alias}" if block.type == "provider" and isinstance(alias, str) else block.labels[0]
    return Identity(block.type, None, name, module)


def _references(block: Block, module: Module) -> list[str]:
    prefix = module.address(indexed=False)
    found = references(block, module.resources)
    return [f"{prefix}.{address}" if prefix else address for address in found]


def _place(body: dict[str, Any], placed: Placed) -> None:
    span = placed.block.span
    body["file"] = placed.file.name
    body["lines"] = {"first": span.line, "last": span.end_line or span.line}


def _default_tags(provider: str | None, module: Module, root: Module) -> Value:
    """The default tags of a provider: of the module's own, or else of the root's."""
    name, _, alias = (provider or "").partition(".")
    for holder in (module, root):
        for placed in holder.configuration.blocks:
            if placed.block.type == "provider" and placed.block.labels == (name,):
                values = section(placed.block, holder.evaluator, holder)
                if values.get("alias", "") == alias:
                    return _tags_of(values.get("default_tags"))
    return None


def _tags_of(default_tags: Value) -> Value:
    if not isinstance(default_tags, list):
        return UNKNOWN if default_tags is UNKNOWN else None
    tags = [item.get("tags") if isinstance(item, Section) else UNKNOWN for item in default_tags]
    return tags[0] if tags else None


def _facts(one: _Told, namespace: str | None) -> Facts:
    file, block = one.placed.file, one.placed.block
    return Facts(
        schema="terraform",
        subject=Subject("terraform", masked(one.body["address"]), namespace),
        body=one.body,
        origin=Origin(file.name, block.span),
        locate=partial(_locate, one.values),
        lines=file.line,
    )


def _locate(values: Section, ats: Sequence[str]) -> list[Span | None]:
    return [locate(values, at) for at in ats]


def _settings(root: Module, namespace: str | None) -> Facts:
    """The folder as a whole: its terraform blocks as if they were one, and the providers that it uses."""
    configuration = root.configuration
    blocks = [placed for placed in configuration.blocks if placed.block.type == "terraform"]
    nested = tuple(inner for placed in blocks for inner in placed.block.blocks)
    attributes = {name: one for placed in blocks for name, one in placed.block.attributes.items()}
    placed = _where_providers_are_told(configuration, blocks)
    block = Block("terraform", (), attributes, nested, placed.block.span)
    values = section(block, root.evaluator, root)
    body = configured(Identity("terraform", None, "terraform", ""), values, None)
    body["folder"] = {
        "is_root": is_root((placed.block for placed in configuration.blocks), block),
        "has_lock_file": has_lock_file(configuration.folder),
        "backend": backend(values),
    }
    body["providers"] = providers(configuration, locked_versions(configuration.folder))
    if blocks:
        _place(body, placed)
    return _facts(_Told("terraform", body, values, Placed(block, placed.file)), namespace)


def _where_providers_are_told(configuration: Configuration, settings: Sequence[Placed]) -> Placed:
    """The file to show: where versions are required, or else where a provider is configured or first used."""
    requiring = (one for one in settings if any(inner.type == "required_providers" for inner in one.block.blocks))
    configuring = (one for one in configuration.blocks if one.block.type == "provider")
    for candidates in (requiring, iter(settings), configuring, iter(configuration.blocks)):
        if (found := next(candidates, None)) is not None:
            return found
    nowhere = Block("terraform", (), {}, (), Span(1))
    return Placed(nowhere, TextFile(configuration.name or ".", (), frozenset()))


def _left_out(module: Module, placed: Placed) -> Iterator[Gap]:
    if placed.block.type not in _REPEATED:
        return
    repeated = module.repetition(placed)
    if repeated.total is not None and not repeated.is_whole:
        address = ".".join((*filter(None, [module.address(indexed=True)]), *placed.block.labels))
        why = f"it is there {repeated.total} times, and only the first {MAX_INSTANCES} were judged"
        yield Gap(
            Stage.COLLECT, address, why, "scan a plan instead", origin=Origin(placed.file.name, placed.block.span)
        )


def _too_many(configuration: Configuration) -> Gap:
    name = configuration.name or "."
    why = f"there are more than {_MAX_INSTANCES} blocks, and only so many were judged"
    return Gap(Stage.COLLECT, name, why, "divide the folder into several", origin=Origin(name))
