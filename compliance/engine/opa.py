"""The second engine: an OPA server, a central one by URL or one of our own, asked through opa-python-client."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from compliance.engine import build, entry, rego_files
from compliance.engine._client import QueryClient, Rejected, TimedOut
from compliance.engine._server import LocalServer
from compliance.engine.address import Address
from compliance.engine.results import normal
from compliance.errors import DeadlineError, EngineError, EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compliance.catalogue import Catalogue
    from compliance.engine.results import Result

BATCH_DOCUMENTS = 64
BATCH_BYTES = 4 * 1024 * 1024
_IN_FLIGHT = 4
_PROBE = 10.0
_REMEDY = "look into the server's log, or use --engine wasm"


def start(catalogue: Catalogue, *, deadline: float) -> OpaEngine:
    """Start a server of our own with the `opa` on PATH and give it the rules.

    Raises:
        EngineError: there is no `opa`, or it does not start.
        CatalogueError: OPA refuses a rule.
        ToolError: `opa` overran its deadline.
    """
    bundle = build.build_bundle(build.source_of(catalogue))
    server = LocalServer(build.find_opa(), bundle)
    address = Address(server.url, server.token)
    try:
        return OpaEngine(address, catalogue, deadline=deadline, on_close=server.close)
    except BaseException:
        server.close()
        raise


class OpaEngine:
    """Evaluates on a server, in batches, several requests at a time."""

    name = "opa"

    def __init__(
        self, address: Address, catalogue: Catalogue, *, deadline: float, on_close: Callable[[], None] | None = None
    ) -> None:
        """Meet the server and check that it holds the rules of a catalogue; `on_close` ends it when it is ours.

        Raises:
            EngineError: it is down, slow, no OPA, refuses us, or holds other rules.
        """
        self._on_close = on_close
        self._folders = catalogue.folders
        self._address = address
        self._digest = catalogue.digest
        self._deadline = deadline
        self._clients: SimpleQueue[QueryClient] = SimpleQueue()
        try:
            self._probe()
        except BaseException:
            self._hang_up()
            raise
        self._pool = ThreadPoolExecutor(_IN_FLIGHT, thread_name_prefix="opa")

    def evaluate(self, schema: str, inputs: Sequence[bytes]) -> list[Result]:
        """Evaluate each JSON document with the rules of its facts schema; one result an input, in order.

        Raises:
            EngineError: the server is of no use, or knows no such facts schema.
        """
        return list(chain.from_iterable(self._pool.map(partial(self._batch, schema), _batches(inputs))))

    def close(self) -> None:
        """Close all connections, and the server when it is ours."""
        self._pool.shutdown(cancel_futures=True)
        self._hang_up()
        if self._on_close is not None:
            self._on_close()

    def _hang_up(self) -> None:
        while not self._clients.empty():
            self._clients.get().close_connection()

    def _batch(self, schema: str, inputs: Sequence[bytes]) -> list[Result]:
        """Ask for a batch; when it fails, ask for each document alone, so that only the one that fails is lost."""
        try:
            return self._ask(schema, inputs)
        except Rejected as error:
            failed: Result = EvaluationError(rego_files.in_users_terms(str(error), self._folders))
        except TimedOut:
            failed = DeadlineError(f"took longer than {self._deadline:g} s")
        self._probe()
        if len(inputs) == 1:
            return [failed]
        return [result for document in inputs for result in self._batch(schema, [document])]

    def _ask(self, schema: str, inputs: Sequence[bytes]) -> list[Result]:
        body = b'{"input":{"items":[' + b",".join(inputs) + b"]}}"
        answer = self._query(f"{entry.PATH}/{schema}_batch", body, self._deadline)
        digest, results = _unpacked(answer)
        if len(results) != len(inputs) or not all(isinstance(one, dict) for one in results):
            raise EngineError(
                f"the OPA server at {self._address.url} does not answer document by document", remedy=_REMEDY
            )
        self._check(digest)
        return [normal(result) for result in results]

    def _probe(self) -> None:
        try:
            digest = self._query(f"{entry.PATH}/digest", b"{}", _PROBE)
        except (Rejected, TimedOut) as error:
            why = str(error) or f"no answer within {_PROBE:g} s"
            raise EngineError(
                f"the OPA server at {self._address.url} does not answer: {why}", remedy=_REMEDY
            ) from error
        self._check(digest)

    def _check(self, digest: object) -> None:
        if digest != self._digest:
            raise EngineError(
                f"the OPA server at {self._address.url} holds other rules than this catalogue",
                remedy="run `compliance rules build -o bundle.tar.gz` and load that bundle into the server",
            )

    def _query(self, path: str, body: bytes, limit: float) -> Any:  # noqa: ANN401 - any JSON
        try:
            client = self._clients.get_nowait()
        except Empty:
            client = QueryClient(self._address)
        try:
            return client.query(path, body, limit)
        finally:
            self._clients.put(client)


def _unpacked(answer: object) -> tuple[object, list[object]]:
    """The digest and the results in the answer to a batch."""
    if not isinstance(answer, dict):
        return None, []
    results = answer.get("results")
    return answer.get("digest"), results if isinstance(results, list) else []


def _batches(inputs: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    batch: list[bytes] = []
    size = 0
    for document in inputs:
        if batch and (len(batch) == BATCH_DOCUMENTS or size + len(document) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += len(document)
    if batch:
        yield batch
