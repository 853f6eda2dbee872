"""JSON from places that nobody vouches for: one meaning or none.

Two readers may take different values of a duplicate key, and one of them is the verifier (RFC 8259, section 4, leaves
it open); NaN and infinity are no JSON, though Python reads them. A lone surrogate (section 8.2) is no text that could
be hashed or written. Go's encoding/json, by which container runtimes read, takes a key in any letter case.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

MAX_DEPTH: Final = 200
"""How deep lists and objects may lie in each other; deeper, who walks through them would run out of stack."""
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def loads(data: bytes, what: str) -> Any:  # noqa: ANN401 - JSON
    """Read JSON; `what` names it in errors (`the manifest`). The caller bounds its size.

    Raises:
        ContentError: it is no UTF-8 or JSON, has a key twice, nests too deep, or has a number or text that is none.
    """
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
        if _SURROGATE.search(data):
            json.dumps(value, ensure_ascii=False).encode()
        _check_depth(value)
    except ContentError as error:
        raise ContentError(f"{what} {error.message}") from None
    except RecursionError:
        raise ContentError(f"{what} nests too deep") from None
    except UnicodeEncodeError:
        raise ContentError(f"{what} has half of a character (a lone surrogate)") from None
    except ValueError as error:
        raise ContentError(f"{what} is no JSON: {error}") from None
    return value


def as_spelled(value: Mapping[str, object], names: Collection[str], what: str) -> None:
    """Refuse keys that Go would take for one of `names`: `user` sets `User`, and after it wins over it.

    Only for objects whose keys are a format's, not for maps such as labels.

    Raises:
        ContentError: there is such a key.
    """
    if value.keys() <= set(names):
        return
    folded = {name.casefold(): name for name in names}
    for key in value.keys() - set(names):
        name = folded.get(key.casefold())
        if name is not None:
            raise ContentError(f"{what} has {key[:80]!r}, which some readers take for {name!r}")


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [one for each in level for one in _inside(each) if isinstance(one, dict | list)]
        if not level:
            return
    raise RecursionError


def _inside(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise ContentError(f"has the key {twice[:80]!r} twice")
    return made


def _no_constant(text: str) -> Any:  # noqa: ANN401 - never returns
    raise ContentError(f"has the number {text}, which is none")
