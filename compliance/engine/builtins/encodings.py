"""Digests, hexadecimal, base64 and URL queries, as Go's standard library writes them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, unquote_to_bytes

from compliance.engine.builtins.operands import mapping, text, texts
from compliance.engine.rego_values import BuiltinError, RegoObject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from compliance.engine.rego_values import Value

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HASHES = ("md5", "sha1", "sha256")
_HMACS = (*_HASHES, "sha512")


def _bytes(value: Value) -> bytes:
    return text(value).encode()


def _text(content: bytes) -> str:
    """What is no UTF-8 becomes replacement characters, as in OPA's JSON."""
    return content.decode(errors="replace")


def hex_encode(given: Value) -> str:
    """hex.encode."""
    return _bytes(given).hex()


def hex_decode(given: Value) -> str:
    """hex.decode."""
    try:
        return _text(binascii.unhexlify(_bytes(given)))
    except (binascii.Error, ValueError) as error:
        raise BuiltinError(str(error)) from error


def base64url_encode_no_pad(given: Value) -> str:
    """base64url.encode_no_pad."""
    return base64.urlsafe_b64encode(_bytes(given)).rstrip(b"=").decode()


def query_encode(given: Value) -> str:
    """urlquery.encode."""
    return quote_plus(text(given), safe="~")


def query_decode(given: Value) -> str:
    """urlquery.decode."""
    return _unescape(text(given))


def query_encode_object(given: Value) -> str:
    """urlquery.encode_object: keys in order, values strings or arrays or sets of strings."""
    pairs = [(text(key), value) for key, values in mapping(given).pairs for value in _values(values)]
    return "&".join(f"{query_encode(key)}={query_encode(value)}" for key, value in pairs)


def query_decode_object(given: Value) -> RegoObject:
    """urlquery.decode_object: every key with the array of its values."""
    found: dict[str, list[Value]] = {}
    for part in filter(None, text(given).split("&")):
        if ";" in part:
            raise BuiltinError("invalid semicolon separator in query")
        key, _, value = part.partition("=")
        found.setdefault(_unescape(key), []).append(_unescape(value))
    return RegoObject.of(found.items())


def _values(values: Value) -> list[str]:
    return [values] if isinstance(values, str) else texts(values)


def _unescape(given: str) -> str:
    if _BAD_ESCAPE.search(given):
        raise BuiltinError("invalid URL escape")
    return _text(unquote_to_bytes(given.replace("+", " ")))


def _hash(name: str) -> Callable[[Value], str]:
    return lambda given: hashlib.new(name, _bytes(given), usedforsecurity=False).hexdigest()


def _hmac(name: str) -> Callable[[Value, Value], str]:
    return lambda message, key: hmac.new(_bytes(key), _bytes(message), name).hexdigest()


def hmac_equal(a: Value, b: Value) -> bool:
    """crypto.hmac.equal: in a time that does not tell where they differ."""
    return hmac.compare_digest(_bytes(a), _bytes(b))


BUILTINS: Mapping[str, Any] = {
    "base64url.encode_no_pad": base64url_encode_no_pad,
    "crypto.hmac.equal": hmac_equal,
    "hex.decode": hex_decode,
    "hex.encode": hex_encode,
    "urlquery.decode": query_decode,
    "urlquery.decode_object": query_decode_object,
    "urlquery.encode": query_encode,
    "urlquery.encode_object": query_encode_object,
    **{f"crypto.{name}": _hash(name) for name in _HASHES},
    **{f"crypto.hmac.{name}": _hmac(name) for name in _HMACS},
}
