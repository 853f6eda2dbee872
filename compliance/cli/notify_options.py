"""What an audit tells when it is done: a push gateway its metrics, channels what is new; and what becomes of failing.

A message that could not be sent makes no run a refused one. It turns a clean run's exit code into 4, so that whoever
watches the nightly job hears of it; a run that was refused or not wholly judged keeps the code that says so.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from compliance.errors import ComplianceError, UsageError
from compliance.model import ExitCode

if TYPE_CHECKING:
    from compliance.cli.common import Complain
    from compliance.model import Assessment, Decision
    from compliance.nightly import Audited, Keeping
    from compliance.notification_settings import NotificationSettings
    from compliance.notify.push_gateway import PushGateway

PushGatewayOption = Annotated[
    str | None,
    typer.Option(
        "--push-gateway",
        metavar="URL",
        envvar="PUSH_GATEWAY_URL",
        help="Push the run's metrics there (account: PUSH_GATEWAY_USERNAME, PUSH_GATEWAY_PASSWORD).",
    ),
]
PushGatewayCaFileOption = Annotated[
    Path | None,
    typer.Option(envvar="PUSH_GATEWAY_CA_FILE", help="Certificates by which the push gateway is to be known."),
]
_ACCOUNT: Final = ("PUSH_GATEWAY_USERNAME", "PUSH_GATEWAY_PASSWORD")


def chosen_gateway(url: str | None, ca_file: Path | None) -> PushGateway | None:
    """Make the push gateway of the options and the environment, checked before any work begins.

    Raises:
        UsageError: there are only authorities or half an account.
        ConfigurationError: the address is none.
    """
    if url is None:
        if ca_file is not None:
            raise UsageError("--push-gateway-ca-file belongs to a push gateway", remedy="name it with --push-gateway")
        return None
    from compliance.notify import push_gateway as gateways  # noqa: PLC0415 - heavy import only when used

    username, password = (os.environ.get(name) for name in _ACCOUNT)
    if (username is None) != (password is None):
        raise UsageError("a push gateway's account has a name and a password", remedy=f"set {' and '.join(_ACCOUNT)}")
    return gateways.push_gateway(url, ca_file, username, password)


def notify(
    settings: NotificationSettings,
    keeping: Keeping | None,
    audited: Audited,
    complain: Complain,
    _assessment: Assessment,
    _decision: Decision,
) -> ExitCode | None:
    """Tell the channels of a run, as far as the history has it; the exit code of a clean run where one failed."""
    if not settings.channels:
        return None
    if keeping is None:
        complain(ComplianceError("no channel was told: only a history says what is new", remedy="name one by --store"))
        return None
    if audited.saved is None:
        return None
    from compliance.notify import telling  # noqa: PLC0415 - after the work is done

    failed = telling.notify(keeping.store, settings, audited.saved)
    for each in failed:
        complain(ComplianceError(f"the channel {each.channel} was not told: {each.error}", remedy=each.error.remedy))
    return ExitCode.FAILED if failed else None


def push(
    gateway: PushGateway | None, complain: Complain, assessment: Assessment, decision: Decision
) -> ExitCode | None:
    """Push the metrics; the exit code of a clean run where the gateway does not have them."""
    if gateway is None:
        return None
    from compliance import output  # noqa: PLC0415 - after the work is done
    from compliance.notify import push_gateway  # noqa: PLC0415 - likewise
    from compliance.output.prometheus import scope_of  # noqa: PLC0415 - likewise

    try:
        push_gateway.push(gateway, output.render("prometheus", assessment, decision), scope_of(assessment))
    except ComplianceError as error:
        complain(ComplianceError(f"the metrics were not pushed: {error}", remedy=error.remedy))
        return ExitCode.FAILED
    return None
