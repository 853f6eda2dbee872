"""The runner of sigstore-conformance: what agrees, what does not, and that nothing is not a success."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from own_sigstore import OwnSigstore, pem_of, sign

from compliance.supply_chain.sigstore.bundle import MessageSignature, bundle_for_key

_RUNNER = Path(__file__).with_name("sigstore_conformance.py")
_TEXT = b"an artifact\n"


def case(checkout: Path, name: str, *, logged: bool = True, signed: bytes = _TEXT) -> None:
    """Write a case whose bundle is by a key."""
    own, key = OwnSigstore(), ec.generate_private_key(ec.SECP256R1())
    signature = sign(key, signed)
    digest = hashlib.sha256(signed).hexdigest()
    bundle = json.loads(bundle_for_key(MessageSignature(signature, f"sha256:{digest}"), key.public_key()))
    if logged:
        entry = own.hashedrekord_entry(signed, signature, pem_of(key))
        bundle["verificationMaterial"]["tlogEntries"] = [entry]
    folder = checkout / "test" / "assets" / "bundle-verify" / name
    folder.mkdir(parents=True)
    (folder.parent / "a.txt").write_bytes(_TEXT)
    (folder / "bundle.sigstore.json").write_text(json.dumps(bundle))
    (folder / "key.pub").write_bytes(pem_of(key))
    (folder / "trusted_root.json").write_bytes(own.trusted_root())


def run(checkout: Path) -> tuple[int, list[str]]:
    command = [sys.executable, str(_RUNNER), str(checkout)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own script
    return done.returncode, done.stdout.splitlines()


def test_cases_that_agree_are_counted(tmp_path: Path) -> None:
    case(tmp_path, "good")
    case(tmp_path, "other-artifact_fail", signed=b"another\n")
    case(tmp_path, "not-logged_fail", logged=False)
    assert run(tmp_path) == (0, ["3 of 3 cases agree"])


@pytest.mark.parametrize(("name", "logged", "told"), [("bad_fail", True, "verified"), ("good", False, "refused")])
def test_a_case_that_disagrees_is_shown_and_fails_the_run(tmp_path: Path, name: str, logged: bool, told: str) -> None:  # noqa: FBT001 - a table
    case(tmp_path, name, logged=logged)
    code, (line, count) = run(tmp_path)
    assert (code, count) == (1, "0 of 1 cases agree")
    assert line.startswith(f"disagree: {name}: {told}; ")


def test_no_case_is_no_success(tmp_path: Path) -> None:
    assert run(tmp_path) == (2, ["0 of 0 cases agree"])
