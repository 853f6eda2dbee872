"""Hold proofs against the cases of sigstore-conformance.

    python tests/corpora/sigstore_conformance.py ~/src/sigstore-conformance

The folder is a checkout that you made of https://github.com/sigstore/sigstore-conformance; its README in
test/assets/bundle-verify describes the cases. Each must be verified, with a log entry, by its key or for its identity
and issuer; one whose name ends with `_fail` must not. Cases without a trusted root of their own use Sigstore's public
one, from the installed sigstore-python. The exit code is 1 when a case disagrees, 2 when there are none.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from compliance.errors import ComplianceError
from compliance.supply_chain.proofs import prove
from compliance.supply_chain.public_keys import load_public
from compliance.supply_chain.signatures import Candidate, Layout, Trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.supply_chain.signatures import Proof

_CASES: Final = "test/assets/bundle-verify"
_IDENTITY: Final = (
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon"
    "/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main"
)
_ISSUER: Final = "https://token.actions.githubusercontent.com"
_PUBLIC_ROOT: Final = quote("https://tuf-repo-cdn.sigstore.dev", safe="")


def main() -> int:
    """Run all cases, print those that disagree, and how many agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--verbose", action="store_true", help="print why each case ends as it does")
    given = parser.parse_args()
    cases = sorted(path for path in (given.checkout / _CASES).glob("*") if path.is_dir())
    agree = 0
    for case in cases:
        why, wanted = refusal(case), "refused" if case.name.endswith("_fail") else "verified"
        found = "refused" if why else "verified"
        agree += found == wanted
        if given.verbose or found != wanted:
            print(f"{'agree' if found == wanted else 'disagree'}: {case.name}: {found}; {why or 'proven'}")
    print(f"{agree} of {len(cases)} cases agree")
    if not cases:
        print(f"there is no {_CASES} in {given.checkout}", file=sys.stderr)
        return 2
    return int(agree != len(cases))


def refusal(case: Path) -> str | None:
    """Why a case's bundle does not prove its artifact; None if it does."""
    artifact = _read(case, "artifact") or (case.parent / "a.txt").read_bytes()
    digests = frozenset(f"{name}:{hashlib.new(name, artifact).hexdigest()}" for name in ("sha256", "sha384", "sha512"))
    candidate = Candidate(Layout.BUNDLE, (case / "bundle.sigstore.json").read_bytes(), case.name, min(digests))
    try:
        public = _read(case, "key.pub")
        trusted = (load_public(public),) if public else ()
        proof = prove(candidate, digests, Trust(trusted, _read(case, "trusted_root.json") or _public_root()))
    except ComplianceError as error:
        return error.message
    if proof.verified is not True:
        return proof.why
    return "; ".join(_misfits(proof, case)) or None


def _misfits(proof: Proof, case: Path) -> Iterator[str]:
    """What a proven bundle lacks for the case's policy."""
    if not proof.logged:
        yield "no log entry is proven"
    if proof.signer is None or proof.signer.key is not None:
        return
    for name, default, found in (
        ("identity", _IDENTITY, proof.signer.identity),
        ("issuer", _ISSUER, proof.signer.issuer),
    ):
        wanted = (_read(case, name) or default.encode()).decode().strip()
        if found != wanted:
            yield f"the {name} is {found}, not {wanted}"


def _read(case: Path, name: str) -> bytes | None:
    file = case / name
    return file.read_bytes() if file.is_file() else None


def _public_root() -> bytes:
    return resources.files("sigstore._store").joinpath(_PUBLIC_ROOT, "trusted_root.json").read_bytes()


if __name__ == "__main__":
    sys.exit(main())
