"""`jq FILTER` as a value: the program to run, what it takes, and what it needs to be joined with.

The filter runs in a process of its own that has no environment and opens no file. What would still make its answer
depend on the machine, or let it end early without one, is refused here with its place, and `barrier` puts an error in
its stead should a way be found to write it that is not seen here:

* `env` and `$ENV`, `import` and `include`, `input_filename` reach outside;
* `input` and `inputs` find nothing in the library, where a rule would then pass that looks at nothing;
* `halt` and `halt_error` end without an error in the library, so a rule that uses them would pass;
* `localtime` and `strflocaltime` depend on the machine's time zone. `now` is the moment of the run.

**A kubectl inside jq.** People write `[kubectl get netpol -n $ns -o json | jq ".items | length"] | .[0]`, and mean: the
number of network policies in the namespace `$ns`. It is no jq, so as written such a rule fails wherever it is run. It
is answered with a join: the objects are asked for once, in all namespaces, and the brackets become an array with what
the inner filter makes of those in the namespace that the variable names. So `.[0]` is the first of what it printed, as
its author meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

import orjson

from compliance.errors import ReadError
from compliance.interop.jq_tokens import Token, code_tokens
from compliance.interop.kubectl_get import Get, read_nested
from compliance.interop.shell_words import ALLOWED, Word, read_pipeline, span_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

JOINED: Final = "__joined"
"""jq's variable that holds, for each join, the lists of objects by namespace."""

_REACHES: Final = "a rule sees the objects that kubectl gets, and nothing of the machine"
_REFUSED: Final = {
    "env": _REACHES,
    "import": "modules are not read; define functions with def",
    "include": "modules are not read; define functions with def",
    "module": "modules are not read; define functions with def",
    "modulemeta": "modules are not read; define functions with def",
    "get_search_list": "modules are not read; define functions with def",
    "input_filename": _REACHES,
    "input_line_number": _REACHES,
    "input": "read everything at once with jq -s",
    "inputs": "read everything at once with jq -s",
    "halt": "a filter that ends early would look like one that found nothing; use empty or error",
    "halt_error": "a filter that ends early would look like one that found nothing; use empty or error",
    "localtime": "the machine's time zone is none of a rule's business; use gmtime",
    "strflocaltime": "the machine's time zone is none of a rule's business; use strftime",
}
_KEYWORDS: Final = frozenset({"import", "include", "module"})
_EMPTY: Final = '{"apiVersion":"v1","kind":"List","items":[]}'
_NESTED_REMEDY: Final = (
    'write [kubectl get RESOURCE -n $VARIABLE -o json | jq "FILTER"] | .[0], which is answered with a join'
)
_FORMATTING: Final = frozenset("rcMSaj")
_LONG_FORMATTING: Final = frozenset(
    {"raw-output", "compact-output", "monochrome-output", "sort-keys", "ascii-output", "join-output", "tab"}
)
_ADVICE: Final = {
    **dict.fromkeys(("e", "exit-status"), "its exit status is not looked at, only what it gives; leave it out"),
    **dict.fromkeys(("n", "null-input"), "the filter reads what kubectl prints; leave it out"),
}
_RAW: Final = frozenset({"r", "j", "raw-output", "join-output"})


@dataclass(frozen=True, slots=True)
class Join:
    """Objects that a filter looks up by namespace: `get` asks for all of them, `filters` are the inner programs."""

    get: Get
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """One `jq`: its program, with joins written as lookups; whether it slurps; what its variables hold; its place.

    `at` is where the program's word starts in the query.
    """

    program: str
    slurp: bool
    at: int
    variables: Mapping[str, Any] = field(default_factory=dict)


def barrier(now: datetime) -> str:
    """Definitions to put in front of a program, on one line: what must not be called fails; `now` is `now`."""
    refused = [f'def {name}: error("{name} is not allowed");' for name in sorted(_REFUSED) if name not in _KEYWORDS]
    more = ['def halt_error(x): error("halt_error is not allowed");', 'def strflocaltime(x): error("not allowed");']
    return " ".join((*refused, *more, f"def now: {now.timestamp()!r};", "{} as $ENV |"))


def read_filter(words: Sequence[Word], script: str, *, last: bool, joins: int) -> tuple[Filter, tuple[Join, ...]]:
    """Read the words of `jq [OPTION...] FILTER`; `last` when no other jq reads what it prints.

    `joins` is how many joins the filters before it have.

    Raises:
        ReadError: it has options that mean something else here, or its filter reaches for what it may not.
    """
    options = _options(words, script, last=last)
    if len(options.arguments) != 1:
        too_many = len(options.arguments) > 1
        word = options.arguments[1] if too_many else words[0]
        _refuse(word, script, "jq reads no files here" if too_many else "jq has no filter")
    (word,) = options.arguments
    try:
        program, found = _program(word.text, joins)
    except ReadError as error:
        raise _moved(error, word, script) from error
    return Filter(program, options.slurp, word.at, options.variables), found


@dataclass(slots=True)
class _Options:
    slurp: bool = False
    variables: dict[str, Any] = field(default_factory=dict)
    arguments: list[Word] = field(default_factory=list)


