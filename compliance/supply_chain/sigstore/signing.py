"""Keyless signing: a certificate for minutes from Fulcio, a key that is thrown away, and an entry in Rekor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.errors import SigningError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sigstore.models import Bundle
    from sigstore.sign import Signer

_REMEDY: Final = "check the trust configuration, the services in it, and whether the identity token has expired"


def keyless_sign_statement(statement: bytes, identity_token: str, trust_config: bytes) -> bytes:
    """Sign an in-toto statement v1 and return the bundle v0.3.

    `trust_config` is a client trust configuration (application/vnd.dev.sigstore.clienttrustconfig.v0.1+json), whose
    services are asked: Fulcio, Rekor, and time-stamping authorities where it names some. The token is given to Fulcio
    alone, and is in no message.

    Raises:
        SigningError: the configuration, token or statement cannot be used, or a service refuses or does not answer.
    """
    from sigstore.dsse import Statement  # noqa: PLC0415 - heavy, as all of sigstore

    return _signed(lambda signer: signer.sign_dsse(Statement(statement)), identity_token, trust_config)


def keyless_sign_artifact(artifact: bytes, identity_token: str, trust_config: bytes) -> bytes:
    """Sign bytes, such as a simple-signing document, and return the bundle v0.3; raises as for a statement."""
    return _signed(lambda signer: signer.sign_artifact(artifact), identity_token, trust_config)


def identity_of(identity_token: str) -> str:
    """Whom a token names, which a certificate for it will name too.

    Raises:
        SigningError: it is no token for Sigstore, or has expired.
    """
    from sigstore.errors import Error  # noqa: PLC0415 - heavy, as all of sigstore
    from sigstore.oidc import IdentityToken  # noqa: PLC0415

    try:
        return IdentityToken(identity_token).identity
    except (Error, ValueError) as error:
        raise SigningError(f"keyless signing: {_told(error, identity_token)}", remedy=_REMEDY) from None


def _signed(sign: Callable[[Signer], Bundle], identity_token: str, trust_config: bytes) -> bytes:
    from requests import RequestException  # noqa: PLC0415 - heavy, as all of sigstore
    from sigstore.errors import Error  # noqa: PLC0415
    from sigstore.models import ClientTrustConfig  # noqa: PLC0415
    from sigstore.oidc import IdentityError, IdentityToken  # noqa: PLC0415
    from sigstore.sign import SigningContext  # noqa: PLC0415

    try:
        context = SigningContext.from_trust_config(ClientTrustConfig.from_json(trust_config.decode()))
        with context.signer(IdentityToken(identity_token)) as signer:
            return sign(signer).to_json().encode()
    except RequestException as error:
        raise SigningError(
            f"keyless signing: no answer from a service: {type(error).__name__}", remedy=_REMEDY
        ) from None
    except (Error, IdentityError, ValueError) as error:
        raise SigningError(f"keyless signing: {_told(error, identity_token)}", remedy=_REMEDY) from None


def _told(error: Exception, secret: str) -> str:
    first = str(error).partition("\n")[0]
    return type(error).__name__ if not first or (secret and secret in first) else first[:300]
