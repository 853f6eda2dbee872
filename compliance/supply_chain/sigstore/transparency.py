"""Is an entry in a transparency log? By the log's promise, or by a proof and the log's signed checkpoint.

A promise is Rekor 1's signed entry timestamp, over the entry's canonical JSON (RFC 8785). A proof is of inclusion in a
Merkle tree (RFC 6962, section 2.1.1), and ends at a checkpoint (C2SP: tlog-checkpoint) that is a signed note (C2SP:
signed-note). sigstore-python has the same in private names only, and takes half a second to import.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

from compliance.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.supply_chain.sigstore.bundle import InclusionProof, LogEntry
    from compliance.supply_chain.sigstore.trusted_root import Log

_MAX_CHECKPOINT: Final = 64 * 1024
_NOTE_SIGNATURE: Final = re.compile(r"\u2014 (\S+) (\S+)\n")
_REKOR_1: Final = re.compile(r"[^ ]+ - [0-9]+")
_HINT: Final = 4


def check(entry: LogEntry, log: Log) -> None:
    """Check an entry with all that it comes with.

    Raises:
        ContentError: the log has not signed this, or the proof does not lead to what it signed.
    """
    if entry.promise is None and entry.proof is None:
        raise ContentError("the log entry has neither an inclusion promise nor a proof")
    if entry.promise is not None:
        _check_promise(entry, log, entry.promise)
    if entry.proof is not None:
        if root_hash(entry.body, entry.proof) != entry.proof.root_hash:
            raise ContentError("the log entry is not in the tree that its inclusion proof is of")
        _check_checkpoint(entry.proof, entry.log_id, log)


def _check_promise(entry: LogEntry, log: Log, promise: bytes) -> None:
    if entry.integrated_time is None:
        raise ContentError("the log entry has an inclusion promise and no time")
    said = {
        "body": base64.b64encode(entry.body).decode(),
        "integratedTime": entry.integrated_time,
        "logID": entry.log_id.hex(),
        "logIndex": entry.log_index,
    }
    # Of such values, sorted keys and no spaces are RFC 8785.
    if not log.signed(promise, json.dumps(said, separators=(",", ":"), sort_keys=True).encode()):
        raise ContentError("the log entry's inclusion promise is not signed by its log")


def root_hash(leaf: bytes, proof: InclusionProof) -> bytes:
    """The root of the tree that a leaf and a proof lead to.

    Raises:
        ContentError: the proof has more or fewer hashes than its place in the tree needs.
    """
    if proof.log_index >= proof.tree_size:
        raise ContentError("the log entry's inclusion proof is of a place outside of the tree")
    # Up to where the paths to this leaf and to the last one part, siblings are on either side; above, on the left only.
    inner = (proof.log_index ^ (proof.tree_size - 1)).bit_length()
    if len(proof.hashes) != inner + (proof.log_index >> inner).bit_count():
        raise ContentError("the log entry's inclusion proof has too many or too few hashes")
    made = hashlib.sha256(b"\x00" + leaf).digest()
    for level, sibling in enumerate(proof.hashes):
        left = level >= inner or proof.log_index >> level & 1
        made = hashlib.sha256(b"\x01" + (sibling + made if left else made + sibling)).digest()
    return made


def _check_checkpoint(proof: InclusionProof, log_id: bytes, log: Log) -> None:
    if len(proof.checkpoint) > _MAX_CHECKPOINT or proof.checkpoint.count("\n\n") != 1:
        raise ContentError("the log's checkpoint is no signed note")
    text, _, signatures = proof.checkpoint.partition("\n\n")
    origin, size, root, *_ = [*text.split("\n"), "", "", ""]
    if size != str(proof.tree_size) or root != base64.b64encode(proof.root_hash).decode():
        raise ContentError("the log's checkpoint is of another tree than the inclusion proof")
    # Rekor 1 has the number of its tree in the origin; later, it is the log's host, and signatures are under that name.
    name = None if _REKOR_1.fullmatch(origin) else log.origin
    if name is not None and (not name or origin != name):
        raise ContentError("the log's checkpoint is of another log")
    note = f"{text}\n".encode()
    if not any(log.signed(signature, note) for signature in _signatures(signatures, name, log_id)):
        raise ContentError("the log's checkpoint is not signed by the log")


def _signatures(text: str, name: str | None, log_id: bytes) -> Iterable[bytes]:
    """Those that claim to be the log's; other lines are of witnesses."""
    for said, encoded in _NOTE_SIGNATURE.findall(text):
        try:
            signature = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ContentError("the log's checkpoint has a signature that is no base64") from None
        if signature[:_HINT] == log_id[:_HINT] and (name is None or said == name):
            yield signature[_HINT:]
