"""In-toto statements about images, and the predicates that this tool makes from what a pipeline has at hand.

Statement v1: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from compliance.supply_chain.content import is_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

STATEMENT: Final = "https://in-toto.io/Statement/v1"


def statement(name: str, digest: str, predicate_type: str, predicate: Mapping[str, Any]) -> dict[str, Any]:
    """Say something about one image: `name` is its repository, `digest` is `algorithm:hex`.

    Raises:
        ValueError: `digest` is none.
    """
    if not is_digest(digest):
        raise ValueError(f"{digest!r} is no digest")
    algorithm, _, value = digest.partition(":")
    subject = {"name": name, "digest": {algorithm: value}}
    return {"_type": STATEMENT, "subject": [subject], "predicateType": predicate_type, "predicate": dict(predicate)}


def as_bytes(said: Mapping[str, Any]) -> bytes:
    """The statement's bytes, which are what is signed."""
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
