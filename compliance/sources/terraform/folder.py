"""A folder as a whole: whether it is a root, whether its providers are locked, and where its state lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.terraform.places import below
from compliance.sources.terraform.sections import Section
from compliance.sources.terraform.settings import Flag, Told, is_set

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.sources.terraform.tree import Block

# Without these a backend is configured at `terraform init`, and its file says nothing about the rest.
_WHOLE: Final = ("bucket", "key")


def is_root(blocks: Iterable[Block], settings: Block) -> bool:
    """Whether Terraform is run here: a state is configured, or a provider is, beyond an alias and a version."""
    if any(inner.type in {"backend", "cloud"} for inner in settings.blocks):
        return True
    providers = (block for block in blocks if block.type == "provider")
    return any(block.blocks or block.attributes.keys() - {"alias", "version"} for block in providers)


def backend(settings: Section) -> dict[str, Any] | None:
    """Where the state lies; None where nothing is written."""
    for kind in ("backend", "cloud"):
        items = settings.get(kind)
        item = items[0] if isinstance(items, list) and items else None
        if isinstance(item, Section):
            name = item.block.labels[0] if item.block.labels else kind
            at = f"{kind}[{name}]" if item.block.labels else kind
            return {"kind": name, "at": at, **_s3(name, at, item)}
    return None


def _s3(name: str, at: str, item: Section) -> dict[str, Told | None]:
    if name != "s3" or not all(is_set(item, key) for key in _WHOLE):
        return {"encrypted": None, "locked": None}
    encrypted = Flag("encrypt").told(item)
    locked = Flag("use_lockfile").told(item)
    if is_set(item, "dynamodb_table"):
        locked["value"] = True
    return {
        name: {**told, "at": below(at, told["at"])} for name, told in (("encrypted", encrypted), ("locked", locked))
    }
