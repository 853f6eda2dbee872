"""Keyless signing: a certificate for minutes from Fulcio, a key that is thrown away, and an entry in Rekor."""

from __future__ import annotations

from typing import Final

from compliance.errors import SigningError

_REMEDY: Final = "check the trust configuration, the services in it, and whether the identity token has expired"


def keyless_sign_statement(statement: bytes, identity_token: str, trust_config: bytes) -> bytes:
    """Sign an in-toto statement v1 and return the bundle v0.3.

    `trust_config` is a client trust configuration (application/vnd.dev.sigstore.clienttrustconfig.v0.1+json), whose
    services are asked: Fulcio, Rekor, and time-stamping authorities where it names some. The token is given to Fulcio
    alone, and is in no message.

    Raises:
        SigningError: the configuration, token or statement cannot be used, or a service refuses or does not answer.
    """
    from requests import RequestException  # noqa: PLC0415 - heavy, as all of sigstore
    from sigstore.dsse import Statement  # noqa: PLC0415
    from sigstore.errors import Error  # noqa: PLC0415
    from sigstore.models import ClientTrustConfig  # noqa: PLC0415
    from sigstore.oidc import IdentityError, IdentityToken  # noqa: PLC0415
    from sigstore.sign import SigningContext  # noqa: PLC0415

    try:
        context = SigningContext.from_trust_config(ClientTrustConfig.from_json(trust_config.decode()))
        with context.signer(IdentityToken(identity_token)) as signer:
            return signer.sign_dsse(Statement(statement)).to_json().encode()
    except RequestException as error:
        raise SigningError(
            f"keyless signing: no answer from a service: {type(error).__name__}", remedy=_REMEDY
        ) from None
    except (Error, IdentityError, ValueError) as error:
        raise SigningError(f"keyless signing: {_told(error, identity_token)}", remedy=_REMEDY) from None


def _told(error: Exception, secret: str) -> str:
    first = str(error).partition("\n")[0]
    return type(error).__name__ if not first or (secret and secret in first) else first[:300]
