"""Whether a document has the shape that a JSON schema asks for, said in words a person can act on."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import jsonschema_rs

    from compliance.positioned_yaml import Place

_SCHEMAS: Final = Path(__file__).parent / "schemas"
_MAX_MESSAGE: Final = 300
_WORDS: Final = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
_TYPES: Final[Mapping[type, str]] = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "nothing",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `place` leads to it, `message` begins with the key, `remedy` says what belongs there.

    As text it is the message and the remedy's first sentence.
    """

    place: Place
    message: str
    remedy: str

    def __str__(self) -> str:
        first = self.remedy.partition(". ")[0].rstrip(".")
        return f"{self.message} ({first})" if first else self.message


class Shape:
    """One JSON schema, ready to check values."""

    def __init__(self, schema: dict[str, Any]) -> None:
        """Compile the schema, whose references may not leave it.

        Raises:
            ValueError: it is no JSON schema.
        """
        import jsonschema_rs  # noqa: PLC0415 - heavy import only when used

        self._schema = schema
        try:
            self._validator = jsonschema_rs.validator_for(schema, retriever=_refuse)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            why = str(error).partition("\n")[0]
            raise ValueError(f"is no JSON schema: {_short(why)}") from error

    def problems(self, value: Any) -> list[Problem]:  # noqa: ANN401 - any value of a document
        """List what is wrong with a value, in no particular order."""
        try:
            return [problem for error in self._validator.iter_errors(value) for problem in self._worded(error)]
        except UnicodeEncodeError:
            return [Problem((), "holds a character that UTF-8 cannot", "")]

    def fits(self, value: Any) -> bool:  # noqa: ANN401 - as above
        """Whether nothing is wrong with a value."""
        return self._validator.is_valid(value)

    def _worded(self, error: jsonschema_rs.ValidationError) -> Iterable[Problem]:
        place: Place = tuple(error.instance_path)
        around = self._around(error.schema_path)
        kind = error.kind.as_dict()
        remedy = str(around.get("description", ""))
        match error.kind.name:
            case "additionalProperties":
                known = sorted(around.get("properties", {}))
                for key in kind["unexpected"]:
                    what = _joined("is no known key", suggestion(key, known))
                    yield Problem((*place, key), _named((*place, key), what), "")
            case "required":
                yield Problem(place, _named((*place, kind["property"]), "is missing"), remedy)
            case "type":
                wanted = " or ".join(_WORDS[name] for name in kind["types"])
                yield Problem(place, _named(place, f"must be {wanted}, not {_TYPES[type(error.instance)]}"), remedy)
            case "enum":
                options = [str(option) for option in kind["options"]]
                wanted = f"must be one of {', '.join(options)}" if len(options) > 1 else f"must be {options[0]}"
                near = _nearest(str(error.instance), options)
                yield Problem(place, _named(place, _joined(wanted, near)), remedy)
            case "pattern":
                # Where a secret's name belongs, the secret itself may stand by mistake.
                what = "does not fit" if around.get("writeOnly") else f"does not fit: {_short(repr(error.instance))}"
                yield Problem(place, _named(place, what), remedy)
            case _:
                yield Problem(place, _named(place, _short(error.message)), remedy)

    def _around(self, schema_path: Iterable[str | int]) -> dict[str, Any]:
        """Return the schema that holds the failing keyword."""
        *steps, _keyword = schema_path
        node: Any = self._schema
        for step in steps:
            node = node[step]
        return node if isinstance(node, dict) else {}


@lru_cache
def published(name: str, definition: str | None = None) -> Shape:
    """Return one of the schemas that ship with this package, such as `configuration-v1`, or one definition of it."""
    schema = orjson.loads((_SCHEMAS / f"{name}.json").read_bytes())
    if definition is None:
        return Shape(schema)
    return Shape({"$ref": f"#/definitions/{definition}", "definitions": schema["definitions"]})


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say which of the known words was probably meant, or all of them when they are few."""
    words = list(known)
    few = 15
    listed = f"known: {', '.join(words)}" if 0 < len(words) <= few else ""
    return _nearest(word, words) or listed


def _nearest(word: str, words: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(words), n=1)
    return f"did you mean {near[0]!r}?" if near else ""


def _joined(what: str, hint: str) -> str:
    return f"{what}; {hint}" if hint else what


def _named(place: Place, what: str) -> str:
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
    return f"{key} {what}" if key else what


def _short(message: str) -> str:
    return message if len(message) <= _MAX_MESSAGE else message[:_MAX_MESSAGE] + "…"


def _refuse(uri: str) -> NoReturn:
    raise ValueError(f"a reference to {uri} leaves the schema")
