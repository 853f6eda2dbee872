"""From a reference to facts: one image is opened, verified, looked into and scanned; all of it by one digest.

What was verified, what was looked into and what was scanned is the same content: where scanners are asked, it is copied
once into a layout of our own, so that they need neither the registry nor its credentials.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError
from compliance.model import Facts, Gap, Input, Origin, PassedOver, Stage, Subject
from compliance.sources.images import contents, sbom
from compliance.sources.images.signing_facts import SigningFacts
from compliance.sources.images.terms import ALL_PLATFORMS
from compliance.sources.vulnerabilities import ImageContent, scan
from compliance.supply_chain.content import Index, Manifest
from compliance.supply_chain.layout import write_layout
from compliance.supply_chain.platforms import choose_platform, platforms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from compliance.model import Scanner, Span
    from compliance.sources.images.terms import Terms
    from compliance.supply_chain.content import Descriptor, Platform, Repository
    from compliance.supply_chain.opening import OpenedImage

_REMEDY: Final = "look at what is there, or ask who put it there"


@dataclass(slots=True)
class Collected:
    """What became of one reference: the facts of each image that it names, and all that could not be had."""

    facts: list[Facts] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    scanners: list[Scanner] = field(default_factory=list)


def collect(text: str, terms: Terms) -> Collected:
    """Look at what a reference or path names; what cannot be had is a gap.

    Raises:
        UsageError: the text is neither a reference nor a path.
        ConfigurationError: the keys of a policy cannot be read.
    """
    collected = Collected()
    if sbom.names_sbom(text):
        _collect_sbom(text, terms, collected)
        return collected
    try:
        with terms.open(text) as image:
            for descriptor, platform in _wanted(image, terms, collected, text):
                _Look(text, image, terms, collected).at(descriptor, platform)
    except ContentError as error:
        origin = Origin(text, is_file=False)
        collected.gaps.append(Gap(Stage.COLLECT, text, error.message, error.remedy or _REMEDY, origin=origin))
    return collected


def _collect_sbom(text: str, terms: Terms, collected: Collected) -> None:
    parts, scanned = sbom.look(text, terms)
    keeper = _Keeper(text, Subject("Image", text), collected)
    keeper.gaps(scanned.gaps)
    if scanned.body is not None:
        collected.scanners.extend(scanned.scanners)
        keeper.facts({**parts, "now": _time(terms.now)})


def _wanted(
    image: OpenedImage, terms: Terms, collected: Collected, text: str
) -> Iterator[tuple[Descriptor, Platform | None]]:
    """The images to look at; other platforms of an index are counted as passed over."""
    repository = image.repository
    named = repository.manifest(image.descriptor.digest)
    if not isinstance(named, Index):
        yield named.descriptor, None
        return
    there = dict(platforms_of(repository, named))
    asked: Iterable[Platform | None] = terms.platforms if isinstance(terms.platforms, tuple) else ()
    collected.inputs.append(_input(text, "image index", named.descriptor, subjects=0))
    chosen = (
        list(there)
        if terms.platforms == ALL_PLATFORMS
        else list(dict.fromkeys(choose_platform(repository, named, platform) for platform in [*asked] or [None]))
    )
    if not chosen:
        raise ContentError(f"{repository.name}@{named.descriptor.digest} has no image in it")
    left = [platform for descriptor, platform in there.items() if descriptor not in chosen]
    collected.passed_over.extend(
        PassedOver(f"{text} for {platform}", "another platform; see --platform") for platform in left
    )
    for descriptor in chosen:
        yield descriptor, there.get(descriptor)


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Keeps what is told of one subject; gaps under its name, by which a baseline knows that it was not judged."""

    text: str
    subject: Subject
    collected: Collected

    def facts(self, body: Mapping[str, Any]) -> None:
        self.collected.facts.append(Facts("image", self.subject, body, self._origin, _nowhere, _no_line))

    def gaps(self, gaps: Iterable[Gap]) -> None:
        about = str(self.subject)
        self.collected.gaps.extend(
            replace(gap, about=about, remedy=gap.remedy or _REMEDY, origin=self._origin) for gap in gaps
        )

    @property
    def _origin(self) -> Origin:
        return Origin(self.text, is_file=False)


