"""An image's configuration: OCI image specification 1.1, config.md, and what Docker adds to it.

https://github.com/opencontainers/image-spec/blob/main/config.md; HealthCheck, Shell and OnBuild as in Docker's image
specification 1.2. What has another type than it should is an error: readers may differ about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError
from compliance.sources.images.history import read_history
from compliance.supply_chain import strict_json
from compliance.supply_chain.content import Platform, is_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.images.history import Entry
    from compliance.sources.images.limits import Limits

_WHAT: Final = "the image configuration"
_KEYS: Final = frozenset(
    {"created", "architecture", "os", "variant", "config", "rootfs", "history", "moby.buildkit.buildinfo.v1"}
)
_CONFIG_KEYS: Final = frozenset(
    {
        *("User", "Env", "Entrypoint", "Cmd", "Shell", "ExposedPorts", "Volumes", "WorkingDir", "Labels"),
        *("Healthcheck", "StopSignal", "OnBuild"),
    }
)
_EARLIEST: Final = datetime(1981, 1, 1, tzinfo=UTC)
"""Reproducible builds write a constant: 1970, or 1980, where ZIP begins to count."""
_MAX_ENTRIES: Final = 5000
_MAX_DAYS: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a container of the image starts with. `created` is None for none, and for a constant (before 1981).

    `env` holds values, secrets too: it must not get into facts. `health_check` is Docker's `Test` list.
    """

    platform: Platform
    user: str
    env: tuple[tuple[str, str], ...] = field(repr=False)
    entrypoint: tuple[str, ...]
    cmd: tuple[str, ...]
    shell: tuple[str, ...]
    ports: tuple[str, ...]
    volumes: tuple[str, ...]
    working_folder: str
    labels: Mapping[str, str]
    health_check: tuple[str, ...]
    stop_signal: str
    on_build: tuple[str, ...] = field(repr=False)
    created: datetime | None
    diff_ids: tuple[str, ...]
    history: tuple[Entry, ...] = field(repr=False)
    build_information: str | None = field(repr=False)

    def age_days(self, now: datetime) -> int | None:
        """Whole days since it was made; None where nobody knows when."""
        return None if self.created is None else min(max(0, (now - self.created).days), _MAX_DAYS)


def read_configuration(data: bytes, limits: Limits) -> Configuration:
    """Read a configuration.

    Raises:
        ContentError: it is no configuration of an image, or a part of it has another type than it should.
    """
    whole = strict_json.loads(data, _WHAT)
    if not isinstance(whole, dict):
        raise ContentError(f"{_WHAT} is no JSON object")
    root = whole.get("rootfs")
    if not isinstance(root, dict) or not isinstance(whole.get("os"), str):
        raise ContentError(f"{_WHAT} has no rootfs or no os, so that it is no image's")
    config = _object(whole, "config")
    health = config.get("Healthcheck") or {}
    if not isinstance(health, dict):
        raise _wrong("Healthcheck", "object")
    for part, names in ((whole, _KEYS), (root, {"type", "diff_ids"}), (config, _CONFIG_KEYS), (health, {"Test"})):
        strict_json.as_spelled(part, names, _WHAT)
    return Configuration(
        platform=Platform(whole["os"], _text(whole, "architecture"), _text(whole, "variant") or None),
        user=_text(config, "User"),
        env=tuple((name, value) for name, _, value in (one.partition("=") for one in _texts(config, "Env"))),
        entrypoint=_texts(config, "Entrypoint"),
        cmd=_texts(config, "Cmd"),
        shell=_texts(config, "Shell"),
        ports=tuple(_object(config, "ExposedPorts")),
        volumes=tuple(_object(config, "Volumes")),
        working_folder=_text(config, "WorkingDir"),
        labels=_labels(config),
        health_check=_texts(health, "Test"),
        stop_signal=_text(config, "StopSignal"),
        on_build=_texts(config, "OnBuild"),
        created=_moment(whole.get("created")),
        diff_ids=_diff_ids(root),
        history=tuple(read_history(whole.get("history"), limits)),
        build_information=_text(whole, "moby.buildkit.buildinfo.v1") or None,
    )


def _wrong(key: str, kind: str) -> ContentError:
    return ContentError(f"{key} in {_WHAT} is no {kind}")


def _text(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    if value is not None and not isinstance(value, str):
        raise _wrong(key, "text")
    return value or ""


def _texts(holder: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = holder.get(key)
    value = [] if value is None else [value] if key == "Entrypoint" and isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(key, "list of texts")
    if len(value) > _MAX_ENTRIES:
        raise ContentError(f"{key} in {_WHAT} has more than {_MAX_ENTRIES} entries")
    return tuple(value)


def _object(holder: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = holder.get(key)
    value = {} if value is None else value
    if not isinstance(value, dict):
        raise _wrong(key, "object")
    if len(value) > _MAX_ENTRIES:
        raise ContentError(f"{key} in {_WHAT} has more than {_MAX_ENTRIES} entries")
    return value


def _labels(config: Mapping[str, Any]) -> dict[str, str]:
    labels = _object(config, "Labels")
    if not all(isinstance(value, str) for value in labels.values()):
        raise _wrong("Labels", "map of texts")
    return dict(labels)


def _diff_ids(root: Mapping[str, Any]) -> tuple[str, ...]:
    if root.get("type") != "layers":
        raise ContentError(f"rootfs in {_WHAT} has another type than layers")
    found = _texts(root, "diff_ids")
    if not all(is_digest(one) for one in found):
        raise ContentError(f"diff_ids in {_WHAT} has a digest that cannot be checked")
    return found


def _moment(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise ContentError(f"created in {_WHAT} is no time: {str(value)[:40]!r}") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if moment >= _EARLIEST else None
