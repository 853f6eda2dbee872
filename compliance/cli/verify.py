"""`compliance verify`: whether an image is signed and attested as a policy, or the options, demand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compliance import config
from compliance.cli import image_options as options
from compliance.errors import UsageError
from compliance.model import ExitCode
from compliance.verification_settings import RequiredAttestation, TrustedIdentity, TrustedKey, VerificationPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.config import Config
    from compliance.supply_chain.image_verification import VerifiedImage
    from compliance.supply_chain.opening import OpenedImage


def verify_command(  # noqa: PLR0913 - a command's options are its interface
    image: options.ImageArgument,
    *,
    keys: Annotated[
        list[str] | None, typer.Option("--key", metavar="FILE", help="A public key whose signature counts. Repeatable.")
    ] = None,
    identity: Annotated[str | None, typer.Option("--certificate-identity", help="Whose certificate counts.")] = None,
    identity_pattern: Annotated[
        str | None, typer.Option("--certificate-identity-regexp", help="The same, as a pattern over the whole name.")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option("--certificate-oidc-issuer", help="Who vouches for that identity.")
    ] = None,
    issuer_pattern: Annotated[
        str | None, typer.Option("--certificate-oidc-issuer-regexp", help="The same, as a pattern over the whole.")
    ] = None,
    type_: Annotated[
        str | None,
        typer.Option("--type", metavar="TYPE", help="Demand an attestation of this type; with --key, only that."),
    ] = None,
    annotations: options.AnnotationsOption = None,
    trusted_root: Annotated[
        Path | None, typer.Option("--trusted-root", help="The Sigstore trusted root (default: the public one's).")
    ] = None,
    transparency_log: Annotated[
        str | None,
        typer.Option(metavar="required|optional", help="Whether it must be logged (default: for identities)."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="json=FILE", help="Write the answer as JSON; - is stdout.")
    ] = None,
    config_file: options.ConfigOption = None,
    insecure_registries: options.InsecureOption = None,
    ca_file: options.CaOption = None,
) -> None:
    """Verify an image by options, or else by the policy that compliance.yaml has for it."""
    from compliance.supply_chain.opening import open_image  # noqa: PLC0415 - heavy: httpx

    settings = config.load(config_file, start=Path())
    file = _json_file(output)
    given = _given(keys or (), TrustedIdentity(identity, identity_pattern, issuer, issuer_pattern))
    now = datetime.now(UTC)
    with open_image(image, options.access(settings.images, insecure_registries, ca_file), now=now) as opened:
        policy = given or _configured(opened, settings, image)
        policy = _with_options(policy, options.pairs(annotations), trusted_root, transparency_log)
        if type_ is not None:
            policy = _demanding(policy, type_, only=given is not None)
        verified = _verified(opened, policy, settings)
        _tell(opened, image, verified, file)
    if not verified.verification.satisfied:
        raise typer.Exit(ExitCode.NOT_JUDGED if verified.undecided else ExitCode.REFUSED)


def _given(keys: Sequence[str], identity: TrustedIdentity) -> VerificationPolicy | None:
    """The policy that the options make; None where they name nobody."""
    named = any((identity.identity, identity.identity_pattern, identity.issuer, identity.issuer_pattern))
    if not keys and not named:
        return None
    if named:
        _check(identity)
    trusted = tuple(_key(text) for text in keys)
    who = (identity,) if named else ()
    return VerificationPolicy("on the command line", ("**",), trusted, who, log_required=named and not keys)


def _key(text: str) -> TrustedKey:
    if text.startswith("env://"):
        return TrustedKey(text, env=text.removeprefix("env://"))
    return TrustedKey(text, file=Path(text))


def _check(identity: TrustedIdentity) -> None:
    who, by = (identity.identity, identity.identity_pattern), (identity.issuer, identity.issuer_pattern)
    if sum(map(bool, who)) != 1 or sum(map(bool, by)) != 1:
        raise UsageError(
            "a certificate is trusted by one identity and one issuer",
            remedy="name --certificate-identity and --certificate-oidc-issuer, or the pattern of either",
        )


def _configured(opened: OpenedImage, settings: Config, image: str) -> VerificationPolicy:
    name = opened.reference.name if opened.reference else opened.repository.name
    policy = settings.images.policy_for(name)
    if policy is None:
        raise UsageError(
            f"no verification policy covers {image}",
            remedy="name --key, or an identity and its issuer, or write a policy for it into compliance.yaml",
        )
    return policy


def _with_options(
    policy: VerificationPolicy, annotations: dict[str, str], root: Path | None, log: str | None
) -> VerificationPolicy:
    if log not in (None, "required", "optional"):
        raise UsageError(f"--transparency-log is required or optional, not {log!r}")
    return replace(
        policy,
        annotations={**policy.annotations, **annotations},
        trusted_root=root or policy.trusted_root,
        log_required=policy.log_required if log is None else log == "required",
    )


def _demanding(policy: VerificationPolicy, type_: str, *, only: bool) -> VerificationPolicy:
    """Demand an attestation; a policy's own requirement of that type keeps its conditions."""
    from compliance.supply_chain import predicates  # noqa: PLC0415 - only with --type

    try:
        uri = predicates.uri_of(type_)
    except ValueError as error:
        raise UsageError(f"--type: {error}") from error
    known = any(predicates.uri_of(each.type) == uri for each in policy.attestations)
    wanted = policy.attestations if known else (*policy.attestations, RequiredAttestation(type_))
    return replace(policy, attestations=wanted, required=0 if only else policy.required)


def _verified(opened: OpenedImage, policy: VerificationPolicy, settings: Config) -> VerifiedImage:
    from compliance.engine.conditions import ConditionJudge  # noqa: PLC0415 - heavy import only when used
    from compliance.private_cache import user_cache  # noqa: PLC0415 - likewise
    from compliance.supply_chain import trust  # noqa: PLC0415 - likewise
    from compliance.supply_chain.image_verification import verify_image  # noqa: PLC0415 - likewise

    ready = trust.ready(policy)
    judge = ConditionJudge(user_cache(), deadline=settings.deadline)
    try:
        return verify_image(opened.repository, [opened.descriptor.digest], ready, judge=judge)
    finally:
        judge.close()


def _tell(opened: OpenedImage, image: str, verified: VerifiedImage, file: str | None) -> None:
    from compliance import output  # noqa: PLC0415 - after the work is done
    from compliance.output import verification  # noqa: PLC0415 - likewise

    digests = _covered(opened)
    if file is not None:
        output.put(verification.render(image, digests, verified), file)
    if file != output.STDOUT:
        typer.echo(verification.text(image, digests, verified), nl=False)


def _covered(opened: OpenedImage) -> tuple[str, ...]:
    """What may run once this is verified: the digest, and where it is an index, the manifests that it names."""
    from compliance.supply_chain.content import Index  # noqa: PLC0415 - as above

    found = opened.repository.manifest(opened.descriptor.digest)
    inside = found.manifests if isinstance(found, Index) else ()
    return opened.descriptor.digest, *(each.digest for each in inside)


def _json_file(output: str | None) -> str | None:
    if output is None:
        return None
    name, equals, file = output.partition("=")
    if name != "json" or not equals or not file:
        raise UsageError(f"-o {output} is no json=FILE")
    return file