class _Look:
    """A look at one image of those that a reference names."""

    def __init__(self, text: str, image: OpenedImage, terms: Terms, collected: Collected) -> None:
        self._text = text
        self._image = image
        self._terms = terms
        self._collected = collected
        self._name = image.reference.name if image.reference else image.repository.name
        self._keeper = _Keeper(text, Subject("Image", self._name), collected)

    def at(self, descriptor: Descriptor, platform: Platform | None) -> None:
        """Look at the image with this manifest, and keep its facts."""
        manifest = self._image.repository.manifest(descriptor.digest)
        if not isinstance(manifest, Manifest):
            raise ContentError(f"{self._image.repository.name}@{descriptor.digest} is an index in an index")
        with tempfile.TemporaryDirectory(prefix="compliance-image-") as scratch:
            local = self._local(manifest, Path(scratch))
            looked = self._looked(local or self._image.repository, manifest)
            scanned = None if local is None else self._scanned(Path(scratch), manifest, looked)
        platform = platform or (looked.configuration.platform if looked.configuration else None)
        self._keeper.facts(
            {
                **_identity(self._text, self._image, manifest, self._terms.now),
                "platform": None if platform is None else _platform(platform),
                **looked.parts,
                **self._signed(manifest),
                "scan": scanned,
            }
        )
        self._collected.inputs.append(_input(self._text, "image", manifest.descriptor, subjects=1))

    def _local(self, manifest: Manifest, folder: Path) -> Repository | None:
        """A copy for scanners, and for us; None where nobody scans, or it cannot be had whole."""
        if not self._terms.settings.vulnerabilities.scanners and self._terms.bill is None:
            return None
        try:
            largest = self._terms.limits.image
            return write_layout(self._image.repository, manifest.descriptor.digest, folder, max_size=largest)
        except ContentError as error:
            why = f"it cannot be scanned: {error.message}"
            self._keeper.gaps([Gap(Stage.COLLECT, "", why, error.remedy)])
            return None

    def _looked(self, repository: Repository, manifest: Manifest) -> contents.Looked:
        terms = self._terms
        looked = contents.look(repository, manifest, terms.limits, terms.now, resolve_base=terms.resolve_base)
        self._keeper.gaps(looked.gaps)
        return looked

    def _scanned(self, folder: Path, manifest: Manifest, looked: contents.Looked) -> Mapping[str, Any] | None:
        content = ImageContent(
            self._text, folder, name=self._name, digests=self._digests(manifest), os_release=looked.distribution
        )
        settings, bill = self._terms.settings.vulnerabilities, self._terms.bill
        scanned = scan(content, settings, self._terms.now, sbom=bill.form if bill else None)
        self._keeper.gaps(scanned.gaps)
        self._collected.scanners.extend(scanned.scanners)
        if bill and scanned.sbom is not None:
            bill.take(scanned.sbom)
        return scanned.body if settings.scanners else None

    def _signed(self, manifest: Manifest) -> Mapping[str, Any]:
        facts = SigningFacts(self._image, self._name, self._digests(manifest), self._terms)
        parts = facts.parts()
        self._keeper.gaps(facts.gaps)
        return parts

    def _digests(self, manifest: Manifest) -> tuple[str, ...]:
        """Under which the image may be signed: what the reference names, and the platform's manifest."""
        return tuple(dict.fromkeys((self._image.descriptor.digest, manifest.descriptor.digest)))


def _input(text: str, kind: str, descriptor: Descriptor, *, subjects: int) -> Input:
    return Input(text, kind, descriptor.digest.partition(":")[2], subjects)


def _identity(text: str, image: OpenedImage, manifest: Manifest, now: datetime) -> dict[str, Any]:
    reference, source = image.reference, image.repository.source
    named = None
    if reference is not None:
        keys = ("registry", "repository", "name", "tag", "digest", "normalised")
        named = {key: getattr(reference, key) for key in keys}
    # What a registry's reference names is what a deployment would name, be it an index.
    digest = manifest.descriptor.digest if reference is None else image.descriptor.digest
    return {
        "text": text,
        "source": source,
        "reference": named,
        "digest": None if image.synthetic else digest,
        "resolved_at": _time(image.resolved_at) if source == "registry" else None,
        "now": _time(now),
    }


def _platform(platform: Platform) -> dict[str, str | None]:
    return {"os": platform.os, "architecture": platform.architecture, "variant": platform.variant}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _nowhere(ats: Sequence[str]) -> Sequence[Span | None]:
    return [None] * len(ats)


def _no_line(_number: int) -> str | None:
    return None
