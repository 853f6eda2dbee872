"""Entries of a log: what its promise and its proof must hold."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_sigstore import base64_of, der_of, sign, tree

from compliance.errors import ContentError
from compliance.supply_chain.sigstore import transparency, trusted_root
from compliance.supply_chain.sigstore.bundle import InclusionProof, entry_from_json

if TYPE_CHECKING:
    from own_sigstore import OwnSigstore


@pytest.fixture
def entry(own: OwnSigstore) -> dict[str, Any]:
    return own.hashedrekord_entry(b"text", b"signature", b"verifier")


def check(own: OwnSigstore, entry: dict[str, Any]) -> None:
    transparency.check(entry_from_json(entry), trusted_root.parse(own.trusted_root()).logs[0])


@pytest.mark.parametrize("without", [(), ("inclusionPromise",), ("inclusionProof",)])
def test_a_promise_or_a_proof_is_enough(own: OwnSigstore, entry: dict[str, Any], without: tuple[str, ...]) -> None:
    for key in without:
        del entry[key]
    check(own, entry)


def test_nothing_is_not_enough(own: OwnSigstore, entry: dict[str, Any]) -> None:
    del entry["inclusionPromise"], entry["inclusionProof"]
    with pytest.raises(ContentError, match="neither"):
        check(own, entry)


@pytest.mark.parametrize(
    "change",
    [{"logIndex": "1005"}, {"integratedTime": "1"}, {"canonicalizedBody": "AAAA"}, {"logId": {"keyId": "AAAA"}}],
)
def test_a_promise_is_of_the_whole_entry(own: OwnSigstore, entry: dict[str, Any], change: dict[str, Any]) -> None:
    del entry["inclusionProof"]
    with pytest.raises(ContentError, match="not signed by its log"):
        check(own, entry | change)


def test_a_promise_needs_a_time(own: OwnSigstore, entry: dict[str, Any]) -> None:
    del entry["integratedTime"]
    with pytest.raises(ContentError, match="no time"):
        check(own, entry)


def test_a_proof_is_of_this_entry(own: OwnSigstore, entry: dict[str, Any]) -> None:
    del entry["inclusionPromise"]
    with pytest.raises(ContentError, match="not in the tree"):
        check(own, entry | {"canonicalizedBody": "AAAA"})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"logIndex": "5"}, "not in the tree"),
        ({"logIndex": "7"}, "outside of the tree"),
        ({"treeSize": "0"}, "outside of the tree"),
        ({"treeSize": "6"}, "too many or too few"),
        ({"treeSize": "64"}, "too many or too few"),
        ({"hashes": []}, "too many or too few"),
        ({"rootHash": "AAAA"}, "not in the tree"),
    ],
)
def test_a_changed_proof_is_none(own: OwnSigstore, entry: dict[str, Any], change: dict[str, Any], why: str) -> None:
    entry["inclusionProof"] |= change
    with pytest.raises(ContentError, match=why):
        check(own, entry)


def test_a_checkpoint_is_of_the_same_tree(own: OwnSigstore, entry: dict[str, Any]) -> None:
    proof = entry["inclusionProof"]
    for root, size in ((b"another root", 7), (base64.b64decode(proof["rootHash"]), 8)):
        proof["checkpoint"]["envelope"] = own.checkpoint(root, size)
        with pytest.raises(ContentError, match="another tree"):
            check(own, entry)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("- 1\n", "- 2\n", "not signed by the log"),
        ("example.invalid - 1\n", "example.com\n", "of another log"),
        ("\n\n", "\n", "no signed note"),
        ("\u2014 ", "- ", "not signed by the log"),
    ],
)
def test_a_changed_checkpoint_is_none(own: OwnSigstore, entry: dict[str, Any], old: str, new: str, why: str) -> None:
    checkpoint = entry["inclusionProof"]["checkpoint"]
    assert old in checkpoint["envelope"]
    checkpoint["envelope"] = checkpoint["envelope"].replace(old, new)
    with pytest.raises(ContentError, match=why):
        check(own, entry)


def test_a_checkpoint_of_a_stranger_is_none(own: OwnSigstore, entry: dict[str, Any]) -> None:
    checkpoint = entry["inclusionProof"]["checkpoint"]
    note = checkpoint["envelope"].partition("\n\n")[0] + "\n"
    hint = hashlib.sha256(der_of(own.rekor)).digest()[:4]
    forged = base64_of(hint + sign(own.ctfe, note.encode()))
    checkpoint["envelope"] = f"{note}\n\u2014 rekor.example.invalid {forged}\n"
    with pytest.raises(ContentError, match="not signed by the log"):
        check(own, entry)


def test_signatures_of_witnesses_do_not_matter(own: OwnSigstore, entry: dict[str, Any]) -> None:
    checkpoint = entry["inclusionProof"]["checkpoint"]
    text, _, signatures = checkpoint["envelope"].partition("\n\n")
    checkpoint["envelope"] = f"{text}\n\n\u2014 witness.example.invalid AAAAAAAA\n{signatures}"
    check(own, entry)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40), st.data())
def test_every_leaf_of_every_tree_leads_to_its_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, path = tree([hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves], index)
    proof = InclusionProof(index, len(leaves), root, tuple(path), "")
    assert transparency.root_hash(leaves[index], proof) == root
