"""Native code of the compiled rules: kept in the user's cache, and made ahead of its use where it is not there.

Compiling takes longer than everything else that a small scan does; it needs no interpreter lock, so it runs beside
the reading of files.
"""

from __future__ import annotations

import hashlib
import importlib.util
import platform
from typing import TYPE_CHECKING, Final

from compliance.errors import EngineError

if TYPE_CHECKING:
    import wasmtime

    from compliance.private_cache import PrivateCache

STACK: Final = 512 * 1024
"""Bytes that a module's own calls may take."""

REBUILD: Final = "run `compliance rules build`"
_OPTIMISE: Final = "speed"


def config() -> wasmtime.Config:
    """Return the settings that native code is made with and for."""
    import wasmtime  # noqa: PLC0415 - heavy import only when used

    chosen = wasmtime.Config()
    chosen.epoch_interruption = True
    chosen.cranelift_opt_level = _OPTIMISE
    chosen.max_wasm_stack = STACK
    return chosen


def load(engine: wasmtime.Engine, wasm: bytes, cache: PrivateCache) -> wasmtime.Module:
    """Load a module from its kept native code, or compile and keep it.

    Raises:
        EngineError: the bytes are no Wasm module.
    """
    import wasmtime  # noqa: PLC0415 - heavy import only when used

    name = _name(wasm)
    native = cache.get(name)
    if native is not None:
        try:
            return wasmtime.Module.deserialize(engine, native)
        except wasmtime.WasmtimeError:
            native = None
    try:
        module = wasmtime.Module(engine, wasm)
    except wasmtime.WasmtimeError as error:
        raise EngineError(f"the compiled rules are no Wasm module: {error}", remedy=REBUILD) from error
    cache.put(name, module.serialize())
    return module


def prepare(wasm: bytes, cache: PrivateCache) -> None:
    """Compile and keep a module's native code, unless it is kept already.

    Raises:
        EngineError: the bytes are no Wasm module.
    """
    if cache.has(_name(wasm)):
        return
    import wasmtime  # noqa: PLC0415 - heavy import only when used

    load(wasmtime.Engine(config()), wasm, cache)


def _name(wasm: bytes) -> str:
    # Loading checks wasmtime's version and settings itself; its place keeps installations out of each other's way.
    spec = importlib.util.find_spec("wasmtime")
    made_with = f"{spec.origin if spec else None} {platform.machine()} {_OPTIMISE} {STACK}"
    return f"{hashlib.sha256(made_with.encode() + wasm).hexdigest()}.native"
