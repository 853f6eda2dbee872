"""The door of this package: one image's configuration, layers and base, as parts of its facts.

Shapes: rules/schemas/image.json, keys labels, annotations, args, stages, config, layers, contents and base.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError
from compliance.model import Gap, Stage
from compliance.sources.images.accounts import is_root
from compliance.sources.images.base import base_facts, named_base
from compliance.sources.images.configuration import read_configuration
from compliance.sources.images.layers import walk
from compliance.sources.images.os_release import read_os_release
from compliance.sources.images.paths import shown
from compliance.sources.images.sightings import ACCOUNTS, OS_RELEASES
from compliance.sources.images.stage import stage_facts
from compliance.sources.secret_text import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from compliance.sources.images.base import CurrentBase
    from compliance.sources.images.configuration import Configuration
    from compliance.sources.images.layers import Walked
    from compliance.sources.images.limits import Limits
    from compliance.sources.images.sightings import Sighting
    from compliance.supply_chain.content import Manifest, Platform, Repository

    Json = dict[str, Any]

CONFIGURATIONS: Final = frozenset(
    {"application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"}
)
_REMEDY: Final = "build and push the image again, or have it looked into by who made it"
_MAX_COUNT: Final = 2**31 - 1
_KILOBYTE: Final = 1000


@dataclass(frozen=True, slots=True)
class Looked:
    """Parts of an image's facts, and what could not be judged. `configuration` has secrets: it stays out of facts."""

    parts: Mapping[str, Any]
    gaps: tuple[Gap, ...]
    configuration: Configuration | None = None

    @property
    def distribution(self) -> str | None:
        """What the image's own os-release names (`debian 12`); None: it has none, or nobody could read it."""
        told = (self.parts["contents"] or {}).get("distribution")
        return None if told is None else " ".join(filter(None, (told["id"], told["version"])))


def look(
    repository: Repository,
    manifest: Manifest,
    limits: Limits,
    now: datetime,
    *,
    resolve_base: Callable[[str, Platform], CurrentBase] | None = None,
    read_layers: bool = True,
) -> Looked:
    """Look at one image for one platform; nothing is raised for what cannot be read, it is a gap.

    `now` is what ages are counted to, with its time zone. `resolve_base` asks what the base image's tag names today
    (see `base.base_facts`); without it, and without `read_layers`, those parts stay null.
    """
    about = f"the image {manifest.descriptor.digest[:19]}… in {repository.name}"
    parts = _nothing(manifest)
    try:
        configuration = _configuration(repository, manifest, limits)
    except ContentError as error:
        return Looked(parts, (Gap(Stage.COLLECT, about, error.message, error.remedy or _REMEDY),))
    walked, gaps = _walked(repository, manifest, configuration, limits, about) if read_layers else (None, [])
    root = is_root(configuration.user, configuration.platform.os, _accounts(walked))
    stage, unread = stage_facts(configuration, root, about)
    labels = configuration.labels
    base, unasked = base_facts(
        named_base(manifest.annotations, labels, configuration.build_information),
        configuration.diff_ids,
        None if resolve_base is None else lambda text: resolve_base(text, configuration.platform),
    )
    told = _Layers(manifest, configuration, walked)
    parts |= {
        "labels": _masked(labels),
        "stages": [stage],
        "config": _config(configuration, now, root=root),
        "layers": told.all(),
        "contents": None if walked is None else _contents(walked, told),
        "base": base,
    }
    return Looked(parts, (*gaps, *unread, *unasked), configuration)


def _nothing(manifest: Manifest) -> Json:
    """The parts of an image whose configuration cannot be read."""
    annotations = _masked(manifest.annotations)
    empty: Json = {"labels": {}, "annotations": annotations, "args": [], "stages": []}
    return empty | dict.fromkeys(("config", "layers", "contents", "base"))


def _masked(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: masked(text) for name, text in texts.items()}


def _configuration(repository: Repository, manifest: Manifest, limits: Limits) -> Configuration:
    if manifest.config.media_type not in CONFIGURATIONS:
        what = manifest.artifact_type[:120]
        raise ContentError(f"it is no container image, but {what!r}", remedy="point at the image that it belongs to")
    if len(manifest.layers) > limits.layers:
        raise ContentError(f"it has more than {limits.layers} layers")
    return read_configuration(repository.blob(manifest.config, max_size=limits.configuration), limits)


