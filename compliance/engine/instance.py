"""OPA's Wasm ABI 1.2: one instance of a compiled module, its memory, and its calls back to us.

The ABI: https://www.openpolicyagent.org/docs/wasm/#abi-versions. An evaluation is one call of `opa_eval`, which starts
from the same heap pointer every time, so nothing is left of the one before.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NoReturn

from wasmtime import Func, FuncType, Instance, Limits, Memory, MemoryType, Store, Trap, TrapCode, WasmtimeError

from compliance.engine import entry
from compliance.errors import DeadlineError, EngineError, EvaluationError, ExhaustedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wasmtime import Caller, Engine, ImportType, Module

TICK = 0.05
"""Seconds between two increments of the engine's epoch, by which deadlines are counted."""

MEMORY_CAP = 256 * 1024 * 1024
_KEEP_BELOW = 32 * 1024 * 1024
_FIND_N = f"{entry.PATH}/regex_find_n"
_PAGE = 65536
# The module asks for two pages and counts neither its constants nor its stack; untouched pages cost nothing.
_FIRST_PAGES = 256
_CHUNK = 4096
_JSON = 0
_NO_DATA = b"{}"
_OUT_OF_MEMORY = f"needs more than {MEMORY_CAP // 1024**2} MiB of memory"
_NO_DEADLINE = 2**40


class Aborted(Exception):  # noqa: N818 - control flow of ours that never leaves this module
    """A host function ends the evaluation."""


