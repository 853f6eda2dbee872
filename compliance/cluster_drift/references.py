"""What image references name in their registries now: each is asked about once a run, several at a time.

A registry that gives no answer is asked no more: thousands of images may be in it.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from compliance import image_reference
from compliance.errors import AccessDenied, ContentError, ContentNotFound, ContentUnavailable
from compliance.sources.drift.images import Resolved
from compliance.supply_chain.content import Index, Manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from compliance.supply_chain.registry import Registries

_Told = TypeVar("_Told")

_JOBS: Final = 8
_MOST: Final = 50_000
_MOST_CHILDREN: Final = 64


class References:
    """Asks registries; a context manager, which waits for nothing when it ends."""

    def __init__(self, registries: Registries) -> None:
        self._registries = registries
        self._pool = ThreadPoolExecutor(_JOBS, thread_name_prefix="references")
        self._answers: dict[str, Future[Resolved]] = {}
        self._down: dict[str, str] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def ahead(self, reference: str) -> None:
        """Begin to ask about a reference that will be needed."""
        self._answer(reference)

    def resolve(self, reference: str) -> Resolved:
        """What a reference names now.

        Raises:
            ContentError: the registry does not say, or says nonsense.
        """
        return self._answer(reference).result()

    def configurations(self, reference: str) -> frozenset[str]:
        """The digests of the configurations of all images in the index that a reference by digest names.

        Raises:
            ContentError: as for `resolve`.
        """
        return self._asked(reference, lambda: self._configurations(reference))

    def _answer(self, reference: str) -> Future[Resolved]:
        if reference not in self._answers:
            if len(self._answers) >= _MOST:
                raise ContentUnavailable(f"more than {_MOST} references were asked about", remedy="audit in parts")
            self._answers[reference] = self._pool.submit(self._asked, reference, lambda: self._look(reference))
        return self._answers[reference]

    def _asked(self, reference: str, look: Callable[[], _Told]) -> _Told:
        registry = _parsed(reference).registry
        with self._lock:
            down = self._down.get(registry)
        if down is not None:
            raise ContentUnavailable(down, remedy="let the audit reach the registry")
        try:
            return look()
        except (ContentNotFound, AccessDenied):
            raise
        except ContentUnavailable as error:
            with self._lock:
                self._down.setdefault(registry, error.message)
            raise

    def _look(self, reference: str) -> Resolved:
        parsed = _parsed(reference)
        repository = self._registries.open(parsed)
        found = repository.manifest(repository.resolve(parsed.digest or parsed.tag).digest)
        if isinstance(found, Index):
            return Resolved(found.descriptor.digest, frozenset(one.digest for one in found.manifests))
        return Resolved(found.descriptor.digest, configurations=frozenset({found.config.digest}))

    def _configurations(self, reference: str) -> frozenset[str]:
        parsed = _parsed(reference)
        repository = self._registries.open(parsed)
        index = repository.manifest(parsed.digest or "")
        children = index.manifests if isinstance(index, Index) else ()
        if len(children) > _MOST_CHILDREN:
            raise ContentError(f"{reference} has more than {_MOST_CHILDREN} images in it")
        found = [repository.manifest(one.digest) for one in children if one.artifact_type is None]
        return frozenset(one.config.digest for one in found if isinstance(one, Manifest))


def _parsed(reference: str) -> image_reference.ImageReference:
    try:
        return image_reference.parse(reference)
    except ValueError as error:
        raise ContentError(str(error)) from error
