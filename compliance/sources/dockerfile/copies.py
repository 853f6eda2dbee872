"""Facts of COPY and ADD: what they take, from where, and what it becomes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compliance.sources.dockerfile.commands import mode_facts
from compliance.sources.dockerfile.runs import heredocs, is_heredoc
from compliance.sources.secret_files import secrecy
from compliance.sources.secret_names import without_credentials

if TYPE_CHECKING:
    from compliance.sources.dockerfile.instructions import Instruction
    from compliance.sources.dockerfile.scope import SourceReader, StageScope

_ARCHIVE = re.compile(r".*\.(?:tar|gz|bz2|xz|zst|lzma|tgz|tbz2?|txz|tzst)", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?|git|ssh)://|git@")
_WHOLE_CONTEXT = frozenset({".", "./", "/", "/.", "*", "./*", "/*"})
_DRIVE = re.compile(r"[A-Za-z]:.*", re.DOTALL)


def copy(instruction: Instruction, scope: StageScope, source_of: SourceReader) -> dict[str, Any]:
    """Facts of a COPY or ADD."""
    options = instruction.options
    *sources, destination = instruction.words
    target = scope.expand(destination)
    return {
        "instruction": instruction.name,
        "sources": [_copied(word, scope) for word in sources],
        "destination": scope.text(destination),
        "relative": None if target is None else not is_absolute(target),
        "workdir": scope.workdir,
        "permission": mode_facts(options["chmod"], [scope.text(destination)]) if "chmod" in options else None,
        "from": source_of(options["from"]) if "from" in options else None,
        "excludes": instruction.values("exclude"),
        "flags": options,
        "heredocs": heredocs(instruction),
    }


def _copied(word: str, scope: StageScope) -> dict[str, Any]:
    if is_heredoc(word):
        return {"text": word, "kind": "inline", "archive": False, "everything": False, "secrecy": None}
    text, known = scope.text(word), scope.expand(word) is not None
    remote = _REMOTE.match(text) is not None
    archive = _ARCHIVE.fullmatch(text) is not None
    return {
        "text": without_credentials(text),
        "kind": "remote" if remote else "local" if known else "unknown",
        "archive": archive if known or archive else None,
        "everything": text in _WHOLE_CONTEXT,
        "secrecy": None if remote else secrecy(text),
    }


def is_absolute(path: str) -> bool:
    """Whether a path depends on no WORKDIR, also on Windows."""
    return path.startswith(("/", "\\")) or _DRIVE.fullmatch(path) is not None
