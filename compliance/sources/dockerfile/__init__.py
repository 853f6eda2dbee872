"""Dockerfiles and Containerfiles: one text in, facts of its stages out, as BuildKit sees them.

Shapes: `rules/schemas/dockerfile.json`. Reference: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import re

from compliance.errors import ReadError
from compliance.model import Facts, Origin, Span, Subject

_NAME = re.compile(
    r"(?:Docker|Container)file(?:\.(?P<suffix>.+))?|.+\.(?:docker|container)file|.+\.(?:Docker|Container)file"
    r"|(?:docker|container)file"
)
_OTHER_SUFFIX = re.compile(
    r"(?:docker|container)ignore|md|rst|txt|html|adoc|ya?ml|json|toml|xml|lock|j2|jinja2?|tmpl|tpl|template|in|erb"
    r"|mustache|ejs|bak|orig|rej|swp|old|patch|diff|sh|bash|ps1|java|kt|cs|tsx?|jsx|scala|swift|rb|php|sha256|sig|log"
    r"|png|svg",
    re.IGNORECASE,
)
_MAX_BYTES = 1024 * 1024


def is_dockerfile_name(name: str) -> bool:
    """Whether a file of that name (without its folder) is built from: Dockerfile, Dockerfile.dev, web.Dockerfile."""
    match = _NAME.fullmatch(name)
    if match is None or name.endswith("~"):
        return False
    suffix = (match["suffix"] or "").rpartition(".")[2]
    return _OTHER_SUFFIX.fullmatch(suffix) is None


def read(text: bytes, origin_file: str, *, ignore_file: bool | None = None) -> Facts:
    """Read one Dockerfile of at most 1 MiB of UTF-8; does no I/O and may run in any thread.

    The subject is the file: its path is its name. Lines that hold a secret's value are never shown. `ignore_file` says
    whether a .dockerignore was found for it; None when nobody could look.

    Raises:
        ReadError: it is no text, or BuildKit would refuse it; the span says where, when that can be told.
    """
    from compliance.sources.dockerfile.body import read_body  # noqa: PLC0415 - slow to import, needless for names

    decoded = _decode(text)
    body, places = read_body(decoded)
    body["ignore_file"] = ignore_file
    subject = Subject("Dockerfile", origin_file)
    whole = Span(1, 1, decoded.count("\n") + 1)
    return Facts("dockerfile", subject, body, Origin(origin_file, whole), places.locate, places.line)


def _decode(text: bytes) -> str:
    if len(text) > _MAX_BYTES:
        raise ReadError(f"it is larger than {_MAX_BYTES} bytes", remedy="a Dockerfile is a few kilobytes; split it")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise ReadError("it is no UTF-8 text", remedy="save it as UTF-8", span=Span(line)) from None
    if "\0" in decoded:
        line = decoded.count("\n", 0, decoded.index("\0")) + 1
        raise ReadError("it holds a NUL character", remedy="save it as plain text", span=Span(line))
    return decoded