def _options(words: Sequence[Word], script: str, *, last: bool) -> _Options:
    if words[0].text != "jq":
        _refuse(words[0], script, f"the program {words[0].text!r} is not run")
    found, rest = _Options(), list(words[1:])
    while rest:
        word = rest.pop(0)
        if word.variable or not word.text.startswith("-") or word.text == "-":
            found.arguments.append(word)
        elif word.text in {"--arg", "--argjson"}:
            _argument(word, rest, found, script)
        elif word.text == "--indent":
            del rest[:1]
        else:
            names = [word.text[2:]] if word.text.startswith("--") else list(word.text[1:])
            _flags(names, word, found, script, last=last)
    return found


def _flags(names: Sequence[str], word: Word, found: _Options, script: str, *, last: bool) -> None:
    for name in names:
        if name in {"s", "slurp"}:
            found.slurp = True
        elif name not in _FORMATTING | _LONG_FORMATTING:
            _refuse(
                word, script, f"jq's option {word.text} is not one that is understood here", _ADVICE.get(name, ALLOWED)
            )
        elif name in _RAW and not last:
            _refuse(word, script, f"{word.text} prints text that the next jq cannot read", "leave it to the last jq")


def _argument(word: Word, rest: list[Word], found: _Options, script: str) -> None:
    if len(rest) < 2:  # noqa: PLR2004 - a name and a value
        _refuse(word, script, f"{word.text} needs a name and a value")
    name, value = rest.pop(0), rest.pop(0)
    if name.text in {JOINED, "ENV", "__loc__"} or not name.text.isidentifier() or not name.text.isascii():
        _refuse(name, script, f"{word.text}: {name.text!r} is no name that can be given to a variable of jq")
    try:
        found.variables[name.text] = value.text if word.text == "--arg" else orjson.loads(value.text)
    except orjson.JSONDecodeError as error:
        _refuse(value, script, f"--argjson {name.text}: is no JSON: {error.msg}")


def _program(text: str, joins: int) -> tuple[str, tuple[Join, ...]]:
    """Check a filter, and write its joins as lookups."""
    parts, end = [], 0
    found: list[Join] = []
    for token in code_tokens(text):
        if token.kind == "kubectl":
            join, variable = _join(token, text)
            parts += [text[end : token.at], _lookup(join, joins + len(found), variable)]
            end = token.at + len(token.text)
            found.append(join)
        else:
            _check(token, text)
    return "".join((*parts, text[end:])), tuple(found)


def _lookup(join: Join, number: int, variable: str) -> str:
    inner = " | ".join(f"({program})" for program in join.filters)
    return f"[${JOINED}[{number}][{variable}] // {_EMPTY} | {inner}]"


def _join(token: Token, text: str) -> tuple[Join, str]:
    """Read `[kubectl get RESOURCE -n $VARIABLE -o json | jq "FILTER"]`."""
    opened = len(token.text) - len(token.text[1:].lstrip())
    script = token.text[opened:-1]
    try:
        command, *rest = read_pipeline(script, variables=True)
        get, variable = read_nested(command, script)
        if not rest:
            _refuse(command[0], script, "what kubectl prints inside jq goes through no jq", _NESTED_REMEDY)
        programs = tuple(_inner(words, script) for words in rest)
    except ReadError as error:
        raise _moved(error, Word("", token.at + opened), text) from error
    return Join(get, programs), variable


def _inner(words: Sequence[Word], script: str) -> str:
    """A filter inside a filter: plain, for it becomes a part of the one around it."""
    read, joins = read_filter(words, script, last=True, joins=0)
    if joins or read.slurp or read.variables or "#" in read.program:
        _refuse(words[0], script, "a jq inside jq is more than a filter", _NESTED_REMEDY)
    return read.program


def _check(token: Token, text: str) -> None:
    name = token.text.lstrip("$ \t\r\n")
    if token.kind == "word" and not token.key:
        if name == "kubectl":
            _refuse(Word(name, token.at), text, "needs a shell: jq cannot run kubectl", _NESTED_REMEDY)
        if name in _REFUSED:
            _refuse(Word(name, token.at), text, f"jq's {name} is not allowed here", _REFUSED[name])
    elif token.kind == "variable" and name == "ENV":
        _refuse(Word(name, token.at), text, "jq's $ENV is not allowed here", _REACHES)
    elif token.kind == "variable" and name == JOINED:
        _refuse(Word(name, token.at), text, f"${JOINED} is ours", "choose another name")


def _moved(error: ReadError, word: Word, script: str) -> ReadError:
    """The error at its place in the text around: exact while quotes hide nothing, else where the word starts."""
    start = span_at(script, word.at)
    inner = error.span
    quoted = script[word.at : word.at + 1] in {"'", '"'}
    if inner is None or not (word.text == "" or script.startswith(word.text, word.at + quoted)):
        return ReadError(error.message, remedy=error.remedy, span=start)
    at = word.at + quoted + _offset(word.text or script[word.at :], inner.line, inner.column)
    return ReadError(error.message, remedy=error.remedy, span=span_at(script, at))


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")[: line - 1]
    return sum(len(each) + 1 for each in lines) + column - 1


def _refuse(word: Word, script: str, why: str, remedy: str = ALLOWED) -> NoReturn:
    raise ReadError(why, remedy=remedy, span=span_at(script, word.at))
