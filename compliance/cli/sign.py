"""`compliance sign`: sign an image's digest, for cosign 2 and 3 to verify."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from compliance import config
from compliance.cli import image_options as options


def sign_command(  # noqa: PLR0913 - a command's options are its interface
    image: options.ImageArgument,
    *,
    key: options.KeyOption = None,
    key_command: options.CommandOption = None,
    public_key: options.PublicOption = None,
    password_file: options.PasswordOption = None,
    identity_token_file: options.TokenOption = None,
    trust_config: options.TrustConfigOption = None,
    annotations: options.AnnotationsOption = None,
    layout: options.LayoutOption = "both",
    identity: Annotated[
        str | None,
        typer.Option("--sign-container-identity", metavar="NAME", help="The reference that the signature names."),
    ] = None,
    config_file: options.ConfigOption = None,
    insecure_registries: options.InsecureOption = None,
    ca_file: options.CaOption = None,
) -> None:
    """Sign an image. What a tag names is resolved first, and the digest that is signed is shown."""
    from compliance.supply_chain import signing  # noqa: PLC0415 - heavy: cryptography
    from compliance.supply_chain.opening import open_image  # noqa: PLC0415 - likewise

    now = datetime.now(UTC)
    layouts, signed_along = options.layouts(layout), options.pairs(annotations)
    settings = config.load(config_file, start=Path()).images
    who = options.signer(
        key=key,
        command=key_command,
        public_key=public_key,
        password_file=password_file,
        token_file=identity_token_file,
        trust_config=trust_config,
    )
    with open_image(image, options.access(settings, insecure_registries, ca_file), now=now) as opened:
        target = options.to_be_signed(opened, identity)
        typer.echo(f"signing {opened.repository.name}@{target.digest} as {who.text}")
        for stored in signing.sign(target, who, signed_along, now=now, layouts=layouts):
            typer.echo(f"  {stored.layout.value} layout: {stored.digest}")
