"""The values of a ConfigMap or Secret: decoded, with their format, and with what in them is a secret."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance.sources import secret_values
from compliance.sources.kubernetes.configuration_text import format_of, settings
from compliance.sources.kubernetes.fields import mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_SETTINGS: Final = 20
_MAX_ENCODED: Final = 4 * 1024 * 1024
_CERTIFICATE: Final = "-----BEGIN CERTIFICATE"
_NO_SECRET: Final = re.compile(
    r".*(?:user|login|name|host|port|database|db|schema|email|type|role|region|bucket|url|uri|endpoint|mode|version)"
    r"(?:_?in)?[_-]?\d*"
)
_SECRET_WORD: Final = re.compile(r"pass|secret|token|key|credential|pwd")


@dataclass(frozen=True, slots=True)
class Value:
    """One value; `text` is None where it is binary, and `secret` says in words which secret it is as a whole."""

    key: str
    at: str
    format: str
    size: int
    text: str | None
    secret: str | None
    secret_settings: tuple[tuple[str, str], ...]


def values(value: dict[str, Any]) -> Iterator[Value]:
    """The values of a ConfigMap or Secret in their order; the API server lets `stringData` win over `data`."""
    secret = value.get("kind") == "Secret"
    plain = mapping(value, "stringData" if secret else "data")
    encoded = mapping(value, "data" if secret else "binaryData")
    for key, written in plain.items():
        if isinstance(written, str):
            yield _text(key, f"{'stringData' if secret else 'data'}[{key}]", written, secret=secret)
    for key, written in encoded.items():
        if isinstance(written, str) and key not in plain:
            yield _decoded(key, f"{'data' if secret else 'binaryData'}[{key}]", written, secret=secret)


def _decoded(key: str, at: str, written: str, *, secret: bool) -> Value:
    data = _bytes(written)
    if data is None:
        return _text(key, at, written, secret=secret)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Value(key, at, "binary", len(data), None, "a binary secret" if secret else None, ())
    if secret:
        return _text(key, at, text, secret=True)
    return Value(key, at, "binary", len(data), None, None, ())


def _bytes(written: str) -> bytes | None:
    """What base64 says; None where it is no base64, such as a placeholder."""
    if len(written) > _MAX_ENCODED:
        return b""
    try:
        return base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _text(key: str, at: str, written: str, *, secret: bool) -> Value:
    format_ = format_of(key)
    found = tuple(_secret_settings(format_, written))
    said = _of_secret(key, format_, written, found) if secret else _of_config_map(key, format_, written)
    return Value(key, at, format_, len(written.encode(errors="replace")), written, said, found)


def _of_config_map(key: str, format_: str, written: str) -> str | None:
    """A credential of a known format anywhere, or a single value under the name of a secret."""
    if (known := secret_values.known_format(written)) is not None:
        return known
    single = format_ == "text" and "\n" not in written.strip()
    return secret_values.CLEAR_TEXT if single and secret_values.is_literal_in_file(key, written) else None


def _of_secret(key: str, format_: str, written: str, found: tuple[tuple[str, str], ...]) -> str | None:
    """Everything in a Secret but what is plainly none: placeholders, certificates, names, configuration without any."""
    value = written.strip()
    if (known := secret_values.known_format(value)) is not None:
        return known
    if not value or secret_values.is_stand_in(value) or value.startswith(_CERTIFICATE) or _names_no_secret(key):
        return None
    if "\n" in value or format_ != "text":
        return found[0][1] if found else None
    return secret_values.CLEAR_TEXT


def _names_no_secret(key: str) -> bool:
    lowered = key.lower()
    return _NO_SECRET.fullmatch(lowered) is not None and _SECRET_WORD.search(lowered) is None


def _secret_settings(format_: str, written: str) -> Iterator[tuple[str, str]]:
    names: dict[str, None] = {}
    for name, value in settings(format_, written):
        if name not in names and secret_values.is_literal_in_file(name.rpartition(".")[2], value):
            names[name] = None
            yield name, secret_values.CLEAR_TEXT
            if len(names) >= _MAX_SETTINGS:
                return
