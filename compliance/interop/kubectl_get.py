"""`kubectl get` as a value: which objects a query asks for. Names and options are those of kubectl 1.37."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from compliance.errors import ReadError
from compliance.interop import selectors
from compliance.interop.shell_words import ALLOWED, Word, span_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SHORT: Final = {"n": "--namespace", "A": "--all-namespaces", "l": "--selector", "o": "--output"}
_SWITCHES: Final = frozenset({"--all-namespaces", "--show-managed-fields", "--no-headers"})
_VALUED: Final = frozenset({"--namespace", "--selector", "--field-selector", "--output", "--chunk-size"})
_ELSEWHERE: Final = frozenset(
    {"--context", "--kubeconfig", "--cluster", "--user", "--server", "--token", "--as", "--as-group", "--as-uid"}
)
_NESTED_REMEDY: Final = 'write [kubectl get RESOURCE -n $VARIABLE -o json | jq "FILTER"] | .[0]'


@dataclass(frozen=True, slots=True)
class Get:
    """One resource that a query asks for, by the name, short name or `name.group` that is written.

    `namespace` None is the current one: that of the kubeconfig's context or service account, or `default`. Selectors
    are in the syntax of the API (`app=web,tier in (a,b)`). `managed_fields` keeps what kubectl leaves out otherwise.
    """

    resource: str
    name: str | None = None
    namespace: str | None = None
    all_namespaces: bool = False
    selector: str | None = None
    field_selector: str | None = None
    managed_fields: bool = False

    def __str__(self) -> str:
        options = (("-n", self.namespace), ("-l", self.selector), ("--field-selector", self.field_selector))
        given = (f" {option} {value}" for option, value in options if value is not None)
        name = f" {self.name}" if self.name else ""
        return f"kubectl get {self.resource}{name}{' -A' if self.all_namespaces else ''}{''.join(given)}"


Objects: TypeAlias = "Callable[[Get], Mapping[str, Any]]"
"""Answers a `Get` with a mapping whose `items` are the objects, each with `apiVersion` and `kind`; for a name that one
object, or none. Raises a ComplianceError where it cannot."""


@dataclass(slots=True)
class _Options:
    """What the words of a command say."""

    values: dict[str, Word] = field(default_factory=dict)
    switches: set[str] = field(default_factory=set)
    arguments: list[Word] = field(default_factory=list)


def read_get(words: Sequence[Word], script: str) -> tuple[Get, ...]:
    """Read a command's words, one `Get` for each resource that it names; `script` is the text around it.

    Raises:
        ReadError: it is no `kubectl get ... -o json` that can be answered, with its place in `script`.
    """
    options = _options(words, script)
    for word in options.values.values():
        if word.variable:
            _refuse(word, script, f"{word.text} has no value here")
    return _gets(options, words[0], script)


def read_nested(words: Sequence[Word], script: str) -> tuple[Get, str]:
    """Read a command inside a jq filter: what it asks for in all namespaces, and jq's variable that names one of them.

    Raises:
        ReadError: it has another shape.
    """
    options = _options(words, script)
    namespace = options.values.pop("--namespace", None)
    if namespace is None or not namespace.variable:
        _refuse(words[0], script, "inside jq names no namespace by a variable of jq", _NESTED_REMEDY)
    if "--all-namespaces" in options.switches:
        _refuse(words[0], script, "-A inside jq asks for all namespaces, for each object anew", _NESTED_REMEDY)
    gets = _gets(options, words[0], script)
    if len(gets) > 1 or gets[0].name is not None:
        _refuse(words[0], script, "inside jq asks for more than the objects of one resource", _NESTED_REMEDY)
    return replace(gets[0], all_namespaces=True), namespace.text


def _gets(options: _Options, command: Word, script: str) -> tuple[Get, ...]:
    resources, name = _resources(options.arguments, command, script)
    output = options.values.get("--output")
    if output is None or output.text != "json":
        _refuse(output or command, script, "the output must be -o json, which is what jq reads")
    namespace, everywhere = options.values.get("--namespace"), "--all-namespaces" in options.switches
    get = Get(
        "",
        name,
        (namespace.text or None) if namespace and not everywhere else None,
        everywhere,
        _selector(options, "--selector", script),
        _selector(options, "--field-selector", script),
        "--show-managed-fields" in options.switches,
    )
    _check(get, command, script)
    return tuple(replace(get, resource=resource) for resource in resources)


def _selector(options: _Options, option: str, script: str) -> str | None:
    word = options.values.get(option)
    if word is None or not word.text.strip():
        return None
    try:
        if option == "--selector":
            selectors.parse_labels(word.text)
        else:
            selectors.parse_fields(word.text)
    except ValueError as error:
        _refuse(word, script, f"{option} {error}", "use KEY=VALUE, KEY!=VALUE; for labels also KEY in (A,B), KEY, !KEY")
    return word.text


def _check(get: Get, command: Word, script: str) -> None:
    if get.name is None:
        return
    if get.all_namespaces:
        _refuse(command, script, "a name is asked for in all namespaces, which kubectl refuses")
    if get.selector or get.field_selector:
        _refuse(command, script, "a name and a selector are given, which kubectl refuses")


def _resources(arguments: Sequence[Word], command: Word, script: str) -> tuple[tuple[str, ...], str | None]:
    """The resources after `get`, in lower case, and a name."""
    if not arguments or arguments[0].text != "get":
        _refuse(arguments[0] if arguments else command, script, "only kubectl get is answered")
    if len(arguments) < 2:  # noqa: PLR2004 - get and a resource
        _refuse(command, script, "kubectl get names no resource")
    first, *names = arguments[1:]
    if len(names) > 1:
        _refuse(names[1], script, "kubectl get takes one name here")
    kind, slash, name = first.text.partition("/")
    if slash and (names or "," in first.text):
        _refuse(first, script, "kubectl get takes one RESOURCE/NAME here")
    resources = tuple(part.lower() for part in kind.split(","))
    if not all(resources) or "all" in resources or (slash and not name):
        _refuse(first, script, f"{first.text!r} names no resources", "name them, such as pods,deployments. " + ALLOWED)
    return resources, name or (names[0].text if names else None)


def _options(words: Sequence[Word], script: str) -> _Options:
    if words[0].text != "kubectl":
        _refuse(words[0], script, f"the program {words[0].text!r} is not run")
    found, rest = _Options(), list(words[1:])
    while rest:
        word = rest.pop(0)
        if word.variable or not word.text.startswith("-"):
            found.arguments.append(word)
        elif word.text.startswith("--"):
            _long(word, rest, found, script)
        else:
            _letters(word, rest, found, script)
    return found


def _long(word: Word, rest: list[Word], found: _Options, script: str) -> None:
    option, equals, value = word.text.partition("=")
    if option in _SWITCHES and not equals:
        found.switches.add(option)
    elif option in _SWITCHES and value in {"true", "false"}:
        (found.switches.add if value == "true" else found.switches.discard)(option)
    elif option in _VALUED:
        found.values[option] = Word(value, word.at) if equals else _value(word, rest, script)
    else:
        _unknown(word, option, script)


def _letters(word: Word, rest: list[Word], found: _Options, script: str) -> None:
    """Options of one letter: `-A`, `-n NS`, `-nNS`, `-n=NS`, and several in one word, as kubectl reads them."""
    for number, letter in enumerate(word.text[1:], 2):
        option, value = _SHORT.get(letter), word.text[number:]
        if option is None:
            _unknown(word, f"-{letter}", script)
        if option in _SWITCHES:
            found.switches.add(option)
            continue
        found.values[option] = Word(value.removeprefix("="), word.at) if value else _value(word, rest, script)
        return


def _value(word: Word, rest: list[Word], script: str) -> Word:
    if not rest:
        _refuse(word, script, f"{word.text} needs a value")
    return rest.pop(0)


def _unknown(word: Word, option: str, script: str) -> NoReturn:
    if option in _ELSEWHERE:
        why = f"{option}: which cluster is asked, and as whom, is not for a rule to say"
        _refuse(word, script, why, "leave it out, and name the cluster on the command line")
    _refuse(word, script, f"kubectl's option {option} is not one that is understood here")


def _refuse(word: Word, script: str, why: str, remedy: str = ALLOWED) -> NoReturn:
    raise ReadError(why, remedy=remedy, span=span_at(script, word.at))
