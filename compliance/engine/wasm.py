"""The default engine: the rules as one Wasm module, run in this process by wasmtime, without any I/O."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import orjson
import wasmtime

from compliance.engine import entry, native, refused, rego_files
from compliance.engine.instance import TICK, PolicyInstance
from compliance.engine.results import normal
from compliance.errors import EngineError, EvaluationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.catalogue import Catalogue
    from compliance.engine.results import Result
    from compliance.private_cache import PrivateCache


class WasmEngine:
    """Evaluates compiled rules; threads may share it, and evaluate side by side.

    A process that is forked from one that holds an engine cannot use it: nothing would count its deadlines.
    """

    name = "wasm"

    def __init__(self, wasm: bytes, catalogue: Catalogue, *, deadline: float, cache: PrivateCache) -> None:
        """Load a module that `compliance.engine.build.compile_wasm` made.

        Args:
            wasm: the module.
            catalogue: the rules that the module must hold.
            deadline: seconds that one evaluation may take.
            cache: where compiled native code is kept.

        Raises:
            EngineError: the module is damaged, holds other rules, or calls what this engine does not have.
        """
        self._deadline = deadline
        self._folders = catalogue.folders
        self._engine = wasmtime.Engine(native.config())
        self._module = native.load(self._engine, wasm, cache)
        self._idle: SimpleQueue[PolicyInstance] = SimpleQueue()
        self._process = os.getpid()
        self._closed = threading.Event()
        self._entrypoints = self._check(catalogue.digest)
        threading.Thread(target=_tick, args=(self._engine, self._closed), name="wasm-deadlines", daemon=True).start()

    def evaluate(self, schema: str, inputs: Sequence[bytes]) -> list[Result]:
        """Evaluate each JSON document with the rules of its facts schema; one result an input, in order.

        Raises:
            EngineError: there is no such facts schema, or the engine is closed.
        """
        if self._closed.is_set() or os.getpid() != self._process:
            raise EngineError("the wasm engine was closed, or opened by another process")
        entrypoint = self._entrypoints.get(f"{entry.PATH}/{schema}")
        if entrypoint is None:
            raise EngineError(f"the compiled rules do not know facts of schema {schema}", remedy=native.REBUILD)
        return [self._result(entrypoint, document) for document in inputs]

    def close(self) -> None:
        """Stop the thread that counts deadlines, and give the memory of idle instances back."""
        self._closed.set()
        self._give_back()

    def _give_back(self) -> None:
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    def _result(self, entrypoint: int, document: bytes) -> Result:
        try:
            return normal(self._value(entrypoint, document))
        except EvaluationError as error:
            return type(error)(rego_files.in_users_terms(error.message, self._folders))

    def _value(self, entrypoint: int, document: bytes) -> object:
        """Evaluate on an idle instance; one that failed is not used again."""
        try:
            instance = self._idle.get_nowait()
        except Empty:
            instance = PolicyInstance(self._engine, self._module)
        sound = False
        try:
            text = instance.evaluate(entrypoint, document, self._deadline)
            sound = not instance.swollen
        finally:
            if sound:
                self._idle.put(instance)
            else:
                instance.close()
            if self._closed.is_set():
                self._give_back()
        return _only_result(text)

    def _check(self, digest: str) -> Mapping[str, int]:
        instance = PolicyInstance(self._engine, self._module)
        _check_host_builtins(instance.host_builtins)
        entrypoints = instance.entrypoints
        self._idle.put(instance)
        if (asked := entrypoints.get(f"{entry.PATH}/digest")) is None or self._value(asked, b"{}") != digest:
            raise EngineError("the compiled rules are not those of the catalogue", remedy=native.REBUILD)
        return entrypoints


def _check_host_builtins(asked: frozenset[str]) -> None:
    """Refuse a module that calls what this host does not have; the built-in rules call nothing."""
    if not asked:
        return
    from compliance.engine.builtins import BUILTINS  # noqa: PLC0415 - heavy import only when used

    for name in sorted(asked - BUILTINS.keys() - {entry.FIND_N}):
        raise EngineError(refused.why(name), remedy=refused.remedy(name))


def _tick(engine: wasmtime.Engine, closed: threading.Event) -> None:
    while not closed.wait(TICK):
        engine.increment_epoch()


def _only_result(text: bytes) -> object:
    try:
        (result,) = orjson.loads(text)
        return result["result"]
    except (orjson.JSONDecodeError, ValueError, TypeError, KeyError) as error:
        raise EvaluationError("the module answered with something else than one result") from error
