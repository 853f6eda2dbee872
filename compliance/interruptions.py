"""Signals that end a run by an exception, and the few steps that must not be broken off in the middle.

Python raises what a signal handler raises wherever the main thread happens to be: between the start of a child process
and the line that knows of it, for one.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Main:
    """The main thread, which alone takes signals: how deep it is in steps that are not broken off, and what waits."""

    depth = 0
    waiting: BaseException | None = None


def interrupt(stop: BaseException) -> None:
    """Raise an exception in the main thread, now or at the end of the step that it is in; for signal handlers."""
    if _Main.depth == 0:
        raise stop
    _Main.waiting = stop


@contextmanager
def uninterrupted() -> Iterator[None]:
    """A short step that is not broken off; what arrives meanwhile is raised at its end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _Main.depth += 1
    try:
        yield
    finally:
        _Main.depth -= 1
        if _Main.depth == 0 and _Main.waiting is not None:
            stop, _Main.waiting = _Main.waiting, None
            raise stop
