"""Once: whatever fails, comes back, is waived or rises, each channel is told each opening once, by real webhooks."""

from __future__ import annotations

import os
import signal
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from histories import SCOPE, day, finding, judged, night
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from mail_servers import mail_server
from processes import started, told
from webhooks import Reply, Time, webhook

from compliance.errors import ConfigurationError, NotificationError
from compliance.model import Severity
from compliance.notification_settings import Channel, Kind, MailServer, NotificationSettings, SecretPlace, Security
from compliance.notify.sending import Patience
from compliance.notify.telling import notify, send_example
from compliance.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webhooks import Received, Webhook

    from compliance.model import Finding
    from compliance.notify.telling import Failed
    from compliance.store.history import Store
    from compliance.store.records import Saved

NAMES = ("api", "db", "web")
SEVERITIES = (Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
ONCE = Patience(attempts=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A history, open."""
    with open_store(f"sqlite:///{tmp_path / 'history'}") as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[Webhook]:
    """A webhook."""
    with webhook() as serving:
        yield serving


def channel(folder: Path, server: Webhook, name: str = "chat", kind: Kind = Kind.GENERIC, **changes: object) -> Channel:
    """A channel to the server; its address is in a file."""
    file = folder / f"{name}.url"
    file.write_text(f"{server.address}/hooks/{name}\n")
    settings = {"at_least": Severity.HIGH, "url": SecretPlace(file=file), **changes}
    return Channel(name, kind, **settings)  # type: ignore[arg-type]


def save(store: Store, number: int, *findings: Finding) -> Saved:
    return store.save(night(number, findings), scope=SCOPE, coverage=judged(*NAMES))


def tell(store: Store, saved: Saved, *channels: Channel, patience: Patience = ONCE) -> tuple[Failed, ...]:
    return notify(store, NotificationSettings(channels), saved, patience)


def subjects(request: Received) -> list[str]:
    return [each["subject"].rpartition("/")[2] for each in request.json["findings"]]


def test_a_night_without_news_sends_nothing(store: Store, server: Webhook, tmp_path: Path) -> None:
    chat = channel(tmp_path, server)
    assert tell(store, save(store, 0), chat) == ()
    assert tell(store, save(store, 1, finding("web")), chat) == ()
    assert tell(store, save(store, 2, finding("web")), chat) == ()
    assert [subjects(request) for request in server.requests] == [["web"]]


def test_what_failed_is_told_by_the_next_run_with_its_news(store: Store, server: Webhook, tmp_path: Path) -> None:
    chat = channel(tmp_path, server)
    server.replies.append(Reply(404, b"no_service"))
    (failed,) = tell(store, save(store, 0, finding("web")), chat)
    assert (failed.channel, str(failed.error)) == ("chat", "127.0.0.1 answered 404: no_service")
    assert tell(store, save(store, 1, finding("web"), finding("api")), chat) == ()
    (request,) = server.accepted
    assert sorted(subjects(request)) == ["api", "web"]
    assert request.json["headline"] == "2 findings in production: 2 high"
    assert request.json["new"] == 1


def test_a_server_that_is_busy_is_asked_again_in_the_same_run(store: Store, server: Webhook, tmp_path: Path) -> None:
    time = Time()
    server.replies += [Reply(503), Reply(429, headers={"Retry-After": "5"}), Reply(None)]
    patience = Patience(clock=time.clock, sleep=time.sleep, spread=lambda: 1.0)
    assert tell(store, save(store, 0, finding("web")), channel(tmp_path, server), patience=patience) == ()
    assert time.slept == [1.0, 5.0, 4.0]
    assert len({request.headers["Idempotency-Key"] for request in server.requests}) == 1


def test_one_channel_that_fails_keeps_no_other_from_being_told(store: Store, server: Webhook, tmp_path: Path) -> None:
    broken = channel(tmp_path, server, "broken", url=SecretPlace(env="NOBODY_SET_THIS"))
    refused = channel(tmp_path, server, "refused", template=tmp_path / "missing.j2")
    fine = channel(tmp_path, server, "fine", Kind.SLACK)
    failed = tell(store, save(store, 0, finding("web")), broken, refused, fine)
    assert [each.channel for each in failed] == ["broken", "refused"]
    assert all(isinstance(each.error, ConfigurationError) for each in failed)
    assert [request.path for request in server.accepted] == ["/hooks/fine"]


def test_a_new_channel_is_told_in_one_message_what_is_open(store: Store, server: Webhook, tmp_path: Path) -> None:
    names = [f"web-{number}" for number in range(1000)]
    for number in range(2):
        saved = store.save(night(number, map(finding, names[: 999 + number])), scope=SCOPE, coverage=judged(*names))
    assert tell(store, saved, channel(tmp_path, server)) == ()
    (request,) = server.accepted
    assert (request.json["total"], request.json["new"], request.json["left_out"]) == (1000, 1, 900)
    assert tell(store, saved, channel(tmp_path, server)) == ()
    assert len(server.requests) == 1


def test_later_messages_say_what_was_fixed(store: Store, server: Webhook, tmp_path: Path) -> None:
    chat = channel(tmp_path, server)
    tell(store, save(store, 0, finding("web"), finding("db")), chat)
    tell(store, save(store, 1), chat)
    tell(store, save(store, 2, finding("api")), chat)
    assert [request.json["fixed"] for request in server.accepted] == [0, 2]


@pytest.mark.parametrize("kind", [Kind.SLACK, Kind.TEAMS, Kind.GENERIC])
def test_every_kind_of_webhook_gets_json(store: Store, server: Webhook, tmp_path: Path, kind: Kind) -> None:
    chat = channel(tmp_path, server, "chat", kind, headers={"X-Token": SecretPlace(file=tmp_path / "token")})
    (tmp_path / "token").write_text("a-secret\n")
    assert tell(store, save(store, 0, finding("web")), chat) == ()
    (request,) = server.accepted
    assert (request.headers["Content-Type"], request.headers["X-Token"]) == ("application/json", "a-secret")
    assert "Deployment/shop/web" in request.body.decode()


def test_a_template_of_the_users_own_is_what_is_sent(store: Store, server: Webhook, tmp_path: Path) -> None:
    template = tmp_path / "own.j2"
    template.write_text('{"content": "{{ headline }}"}')
    assert tell(store, save(store, 0, finding("web")), channel(tmp_path, server, template=template)) == ()
    assert server.accepted[0].json == {"content": "1 new finding in production: 1 high"}


def test_mail_is_told_once_even_where_a_recipient_is_refused(store: Store) -> None:
    with mail_server(None) as box:
        box.refused["b@example.org"] = "550 no such user"
        where = MailServer("127.0.0.1", box.port, Security.NONE, "c@example.org", ("a@example.org", "b@example.org"))
        mail = Channel("mail", Kind.EMAIL, mail=where)
        (failed,) = tell(store, save(store, 0, finding("web")), mail)
        assert "refused b@example.org" in str(failed.error)
        assert tell(store, save(store, 1, finding("web")), mail) == ()
    assert [message["Subject"] for message in box.messages] == ["1 new finding in production: 1 high"]


def test_a_test_message_asks_no_history(server: Webhook, tmp_path: Path) -> None:
    send_example(channel(tmp_path, server), "https://reports.example.org", day(0), ONCE)
    assert server.accepted[0].json["test"] is True
    server.replies.append(Reply(403))
    with pytest.raises(NotificationError, match="403"):
        send_example(channel(tmp_path, server), None, day(0), ONCE)


def _tell_of_night(url: str, folder: str, address: str, number: int, ready: object) -> None:
    """Save a night and tell of it, for a process of its own."""
    del ready
    there = type("Address", (), {"address": address})()
    with open_store(url) as store:
        tell(store, save(store, number, finding("web")), channel(Path(folder), there))


def test_a_process_that_is_killed_before_its_note_says_the_same_under_the_same_id(
    server: Webhook, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'history'}"
    with open_store(url):
        pass
    pids: list[int] = []
    server.replies.append(Reply(200, before=lambda: os.kill(pids[0], signal.SIGKILL)))
    with started(_tell_of_night, url, str(tmp_path), server.address, 0) as (process, said):
        pids.append(int(process.pid or 0))
        with pytest.raises(EOFError):
            told(said)
    with open_store(url) as store:
        assert tell(store, save(store, 1, finding("web")), channel(tmp_path, server)) == ()
        assert tell(store, save(store, 2, finding("web")), channel(tmp_path, server)) == ()
    first, second = server.requests
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == second.json["id"]


class Nights(RuleBasedStateMachine):
    """Runs, failures, fixes, severities and new channels in any order, against what a person would expect."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        self.folder = Path(self.held.enter_context(tempfile.TemporaryDirectory()))
        self.server = self.held.enter_context(webhook())
        self.store = self.held.enter_context(open_store(f"sqlite:///{self.folder / 'history'}"))
        self.channels: dict[str, Channel] = {}
        self.number = 0
        self.open: dict[str, tuple[int, Severity]] = {}
        self.expected: dict[str, set[tuple[str, int]]] = {}

    def teardown(self) -> None:
        """Close everything."""
        self.held.close()

    @initialize()
    def begin(self) -> None:
        """There is one channel from the start."""
        self.add("chat", Severity.HIGH)

    @rule(name=st.sampled_from(["mail", "pager"]), at_least=st.sampled_from(SEVERITIES))
    def add(self, name: str, at_least: Severity) -> None:
        """Configure a channel, or another threshold for one."""
        self.channels[name] = channel(self.folder, self.server, name, at_least=at_least)
        self.expected.setdefault(name, set())

    @rule(
        wrong=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(SEVERITIES)),
        unjudged=st.sets(st.sampled_from(NAMES), max_size=1),
        replies=st.lists(st.sampled_from([200, 404, 500, None]), max_size=3),
    )
    def run(self, wrong: dict[str, Severity], unjudged: set[str], replies: list[int | None]) -> None:
        """One night: some findings, some subjects that nobody could judge, some webhooks that fail."""
        self.number += 1
        seen = {name: severity for name, severity in wrong.items() if name not in unjudged}
        found = [_severe(name, severity) for name, severity in seen.items()]
        names = [name for name in NAMES if name not in unjudged]
        saved = self.store.save(night(self.number, found), scope=SCOPE, coverage=judged(*names))
        before = self.open
        self.open = {name: before[name] for name in unjudged if name in before}
        for name, severity in seen.items():
            self.open[name] = (before[name][0] if name in before else self.number, severity)
        self.server.replies[:] = [Reply(status) for status in replies]
        failed = {each.channel for each in tell(self.store, saved, *self.channels.values())}
        for name, each in self.channels.items():
            if name not in failed:
                self.expected[name] |= {
                    (subject, since) for subject, (since, severity) in self.open.items() if severity >= each.at_least
                }

    @invariant()
    def every_opening_was_told_once(self) -> None:
        """No more, no less, and to each channel on its own."""
        for name, expected in self.expected.items():
            said = [
                (each["subject"].rpartition("/")[2], each["first_seen"])
                for request in self.server.accepted
                if request.path == f"/hooks/{name}"
                for each in request.json["findings"]
            ]
            assert sorted(said) == sorted((subject, day(since).isoformat()) for subject, since in expected)


def _severe(name: str, severity: Severity) -> Finding:
    return replace(finding(name), severity=severity)


Nights.TestCase.settings = settings(
    max_examples=25, stateful_step_count=12, suppress_health_check=[HealthCheck.too_slow]
)
test_every_opening_is_told_once = Nights.TestCase
