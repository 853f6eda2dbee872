"""Which values are secrets: by formats that services give their credentials, and by a name that announces one.

Known formats need no name (`ghp_...`, a private key, a URL with a password). A value without one counts only under a
name of a secret, and never where it is a placeholder or says where the secret is kept (`${TOKEN}`, `vault:...`,
`/run/secrets/token`). Answers are words for people; the value itself is never part of them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Final, NamedTuple

from compliance.sources.secret_names import HARMLESS_VALUES, is_secret

CLEAR_TEXT: Final = "a secret in clear text"
"""What is said of a value that only its name gives away."""

_MAX_TEXT: Final = 1024 * 1024
_SHORTEST: Final = 18  # characters of the shortest credential of a known format, a Stripe key
_RANDOM: Final = 3.5  # bits a character; English words and host names stay below it
_MIXED: Final = 3.0  # what documentation writes in place of a token stays below it
_RANDOM_LENGTH: Final = 16


class _Format(NamedTuple):
    """A format: words for it, the texts of which one is in every such credential, and its whole grammar."""

    words: str
    markers: tuple[str, ...]
    pattern: re.Pattern[str]


def _format(words: str, markers: tuple[str, ...], pattern: str) -> _Format:
    return _Format(words, markers, re.compile(pattern))


# As their makers document them; lengths are lower bounds where a service has lengthened its tokens before.
_FORMATS: Final = (
    _format(
        "a private key",
        ("PRIVATE KEY",),
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]{0,400}?[A-Za-z0-9+/=]{40}",
    ),
    _format("an age secret key", ("AGE-SECRET-KEY-1",), r"\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b"),
    _format(
        "an AWS access key",
        ("AKIA", "ASIA", "ABIA", "ACCA"),
        r"\b(?:AKIA|ASIA|ABIA|ACCA)(?!\w{9}EXAMPLE)[A-Z2-7]{16}\b",
    ),
    _format("a GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[pousr]_[0-9A-Za-z]{36,255}\b"),
    _format("a GitHub token", ("github_pat_",), r"\bgithub_pat_\w{82}\b"),
    _format(
        "a GitLab token",
        ("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glagent-", "glft-", "glsoat-"),
        r"\bgl(?:pat|dt|rt|ptt|cbt|agent|ft|soat)-[\w-]{20,64}",
    ),
    _format(
        "a Slack token",
        ("xox", "xapp-"),
        r"\bxox[abeoprs](?:-\d{8,14}){1,3}-(?=[\d-]*[A-Za-z])[A-Za-z0-9-]{18,}|\bxapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+",
    ),
    _format(
        "a Slack webhook",
        ("hooks.slack.com/",),
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,56}",
    ),
    _format("a Stripe key", ("k_live_", "k_test_", "k_prod_"), r"\b[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,99}\b"),
    _format("a Google API key", ("AIza",), r"\bAIza[\w-]{35}(?![\w-])"),
    _format("an npm token", ("npm_",), r"\bnpm_[A-Za-z0-9]{36}\b"),
    _format("a PyPI token", ("pypi-AgEIcHlwaS5vcmc",), r"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}"),
    _format("a Hugging Face token", ("hf_",), r"\bhf_[A-Za-z]{34}\b"),
    _format("a SendGrid key", ("SG.",), r"\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])"),
    _format("an OpenAI key", ("T3BlbkFJ",), r"\bsk-[\w-]{20,}T3BlbkFJ[\w-]{20,}"),
    _format("an Anthropic key", ("sk-ant-",), r"\bsk-ant-(?:api|admin)\d\d-[\w-]{80,}"),
    _format("a DigitalOcean token", ("_v1_",), r"\bdo[opr]_v1_[a-f0-9]{64}\b"),
    _format("a Docker Hub token", ("dckr_pat_",), r"\bdckr_pat_[\w-]{27}(?![\w-])"),
    _format("a Vault token", ("hvs.", "hvb."), r"\bhv[sb]\.[\w-]{90,}"),
    _format("an Azure storage key", ("AccountKey=",), r"AccountKey=[A-Za-z0-9+/]{86}=="),
    _format("a JSON Web Token", (".eyJ",), r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{16,}"),
)
_BY_MARKER: Final = tuple((marker, one.words, one.pattern) for one in _FORMATS for marker in one.markers)
_URL: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://(?P<user>[^\s:/@'\"<>,\[\]]{0,80}):(?P<password>[^\s/@'\"<>,\[\]]{1,200})@[\w$({\[]",
    re.IGNORECASE,
)
_EXAMPLE_USERS: Final = frozenset({"user", "username", "usr", "login", "name", "foo"})
_EXAMPLE_PASSWORDS: Final = frozenset({"pass", "password", "passwd", "pwd", "pw", "bar", "secret"})

_REFERENCE: Final = re.compile(
    r"""\s*["']?(?:[$<{\[(@`%!]|&lt;|ENC[(\[]|ref\+|(?:vault|secret|file|env|arn|sm|op|ssm|berglas|azurekeyvault):"""
    r"""|[a-z][a-z0-9+.-]*://|\.{0,2}/|~/|[A-Za-z]:\\)|.*(?:\$[({]|\{\{|<%)""",
    re.IGNORECASE | re.DOTALL,
)
_PLACEHOLDER: Final = re.compile(
    r"(?:.*[-_ ])?(?:change|replace|overwrite|insert|enter|fill|set|update|edit)[-_ ]?"
    r"(?:me|this|it|in|with|here|your|by)(?:[-_ ].*)?!*"
    r"|(?:.*[-_ ])?(?:placeholder|redacted|masked|dummy|fake|example|sample|todo|tbd|fixme)(?:[-_ ].*)?"
    r"|your[-_ ]?.*|my[-_ ](?:password|secret|token|key)|.*[-_ ]here|(.)\1{2,}|[x*.?#_-]+"
    r"|n/?a|undefined|optional|required|default|empty|replace|overwritten",
    re.IGNORECASE,
)
_PHRASE: Final = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)+")
_VARIABLE_NAME: Final = re.compile(r"[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+")
_OBJECT_NAME: Final = re.compile(r"(?:[a-z0-9]{1,24}[-./])+[a-z0-9]{1,24}|[a-z]{1,12}")
_NAMES_OF_OBJECTS: Final = re.compile(r"(?:secret|credentials?|token|key)", re.IGNORECASE)
_LESS_CERTAIN: Final = re.compile(
    r"(?:.*[_.-])?(?:pass|pwd|pw|auth|salt|(?:master|session|hmac|jwt|cookie|crypt|secret)[_.-]?key(?:[_.-]base)?)",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/=_.!@#%^&*-]+")
_ASCII_WORD: Final = re.compile(r"[\x21-\x7e]+")
_QUOTES: Final = "\"' \t\r\n"


def secret_in(name: str, value: str) -> str | None:
    """Say what secret a setting such as an environment variable holds; None for none."""
    return known_format(value) or (CLEAR_TEXT if is_literal(name, value) else None)


def known_format(text: str) -> str | None:
    """Say which credential of a known format is in a text of any length (its first megabyte)."""
    text = text[:_MAX_TEXT]
    if len(text) >= _SHORTEST:
        for marker, words, pattern in _BY_MARKER:
            if marker in text and _holds(pattern, text):
                return words
    return "a URL with a password" if "://" in text and _has_credentials(text) else None


def without_known_formats(text: str, mask: str = "***") -> str:
    """The text with `mask` in place of each credential of a known format, those of documentation too."""
    if len(text) >= _SHORTEST:
        for marker, _, pattern in _BY_MARKER:
            if marker in text:
                text = pattern.sub(mask, text)
    return text


def _holds(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a credential is in the text that is none of documentation, such as `ghp_xxxxxxxx`."""
    return any(entropy(match[0]) >= _MIXED and "abcdefgh" not in match[0] for match in pattern.finditer(text))


def is_literal(name: str, value: str) -> bool:
    """Whether the name announces a secret, and the value is one rather than a placeholder or a reference to one."""
    value = value.strip(_QUOTES)
    if is_secret(name, value):
        spelt_out = value.isupper() and name.endswith(value)
        return not (spelt_out or is_stand_in(value) or _names_an_object(name, value))
    return len(value) >= _RANDOM_LENGTH and _LESS_CERTAIN.fullmatch(name) is not None and is_random(value)


def is_literal_in_file(name: str, value: str) -> bool:
    """`is_literal`, for settings of files, where the same names also head columns, forms and translations."""
    stripped = value.strip(_QUOTES)
    if _ASCII_WORD.fullmatch(stripped) is None or name.lower().endswith(stripped.lower()):
        return False
    return is_literal(name, value)


def is_stand_in(value: str) -> bool:
    """Whether a value is a placeholder, or says where the secret is to be found."""
    stand_ins = (
        _REFERENCE.match(value),
        _PLACEHOLDER.fullmatch(value),
        _VARIABLE_NAME.fullmatch(value),
        _PHRASE.fullmatch(value),
    )
    return any(match is not None for match in stand_ins)


def is_harmless(value: str) -> bool:
    """Whether a value is a switch, a placeholder or a reference, whatever its name says."""
    return value.lower() in HARMLESS_VALUES or is_stand_in(value)


def _names_an_object(name: str, value: str) -> bool:
    """`TLS_SECRET=web-tls` names a Secret; the value of a password or of a random token looks otherwise."""
    said = _NAMES_OF_OBJECTS.search(name[-12:])
    return said is not None and _OBJECT_NAME.fullmatch(value) is not None and not is_random(value)


def _has_credentials(text: str) -> bool:
    return any(not _is_example(match["user"], match["password"]) for match in _URL.finditer(text))


def _is_example(user: str, password: str) -> bool:
    if user.lower() in _EXAMPLE_USERS and password.lower() in _EXAMPLE_PASSWORDS:
        return True
    return is_stand_in(password) or user.startswith(("$", "{", "<"))


def is_random(value: str) -> bool:
    """Whether a text is as mixed as a generated key: letters and digits, many different ones, no words between."""
    if _TOKEN.fullmatch(value) is None or not any(map(str.isdigit, value)) or not any(map(str.isalpha, value)):
        return False
    return len(value) >= _RANDOM_LENGTH and entropy(value) >= _RANDOM


def entropy(text: str) -> float:
    """Shannon's entropy of a text, in bits a character."""
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values())
