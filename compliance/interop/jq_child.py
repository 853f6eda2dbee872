"""The process that runs jq: started as a script, it imports nothing of ours, and ends with its one request.

jq can loop, and can use up memory, inside one call that no signal handler interrupts; a process can be killed. It gives
up what it does not need before it runs anything: it opens no file, makes no core dump, and its memory and its
processor time are limited. Its environment is empty, so jq finds no `~/.jq`, which would change what filters mean.

Standard input: one line of JSON (the request), then the document. Standard output: lines of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import TYPE_CHECKING, Any, Final

import jq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAX_TEXT: Final = 500
_MAX_NESTING: Final = 8


def main() -> None:
    """Answer the request: compile programs, or run the stages of a pipeline."""
    request = json.loads(sys.stdin.buffer.readline())
    document = sys.stdin.buffer.read()
    _confine(request["memory"], request["seconds"])
    if "programs" in request:
        _put([_problem(program, variables) for program, variables in request["programs"]])
        return
    try:
        told = _tell(_run(request["stages"], document.decode()), request["results"])
    except ValueError as error:
        _put({"error": _cut(str(error))})
    else:
        _put({"end": told})


def _confine(memory: int, seconds: int) -> None:
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _problem(program: str, variables: dict[str, Any]) -> str | None:
    try:
        jq.compile(program, args=variables)
    except ValueError as error:
        return _cut(str(error))
    return None


def _run(stages: list[dict[str, Any]], document: str) -> Iterable[Any]:
    """Run the first filter on the document's text, and each other one on what the one before it gave."""
    first, *others = stages
    results: Iterable[Any] = _compiled(first).input_text(document, slurp=first["slurp"])
    for stage in others:
        values = list(results)
        results = _compiled(stage).input_values([values] if stage["slurp"] else values)
    return results


def _compiled(stage: dict[str, Any]) -> Any:  # noqa: ANN401 - the library has no types
    return jq.compile(stage["program"], args=stage["variables"])


def _tell(results: Iterable[Any], most: int) -> int:
    """Print what each result amounts to, and say how many there were; one more than `most` is too many."""
    count = 0
    for result in results:
        for each in _flat(result, 0):
            count += 1
            if count > most:
                return count
            _put(_amounts_to(each))
    return count


def _flat(result: Any, depth: int) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    """The result, or what is in it where it is a list."""
    if isinstance(result, list) and depth < _MAX_NESTING:
        for each in result:
            yield from _flat(each, depth + 1)
    else:
        yield result


def _amounts_to(result: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """What is kept of a result: the identity of an object, and the beginning of any text."""
    text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
    if not isinstance(result, dict):
        kind = {str: "text", bool: "boolean", int: "number", float: "number", type(None): "null"}
        return {"is": kind.get(type(result), "other"), "text": _cut(text)}
    metadata = result["metadata"] if isinstance(result.get("metadata"), dict) else result
    identity = {"kind": result.get("kind"), "name": metadata.get("name"), "namespace": metadata.get("namespace")}
    known = {key: value for key, value in identity.items() if isinstance(value, str)}
    return {"is": "object" if result else "null", "text": _cut(text), **known}


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "…"


def _put(value: Any) -> None:  # noqa: ANN401 - any JSON
    sys.stdout.write(json.dumps(value) + "\n")


main()
