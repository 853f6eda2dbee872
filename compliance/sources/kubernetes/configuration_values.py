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
_PEM: Final = "-----BEGIN "
_SECRET_KEY: Final = re.compile(
    r".*(?<!public)(?<!public[-_.])(?:pass|pwd|password|passwd|passphrase|secret|token|key|credentials?|auth|id_rsa"
    r"|id_ed25519|dockerconfigjson|dockercfg|kubeconfig)(?:_?in)?[_-]?\d*",
    re.IGNORECASE,
)


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
        at = f"{'data' if secret else 'binaryData'}[{key}]"
        if isinstance(written, str) and key not in plain:
            yield _decoded(key, at, written, secret=secret)
        elif written is None and secret:
            # Of a live Secret only the keys are read.
            yield Value(key, at, format_of(key), 0, None, None, ())


def _decoded(key: str, at: str, written: str, *, secret: bool) -> Value:
    data = _bytes(written)
    if data is None:
        return _text(key, at, written, secret=secret)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        whole = "a binary secret" if secret and _SECRET_KEY.fullmatch(key) else None
        return Value(key, at, "binary", len(data), None, whole, ())
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
    """Secrets also hold what is none: placeholders, certificates, names and switches, configuration without passwords.

    A value counts by its format, as generated, or under a name that ends as those of secrets do.
    """
    value = written.strip()
    if (known := secret_values.known_format(value)) is not None:
        return known
    if secret_values.is_harmless(value) or value.startswith(_PEM) or format_ != "text":
        return found[0][1] if found else None
    if _SECRET_KEY.fullmatch(key) is not None or secret_values.is_random(value):
        return secret_values.CLEAR_TEXT
    return found[0][1] if found else None


def _secret_settings(format_: str, written: str) -> Iterator[tuple[str, str]]:
    names: dict[str, None] = {}
    for name, value in settings(format_, written):
        if name not in names and secret_values.is_literal_in_file(name.rpartition(".")[2], value):
            names[name] = None
            yield name, secret_values.CLEAR_TEXT
            if len(names) >= _MAX_SETTINGS:
                return
