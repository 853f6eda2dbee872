"""What may be shown of a text that somebody wrote: secrets that it gives away are left out.

Stricter than the rules: here a wrong guess costs a reader one word or line, where a rule's would cost a finding. A
value counts by the name beside it (`DB_PASSWORD=...`, `"token": "..."`, `--api-key ...`), by the command or header
that it is given to (`curl -u`, `docker login -p`, `Authorization:`), and by its format, in base64 too.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from compliance.sources.secret_names import is_secret, names_secret, without_credentials
from compliance.sources.secret_values import is_random, known_format, without_known_formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK: Final = "***"
"""What stands for a secret."""

_MAX_TEXT: Final = 1024 * 1024
_MAX_LINE: Final = 1000  # characters; of a longer line the rest is never shown
# What every pattern below needs; a text without any of it is done with.
_TRIGGER: Final = re.compile(
    r"pass|pwd|secret|token|credential|key|bearer|basic|auth|stdin|sudo|login|creds|mysql|maria|curl", re.IGNORECASE
)
_PLAIN: Final = r"""("[^"$\n]*"|'[^'$\n]*'|["']?[^\s"'$;|&<>(){}\[\],]+)"""
_VALUE: Final = re.compile(_PLAIN)
# Each ends where a value begins.
_BEFORE_VALUES: Final = (
    re.compile(
        r"""\bname["']?\s*[:=]\s*["']?(?P<name>[\w.-]{1,80})["']?\s*,\s*["']?(?:value|default)["']?\s*[:=]\s*\[?"""
    ),
    re.compile(r"""(?<![\w-])--?(?P<name>[A-Za-z][\w.-]{0,80})(?:["']?\s*,\s*["']?|["']?[ ]["']?)(?!-)"""),
    re.compile(r"""(?:(?<![\w.-])|(?<=--))(?P<name>[A-Za-z_][\w.-]{0,80})\\?["']?\s*[=:]{1,2}\s*\[?\\?"""),
)
_ELEMENT: Final = re.compile(r"(<([A-Za-z_][\w.-]*)>)([^<$\n]+)")
_LOGIN: Final = re.compile(
    r"""((?<!\w)(?:login|sshpass|mysql\w{0,20}|mariadb\w{0,20})\b["']?[ ,](?:[^\n|;&]{0,200}?[ ,"'])?"""
    rf"""-p(?:["']?\s*,\s*["']?|[ =])?)(?!-){_PLAIN}"""
)
_USER: Final = re.compile(
    r"""((?<![\w-])(?:-u|--user|--(?:src-|dest-)?creds)(?:["']?\s*,\s*["']?|[ =])["']?[^\s:"'$]+:)([^\s"'$]+)"""
)
_HEADER: Final = re.compile(
    r"""(\b(?:Bearer|Basic|token)\s+)[A-Za-z0-9._~+/=-]{16,}|(\bAuthorization["']?\s*[:=]\s*(?:\w+\s+)?)[^\s"'$*]+""",
    re.IGNORECASE,
)
_SAID: Final = re.compile(
    r"""(\b(?:password|passwd|secret|token)\s+)('[^'$\n]+'|[A-Za-z0-9._~+/=-]{16,})"""
    r"""|(\becho\s+["']?)([^\s"'$|]+)(?=["']?\s*\|[^|\n]{0,200}?(?:--password-stdin|sudo\s+-S|--with-token))""",
    re.IGNORECASE,
)
_ENDS_AS_SECRET: Final = re.compile(r".*(?:passw(?:or)?d|passphrase)", re.IGNORECASE)
_NO_SECRETS: Final = frozenset({"id-token"})
_PERMISSIONS: Final = frozenset({"read", "write", "inherit", "required", "optional", "string", "number", "password"})
_REFERENCE: Final = re.compile(r"(?:var|local|data|module|each|random_password|aws_\w+|google_\w+|azurerm_\w+)\.\S*")
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}={0,2}")
_KEY_LINE: Final = re.compile(
    r"[\s\"']*[A-Za-z0-9+/]{60,76}(?:\\n)?[\s\"',]*|.*-----(?:BEGIN|END) [A-Z0-9 ]*PRIVATE KEY.*"
)
_NAME_LINE: Final = re.compile(r"""[\s\-{"']*(?:name|key)["']?\s*[:=]\s*["']?([\w.-]+)["']?,?\s*""")
_VALUE_LINE: Final = re.compile(r"""[\s\-{"']*(?:value|default)["']?\s*[:=].*""")
_OPTION_LINE: Final = re.compile(r"""\s*-?\s*["']?--?([A-Za-z][\w.-]*)["']?,?\s*""")