def _walked(
    repository: Repository, manifest: Manifest, configuration: Configuration, limits: Limits, about: str
) -> tuple[Walked | None, list[Gap]]:
    layers, diff_ids = manifest.layers, configuration.diff_ids
    if len(layers) != len(diff_ids):
        why = f"the manifest has {len(layers)} layers, and the configuration {len(diff_ids)}"
        return None, [Gap(Stage.COLLECT, about, why, _REMEDY)]
    walked = walk(repository, layers, diff_ids, limits)
    return walked, walked.gaps


def _accounts(walked: Walked | None) -> bytes | None:
    """The image's /etc/passwd; None where a layer is unread, which may hold another."""
    found = walked.files.get(ACCOUNTS) if walked is not None and walked.complete else None
    return None if found is None else found.text


def _config(configuration: Configuration, now: datetime, *, root: bool | None) -> Json:
    test = configuration.health_check
    created = configuration.created
    return {
        "user": configuration.user or None,
        "root": root,
        "env": sorted({name for name, _ in configuration.env}),
        "exposed_ports": sorted(configuration.ports),
        "healthcheck": bool(test) and test[0] not in {"", "NONE"},
        "created": None if created is None else created.isoformat().replace("+00:00", "Z"),
        "age_days": configuration.age_days(now),
    }


class _Layers:
    """How layers are called in facts: number, digest, and the instruction that made them where the history tells."""

    def __init__(self, manifest: Manifest, configuration: Configuration, walked: Walked | None) -> None:
        made = {entry.layer: entry.shown for entry in configuration.history if entry.layer is not None}
        self._made = made if len(made) == len(manifest.layers) else {}
        self._layers = manifest.layers
        self._unpacked = walked.unpacked if walked is not None else [None] * len(manifest.layers)

    def one(self, number: int) -> Json:
        """Facts of the layer with that number, from 0."""
        made = self._made.get(number)
        called = f"layer {number + 1}" + (f" ({made})" if made else "")
        return {"number": number + 1, "digest": self._layers[number].digest, "called": called}

    def all(self) -> list[Json]:
        """Facts of all layers with their sizes, the lowest first."""
        return [
            self.one(number) | {"kilobytes": _kilobytes(layer.size), "unpacked_kilobytes": _kilobytes(unpacked)}
            for number, (layer, unpacked) in enumerate(zip(self._layers, self._unpacked, strict=True))
        ]


def _kilobytes(size: int | None) -> int | None:
    return None if size is None else min(-(-size // _KILOBYTE), _MAX_COUNT)


def _contents(walked: Walked, layers: _Layers) -> Json:
    """Facts of the files that matter, in the order of their paths."""
    files = sorted(walked.files.items().items())
    there = [_secret(path, one, layers, deleted=False) for path, one in files if one.secret]
    paths = {secret["path"] for secret in there}
    buried = {shown(path): _secret(path, one, layers, deleted=True) for path, one in walked.buried}
    return {
        "complete": walked.complete,
        "distribution": _distribution(walked),
        "programs": [
            _file("programs", path, one, layers) | {"kind": one.program} for path, one in files if one.program
        ],
        "setuid": [_file("setuid", path, one, layers) | _rights(one) for path, one in files if one.setuid],
        "capabilities": [_file("capabilities", path, one, layers) for path, one in files if one.capabilities],
        "world_writable": [_file("world_writable", path, one, layers) for path, one in files if one.world_writable],
        "secrets": there + [secret for path, secret in sorted(buried.items()) if path not in paths],
        "odd": _odd(walked, layers),
    }


def _file(key: str, path: str, one: Sighting, layers: _Layers) -> Json:
    name = shown(path)
    return {"path": name, "at": f"contents.{key}[{name}]", "layer": layers.one(one.layer)}


def _rights(one: Sighting) -> Json:
    return {"mode": f"{one.mode:04o}", "owner": min(one.owner, _MAX_COUNT), "group": min(one.group, _MAX_COUNT)}


def _secret(path: str, one: Sighting, layers: _Layers, *, deleted: bool) -> Json:
    return _file("secrets", path, one, layers) | {"what": one.secret, "deleted": deleted}


def _odd(walked: Walked, layers: _Layers) -> list[Json]:
    """Odd entries, once each by kind and path."""
    found = {(one.kind, shown(one.path)): one for one in walked.odd}
    return [
        {"kind": kind, "path": path, "at": f"contents.odd[{path}]", "layer": layers.one(one.layer)}
        for (kind, path), one in sorted(found.items())
    ]


def _distribution(walked: Walked) -> Json | None:
    """By the first of the two places of os-release that is a file; unknown where a layer is unread."""
    texts = [walked.files.get(path) for path in OS_RELEASES] if walked.complete else []
    text = next((one.text for one in texts if one is not None and one.text is not None), None)
    return None if text is None else read_os_release(text)
