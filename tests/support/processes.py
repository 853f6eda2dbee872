"""Processes of their own for tests, to be killed: forked from a server that has no threads and knows our code."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_DEADLINE = 60.0
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["histories", "compliance.store.history", "compliance.store.place"])


@contextmanager
def started(target: Callable[..., None], *arguments: Any) -> Iterator[tuple[BaseProcess, Connection]]:  # noqa: ANN401
    """Run a function with these arguments and one end of a pipe; the process, and the other end."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        ours.close()
        process.kill()
        process.join(_DEADLINE)


def told(connection: Connection) -> object:
    """The next thing that a process says, within a minute."""
    if not connection.poll(_DEADLINE):
        raise TimeoutError("the process says nothing")
    return connection.recv()
