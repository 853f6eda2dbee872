"""What surely happened before what: jobs by what they wait for, and acts by their jobs and their order in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    Act = dict[str, Any]

_RELATED: Final = ("scan", "publish", "sign", "verify")
_JUDGED: Final[dict[str, tuple[str, ...]]] = {
    "publish": ("scan", "sign", "verify"),
    "sign": ("scan", "publish", "verify"),
    "deploy": _RELATED,
    "set_image": _RELATED,
}
_MAX_ACTS: Final = 400


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
    signed and published must be the same image. Of a pipeline with more than 400 such acts the rest count as `none`.
    """
    acts = [(number, act) for number, act in enumerate(_all_acts(jobs))]
    manual = {job["name"] for job in jobs if job["manual"]}
    by_kind = {kind: [pair for pair in acts if pair[1]["kind"] == kind][:_MAX_ACTS] for kind in _RELATED}
    for number, act in acts:
        order = dict.fromkeys(_RELATED, "none")
        for kind in _JUDGED.get(act["kind"], ()):
            others = {
                _relation((other, one), (number, act), before, manual)
                for other, one in by_kind[kind]
                if _concerns(one, act)
            }
            order[kind] = next((word for word in ("before", "after", "beside") if word in others), "none")
        act["order"] = order
        act["promoted"] = False
    _tell_promoted(by_kind, before, manual)


def _all_acts(jobs: Sequence[dict[str, Any]]) -> list[Act]:
    return [act for job in jobs for step in job["steps"] for act in step["acts"]]


def _relation(
    other: tuple[int, Act], act: tuple[int, Act], before: Mapping[str, Collection[str]], manual: Collection[str]
) -> str:
    """How the other stands to the act; a job that waits for a person may never have run."""
    there, here = other[1]["job"], act[1]["job"]
    if there == here:
        return "before" if other[0] < act[0] else "after"
    if there in before[here] and (there not in manual or here in manual):
        return "before"
    return "after" if here in before[there] else "beside"


def _concerns(one: Act, act: Act) -> bool:
    """Whether two acts are about one image; signing needs the very image, scanning often knows it by another name."""
    kinds = {one["kind"], act["kind"]}
    if kinds != {"publish", "sign"}:
        return True
    names = [found["image"] and found["image"]["name"] for found in (one, act)]
    return None in names or names[0] == names[1]


def _tell_promoted(
    by_kind: Mapping[str, Sequence[tuple[int, Act]]], before: Mapping[str, Collection[str]], manual: Collection[str]
) -> None:
    """Mark what is published for the scanner to read, and published again or signed once it has been scanned."""
    released = [one for kind in ("publish", "sign") for one in by_kind[kind] if one[1]["order"]["scan"] == "before"]
    for publish in by_kind["publish"]:
        if publish[1]["order"]["scan"] != "before":
            publish[1]["promoted"] = any(_relation(publish, later, before, manual) == "before" for later in released)