def masked(text: str) -> str:
    """The text with `***` in place of each secret that it gives away."""
    text = without_known_formats(without_credentials(text[:_MAX_TEXT]), MASK)
    if _TRIGGER.search(text) is None:
        return text
    text = _USER.sub(rf"\1{MASK}", _LOGIN.sub(rf"\1{MASK}", text))
    text = _HEADER.sub(lambda found: (found[1] or found[2]) + MASK, text)
    text = _SAID.sub(lambda found: (found[1] or found[3]) + MASK, text)
    for pattern in _BEFORE_VALUES:
        text = "".join(_without_values(pattern, text))
    return _ELEMENT.sub(lambda found: found[1] + MASK if _announces(found[2], found[3]) else found[0], text)


@lru_cache(maxsize=16384)
def shown(text: str) -> str:
    """`masked`, for short texts that come again and again, such as what a rule says of many objects."""
    return masked(text)


def shown_word(word: str) -> str:
    """One word out of a text that could not be read; `***` where it looks generated, as the rest of a key would."""
    return MASK if is_random(word) else masked(word)


def shown_lines(lines: Iterable[str | None]) -> Iterator[str | None]:
    """Lines that follow each other; None for each that holds a secret, or that the line before makes one."""
    before = ""
    for line in lines:
        cut = line and line[:_MAX_LINE]
        yield None if cut is None or _gives_away(cut) or _is_value_of(before, cut) else cut
        before = cut or ""


@lru_cache(maxsize=8192)
def _gives_away(line: str) -> bool:
    if _KEY_LINE.fullmatch(line) or masked(line) != line:
        return True
    return any(_is_secret_in_base64(found[0]) for found in _BASE64.finditer(line))


def _is_secret_in_base64(text: str) -> bool:
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("ascii")
    except ValueError:
        return False
    return known_format(plain) is not None or masked(plain) != plain


def _is_value_of(before: str, line: str) -> bool:
    """Whether the line holds what the line before has named: a variable's value, an option's word, a command's rest."""
    if ("value" in line or "default" in line) and _VALUE_LINE.fullmatch(line):
        name = _NAME_LINE.fullmatch(before)
        return name is not None and _announces(name[1], "value")
    if "-" in before and (option := _OPTION_LINE.fullmatch(before)):
        return _announces(option[1], "value")
    if before.endswith("\\"):
        rest = line.strip()
        return not masked(f"{before[:-1]} {rest}").endswith(rest)
    return False


def _without_values(before: re.Pattern[str], text: str) -> Iterator[str]:
    told = 0
    for found in before.finditer(text):
        value = _VALUE.match(text, found.end()) if found.start() >= told and _may_announce(found["name"]) else None
        if value is not None and _announces(found["name"], value[0].strip("\"'")):
            yield text[told : value.start()] + MASK
            told = value.end()
    yield text[told:]


def _may_announce(name: str) -> bool:
    return names_secret(name) or _ENDS_AS_SECRET.fullmatch(name) is not None


def _announces(name: str, value: str) -> bool:
    """Whether a value beside that name is kept back; switches, references and paths are not."""
    if name.lower() in _NO_SECRETS or value.lower() in _PERMISSIONS or _REFERENCE.fullmatch(value):
        return False
    if names_secret(name):
        return is_secret(name, value) and value != MASK
    return _ENDS_AS_SECRET.fullmatch(name) is not None and is_secret("password", value) and value != MASK
