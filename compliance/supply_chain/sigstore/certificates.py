"""Certificates of keyless signing: who is named, who issued them, and whether they held when the signature was made.

Fulcio's certificate specification (sigstore/fulcio, docs/certificate-specification.md and docs/oid-info.md). Of
sigstore-python, `sigstore._internal.sct.verify_sct` and `sigstore._utils.cert_is_leaf` are used, which are private
names: the version is held below 4.6, and the conformance cases of sigstore run over this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from compliance.errors import ContentError, KeyFileError
from compliance.supply_chain import public_keys
from compliance.supply_chain.sigstore import trusted_root

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from compliance.supply_chain.sigstore.trusted_root import Authority, TrustedRoot

_ISSUER: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_OLD_ISSUER: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
_OTHER_NAME: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.7")
_UNREADABLE: Final = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
_UTF8_STRING: Final = 0x0C
_SHORT: Final = 0x80


@dataclass(frozen=True, slots=True)
class Leaf:
    """The certificate that a signature comes with, not yet proven."""

    certificate: x509.Certificate = field(repr=False)
    issued_by: x509.Name = field(repr=False)
    der: bytes = field(repr=False)
    public: public_keys.PublicKey = field(repr=False)
    identity: str
    issuer: str | None


def leaf(chain: tuple[bytes, ...]) -> Leaf:
    """Read the first certificate of a chain; the others are not believed, and must not be a root's.

    Raises:
        ContentError: one cannot be read, the first names nobody or several, or the last is its own issuer.
    """
    try:
        first, *others = (x509.load_der_x509_certificate(der) for der in chain)
        if any(certificate.issuer == certificate.subject for certificate in others):
            raise ContentError("the certificates include a root, which only the trusted root may have")
        public = public_keys.usable(first.public_key())
        der = first.public_bytes(Encoding.DER)
        return Leaf(first, first.issuer, der, public, _identity(first), _issuer(first))
    except KeyFileError as error:
        raise ContentError(f"the certificate cannot be used: {error.message}") from None
    except _UNREADABLE:
        raise ContentError("a certificate cannot be read") from None


def of_key(chain: tuple[bytes, ...], public: public_keys.PublicKey) -> tuple[bytes, ...]:
    """Those of the certificates (DER) that are of this key, whoever issued them."""
    wanted = public_keys.public_der(public)
    return tuple(der for der in chain if _key_of(der) == wanted)


def _key_of(der: bytes) -> bytes | None:
    try:
        key = x509.load_der_x509_certificate(der).public_key()
    except _UNREADABLE:
        return None
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


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


def _identity(certificate: x509.Certificate) -> str:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        raise ContentError("the certificate names nobody") from None
    found = names.get_values_for_type(x509.UniformResourceIdentifier) + names.get_values_for_type(x509.RFC822Name)
    others = names.get_values_for_type(x509.OtherName)
    found += [_utf8(name.value) for name in others if name.type_id == _OTHER_NAME]
    if len(found) != 1 or len(names) != 1:
        raise ContentError(f"the certificate names {len(names)} identities; exactly one can be judged")
    return found[0]


def _issuer(certificate: x509.Certificate) -> str | None:
    """Who identified the signer: in DER since Fulcio's version 2 of the extension, before as bare text."""
    for oid, decode in ((_ISSUER, _utf8), (_OLD_ISSUER, bytes.decode)):
        try:
            value = certificate.extensions.get_extension_for_oid(oid).value
        except x509.ExtensionNotFound:
            continue
        if isinstance(value, x509.UnrecognizedExtension):
            return decode(value.value)
    return None


def _utf8(der: bytes) -> str:
    """A DER UTF8String: tag, length, text; in the long form the first byte says how many bytes the length has."""
    if len(der) < 2 or der[0] != _UTF8_STRING:  # noqa: PLR2004 - tag and length
        raise ValueError("no UTF8String")
    size = 0 if der[1] < _SHORT else der[1] - _SHORT
    length = int.from_bytes(der[2 : 2 + size]) if size else der[1]
    text = der[2 + size :]
    if len(text) != length:
        raise ValueError("a UTF8String of another length than it says")
    return text.decode()
