"""Which live object a subject is, and how little of that is kept."""

from __future__ import annotations

from typing import Any

from compliance.model import Facts, LiveObject, Origin, Subject
from compliance.sources.cluster.live_objects import LiveObjects

WEB = Subject("Service", "web", "shop", "unit")
DB = Subject("Service", "db", "shop", "unit")


def _facts(subject: Subject, uid: str | None, api_version: str = "v1", schema: str = "service") -> Facts:
    metadata: dict[str, Any] = {} if uid is None else {"uid": uid}
    body = {"object": {"apiVersion": api_version, "metadata": metadata}}
    return Facts(schema, subject, body, Origin("x"), lambda ats: [None for _ in ats], lambda _: None)


def _through(objects: LiveObjects, *facts: Facts) -> list[tuple[str, str]]:
    return [(str(one.subject), one.schema) for one in objects.noting(facts)]


def test_the_objects_of_which_something_is_said_are_kept_and_no_others() -> None:
    objects = LiveObjects()

    judged = _through(objects, _facts(WEB, "w"), _facts(DB, "d"))
    objects.settle(judged, {str(WEB)})

    assert objects.kept == {str(WEB): [LiveObject(WEB, "v1", "w")]}


def test_a_subject_that_is_judged_twice_is_known_both_times() -> None:
    objects = LiveObjects()

    service, live = _through(objects, _facts(WEB, "w"), _facts(WEB, "w", schema="live_object"))
    objects.settle([service], set())
    objects.settle([live], {str(WEB)})

    assert objects.kept == {str(WEB): [LiveObject(WEB, "v1", "w")]}


def test_two_kinds_of_one_name_are_two_objects() -> None:
    objects = LiveObjects()

    judged = _through(objects, _facts(WEB, "w"), _facts(WEB, "k", "serving.knative.dev/v1", "kubernetes_object"))
    objects.settle(judged, {str(WEB)})

    assert [one.uid for one in objects.kept[str(WEB)]] == ["w", "k"]


def test_what_is_declared_and_not_there_has_no_object() -> None:
    objects = LiveObjects()

    objects.settle(_through(objects, _facts(WEB, None)), {str(WEB)})

    assert objects.kept == {}
