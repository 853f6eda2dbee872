"""Which providers a folder uses, and how far their versions are pinned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.terraform.sections import text_of
from compliance.sources.terraform.tree import Literal, ObjectOf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.terraform.loading import Configuration, Placed
    from compliance.sources.terraform.tree import Block, Expression

_REGISTRY: Final = "registry.terraform.io"
_BOUNDED: Final = re.compile(r"\s*(?:~>|<=?|=(?!=))?\s*v?[0-9][^\s]*\s*")
_USING: Final = frozenset({"resource", "data", "ephemeral"})
_BUILT_IN: Final = "terraform"
_ROOT_BLOCKS: Final = frozenset({"backend", "cloud"})


def provider_of(block: Block) -> str | None:
    """The local name of the provider that a resource or data source goes by."""
    if block.type not in _USING:
        return None
    chosen = block.attributes.get("provider")
    return text_of(chosen.value) if chosen else block.labels[0].partition("_")[0]


def providers(configuration: Configuration, locked: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every provider that a folder requires, configures or uses, by its local name."""
    required = _required(configuration)
    configured = {placed.block.labels[0]: placed for placed in configuration.blocks if placed.block.type == "provider"}
    used = {name.partition(".")[0] for placed in configuration.blocks if (name := provider_of(placed.block))}
    reusable = not configured and not any(
        inner.type in _ROOT_BLOCKS for placed in configuration.blocks for inner in placed.block.blocks
    )
    return [
        _provider(name, required.get(name), configured.get(name), locked) | {"reusable": reusable and not locked}
        for name in sorted({*required, *configured, *used} - {_BUILT_IN})
    ]


def _required(configuration: Configuration) -> dict[str, Expression]:
    return {
        name: attribute.value
        for placed in configuration.blocks
        if placed.block.type == "terraform"
        for inner in placed.block.blocks
        if inner.type == "required_providers"
        for name, attribute in inner.attributes.items()
    }


def _provider(
    name: str, required: Expression | None, configured: Placed | None, locked: Mapping[str, str]
) -> dict[str, Any]:
    source, constraint = f"hashicorp/{name}", None
    if isinstance(required, ObjectOf):
        given = {text_of(item.key): text_of(item.value) for item in required.items}
        source, constraint = given.get("source", source), given.get("version")
    elif isinstance(required, Literal):
        constraint = str(required.value)
    if constraint is None and configured and "version" in configured.block.attributes:
        constraint = text_of(configured.block.attributes["version"].value)
    full = source if source.count("/") > 1 else f"{_REGISTRY}/{source}"
    parts = (constraint or "").split(",")
    return {
        "name": name,
        "source": source,
        "constraint": constraint,
        "bounded": any(_BOUNDED.fullmatch(part) for part in parts),
        "locked": locked.get(full.lower()),
        "at": f"required_providers.{name}",
    }
