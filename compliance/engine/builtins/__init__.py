"""The built-in functions of Rego that OPA's Wasm leaves to its host, answered as OPA answers them.

Each takes Rego values and returns one; `BuiltinError` makes the call undefined. Those that cannot be had are in
`compliance.engine.refused`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compliance.engine.builtins import (
    collections,
    documents,
    encodings,
    identifiers,
    networks,
    printf,
    quantities,
    searching,
    times,
    versions,
)
from compliance.engine.rego_values import BuiltinError, parse, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from compliance.engine.rego_values import Value

BUILTINS: Mapping[str, Callable[..., Value]] = {
    name: function
    for module in (
        collections,
        documents,
        encodings,
        identifiers,
        networks,
        printf,
        quantities,
        searching,
        times,
        versions,
    )
    for name, function in module.BUILTINS.items()
}
"""Every function by its Rego name."""


def call(name: str, arguments: Iterable[str]) -> str | None:
    """Call a function on Rego texts; None when the call is undefined, as any error makes it.

    Raises:
        OverflowError, RecursionError: this function gives up where OPA's would go on.
    """
    try:
        return render(BUILTINS[name](*map(parse, arguments)))
    except BuiltinError:
        return None