class PolicyInstance:
    """One instance; not for two threads at once, and of no use after a failed evaluation."""

    def __init__(self, engine: Engine, module: Module) -> None:
        self._store = Store(engine)
        self._store.set_limits(memory_size=MEMORY_CAP)
        self._store.set_epoch_deadline(_NO_DEADLINE)
        self._memory = Memory(self._store, MemoryType(Limits(_FIRST_PAGES, None)))
        self._failure: str | None = None
        self._engine, self._module = engine, module
        self._sibling: PolicyInstance | None = None
        self._deadline = 0.0
        imports = [self._import(wanted) for wanted in module.imports]
        try:
            self._exports = Instance(self._store, module, imports).exports(self._store)
        except (Trap, WasmtimeError) as error:
            raise EngineError(f"the compiled rules cannot be loaded: {_cause(error)}") from error
        self._eval = self._function("opa_eval")
        self._builtins = {number: name for name, number in self._table("builtins").items()}
        self.entrypoints = self._table("entrypoints")
        self._data = self._parse_data()
        self._heap = self._call("opa_heap_ptr_get")

    @property
    def host_builtins(self) -> frozenset[str]:
        """The built-in functions that the module asks its host for."""
        return frozenset(self._builtins.values())

    @property
    def swollen(self) -> bool:
        """Whether an evaluation made the memory so large that it had better be given back."""
        return self._memory.data_len(self._store) > _KEEP_BELOW

    def close(self) -> None:
        """Give the memory back at once: instance and host functions know each other, so only a collector would."""
        if self._sibling is not None:
            self._sibling.close()
        self._store.close()

    def evaluate(self, entrypoint: int, document: bytes, deadline: float) -> bytes:
        """Evaluate one entry point on one JSON document and return OPA's result set as JSON.

        Raises:
            DeadlineError: it took longer than `deadline` seconds.
            EvaluationError: the module aborted, overran its memory or its stack, or a host function failed.
        """
        self._failure = None
        self._deadline = deadline
        try:
            self._make_room(self._heap + len(document))
            self._memory.write(self._store, document, self._heap)
            self._store.set_epoch_deadline(math.ceil(deadline / TICK) + 1)
            end = self._heap + len(document)
            address = self._eval(self._store, 0, entrypoint, self._data, self._heap, len(document), end, _JSON)
            return self._text(address)
        except (Trap, WasmtimeError, Aborted) as error:
            raise self._explain(error, deadline) from None

    def _explain(self, error: Exception, deadline: float) -> EvaluationError:
        if self._failure is not None:
            return (ExhaustedError if self._failure == _OUT_OF_MEMORY else EvaluationError)(self._failure)
        if isinstance(error, Trap):
            if error.trap_code is TrapCode.INTERRUPT:
                return DeadlineError(f"took longer than {deadline:g} s")
            if error.trap_code is TrapCode.STACK_OVERFLOW:
                return EvaluationError("recursed too deeply")
        return EvaluationError(_cause(error))

    def _import(self, wanted: ImportType) -> Func | Memory:
        host: Mapping[str | None, Callable[..., Any]] = {
            **{f"opa_builtin{count}": self._builtin for count in range(5)},
            "opa_abort": self._abort,
            "opa_println": _ignore,
        }
        if wanted.name == "memory":
            return self._memory
        if wanted.name not in host or not isinstance(wanted.type, FuncType):
            raise EngineError(f"the compiled rules need {wanted.name}, which this version does not have")
        return Func(self._store, wanted.type, host[wanted.name], access_caller=True)

    def _abort(self, caller: Caller, address: int) -> None:
        said = self._text(address, caller).decode(errors="replace")
        self._fail(_OUT_OF_MEMORY if said == "opa_malloc: failed" else said)

    def _builtin(self, caller: Caller, number: int, _context: int, *addresses: int) -> int:
        """Answer a call to a host function; one that errs is undefined, as in OPA unless it is told to be strict."""
        from compliance.engine import builtins  # noqa: PLC0415 - heavy import only when used

        name = self._builtins[number]
        dumped = [self._function("opa_value_dump")(caller, address) for address in addresses]
        arguments = [self._text(address, caller).decode(errors="replace") for address in dumped]
        try:
            result = self._find_n(*arguments) if name == entry.FIND_N else builtins.call(name, arguments)
        except EvaluationError as error:
            self._fail(error.message)
        except (RecursionError, MemoryError, OverflowError) as error:
            self._fail(f"{name} gave up: {error}")
        return 0 if result is None else self._to_wasm(caller, result.encode(errors="replace"))

    def _find_n(self, pattern: str, value: str, number: str) -> str | None:
        """Ask another instance of the module for all matches with their groups, and keep the matches."""
        if self._sibling is None:
            self._sibling = PolicyInstance(self._engine, self._module)
        document = f'{{"pattern":{pattern},"value":{value},"number":{number}}}'
        found = json.loads(self._sibling.evaluate(self.entrypoints[_FIND_N], document.encode(), self._deadline))
        return json.dumps([match[0] for match in found[0]["result"]]) if found else None

    def _fail(self, why: str) -> NoReturn:
        # What surfaces from the call need not be this exception when two threads trap at once, so the reason is kept.
        self._failure = why
        raise Aborted(why)

    def _to_wasm(self, caller: Caller, text: bytes) -> int:
        address = self._function("opa_malloc")(caller, len(text))
        self._memory.write(caller, text, address)
        return int(self._function("opa_value_parse")(caller, address, len(text)))

    def _make_room(self, end: int) -> None:
        missing = end - self._memory.data_len(self._store)
        if missing > 0:
            self._memory.grow(self._store, -(-missing // _PAGE))

    def _text(self, address: int, store: Store | Caller | None = None) -> bytes:
        """Read the NUL-terminated text at `address`."""
        store = store or self._store
        text = bytearray()
        while chunk := self._memory.read(store, address, address + _CHUNK):
            head, end, _ = chunk.partition(b"\0")
            text += head
            if end:
                break
            address += _CHUNK
        return bytes(text)

    def _table(self, name: str) -> dict[str, int]:
        address = self._call("opa_json_dump", self._call(name))
        return {str(key): int(number) for key, number in json.loads(self._text(address)).items()}

    def _parse_data(self) -> int:
        """The base document `data` of every evaluation: empty, since rules judge facts alone."""
        address = self._call("opa_malloc", len(_NO_DATA))
        self._memory.write(self._store, _NO_DATA, address)
        return self._call("opa_json_parse", address, len(_NO_DATA))

    def _call(self, name: str, *arguments: int) -> int:
        return int(self._function(name)(self._store, *arguments))

    def _function(self, name: str) -> Func:
        function = self._exports.get(name)
        if not isinstance(function, Func):
            raise EngineError(f"the compiled rules have no function {name}")
        return function


def _cause(error: Exception) -> str:
    """The last line, which says why; the ones before say where in the machine code."""
    return str(error).strip().rpartition("\n")[2].strip()


def _ignore(_caller: Caller, _address: int) -> None:
    """Rules have nothing to print to."""
