"""Questions to registries: each is asked once a run, several at a time, and who gives no answer is asked no more."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from compliance.errors import AccessDenied, ContentNotFound, ContentUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

_Question = TypeVar("_Question")
_Told = TypeVar("_Told")

_JOBS: Final = 8
_MOST: Final = 50_000


class SilentRegistries:
    """Registries that gave no answer: thousands of images may be in one of them. Safe in any thread."""

    def __init__(self) -> None:
        self._why: dict[str, str] = {}
        self._lock = threading.Lock()

    def ask(self, registry: str, look: Callable[[], _Told]) -> _Told:
        """Look something up in a registry, unless it was silent before.

        Raises:
            ContentUnavailable: it is, or was.
            ContentError: as `look` raises.
        """
        with self._lock:
            silent = self._why.get(registry)
        if silent is not None:
            raise ContentUnavailable(silent, remedy="let the audit reach the registry")
        try:
            return look()
        except (ContentNotFound, AccessDenied):
            raise
        except ContentUnavailable as error:
            with self._lock:
                self._why.setdefault(registry, error.message)
            raise


class AskedOnce(Generic[_Question, _Told]):
    """Answers by question, found by `look`, `jobs` at a time; closing it waits for nothing but what is being asked.

    Safe in any thread. `look` may wait for the answers of another one, and not for its own.
    """

    def __init__(self, look: Callable[[_Question], _Told], *, jobs: int = _JOBS) -> None:
        self._look = look
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="registries")
        self._answers: dict[_Question, Future[_Told]] = {}
        self._lock = threading.Lock()

    def ahead(self, question: _Question) -> None:
        """Begin to ask what will be needed; what goes wrong is told where it is."""
        with suppress(ContentUnavailable):
            self._begun(question)

    def answer(self, question: _Question) -> _Told:
        """Wait for the answer.

        Raises:
            ContentUnavailable: too much was asked already.
            ComplianceError: as `look` raises.
        """
        return self._begun(question).result()

    def close(self) -> None:
        """Give up what has not begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begun(self, question: _Question) -> Future[_Told]:
        with self._lock:
            if question not in self._answers:
                if len(self._answers) >= _MOST:
                    raise ContentUnavailable(f"more than {_MOST} images were asked about", remedy="audit in parts")
                self._answers[question] = self._pool.submit(self._look, question)
            return self._answers[question]
