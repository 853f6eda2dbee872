"""Functions of Terraform that need no clock, no chance, no file and no pattern matching; every other one is unknown.

Those of STRICT are called with values that are known throughout; those of LENIENT meet unknown parts and say what
they make of them. Reference: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import base64
import ipaddress
import itertools
import math
import posixpath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import orjson

from compliance.sources.terraform.collection_functions import LENIENT, STRICT_COLLECTIONS
from compliance.sources.terraform.formatting import format_list, format_text
from compliance.sources.terraform.values import (
    MAX_ITEMS,
    UNKNOWN,
    Failure,
    as_list,
    as_number,
    as_text,
    as_truth,
    as_whole,
    joined,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from compliance.sources.terraform.values import Value

_MAX_EXPONENT: Final = 1000
_MAX_DEPTH: Final = 50


def _join(separator: Value, *lists: Value) -> Value:
    return joined(as_text(separator), [as_text(item) for one in lists for item in as_list(one)])


def _substring(text: Value, offset: Value, length: Value) -> str:
    whole, start, size = as_text(text), as_whole(offset), as_whole(length)
    start = len(whole) + start if start < 0 else start
    return whole[start:] if size < 0 else whole[start : start + size]


def _replace(text: Value, old: Value, new: Value) -> Value:
    wanted = as_text(old)
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        raise NotImplementedError  # a pattern, whose running time nobody can bound
    return joined(as_text(new), as_text(text).split(wanted)) if wanted else UNKNOWN


def _split(separator: Value, text: Value) -> list[Value]:
    return list(as_text(text).split(as_text(separator))) if separator else list(as_text(text))


def _trim_prefix(text: Value, prefix: Value) -> str:
    return as_text(text).removeprefix(as_text(prefix))


def _indent(width: Value, text: Value) -> Value:
    if not 0 <= as_whole(width) <= MAX_ITEMS:
        raise Failure
    return joined("\n" + " " * as_whole(width), as_text(text).split("\n"))


def _power(base: Value, exponent: Value) -> float:
    if abs(as_number(exponent)) > _MAX_EXPONENT or abs(as_number(base)) > _MAX_EXPONENT:
        raise NotImplementedError
    result: float = as_number(base) ** as_number(exponent)
    return result


def _logarithm(value: Value, base: Value) -> float:
    return math.log(as_number(value), as_number(base))


def _sign(value: Value) -> int:
    return (as_number(value) > 0) - (as_number(value) < 0)


def _json(text: Value) -> Value:
    whole = as_text(text)
    depths = itertools.accumulate((character in "[{") - (character in "]}") for character in whole)
    if max(depths, default=0) > _MAX_DEPTH:
        raise NotImplementedError
    return orjson.loads(whole)


def _to_json(value: Value) -> str:
    """As Terraform writes it: sorted, and safe within HTML."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _network(prefix: Value) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(as_text(prefix), strict=False)


def _subnet(prefix: Value, bits: Value, index: Value) -> str:
    network = _network(prefix)
    length = network.prefixlen + as_whole(bits)
    if not 0 <= as_whole(index) < 2 ** as_whole(bits) or length > network.max_prefixlen:
        raise Failure
    address = int(network.network_address) + (as_whole(index) << (network.max_prefixlen - length))
    return f"{type(network.network_address)(address)}/{length}"


def _subnets(prefix: Value, *bits: Value) -> list[Value]:
    network, found = _network(prefix), list[str]()
    address = int(network.network_address)
    for added in bits:
        length = network.prefixlen + as_whole(added)
        size = 1 << (network.max_prefixlen - length)
        address = -(-address // size) * size
        found.append(f"{type(network.network_address)(address)}/{length}")
        address += size
    if not all(_network(subnet).subnet_of(network) for subnet in found):  # type: ignore[arg-type] # same version
        raise Failure
    return list(found)


def _host(prefix: Value, index: Value) -> str:
    network, offset = _network(prefix), as_whole(index)
    return str(network[offset])


STRICT: Final[dict[str, Callable[..., Value]]] = {
    **STRICT_COLLECTIONS,
    "abs": lambda value: abs(as_number(value)),
    "base64decode": lambda text: base64.b64decode(as_text(text), validate=True).decode(),
    "base64encode": lambda text: base64.b64encode(as_text(text).encode()).decode(),
    "basename": lambda path: posixpath.basename(as_text(path).rstrip("/")),
    "ceil": lambda value: math.ceil(as_number(value)),
    "chomp": lambda text: as_text(text).rstrip("\r\n"),
    "cidrhost": _host,
    "cidrnetmask": lambda prefix: str(_network(prefix).netmask),
    "cidrsubnet": _subnet,
    "cidrsubnets": _subnets,
    "dirname": lambda path: posixpath.dirname(as_text(path)) or ".",
    "endswith": lambda text, end: as_text(text).endswith(as_text(end)),
    "floor": lambda value: math.floor(as_number(value)),
    "format": format_text,
    "formatlist": format_list,
    "indent": _indent,
    "join": _join,
    "jsondecode": _json,
    "jsonencode": _to_json,
    "log": _logarithm,
    "lower": lambda text: as_text(text).lower(),
    "max": lambda *values: max(map(as_number, values)),
    "min": lambda *values: min(map(as_number, values)),
    "parseint": lambda text, base: int(as_text(text), as_whole(base)),
    "pow": _power,
    "replace": _replace,
    "signum": _sign,
    "split": _split,
    "startswith": lambda text, start: as_text(text).startswith(as_text(start)),
    "strcontains": lambda text, part: as_text(part) in as_text(text),
    "strrev": lambda text: as_text(text)[::-1],
    "substr": _substring,
    "tobool": lambda value: None if value is None else as_truth(value),
    "tonumber": lambda value: None if value is None else as_number(value),
    "tostring": lambda value: None if value is None else as_text(value),
    "trim": lambda text, characters: as_text(text).strip(as_text(characters)),
    "trimprefix": _trim_prefix,
    "trimspace": lambda text: as_text(text).strip(),
    "trimsuffix": lambda text, suffix: as_text(text).removesuffix(as_text(suffix)),
    "upper": lambda text: as_text(text).upper(),
    "urlencode": lambda text: quote(as_text(text), safe="-_.~").replace("%20", "+"),
}

__all__ = ["LENIENT", "STRICT"]
