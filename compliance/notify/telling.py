"""Telling every channel of a run what it has not been told, once.

The history remembers what each was told, and is written to after a message was accepted. A channel that fails hears it
from the next run, together with what is new by then. Should this process die between a message and its note, that one
message comes twice, with the id (webhooks) or Message-ID (e-mail) that it had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from compliance.errors import ComplianceError, NotificationError
from compliance.notification_settings import Kind
from compliance.notify import generic, mail, slack, teams, template
from compliance.notify.access import secret
from compliance.notify.http import Request, address, exchange
from compliance.notify.message import example, news
from compliance.notify.sending import Patience, persistently
from compliance.output.json_text import compact

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from compliance.notification_settings import Channel, MailServer, NotificationSettings
    from compliance.notify.message import News
    from compliance.store.history import Store
    from compliance.store.records import Saved

    Attempt: TypeAlias = Callable[[float], tuple[str, ...]]

_PAYLOADS: Final = {Kind.SLACK: slack.payload, Kind.TEAMS: teams.payload, Kind.GENERIC: generic.payload}


@dataclass(frozen=True, slots=True)
class Failed:
    """A channel that was not told, or not wholly, and why."""

    channel: str
    error: ComplianceError


def notify(
    store: Store, settings: NotificationSettings, saved: Saved, patience: Patience | None = None
) -> tuple[Failed, ...]:
    """Tell every channel what it has not been told of the scope of a run that `store` has just saved.

    Nothing untold, nothing sent. Call it while the scope's lock is held. What goes wrong with one channel, the history
    included, is returned and keeps no other from being told.
    """
    failed = []
    for channel in settings.channels:
        try:
            _tell(store, channel, settings.report_url, saved, patience or Patience())
        except ComplianceError as error:
            failed.append(Failed(channel.name, error))
    return tuple(failed)


def _tell(store: Store, channel: Channel, report_url: str | None, saved: Saved, patience: Patience) -> None:
    untold = store.untold(saved.run.scope, channel.name, channel.at_least)
    if not untold.findings:
        return
    refused = send(channel, news(untold, saved, channel.at_least, report_url), patience)
    store.mark_told(untold, at=saved.run.taken_at)
    _complain(refused)


def send_example(channel: Channel, report_url: str | None, now: datetime, patience: Patience) -> None:
    """Send a message that says that it is a test; the history is not asked and learns nothing.

    Raises:
        NotificationError: the channel did not take it, or not for all recipients.
        ConfigurationError: the channel's secrets or template are of no use.
    """
    _complain(send(channel, example(channel.name, now, channel.at_least, report_url), patience))


def send(channel: Channel, said: News, patience: Patience) -> tuple[str, ...]:
    """Send one message, with patience; the recipients that did not get it though others did.

    Raises:
        NotificationError, ConfigurationError: as for `send_example`.
    """
    return persistently(_by_mail(channel, channel.mail, said) if channel.mail else _by_webhook(channel, said), patience)


def _by_webhook(channel: Channel, said: News) -> Attempt:
    if channel.url is None:
        raise AssertionError("the settings let no webhook through without an address")
    url = address(secret(channel.url, "its address"), "its address")
    headers = {name: secret(place, f"its header {name}") for name, place in channel.headers.items()}
    made = template.as_json(channel.template, generic.payload(said)) if channel.template else _built_in(channel, said)
    own = {"Content-Type": "application/json", "Idempotency-Key": said.id}
    request = Request("POST", url, own | headers, made, channel.ca_file)

    def attempt(seconds: float) -> tuple[str, ...]:
        exchange(request, seconds)
        return ()

    return attempt


def _built_in(channel: Channel, said: News) -> bytes:
    return compact(_PAYLOADS[channel.kind](said))


def _by_mail(channel: Channel, server: MailServer, said: News) -> Attempt:
    body = template.as_text(channel.template, generic.payload(said)) if channel.template else mail.text(said)
    made = mail.message(said, body, server)
    return lambda seconds: mail.send(made, server, channel.ca_file, seconds)


def _complain(refused: tuple[str, ...]) -> None:
    if refused:
        remedy = "look at the addresses in its smtp settings; the others have the message"
        raise NotificationError(f"the mail server refused {', '.join(refused)}", remedy=remedy)
