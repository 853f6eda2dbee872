"""Time stamps by RFC 3161: when an authority saw a signature. The only door to `rfc3161_client`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from compliance.supply_chain.sigstore.trusted_root import Authority


def time_of(response: bytes, stamped: Iterable[bytes], authorities: Iterable[Authority]) -> datetime | None:
    """When one of `stamped` was stamped by an authority that is trusted; None if none of them stands behind it.

    What is no response by RFC 3161 is behind nobody, too.
    """
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response  # noqa: PLC0415 - heavy

    try:
        decoded = decode_timestamp_response(response)
        time = decoded.tst_info.gen_time
    except ValueError:
        return None
    for authority in authorities:
        leaf, *above = authority.certificates
        if not above or time not in authority.period:
            continue
        builder = VerifierBuilder().tsa_certificate(leaf).add_root_certificate(above[-1])
        for certificate in above[:-1]:
            builder = builder.add_intermediate_certificate(certificate)
        verifier = builder.build()
        for message in stamped:
            try:
                verifier.verify_message(decoded, message)
            except (VerificationError, ValueError):
                continue
            return time
    return None
