"""Time stamps by RFC 3161: when an authority saw a signature. The only door to `rfc3161_client`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compliance.supply_chain.sigstore.certificate_reading import UNREADABLE, strictly

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rfc3161_client import TimeStampResponse

    from compliance.supply_chain.sigstore.trusted_root import Authority


def time_of(response: bytes, stamped: Iterable[bytes], authorities: Iterable[Authority]) -> datetime | None:
    """When one of `stamped` was stamped by an authority that is trusted; None if none of them stands behind it.

    What is no response by RFC 3161 is behind nobody, too.
    """
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415 - seldom needed

    try:
        decoded = decode_timestamp_response(response)
        time = decoded.tst_info.gen_time
    except UNREADABLE:
        return None
    trusted = [authority for authority in authorities if time in authority.period and len(authority.certificates) > 1]
    fits = any(_fits(decoded, message, authority) for authority in trusted for message in stamped)
    return time if fits else None


def _fits(response: TimeStampResponse, message: bytes, authority: Authority) -> bool:
    from rfc3161_client import VerificationError, VerifierBuilder  # noqa: PLC0415 - seldom needed

    leaf, *between, root = authority.certificates
    builder = VerifierBuilder().tsa_certificate(leaf).add_root_certificate(root)
    for certificate in between:
        builder = builder.add_intermediate_certificate(certificate)
    try:
        # Responses may have certificates in them.
        with strictly():
            return builder.build().verify_message(response, message)
    except (VerificationError, *UNREADABLE):
        return False
