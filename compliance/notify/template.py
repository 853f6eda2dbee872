"""A user's own message: a Jinja template that sees the keys of `compliance/notification/v1`.

It is rendered in Jinja's sandbox, without files to include. In a template of JSON every value is written as the inside
of a JSON string, so that `"text": "{{ headline }}"` is right whatever the headline holds; a whole value, quotes and
all, is `{{ findings | tojson }}`. What comes out must be JSON. In a template of text a value is one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance import bounded_files
from compliance.errors import ConfigurationError
from compliance.model import Origin, Span
from compliance.notify.message import clipped
from compliance.output.json_text import compact
from compliance.output.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MOST_SOURCE: Final = 64 * 1024
MOST_RENDERED: Final = 256 * 1024
_LONGEST_VALUE: Final = 4096
_OF_EXPRESSIONS: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What an expression in a template may raise."""
_REMEDY: Final = "`compliance notify test` tries a template"


class _Json(str):
    """JSON that stands as it is."""

    __slots__ = ()


def as_json(file: Path, values: Mapping[str, Any]) -> bytes:
    """Render a template of JSON, compact.

    Raises:
        ConfigurationError: the template cannot be read or rendered, or what comes out is no JSON.
    """
    rendered = _render(file, values, _inside_string)
    try:
        return compact(orjson.loads(rendered))
    except orjson.JSONDecodeError as error:
        why = f"what the template makes is no JSON: {error.msg} at line {error.lineno} of it"
        remedy = 'write values as "{{ value }}", lists and mappings as {{ value | tojson }}; ' + _REMEDY
        raise ConfigurationError(why, remedy=remedy, origin=Origin(str(file))) from None


def as_text(file: Path, values: Mapping[str, Any]) -> str:
    """Render a template of text; raises as `as_json`."""
    return _render(file, values, _one_line)


def _render(file: Path, values: Mapping[str, Any], finalize: Callable[[object], str]) -> str:
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError  # noqa: PLC0415 - heavy import, when used
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - likewise

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=finalize,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["tojson"] = lambda value: _Json(compact(value).decode())
    try:
        return _joined(environment.from_string(_source(file)).generate(values), file)
    except TemplateSyntaxError as error:
        raise _wrong(f"the template: {error.message}", Origin(str(file), Span(error.lineno))) from None
    except (TemplateError, *_OF_EXPRESSIONS) as error:
        raise _wrong(f"the template cannot be rendered: {error}", Origin(str(file))) from None


def _source(file: Path) -> str:
    try:
        return bounded_files.read(file, MOST_SOURCE).decode()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise _wrong(f"the template cannot be read: {why}", Origin(str(file))) from None


def _joined(parts: Any, file: Path) -> str:  # noqa: ANN401 - Jinja's iterator of texts
    made: list[str] = []
    size = 0
    for part in parts:
        size += len(part)
        if size > MOST_RENDERED:
            raise _wrong(f"the template makes more than {MOST_RENDERED} characters", Origin(str(file)))
        made.append(part)
    return "".join(made)


def _inside_string(value: object) -> str:
    if isinstance(value, _Json):
        return value
    if isinstance(value, str):
        return compact(str(value)).decode()[1:-1]
    return _simple(value)


def _one_line(value: object) -> str:
    return clipped(value, _LONGEST_VALUE) if isinstance(value, str) else _simple(value)


def _simple(value: object) -> str:
    if value is None or isinstance(value, bool | int | float):
        return compact(value).decode()
    from jinja2 import Undefined  # noqa: PLC0415 - imported already

    if isinstance(value, Undefined):
        return str(value)  # nothing for an `if` without `else`; an error for a name that is not there
    raise TypeError(f"a {type(value).__name__} is no text; use tojson, or one of its members")


def _wrong(why: str, origin: Origin) -> ConfigurationError:
    return ConfigurationError(one_line(why), remedy=_REMEDY, origin=origin)
