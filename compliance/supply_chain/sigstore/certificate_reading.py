"""Reading certificates of keyless signing, of which nothing is proven yet: who is named, and who named them.

Fulcio's certificate specification (sigstore/fulcio, docs/certificate-specification.md and docs/oid-info.md).
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.utils import CryptographyDeprecationWarning

from compliance.errors import ContentError, KeyFileError
from compliance.supply_chain import public_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

_ISSUER: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_OLD_ISSUER: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
_OTHER_NAME: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.7")
UNREADABLE: Final = (
    ValueError,
    CryptographyDeprecationWarning,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What the library raises for certificates that are none."""
_UTF8_STRING: Final = 0x0C
_SHORT: Final = 0x80
_LOADING: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Leaf:
    """The certificate that a signature comes with, not yet proven."""

    certificate: x509.Certificate = field(repr=False)
    issued_by: x509.Name = field(repr=False)
    der: bytes = field(repr=False)
    public: public_keys.PublicKey = field(repr=False)
    identity: str
    issuer: str | None


@contextmanager
def strictly() -> Iterator[None]:
    """Have what the library only warns of, because RFC 5280 forbids it, be one of `UNREADABLE`."""
    # Filters of warnings belong to the whole process.
    with _LOADING, warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        yield


def load(der: bytes) -> x509.Certificate:
    """Read a certificate.

    Raises:
        ContentError: it cannot be read.
    """
    try:
        with strictly():
            return x509.load_der_x509_certificate(der)
    except UNREADABLE:
        raise ContentError("a certificate cannot be read") from None


def leaf(chain: tuple[bytes, ...]) -> Leaf:
    """Read the first certificate of a chain; the others are not believed, and must not be a root's.

    Raises:
        ContentError: one cannot be read, the first names nobody or several, or the last is its own issuer.
    """
    try:
        first, *others = (load(der) for der in chain)
        if any(certificate.issuer == certificate.subject for certificate in others):
            raise ContentError("the certificates include a root, which only the trusted root may have")
        public = public_keys.usable(first.public_key())
        der = first.public_bytes(Encoding.DER)
        return Leaf(first, first.issuer, der, public, _identity(first), _issuer(first))
    except KeyFileError as error:
        raise ContentError(f"the certificate cannot be used: {error.message}") from None
    except UNREADABLE:
        raise ContentError("a certificate cannot be read") from None


def of_key(chain: tuple[bytes, ...], public: public_keys.PublicKey) -> tuple[bytes, ...]:
    """Those of the certificates (DER) that are of this key, whoever issued them."""
    wanted = public_keys.public_der(public)
    return tuple(der for der in chain if _key_of(der) == wanted)


def _key_of(der: bytes) -> bytes | None:
    try:
        key = load(der).public_key()
    except (ContentError, *UNREADABLE):
        return None
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


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
