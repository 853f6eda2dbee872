"""One list of vulnerabilities out of several scanners' reports: same package, same version, same vulnerability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compliance.sources.vulnerabilities.records import SEVERITIES
from compliance.sources.vulnerabilities.report_fields import package_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from compliance.sources.vulnerabilities.records import Match, Outcome

_CVE: Final = "CVE-"
_WITH_NAMESPACE: Final = frozenset({"maven", "npm", "golang", "composer", "swift", "github"})

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """One vulnerability in one package, as all scanners together see it; fields as in rules/schemas/image.json."""

    id: str
    aliases: tuple[str, ...]
    package: str
    version: str
    ecosystem: str
    package_urls: tuple[str, ...]
    fixed_versions: tuple[str, ...]
    severity: str
    seen_by: tuple[str, ...]
    not_seen_by: tuple[str, ...]
    known_exploited: bool | None
    published: datetime | None
    fixed_at: datetime | None

    @property
    def ids(self) -> tuple[str, ...]:
        """All names of it."""
        return (self.id, *self.aliases)


def merged(outcomes: Sequence[Outcome]) -> list[Vulnerability]:
    """Merge the reports of the scanners that gave one, in the order of identifier, package and version."""
    groups: dict[Key, list[tuple[str, Match]]] = {}
    for outcome in outcomes:
        for match in outcome.report.matches if outcome.report else ():
            groups.setdefault(_key(match), []).append((outcome.scanner, match))
    found = [_vulnerability(group, outcomes) for group in _by_alias(groups)]
    return sorted(found, key=lambda one: (one.id, one.package, one.version, one.ecosystem))


def _key(match: Match) -> Key:
    """Package URL type and name, version and identifier; a CVE where the scanner names one."""
    url = package_url(match.package_url or "")
    name = match.package.lower()
    if url:
        parts = (url.namespace if url.type in _WITH_NAMESPACE else None, url.name)
        name = "/".join(part for part in parts if part).lower()
    return match.ecosystem, name, _version(match), _identifier(match.ids)


def _version(match: Match) -> str:
    """The version as both scanners would write it: Go's with its prefix, RPM's with an epoch of zero."""
    if match.ecosystem == "golang":
        return match.version.removeprefix("go").removeprefix("v")
    return match.version.removeprefix("0:") if match.ecosystem == "rpm" else match.version


def _identifier(ids: Sequence[str]) -> str:
    return next((name for name in ids if name.startswith(_CVE)), ids[0])


def _by_alias(groups: Mapping[Key, list[tuple[str, Match]]]) -> Iterable[list[tuple[str, Match]]]:
    """Join what goes by an advisory's name to the one CVE of the same package that has it as an alias.

    An advisory that several CVEs share stays by itself: it cannot be told which of them is meant.
    """
    known: dict[tuple[str, ...], set[Key]] = {}
    for key, group in groups.items():
        for alias in {name for _, match in group for name in match.ids if not name.startswith(_CVE)}:
            known.setdefault((*key[:3], alias), set()).add(key)
    joined: dict[Key, list[tuple[str, Match]]] = {}
    for key, group in groups.items():
        others = known.get(key, set()) - {key}
        target = others.pop() if len(others) == 1 and not key[3].startswith(_CVE) else key
        joined.setdefault(target, []).extend(group)
    return joined.values()


def _vulnerability(group: Sequence[tuple[str, Match]], outcomes: Sequence[Outcome]) -> Vulnerability:
    matches = [match for _, match in group]
    first = matches[0]
    name = _identifier([name for match in matches for name in match.ids])
    seen_by = {scanner for scanner, _ in group}
    looked = {each.scanner for each in outcomes if each.report and first.ecosystem in each.judged}
    exploited = {match.known_exploited for match in matches}
    return Vulnerability(
        id=name,
        aliases=tuple(sorted({other for match in matches for other in match.ids} - {name})),
        package=first.package,
        version=first.version,
        ecosystem=first.ecosystem,
        package_urls=_distinct(match.package_url for match in matches),
        fixed_versions=_distinct(version for match in matches for version in match.fixed_versions),
        severity=max((match.severity for match in matches), key=SEVERITIES.index),
        seen_by=tuple(sorted(seen_by)),
        not_seen_by=tuple(sorted(looked - seen_by)),
        known_exploited=True if True in exploited else False if False in exploited else None,
        published=min((match.published for match in matches if match.published), default=None),
        fixed_at=min((match.fixed_at for match in matches if match.fixed_at), default=None),
    )


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
