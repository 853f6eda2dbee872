"""What image references name in their registries now, and which images are in what they name."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from compliance import image_reference
from compliance.cluster_drift.asked_once import AskedOnce, SilentRegistries
from compliance.errors import ContentError
from compliance.sources.drift.images import Resolved
from compliance.supply_chain.content import Index, Manifest
from compliance.supply_chain.platforms import may_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from compliance.supply_chain.registry import Registries

_MOST_CHILDREN: Final = 64


class References:
    """Asks registries; a context manager, which waits for nothing when it ends.

    `silent` are the registries that gave no answer, for whoever asks them something else.
    """

    def __init__(self, registries: Registries) -> None:
        self.silent = SilentRegistries()
        self._registries = registries
        self._named = AskedOnce(self._look)
        self._inside = AskedOnce(self._look_inside)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._named.close()
        self._inside.close()

    def ahead(self, reference: str) -> None:
        """Begin to ask about a reference that will be needed."""
        self._named.ahead(reference)

    def resolve(self, reference: str) -> Resolved:
        """What a reference names now.

        Raises:
            ContentError: the registry does not say, or says nonsense.
        """
        return self._named.answer(reference)

    def configurations(self, reference: str) -> Mapping[str, frozenset[str]]:
        """The images in the index that a reference by digest names: their digests by those of their configurations.

        Raises:
            ContentError: as for `resolve`.
        """
        return self._inside.answer(reference)

    def _look(self, reference: str) -> Resolved:
        parsed = _parsed(reference)
        return self.silent.ask(parsed.registry, lambda: self._named_now(parsed))

    def _named_now(self, parsed: image_reference.ImageReference) -> Resolved:
        repository = self._registries.open(parsed)
        found = repository.manifest(repository.resolve(parsed.digest or parsed.tag).digest)
        if isinstance(found, Index):
            return Resolved(found.descriptor.digest, frozenset(one.digest for one in found.manifests if may_run(one)))
        return Resolved(found.descriptor.digest, configurations=frozenset({found.config.digest}))

    def _look_inside(self, reference: str) -> Mapping[str, frozenset[str]]:
        parsed = _parsed(reference)
        return self.silent.ask(parsed.registry, lambda: self._images_in(parsed, reference))

    def _images_in(self, parsed: image_reference.ImageReference, reference: str) -> Mapping[str, frozenset[str]]:
        repository = self._registries.open(parsed)
        index = repository.manifest(parsed.digest or "")
        children = index.manifests if isinstance(index, Index) else ()
        if len(children) > _MOST_CHILDREN:
            raise ContentError(f"{reference} has more than {_MOST_CHILDREN} images in it")
        found = defaultdict(set)
        for one in filter(may_run, children):
            if isinstance(manifest := repository.manifest(one.digest), Manifest):
                found[manifest.config.digest].add(one.digest)
        return {configuration: frozenset(digests) for configuration, digests in found.items()}


def _parsed(reference: str) -> image_reference.ImageReference:
    try:
        return image_reference.parse(reference)
    except ValueError as error:
        raise ContentError(str(error)) from error
