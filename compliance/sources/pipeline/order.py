"""What surely happened before what: jobs by what they wait for, and acts by their jobs and their order in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    Act = dict[str, Any]
    Extent = dict[str, tuple[int, int]]

_RELATED: Final = ("scan", "publish", "sign", "verify")
_JUDGED: Final[dict[str, tuple[str, ...]]] = {
    "publish": ("scan", "sign", "verify"),
    "sign": ("scan", "publish", "verify"),
    "deploy": _RELATED,
    "set_image": _RELATED,
}
_WORDS: Final = ("before", "after", "beside")


def ancestors(after: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """All jobs that end before each job starts, followed through; a circle ends where it closes."""
    found: dict[str, set[str]] = {}
    for job in after:
        seen: set[str] = set()
        waiting = list(after[job])
        while waiting:
            before = waiting.pop()
            if before in after and before not in seen:
                seen.add(before)
                if before in found:
                    seen |= found[before]
                else:
                    waiting.extend(after[before])
        found[job] = seen - {job}
    return found


def relate(jobs: Sequence[dict[str, Any]], before: Mapping[str, Collection[str]]) -> None:
    """Tell each act that publishes, signs or deploys when the pipeline scans, publishes, signs and verifies.

    `before`, `after`, `beside` (nothing makes one wait for the other) or `none`; of several the first of these. What is
    signed and published must be the same image: signing needs the very image, scanning often knows it by another name.
    """
    acts = list(enumerate(_all_acts(jobs)))
    relations = _Relations(before, {job["name"] for job in jobs if job["manual"]})
    extents = {kind: _Extents(act for act in acts if act[1]["kind"] == kind) for kind in _RELATED}
    for number, act in acts:
        order = dict.fromkeys(_RELATED, "none")
        for kind in _JUDGED.get(act["kind"], ()):
            same = {act["kind"], kind} == {"publish", "sign"}
            found = extents[kind].about(_name(act)) if same else (extents[kind].every,)
            order[kind] = relations.first(found, act["job"], number)
        act["order"] = order
        act["promoted"] = False
    _tell_promoted(acts, relations)


def _all_acts(jobs: Sequence[dict[str, Any]]) -> list[Act]:
    return [act for job in jobs for step in job["steps"] for act in step["acts"]]


def _name(act: Act) -> str | None:
    return str(act["image"]["name"]) if act["image"] and act["image"]["name"] is not None else None


class _Extents:
    """Acts of one kind by their jobs: the numbers of the first and the last, of all and of those about one image."""

    def __init__(self, acts: Iterable[tuple[int, Act]]) -> None:
        self.every: Extent = {}
        self._named: dict[str | None, Extent] = {}
        for number, act in acts:
            for extent in (self.every, self._named.setdefault(_name(act), {})):
                extent[act["job"]] = (extent.get(act["job"], (number,))[0], number)

    def about(self, name: str | None) -> tuple[Extent, ...]:
        """The acts that may be about an image; one whose name is not known may be any."""
        if name is None:
            return (self.every,)
        return tuple(self._named[one] for one in (name, None) if one in self._named)


class _Relations:
    """How acts stand to each other; between jobs it is looked up once, for a job may hold thousands of acts."""

    def __init__(self, before: Mapping[str, Collection[str]], manual: Collection[str]) -> None:
        self._before = before
        self._manual = manual
        self._known: dict[tuple[int, str], set[str]] = {}

    def first(self, extents: Iterable[Extent], job: str, number: int) -> str:
        """The first of the words that say how any of these acts stands to the act of that job and number."""
        said: set[str] = set()
        for extent in extents:
            key = (id(extent), job)
            if key not in self._known:
                self._known[key] = {self._between(other, job) for other in extent if other != job}
            said |= self._known[key]
            if job in extent:
                first, last = extent[job]
                said |= {"before"} if first < number else set()
                said |= {"after"} if last > number else set()
        return next((word for word in _WORDS if word in said), "none")

    def _between(self, there: str, here: str) -> str:
        """How the other job stands to this one; a job that waits for a person may never have run."""
        if there in self._before[here] and (there not in self._manual or here in self._manual):
            return "before"
        return "after" if here in self._before[there] else "beside"

    def precedes(self, number: int, job: str, extent: Extent) -> bool:
        """Whether an act comes before any of these."""
        key = (-id(extent), job)
        if key not in self._known:
            self._known[key] = {self._between(job, other) for other in extent if other != job}
        return "before" in self._known[key] or (job in extent and extent[job][1] > number)


def _tell_promoted(acts: Sequence[tuple[int, Act]], relations: _Relations) -> None:
    """Mark what is published for the scanner to read, and published again or signed once it has been scanned."""
    scanned = _Extents(
        act for act in acts if act[1]["kind"] in {"publish", "sign"} and act[1]["order"]["scan"] == "before"
    )
    for number, act in acts:
        if act["kind"] == "publish" and act["order"]["scan"] != "before":
            act["promoted"] = relations.precedes(number, act["job"], scanned.every)
