"""`compliance.yaml`: how a repository is judged. Its published form is `schemas/configuration-v1.json`.

A missing file means the defaults; anything in it that is unknown or of the wrong type is an error with file, line and
key. Names of rules and packs, and parameters, are checked against the catalogue by `rule_settings.effective_rules`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from compliance import (
    cluster_reports_settings,
    drift_settings,
    history_settings,
    image_settings,
    notification_settings,
    positioned_yaml,
    shape,
)
from compliance.cluster_reports_settings import ClusterReportsSettings
from compliance.drift_settings import DriftSettings
from compliance.errors import ConfigurationError
from compliance.image_settings import ImageSettings
from compliance.model import Severity
from compliance.notification_settings import NotificationSettings
from compliance.owners import Owners

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compliance.history_settings import HistorySettings
    from compliance.model import Origin
    from compliance.positioned_yaml import Document, Key

FILE_NAME: Final = "compliance.yaml"
WAIVERS_NAME: Final = "compliance-waivers.yaml"
DEFAULT_DEADLINE: Final = 5.0
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0}
_SHOWN_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What one key under `rules` says; None leaves it to a wider key, the pack or the rule itself."""

    enabled: bool | None = None
    severity: Severity | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be configured, with defaults; command-line options go on top by `dataclasses.replace`.

    `folder` is what `exclude` is relative to; the other paths are ready to use. `fail_on` None means never. `deadline`
    is in seconds. `history` None keeps none. `document` is the file itself, None when there is none.
    """

    folder: Path = Path()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    fail_on: Severity | None = Severity.HIGH
    pack_fail_on: Mapping[str, Severity | None] = field(default_factory=dict)
    pack_enabled: Mapping[str, bool] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()
    owners: Owners = field(default_factory=Owners)
    kubernetes_version: str | None = None
    rules_folders: tuple[Path, ...] = ()
    waivers: Path | None = None
    waiver_max_days: int | None = None
    inline_waivers: bool = True
    baseline: Path | None = None
    engine: str = "auto"
    opa_url: str | None = None
    deadline: float = DEFAULT_DEADLINE
    images: ImageSettings = field(default_factory=ImageSettings)
    cluster_reports: ClusterReportsSettings = field(default_factory=ClusterReportsSettings)
    drift: DriftSettings = field(default_factory=DriftSettings)
    history: HistorySettings | None = None
    notifications: NotificationSettings = field(default_factory=NotificationSettings)
    document: Document | None = field(default=None, repr=False)

    def origin(self, *place: Key) -> Origin | None:
        """Where a key is written, for messages."""
        return self.document.origin(*place) if self.document else None


def load(path: Path | None = None, *, start: Path) -> Config:
    """Read a configuration; without `path` look for it from `start` upward to a repository's root.

    Raises:
        ConfigurationError: the file cannot be read, or something in it is unknown or of the wrong type.
    """
    if path is not None:
        return _read(path)
    folders = _upward(start)
    for folder in folders:
        if os.path.isfile(folder / FILE_NAME):  # noqa: PTH113 - Path.is_file raises where this says no
            return _read(folder / FILE_NAME)
    root = folders[-1] if _is_repository(folders[-1]) else folders[0]
    return _with_default_waivers({"folder": root})


def _upward(start: Path) -> list[Path]:
    """List the folders from `start` to a repository's root, or to the top."""
    base = Path(os.path.realpath(start))
    folders = [*([] if os.path.isfile(base) else [base]), *base.parents]  # noqa: PTH113 - as above
    for count, folder in enumerate(folders, 1):
        if _is_repository(folder):
            return folders[:count]
    return folders


def _is_repository(folder: Path) -> bool:
    return os.path.lexists(folder / ".git")


def _read(path: Path) -> Config:
    document, folder = positioned_yaml.load(path), path.parent
    value = {} if document.value is None else document.value
    _check(document, value)
    read = _with_default_waivers({"document": document, "folder": folder, **_fields(document, value, folder)})
    _check_together(read)
    return read


