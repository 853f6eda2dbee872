"""Did a certificate hold when the signature was made, and was it issued by who is trusted?

Of sigstore-python, `sigstore._internal.sct.verify_sct` and `sigstore._utils.cert_is_leaf` are used, which are private
names: the version is held below 4.6, and the conformance cases of sigstore run over this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from compliance.supply_chain.sigstore import trusted_root

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from compliance.supply_chain.sigstore.certificate_reading import Leaf
    from compliance.supply_chain.sigstore.trusted_root import Authority, TrustedRoot


def issuer_is_known(signer: Leaf, root: bytes) -> bool:
    """Whether the certificate claims to be of an issuer in the trusted root.

    Raises:
        ConfigurationError: the trusted root cannot be read.
    """
    authorities = trusted_root.parse(root).authorities
    return any(
        signer.issued_by == certificate.subject for authority in authorities for certificate in authority.certificates
    )


def misfit(signer: Leaf, times: Iterable[datetime], root: bytes) -> str | None:
    """Why the certificate does not prove who signed at these times, all of which are vouched for; None if it does.

    Raises:
        ConfigurationError: the trusted root cannot be read.
    """
    trusted, signed_at = trusted_root.parse(root), tuple(times)
    if not signed_at:
        return "nobody who is trusted says when it was signed, and the certificate is valid for minutes"
    if why := _profile(signer.certificate):
        return why
    for time in signed_at:
        chain = _chain(signer.certificate, time, trusted.authorities)
        if chain is None:
            return f"the certificate was not valid at {time.isoformat()}, or is not issued by who is trusted"
        if not _in_certificate_log(signer.certificate, chain, trusted):
            return "the certificate is in no certificate transparency log that is trusted"
    return None


def _profile(certificate: x509.Certificate) -> str | None:
    from sigstore._utils import cert_is_leaf  # noqa: PLC0415 - half a second
    from sigstore.errors import VerificationError as NoLeaf  # noqa: PLC0415

    try:
        fits = cert_is_leaf(certificate)
    except (NoLeaf, x509.ExtensionNotFound):
        fits = False
    return None if fits else "the certificate is not one for signing code"


def _chain(
    certificate: x509.Certificate, time: datetime, authorities: Iterable[Authority]
) -> list[x509.Certificate] | None:
    """The issuers at that time, nearest first."""
    # Certificates of Fulcio are for code signing, which the policies of the web do not know.
    purpose = (x509.ExtendedKeyUsage, Criticality.NON_CRITICAL, None)
    ca_policy = ExtensionPolicy.webpki_defaults_ca().may_be_present(*purpose)
    ee_policy = ExtensionPolicy.webpki_defaults_ee().may_be_present(*purpose)
    for authority in authorities:
        if time not in authority.period:
            continue
        *between, top = authority.certificates
        policies = PolicyBuilder().store(Store([top])).time(time)
        verifier = policies.extension_policies(ca_policy=ca_policy, ee_policy=ee_policy).build_client_verifier()
        try:
            return verifier.verify(certificate, between).chain[1:]
        except (VerificationError, ValueError, x509.UnsupportedGeneralNameType):
            continue
    return None


def _in_certificate_log(certificate: x509.Certificate, chain: list[x509.Certificate], root: TrustedRoot) -> bool:
    """Whether a log has promised to list the certificate; a root that names no such log asks for none."""
    if not root.certificate_logs:
        return True
    from sigstore._internal.sct import verify_sct  # noqa: PLC0415 - half a second
    from sigstore.errors import VerificationError as NoPromise  # noqa: PLC0415

    try:
        verify_sct(certificate, chain, cast("Any", _Keyring(root)))
    except (NoPromise, ValueError, UnsupportedAlgorithm):
        return False
    return True


class _Keyring:
    """The keys of certificate logs, as `verify_sct` asks for them."""

    def __init__(self, root: TrustedRoot) -> None:
        self._logs = root.certificate_logs

    def verify(self, *, key_id: bytes, signature: bytes, data: bytes) -> None:
        from sigstore.errors import VerificationError as NoPromise  # noqa: PLC0415 - imported already

        if not any(log.signed(signature, data) for log in self._logs if key_id in log.ids):
            raise NoPromise("no certificate log that is trusted has signed this")
