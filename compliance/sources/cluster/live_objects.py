"""Which live object a subject is: kept for those of which something is said, so that memory does not grow with all."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from compliance.model import LiveObject
from compliance.sources.kubernetes.fields import mapping, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from compliance.model import Facts


class LiveObjects:
    """Looks at facts on their way to being judged; `kept` are the objects behind subjects, by `str(subject)`.

    Two kinds of one name in different API groups share a subject: then it has two objects.
    """

    def __init__(self) -> None:
        self.kept: dict[str, list[LiveObject]] = {}
        self._judging: defaultdict[tuple[str, str], deque[LiveObject | None]] = defaultdict(deque)

    def noting(self, facts: Iterable[Facts]) -> Iterator[Facts]:
        """Pass facts on, and remember whose they are until they are judged."""
        for one in facts:
            self._judging[str(one.subject), one.schema].append(_object_of(one))
            yield one

    def settle(self, judged: Iterable[tuple[str, str]], spoken_of: Collection[str]) -> None:
        """Of what was judged (subjects as text, and facts schemas) keep what is spoken of, and forget the rest."""
        for key in judged:
            found = self._judging[key].popleft()
            if not self._judging[key]:
                del self._judging[key]
            if found is not None and key[0] in spoken_of:
                kept = self.kept.setdefault(key[0], [])
                if found not in kept:
                    kept.append(found)


def _object_of(facts: Facts) -> LiveObject | None:
    """None for what has no uid: it is declared, and not in the cluster."""
    value = mapping(facts.body, "object")
    api_version, uid = text(value.get("apiVersion")), text(mapping(value, "metadata").get("uid"))
    return LiveObject(facts.subject, api_version, uid) if api_version and uid else None
