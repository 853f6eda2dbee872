"""`format` and `formatlist`, for the verbs that configurations use.

Reference: https://developer.hashicorp.com/terraform/language/functions/format
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import orjson

from compliance.sources.terraform.values import MAX_TEXT, Failure, as_number, as_text, as_truth, as_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compliance.sources.terraform.values import Value

_VERB: Final = re.compile(
    r"%(?P<flags>[-+ 0#]*)(?P<width>\d*)(?:\.(?P<precision>\d*))?(?:\[\d+\])?(?P<verb>.)", re.DOTALL
)
_MAX_WIDTH: Final = 1000


def format_text(pattern: Value, *arguments: Value) -> str:
    """Fill arguments into a pattern.

    Raises:
        Failure: they do not fit.
        NotImplementedError: the pattern asks for something that is not offered here.
    """
    if sum(len(argument) for argument in arguments if isinstance(argument, str)) > MAX_TEXT:
        raise NotImplementedError
    given = iter(arguments)
    filled = _VERB.sub(lambda match: _verb(match, given), as_text(pattern))
    if next(given, None) is not None:
        raise Failure
    return filled


def format_list(pattern: Value, *arguments: Value) -> list[str]:
    """Fill in the items of lists, one after the other; what is no list is used every time."""
    length = next((len(argument) for argument in arguments if isinstance(argument, list)), 1)
    longest = max((len(argument) for argument in arguments if isinstance(argument, str)), default=0)
    if length * (longest + len(as_text(pattern))) > MAX_TEXT:
        raise NotImplementedError
    rows = [argument if isinstance(argument, list) else [argument] * length for argument in arguments]
    return [format_text(pattern, *row) for row in zip(*rows, strict=True)]


def _verb(match: re.Match[str], given: Iterator[Value]) -> str:
    if match[0] == "%%":
        return "%"
    width, precision = int(match["width"] or 0), match["precision"]
    if "[" in match[0] or max(width, int(precision or 0)) > _MAX_WIDTH or "#" in match["flags"]:
        raise NotImplementedError
    try:
        value = next(given)
    except StopIteration:
        raise Failure from None
    text = _shown(match["verb"], value, precision)
    if "-" in match["flags"]:
        return text.ljust(width)
    return text.zfill(width) if "0" in match["flags"] and match["verb"] in "dfb" else text.rjust(width)


def _shown(verb: str, value: Value, precision: str | None) -> str:
    if verb == "f":
        return f"{as_number(value):.{precision or 6}f}"
    if precision is not None or verb not in _SHOWN:
        raise NotImplementedError
    return _SHOWN[verb](value)


def _any(value: Value) -> str:
    return orjson.dumps(value).decode() if isinstance(value, list | dict) or value is None else as_text(value)


_SHOWN: Final[dict[str, Callable[[Value], str]]] = {
    "s": as_text,
    "d": lambda value: str(as_whole(value)),
    "q": lambda value: orjson.dumps(as_text(value)).decode(),
    "t": lambda value: as_text(as_truth(value)),
    "v": _any,
    "x": lambda value: f"{as_whole(value):x}",
}
