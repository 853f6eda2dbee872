"""Certificates and keys of a control plane: an authority, servers, users with their groups, and the key of tokens."""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_HOUR = dt.timedelta(hours=1)
_SIGNS = dict.fromkeys(
    (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    ),
    False,
) | dict.fromkeys(("digital_signature", "key_cert_sign", "crl_sign"), True)


class Authority:
    """Writes PEM files into a folder: NAME.crt and NAME.key for each that is issued, ca.crt, sa.key and sa.pub.

    `ahead` is how far its clock runs ahead.
    """

    def __init__(self, folder: Path, ahead: dt.timedelta = dt.timedelta(0)) -> None:
        self._folder = folder
        self.ahead = ahead
        folder.mkdir(mode=0o700, parents=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("tests' authority")
        self._write("ca.crt", _pem(self._certificate(self._name, self._key)))
        self._write("ca.key", _private(self._key))
        tokens = ec.generate_private_key(ec.SECP256R1())
        self._write("sa.key", _private(tokens))
        public = tokens.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._write("sa.pub", public)

    def issue(self, name: str, common_name: str, *, groups: Sequence[str] = (), hosts: Sequence[str] = ()) -> None:
        """Issue a server's certificate for `hosts`, or, without any, a client's for a user of `groups`."""
        key = ec.generate_private_key(ec.SECP256R1())
        self._write(f"{name}.crt", _pem(self._certificate(_name(common_name, groups), key, hosts)))
        self._write(f"{name}.key", _private(key))

    def _certificate(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, hosts: Sequence[str] = ()
    ) -> x509.Certificate:
        own, now = subject == self._name, dt.datetime.now(dt.UTC) + self.ahead
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _HOUR)
            .not_valid_after(now + 24 * _HOUR)
            .add_extension(x509.BasicConstraints(ca=own, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if own:
            builder = builder.add_extension(x509.KeyUsage(**_SIGNS), critical=True)
        else:
            usage = ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName(list(map(_host, hosts))), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _write(self, name: str, content: bytes) -> None:
        file = self._folder / name
        file.touch(mode=0o600)
        file.write_bytes(content)


def _name(common_name: str, groups: Sequence[str] = ()) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
