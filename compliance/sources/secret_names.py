"""Which settings are secrets: values by the names that they have, and credentials in URLs.

A name counts by its last words (`DB_PASSWORD`, `githubToken`), because what follows turns it into something harmless:
`PASSWORD_FILE`, `TOKEN_URL`, `SECRET_NAME`.
"""

from __future__ import annotations

import re

_WORD_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_SECRET = re.compile(
    r"(?:.*_)?(?:password|passwd|passphrase|pword|secret|secret_?key|token|api_?key|private_?key|signing_?key"
    r"|encryption_?key|access_?key|account_?key|credentials?)|.+_pwd"
)
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@:]*:[^/\s@]+@")
_HARMLESS_WORDS = frozenset({"public", "allow", "max", "min"})
_HARMLESS_VALUES = frozenset(
    {"", "0", "1", "true", "false", "yes", "no", "on", "off", "none", "null", "dummy", "placeholder", "unset"}
)


def is_secret(name: str, value: str) -> bool:
    """Whether the name announces a secret and the value, as written without quotes, may be one."""
    return names_secret(name) and value.lower() not in _HARMLESS_VALUES and not value.startswith("/")


def names_secret(name: str) -> bool:
    """Whether the name announces a secret."""
    words = _WORD_BORDER.sub("_", name).lower()
    return _SECRET.fullmatch(words) is not None and _HARMLESS_WORDS.isdisjoint(words.split("_"))


def without_credentials(text: str) -> str:
    """The text with what stands between `://` and `@` in its URLs left out."""
    return _CREDENTIALS.sub("***@", text) if "://" in text else text
