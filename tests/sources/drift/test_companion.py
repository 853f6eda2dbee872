"""From the objects of a cluster to findings: what each signal says, and what a sound cluster says."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import live_objects as objects
import orjson
import pytest

from compliance import catalogue
from compliance.catalogue import builtin_rules_folder
from compliance.config import Config
from compliance.drift_settings import ObjectPatterns
from compliance.engine import open_engine
from compliance.errors import ContentUnavailable
from compliance.judging import Judge
from compliance.judging import Terms as JudgeTerms
from compliance.rule_settings import effective_rules
from compliance.shape import Shape
from compliance.sources.drift.audit_log import Session
from compliance.sources.drift.companion import DriftCompanion
from compliance.sources.drift.images import Resolved
from compliance.sources.drift.pairing import Declarations, Declared
from compliance.sources.drift.signatures import RunningImage, Verdict
from compliance.sources.drift.terms import DryRun, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from compliance.model import Facts, Finding
    from compliance.sources.drift.field_types import FieldTypes

_NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
_SCHEMA = orjson.loads((builtin_rules_folder() / "schemas" / "live_object.json").read_bytes())
_OTHER = f"sha256:{'b' * 64}"
Object = dict[str, Any]


def _resolve(reference: str) -> Resolved:
    digest = reference.partition("@")[2]
    if digest not in {objects.DIGEST, _OTHER}:
        raise ContentUnavailable(f"{reference} is not there")
    return Resolved(digest)


@pytest.fixture
def terms(types: FieldTypes) -> Terms:
    return Terms(_NOW, types, resolve=_resolve)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Iterable[Facts]], list[Finding]]]:
    known = catalogue.load()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        engine = open_engine("wasm", known, deadline=60)
    rules = effective_rules(Config(), known)
    how = JudgeTerms(rules, _NOW.date(), owner=lambda owner, _: owner, inline_waivers=lambda _: ((), ()))

    def findings(facts: Iterable[Facts]) -> list[Finding]:
        facts = list(facts)
        for one in facts:
            assert Shape(_SCHEMA).problems({**one.body, "params": {}}) == []
        judged = list(Judge(how, engine).judge(facts))
        assert [gap for batch in judged for gap in batch.gaps] == []
        return [finding for batch in judged for finding in batch.findings]

    yield findings
    engine.close()


def _facts(companion: DriftCompanion, values: Iterable[Object]) -> list[Facts]:
    for value in values:
        companion.see(value)
    return [*companion.facts("shop"), *companion.facts(None)]


def _declarations(*more: Object) -> Declarations:
    settings = objects.config_map()
    settings["metadata"] = {"name": "settings"}
    values = [objects.declared(), settings, *more]
    return Declarations([Declared(value, "deploy/web.yaml", "9fceb02d") for value in values], "shop")


def test_a_sound_cluster_has_no_findings(terms: Terms, judge: Callable[[Iterable[Facts]], list[Finding]]) -> None:
    companion = DriftCompanion(terms, "prod", _declarations(), sessions=())
    found = judge(_facts(companion, objects.shop()))
    assert ([(one.rule, one.message) for one in found], companion.gaps) == ([], [])


def test_what_a_controller_made_is_told_with_it(terms: Terms) -> None:
    companion = DriftCompanion(terms, "prod")
    assert [str(facts.subject) for facts in _facts(companion, objects.shop())] == [
        "prod/Deployment/shop/web",
        "prod/ConfigMap/shop/settings",
    ]


def _change(kind: str, change: Callable[[Object], object], *, only: int = 1) -> list[Object]:
    values = objects.shop()
    for value in [value for value in values if value["kind"] == kind][:only]:
        change(value)
    return values


def _container(value: Object) -> Object:
    return (
        value["spec"].get("template", value)["spec"]["containers"][0]
        if "template" in value["spec"]
        else value["spec"]["containers"][0]
    )


def _status(value: Object) -> Object:
    status: Object = value["status"]["containerStatuses"][0]
    return status


_BY_HAND = objects.entry("kubectl-edit", {"f:spec": {"f:paused": {}}})
_SCALED = objects.entry("kubectl", {"f:spec": {"f:replicas": {}}}, subresource="scale")

CASES: dict[str, tuple[str, Callable[[Object], object], tuple[str, str, str]]] = {
    "another image runs": (
        "Pod",
        lambda pod: _status(pod).update(imageID=f"registry.example.com/shop/web@{_OTHER}"),
        (
            "drift.running_image_differs",
            "containers[web].image",
            f"container web runs {_OTHER} in Pod web-h2-aaaaa (1 in all), and {objects.DIGEST} was declared",
        ),
    ),
    "debugging": (
        "Pod",
        lambda pod: pod["spec"].update(ephemeralContainers=[{"name": "debugger", "image": "busybox"}]),
        (
            "drift.ephemeral_container",
            "ephemeral_containers[debugger]",
            "debugging container debugger ran busybox in Pod web-h2-aaaaa",
        ),
    ),
    "an edit": (
        "Deployment",
        lambda value: value["metadata"]["managedFields"].append(_BY_HAND),
        (
            "drift.edited_by_hand",
            "fields[spec.paused]",
            "spec.paused was written by kubectl-edit, last at 2026-11-10T10:00:00Z",
        ),
    ),
    "a Pod that is not its template": (
        "Pod",
        lambda pod: _container(pod).update(image="miner:1"),
        (
            "drift.differs_from_template",
            "fields[containers[web].image]",
            f'containers[web].image of Pod web-h2-aaaaa is "miner:1", and "{objects.IMAGE}" in its template',
        ),
    ),
    "restarts": (
        "Pod",
        lambda pod: _status(pod).update(
            restartCount=90, lastState={"terminated": {"reason": "OOMKilled", "exitCode": 137}}
        ),
        (
            "drift.restarted_often",
            "containers[web]",
            "container web was restarted 90 times in Pod web-h2-aaaaa, last after OOMKilled",
        ),
    ),
    "scaling by hand": (
        "Deployment",
        lambda value: (value["spec"].update(replicas=5), value["metadata"]["managedFields"].append(_SCALED)),
        (
            "drift.replicas_differ",
            "spec.replicas",
            "Deployment web is scaled to 5 instead of 2; kubectl wrote it by hand",
        ),
    ),
    "a label": (
        "Deployment",
        lambda value: value["metadata"]["labels"].update(app="other"),
        ("drift.field_differs", "fields[metadata.labels.app]", 'metadata.labels.app is "other", and declared as "web"'),
    ),
    "configuration in place": (
        "ConfigMap",
        lambda value: value.update(objects.config_map("2026-11-15T10:00:00Z", "helm")),
        (
            "drift.configmap_changed_in_place",
            "configuration[ConfigMap settings]",
            "ConfigMap settings was changed at 2026-11-15T10:00:00Z, after Pods that read it had started (2)",
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_signal_gives_its_finding(
    case: str, terms: Terms, judge: Callable[[Iterable[Facts]], list[Finding]]
) -> None:
    kind, change, expected = CASES[case]
    companion = DriftCompanion(terms, "prod", _declarations(), sessions=())
    found = judge(_facts(companion, _change(kind, change)))
    assert [(one.rule, one.at, one.message) for one in found] == [expected]
    assert companion.gaps == []


def test_a_writable_root_is_said_to_be_unverifiable(
    terms: Terms, judge: Callable[[Iterable[Facts]], list[Finding]]
) -> None:
    values = objects.shop()
    for value in values[:4]:
        _container(value).pop("securityContext")
    found = judge(_facts(DriftCompanion(terms, "prod"), values))
    assert [(one.rule, one.message) for one in found] == [
        ("drift.file_system_unverifiable", "what container web may have written cannot be seen from outside: / (root)")
    ]


def _session(pod: str, time: str = "2026-11-18T16:42:10.1Z", namespace: str = "shop") -> Session:
    return Session("1", "alice", "exec", namespace, pod, "web", "bash", None, time)


@pytest.mark.parametrize(
    ("session", "count"),
    [
        (_session("web-h2-aaaaa"), 1),
        (_session("web-h2-gone"), 0),
        (_session("web-h2-aaaaa", namespace="other"), 0),
        (_session("web-h2-aaaaa", "2026-10-01T10:00:00Z"), 0),
    ],
)
def test_sessions_count_in_pods_that_are_still_there(
    session: Session, count: int, terms: Terms, judge: Callable[[Iterable[Facts]], list[Finding]]
) -> None:
    found = judge(_facts(DriftCompanion(terms, "prod", sessions=(session,)), objects.shop()))
    assert [one.rule for one in found] == ["drift.exec_session"] * count


def test_old_pods_and_outdated_ones(terms: Terms) -> None:
    values = [
        objects.deployment(),
        objects.replica_set(1),
        objects.replica_set(2),
        objects.pod("old", 1),
        objects.pod(),
    ]
    (facts, *_) = _facts(DriftCompanion(terms), values)
    assert facts.body["workload"]["pods"] == {
        "running": 1,
        "outdated": 1,
        "oldest": {"name": "web-h2-aaaaa", "age_days": 18},
    }


def test_a_moved_tag_is_found(types: FieldTypes, judge: Callable[[Iterable[Facts]], list[Finding]]) -> None:
    values = objects.shop()
    for value in values[:4]:
        _container(value)["image"] = "registry.example.com/shop/web:v1"
    moved = Terms(_NOW, types, resolve=lambda reference: Resolved(_OTHER if "@" not in reference else objects.DIGEST))
    found = judge(_facts(DriftCompanion(moved), values))
    assert [(one.rule, one.at) for one in found] == [("drift.tag_moved_since_deployment", "containers[web].image")]


def test_what_cannot_be_resolved_is_a_gap_and_null(types: FieldTypes) -> None:
    values = _change("Pod", lambda pod: _status(pod).update(imageID=f"registry.example.com/shop/web@{_OTHER}"))
    companion = DriftCompanion(Terms(_NOW, types))
    (facts, *_) = _facts(companion, values)
    assert [one["matches"] for one in facts.body["workload"]["containers"][0]["running"]] == [True, None]
    assert [(gap.about, gap.rule) for gap in companion.gaps] == [("Deployment/shop/web", "drift.running_image_differs")]


def test_missing_and_unmanaged(terms: Terms, judge: Callable[[Iterable[Facts]], list[Finding]]) -> None:
    other = copy.deepcopy(objects.config_map())
    other["metadata"] = objects.metadata("by-hand", "x")
    bundle = copy.deepcopy(other)
    bundle["metadata"] = objects.metadata("kube-root-ca.crt", "y")
    gone = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "gone"}}
    companion = DriftCompanion(terms, "prod", _declarations(gone))
    found = judge(_facts(companion, [*objects.shop(), other, bundle]))
    assert sorted((one.rule, str(one.subject)) for one in found) == [
        ("drift.missing_in_cluster", "prod/ConfigMap/shop/gone"),
        ("drift.unmanaged", "prod/ConfigMap/shop/by-hand"),
    ]


def test_what_was_not_read_is_not_missing(terms: Terms) -> None:
    gone = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "gone", "namespace": "shop"}}
    companion = DriftCompanion(terms, "prod", _declarations(gone), was_read=lambda found: found.kind != "Secret")
    assert "Secret" not in {facts.subject.kind for facts in _facts(companion, objects.shop())}
    assert [(gap.about, gap.rule) for gap in companion.gaps] == [("prod/Secret/shop/gone", "drift.missing_in_cluster")]


def test_what_is_ignored_needs_no_declaration(terms: Terms) -> None:
    other = copy.deepcopy(objects.config_map())
    other["metadata"] = objects.metadata("by-hand", "x")
    declarations = Declarations(
        [Declared(objects.config_map(), "x.yaml")], "shop", ignored=(ObjectPatterns(kind="ConfigMap", name="by-*"),)
    )
    found = {
        str(one.subject): one.body["presence"]
        for one in _facts(DriftCompanion(terms, None, declarations), [*objects.shop(), other])
    }
    assert found == {
        "Deployment/shop/web": "unmanaged",
        "ConfigMap/shop/settings": "both",
        "ConfigMap/shop/by-hand": "ignored",
    }


def test_a_pod_that_a_hand_wrote_is_told_by_itself(
    terms: Terms, judge: Callable[[Iterable[Facts]], list[Finding]]
) -> None:
    labelled = objects.entry("kubectl-label", {"f:metadata": {"f:labels": {"f:debug": {}}}})
    values = _change("Pod", lambda pod: pod["metadata"].update(managedFields=[labelled]))
    found = judge(_facts(DriftCompanion(terms, "prod"), values))
    assert [(one.rule, str(one.subject), one.at) for one in found] == [
        ("drift.edited_by_hand", "prod/Pod/shop/web-h2-aaaaa", "fields[metadata.labels.debug]")
    ]


def test_secrets_that_were_not_read_are_compared_by_their_keys(terms: Terms) -> None:
    live = {"apiVersion": "v1", "kind": "Secret", "metadata": objects.metadata("db", "s"), "data": {"password": None}}
    declared = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "db"},
        "stringData": {"password": "hunter2", "more": "x"},
    }
    companion = DriftCompanion(terms, None, Declarations([Declared(declared, "x.yaml")], "shop"))
    (facts,) = _facts(companion, [live])
    assert [one["path"] for one in facts.body["field_differs"]] == ["data.more"]
    assert [gap.why for gap in companion.gaps] == [
        "the values of the Secret were not read, so only its keys were compared"
    ]
    assert "hunter2" not in str(facts.body)


def test_damaged_managed_fields_are_a_gap(terms: Terms) -> None:
    values = _change("Deployment", lambda value: value["metadata"].update(managedFields=[{"fieldsV1": {"x": {}}}]))
    companion = DriftCompanion(terms)
    assert len(_facts(companion, values)) == 2
    assert [gap.rule for gap in companion.gaps] == ["drift.edited_by_hand"]


def test_the_caller_may_change_what_was_seen(terms: Terms) -> None:
    companion = DriftCompanion(terms)
    value = objects.deployment()
    companion.see(value)
    value["metadata"].pop("managedFields")
    (facts,) = companion.facts("shop")
    assert [one["name"] for one in facts.body["managers"]] == ["helm"]


def test_a_dry_run_is_believed_and_where_there_is_none_it_is_compared_offline(types: FieldTypes) -> None:
    answer = objects.deployment()
    answer["spec"]["paused"] = True
    terms = Terms(_NOW, types, resolve=_resolve, dry_run=lambda _, live: DryRun(live, answer))
    (facts, *_) = _facts(DriftCompanion(terms, None, _declarations()), objects.shop())
    assert (facts.body["declared"]["method"], [one["path"] for one in facts.body["field_differs"]]) == (
        "dry_run",
        ["spec.paused"],
    )

    silent = DriftCompanion(Terms(_NOW, types, resolve=_resolve, dry_run=lambda *_: None), None, _declarations())
    (facts, *_) = _facts(silent, objects.shop())
    assert (facts.body["declared"]["method"], facts.body["field_differs"]) == ("offline", [])
    assert silent.gaps == []


def test_what_was_left_out_on_purpose_is_neither_missing_nor_a_gap(terms: Terms) -> None:
    gone = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "gone", "namespace": "kube-system"}}
    companion = DriftCompanion(terms, "prod", _declarations(gone), was_read=lambda _: None)
    assert "gone" not in {facts.subject.name for facts in _facts(companion, objects.shop())}
    assert companion.gaps == []


def test_what_is_being_deleted_is_neither_told_nor_missing(terms: Terms) -> None:
    values = _change("Deployment", lambda value: value["metadata"].update(deletionTimestamp="2026-11-20T01:00:00Z"))
    companion = DriftCompanion(terms, "prod", _declarations())
    assert "Deployment" not in {facts.subject.kind for facts in _facts(companion, values)}


def test_where_not_all_declarations_were_read_nothing_is_unmanaged(terms: Terms) -> None:
    other = copy.deepcopy(objects.config_map())
    other["metadata"] = objects.metadata("by-hand", "x")
    declarations = Declarations([Declared(objects.config_map(), "x.yaml")], "shop", complete=False)
    found = {
        facts.subject.name: facts.body["presence"]
        for facts in _facts(DriftCompanion(terms, None, declarations), [*objects.shop(), other])
    }
    assert (found["settings"], found["by-hand"]) == ("both", "not_compared")


def test_what_nobody_vouches_for_is_found(types: FieldTypes, judge: Callable[[Iterable[Facts]], list[Finding]]) -> None:
    asked: list[RunningImage] = []

    def vouched(running: RunningImage) -> Verdict:
        asked.append(running)
        return Verdict(signed=False, why="by the policy release, nobody signed it")

    companion = DriftCompanion(Terms(_NOW, types, resolve=_resolve, vouched=vouched))
    (found,) = judge(_facts(companion, objects.shop()))

    assert (found.rule, found.at) == ("drift.running_image_unsigned", "containers[web].image")
    runs = f"container web runs {objects.DIGEST} in Pod web-h2-aaaaa (2 in all)"
    assert found.message == f"{runs}, and by the policy release, nobody signed it"
    assert [str(one) for one in asked] == [f"registry.example.com/shop/web@{objects.DIGEST}"]


def test_facts_are_the_same_all_day(types: FieldTypes) -> None:
    bodies = [
        [facts.body for facts in _facts(DriftCompanion(Terms(now, types, resolve=_resolve)), objects.shop())]
        for now in (_NOW, _NOW.replace(hour=3, minute=17))
    ]
    assert bodies[0] == bodies[1]
    assert {body["now"] for body in bodies[0]} == {"2026-11-20T00:00:00Z"}


def test_tags_are_asked_about_only_where_that_is_wanted(types: FieldTypes) -> None:
    values = objects.shop()
    for value in values[:4]:
        _container(value)["image"] = "registry.example.com/shop/web:v1"
    companion = DriftCompanion(Terms(_NOW, types, resolve_tags=False))
    (facts, *_) = _facts(companion, values)
    told = facts.body["workload"]["containers"][0]["tag"]
    assert (told, companion.gaps) == ({"name": "v1", "resolves_to": None, "moved": None}, [])


def test_a_controller_may_write_what_it_has_made(
    terms: Terms, judge: Callable[[Iterable[Facts]], list[Finding]]
) -> None:
    value = objects.config_map("2026-11-01T10:00:00Z", "shop-operator")
    assert [one.rule for one in judge(_facts(DriftCompanion(terms), [value]))] == ["drift.edited_by_hand"]
    value["metadata"]["ownerReferences"] = [{"kind": "Shop", "name": "x", "uid": "1", "controller": True}]
    assert judge(_facts(DriftCompanion(terms), [value])) == []