def _check(document: Document, value: object) -> None:
    problems = [(document.origin(*each.place), each) for each in shape.published("configuration-v1").problems(value)]
    if not problems:
        return
    problems.sort(key=lambda pair: (pair[0].span.line, pair[0].span.column) if pair[0].span else (0, 0))
    (origin, first), *others = problems[:_SHOWN_PROBLEMS]
    more = "".join(f"\n{place}: {each.message}" for place, each in others)
    raise ConfigurationError(first.message + more, remedy=first.remedy, origin=origin)


def _check_together(read: Config) -> None:
    """Refuse what one section asks for and another one lacks."""
    if read.drift.verify_signatures and not read.images.verification:
        why = "drift.verify_signatures has no policy to verify by: images.verification is empty"
        remedy = "say there whose signatures count: {name: release, patterns: [registry.example.com/**], keys: [...]}"
        raise ConfigurationError(why, remedy=remedy, origin=read.origin("drift", "verify_signatures"))


def _with_default_waivers(fields: dict[str, Any]) -> Config:
    waivers = fields["folder"] / WAIVERS_NAME
    if "waivers" not in fields and os.path.lexists(waivers):
        fields["waivers"] = waivers
    return Config(**fields)


def _fields(document: Document, value: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    readers: dict[str, Callable[[Any], Any]] = {
        "rules": lambda rules: {name: _rule_setting(setting) for name, setting in rules.items()},
        "fail_on": _threshold,
        "exclude": tuple,
        "registries": tuple,
        "owners": lambda owners: _owners(owners, folder),
        "rules_folders": lambda names: tuple(folder / name for name in names),
        "waivers": lambda name: folder / name,
        "baseline": lambda name: folder / name,
        "deadline": _seconds,
        "images": lambda images: _images(images, folder, document),
        "cluster_reports": cluster_reports_settings.read,
        "drift": lambda drift: drift_settings.read(drift, document.origin),
        "history": lambda history: history_settings.read(history, folder, document.origin),
        "notifications": lambda said: notification_settings.read(said, folder, document.origin),
    }
    plain = {"kubernetes_version", "waiver_max_days", "inline_waivers", "engine", "opa_url"}
    fields = {key: read(value[key]) for key, read in readers.items() if key in value}
    fields |= {key: value[key] for key in plain if key in value}
    packs = value.get("packs", {})
    fields["pack_fail_on"] = {pack: _threshold(said["fail_on"]) for pack, said in packs.items() if "fail_on" in said}
    fields["pack_enabled"] = {pack: said["enabled"] for pack, said in packs.items() if "enabled" in said}
    return fields


def _rule_setting(said: str | Mapping[str, Any]) -> RuleSetting:
    if isinstance(said, str):
        return RuleSetting(enabled=False)
    severity = Severity.parse(said["severity"]) if "severity" in said else None
    return RuleSetting(said.get("enabled"), severity, said.get("params", {}))


def _threshold(text: str) -> Severity | None:
    return None if text == "never" else Severity.parse(text)


def _owners(said: Mapping[str, Any], folder: Path) -> Owners:
    codeowners = said.get("codeowners")
    return Owners(**{**said, "codeowners": folder / codeowners if codeowners else None})


def _images(said: Mapping[str, Any], folder: Path, document: Document) -> ImageSettings:
    scans = said.get("vulnerabilities", {})
    deadline = {"deadline": _seconds(scans["deadline"])} if "deadline" in scans else {}
    return image_settings.read({**said, "vulnerabilities": {**scans, **deadline}}, folder, document.origin)


def _seconds(said: str | float) -> float:
    if not isinstance(said, str):
        return float(said)
    digits = said.rstrip("ms")
    return int(digits) * _UNITS[said[len(digits) :]]
