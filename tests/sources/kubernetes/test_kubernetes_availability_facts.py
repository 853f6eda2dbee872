"""What rules see of replicas, rollouts, placement, disruption budgets and autoscalers."""

from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.data import data_folder
from compliance.sources.kubernetes.deprecation import deprecation
from compliance.sources.kubernetes.entries import Place, entry_of
from compliance.sources.kubernetes.facts import body, facts_schema
from compliance.sources.kubernetes.int_or_percent import int_or_percent
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.schema import KubernetesSchemas, available_versions


def workload(
    name: str = "web", kind: str = "Deployment", pod: dict[str, Any] | None = None, **spec: object
) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": pod or {}},
            **spec,
        },
    }


def other(kind: str, api_version: str, name: str = "web", **spec: object) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": spec}


def budget(name: str = "web", **spec: object) -> dict[str, Any]:
    return other("PodDisruptionBudget", "policy/v1", name, selector={"matchLabels": {"app": "web"}}, **spec)


def autoscaler(**spec: object) -> dict[str, Any]:
    target = {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}
    return other("HorizontalPodAutoscaler", "autoscaling/v2", **(target | spec))


def told(value: dict[str, Any], *others: dict[str, Any], complete: bool = False) -> dict[str, Any]:
    inventory = Inventory(kubernetes_minor=34, complete=complete)
    inventory.add(entry for one in (value, *others) if (entry := entry_of(one)))
    return body(value, (), inventory)


@pytest.mark.parametrize(
    ("value", "total", "down", "up"),
    [(2, 5, 2, 2), ("25%", 5, 1, 2), ("0%", 5, 0, 0), ("100%", 5, 5, 5), ("67%", 3, 2, 3), ("50", 4, None, None)],
)
def test_shares_are_rounded_as_asked(value: object, total: int, down: int | None, up: int | None) -> None:
    bound = int_or_percent(value)
    assert bound is not None
    assert (bound.of(total, up=False), bound.of(total, up=True)) == (down, up)


@given(st.integers(0, 100), st.integers(0, 10**6))
def test_rounding_up_and_down_differ_by_one_at_most(percent: int, total: int) -> None:
    bound = int_or_percent(f"{percent}%")
    assert bound is not None
    down, up = bound.of(total, up=False), bound.of(total, up=True)
    assert down is not None
    assert up is not None
    assert up - down == (percent * total % 100 != 0)


def test_bounds_of_a_rolling_update_are_those_in_force() -> None:
    rollout = told(workload(replicas=3))["rollout"]
    assert (rollout["max_unavailable"]["resolved"], rollout["max_surge"]["resolved"]) == (0, 1)
    agent = told(workload(kind="DaemonSet"))["rollout"]
    assert (agent["max_unavailable"]["number"], agent["max_surge"]["number"]) == (1, 0)
    assert told(workload(strategy={"type": "Recreate"}))["rollout"]["max_surge"] is None


@pytest.mark.parametrize(
    ("others", "scaling"),
    [
        ((), {"minimum": 4, "source": "written"}),
        ((autoscaler(minReplicas=2),), {"minimum": 2, "source": "autoscaler"}),
        ((autoscaler(),), {"minimum": 1, "source": "autoscaler"}),
        (
            (other("ScaledObject", "keda.sh/v1alpha1", scaleTargetRef={"name": "web"}),),
            {"minimum": 0, "source": "autoscaler"},
        ),
    ],
)
def test_an_autoscaler_says_how_few_replicas_there_may_be(
    others: tuple[dict[str, Any], ...], scaling: dict[str, Any]
) -> None:
    assert told(workload(replicas=4), *others)["scaling"] == scaling


def test_replicas_that_nobody_says_are_one() -> None:
    assert told(workload())["scaling"] == {"minimum": 1, "source": "default"}
    assert told(workload(kind="DaemonSet"))["scaling"] == {"minimum": None, "source": None}


def test_a_budget_counts_the_pods_of_all_that_it_selects() -> None:
    facts = told(budget(minAvailable="67%"), workload(replicas=3))
    assert (facts["pods"], facts["allowed_disruptions"]) == (3, 0)
    assert told(budget(maxUnavailable="10%"), workload(replicas=3))["allowed_disruptions"] == 1
    facts = told(budget(minAvailable=3), workload(replicas=2), workload("canary"))
    assert (facts["selected"], facts["pods"], facts["allowed_disruptions"]) == (
        ["Deployment/canary", "Deployment/web"],
        3,
        0,
    )


def test_a_budget_over_something_without_replicas_cannot_be_counted() -> None:
    facts = told(budget(minAvailable=1), workload(kind="DaemonSet"))
    assert (facts["pods"], facts["allowed_disruptions"]) == (None, None)


def test_a_budget_without_a_selector_selects_nothing_and_an_empty_one_everything() -> None:
    nothing = other("PodDisruptionBudget", "policy/v1", maxUnavailable=1)
    assert (told(nothing, workload())["selected"], told(nothing)["selects_all"]) == ([], False)
    everything = other("PodDisruptionBudget", "policy/v1", selector={})
    assert (told(everything, workload())["selected"], told(everything)["selects_all"]) == (["Deployment/web"], True)


def test_an_autoscaler_by_default_scales_by_the_share_of_the_requested_cpu() -> None:
    facts = told(autoscaler(), workload(pod={"containers": [{"name": "web"}]}))
    assert facts["target"] == {"kind": "Deployment", "name": "web", "found": True}
    assert [(metric["resource"], metric["without_request"]) for metric in facts["metrics"]] == [("cpu", ["web"])]


REQUESTING: dict[str, Any] = {"name": "web", "resources": {"limits": {"cpu": "1"}}}


@pytest.mark.parametrize(
    ("metric", "pod", "others", "missing"),
    [
        (
            {"name": "cpu", "target": {"averageUtilization": 70}},
            {"containers": [REQUESTING, {"name": "log"}]},
            (),
            ["log"],
        ),
        ({"name": "cpu", "target": {"averageUtilization": 70}}, {"containers": [REQUESTING]}, (), []),
        ({"name": "memory", "targetAverageUtilization": 70}, {"containers": [REQUESTING]}, (), ["web"]),
        ({"name": "memory", "target": {"averageValue": "1Gi"}}, {"containers": [REQUESTING]}, (), []),
        (
            {"name": "memory", "target": {"averageUtilization": 70}},
            {"containers": [REQUESTING]},
            (other("LimitRange", "v1"),),
            [],
        ),
        (
            {"name": "memory", "target": {"averageUtilization": 70}},
            {"containers": [REQUESTING], "resources": {"requests": {"memory": "1Gi"}}},
            (),
            [],
        ),
    ],
)
def test_a_metric_knows_who_does_not_request_what_it_measures(
    metric: dict[str, Any], pod: dict[str, Any], others: tuple[dict[str, Any], ...], missing: list[str]
) -> None:
    scaler = autoscaler(metrics=[{"type": "Resource", "resource": metric}])
    assert told(scaler, workload(pod=pod), *others)["metrics"][0]["without_request"] == missing


def test_a_metric_of_one_container_asks_that_one_only() -> None:
    metric = {"name": "cpu", "container": "web", "target": {"averageUtilization": 70}}
    scaler = autoscaler(metrics=[{"type": "ContainerResource", "containerResource": metric}])
    pod = {"containers": [REQUESTING, {"name": "log"}]}
    assert told(scaler, workload(pod=pod))["metrics"][0]["without_request"] == []


def test_selectors_overlap_when_each_selects_the_pods_of_the_other() -> None:
    assert told(workload(), workload("api"))["selector"]["overlaps"] == ["Deployment/api"]
    narrow = workload("api", selector={"matchLabels": {"app": "web", "tier": "api"}})
    assert told(workload(), narrow)["selector"]["overlaps"] == []


def test_a_selector_is_held_against_its_own_template() -> None:
    assert told(workload())["selector"]["matches_template"] is True
    assert told(workload(selector={"matchLabels": {"app": "api"}}))["selector"]["matches_template"] is False
    assert told(workload(selector={}))["selector"]["matches_template"] is None


def placed(*objects: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    inventory = Inventory(kubernetes_minor=34)
    places = [Place(file, file.rpartition("/")[0]) for file, _ in objects]
    pairs = zip(places, objects, strict=True)
    inventory.add(entry for place, (_, value) in pairs if (entry := entry_of(value, place)))
    return body(objects[0][1], (), inventory.seen_from(places[0]))


def test_variants_of_other_folders_are_no_conflict_but_fill_what_would_be_missing() -> None:
    facts = placed(("a/web.yaml", workload()), ("b/web.yaml", workload("api")), ("b/pdb.yaml", budget()))
    assert facts["selector"]["overlaps"] == []
    assert facts["applied_with"]["disruption_budgets"] == []
    assert facts["disruption_budgets"] == ["web"]


def test_an_autoscaler_of_the_same_folder_is_applied_together() -> None:
    facts = placed(("a/web.yaml", workload()), ("a/hpa.yaml", autoscaler()))
    assert facts["applied_with"]["autoscalers"] == ["web"]


def test_a_stateful_set_knows_the_service_that_names_its_pods() -> None:
    stateful = workload(kind="StatefulSet", serviceName="web")
    headless = other("Service", "v1", clusterIP="None", selector={"app": "web"})
    assert told(stateful, headless)["governing_service"] == {
        "name": "web",
        "found": True,
        "headless": True,
        "selects": True,
    }
    plain = other("Service", "v1", selector={"app": "api"})
    service = told(stateful, plain)["governing_service"]
    assert (service["headless"], service["selects"]) == (False, False)
    assert told(stateful)["governing_service"]["found"] is None
    assert told(stateful, other("Service", "v1", "api"))["governing_service"]["found"] is False
    assert told(stateful, complete=True)["governing_service"]["found"] is False


def test_a_spread_constraint_is_held_against_the_pods_own_labels() -> None:
    constraints: list[dict[str, Any]] = [
        {"topologyKey": "zone", "labelSelector": {"matchLabels": {"app": "web"}}},
        {"topologyKey": "node", "labelSelector": {"matchLabels": {"app": "api"}}},
        {"topologyKey": "node"},
    ]
    facts = told(workload(pod={"topologySpreadConstraints": constraints}))["scheduling"]["spread_constraints"]
    assert [(one["has_selector"], one["selects_itself"]) for one in facts] == [
        (True, True),
        (True, False),
        (False, False),
    ]


@pytest.mark.parametrize(
    ("term", "apart"),
    [
        ({"labelSelector": {"matchLabels": {"app": "web"}}}, True),
        ({"labelSelector": {"matchLabels": {"app": "api"}}}, False),
        ({"labelSelector": {"matchLabels": {"app": "web"}}, "namespaces": ["bank"]}, False),
        ({}, False),
    ],
)
def test_anti_affinity_counts_when_it_is_against_the_pods_themselves(term: dict[str, Any], *, apart: bool) -> None:
    preferred = [{"weight": 1, "podAffinityTerm": term}]
    pod = {"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}}}
    assert told(workload(pod=pod))["scheduling"]["anti_affinity_to_itself"] is apart


@pytest.mark.parametrize(
    ("toleration", "never"),
    [
        ({"operator": "Exists"}, True),
        ({"operator": "Exists", "effect": "NoExecute"}, True),
        ({"operator": "Exists", "effect": "NoSchedule"}, False),
        ({"operator": "Exists", "key": "gpu"}, False),
        ({"operator": "Exists", "tolerationSeconds": 30}, False),
    ],
)
def test_a_pod_that_tolerates_everything_for_ever_is_never_evicted(toleration: dict[str, Any], *, never: bool) -> None:
    assert told(workload(pod={"tolerations": [toleration]}))["scheduling"]["never_evicted"] is never


@pytest.mark.parametrize(
    ("strategy", "analysed"),
    [
        ({"canary": {"steps": [{"setWeight": 20}, {"pause": {"duration": "5m"}}]}}, False),
        ({"canary": {"steps": [{"setWeight": 20}, {"pause": {}}]}}, True),
        ({"canary": {"steps": [{"analysis": {}}]}}, True),
        ({"canary": None}, False),
        ({"blueGreen": {"autoPromotionEnabled": False}}, True),
        ({"blueGreen": {"activeService": "web"}}, False),
        ({}, None),
    ],
)
def test_a_progressive_rollout_says_who_decides(strategy: dict[str, Any], *, analysed: bool | None) -> None:
    value = workload(kind="Rollout", strategy=strategy) | {"apiVersion": "argoproj.io/v1alpha1"}
    assert told(value)["rollout"]["analysed"] is analysed


def rows() -> list[tuple[str, str, int]]:
    """Every removal that the schemas at hand can prove: those of the versions after the oldest."""
    from compliance.sources.kubernetes import deprecation as module  # noqa: PLC0415 - the table has no public name

    oldest = int(available_versions()[0].partition(".")[2])
    newest = int(available_versions()[-1].partition(".")[2])
    table = module._TABLE.items()  # noqa: SLF001 - the table itself is under test
    return [
        (str(api_version), str(kind), fate.removed_in)
        for (api_version, kind), fate in table
        if fate.removed_in is not None and oldest < fate.removed_in <= newest
    ]


@pytest.mark.parametrize(("api_version", "kind", "removed_in"), rows())
def test_kubernetes_serves_a_deprecated_version_until_it_is_removed(
    api_version: str, kind: str, removed_in: int
) -> None:
    assert KubernetesSchemas(f"1.{removed_in - 1}").knows(api_version, kind)
    assert not KubernetesSchemas(f"1.{removed_in}").knows(api_version, kind)


def test_a_replacement_is_served_by_the_newest_kubernetes() -> None:
    schemas = KubernetesSchemas()
    for api_version, kind, _ in rows():
        fate = deprecation(api_version, kind)
        assert fate is not None
        assert fate.replacement is not None
        assert schemas.knows(fate.replacement, kind)


def test_an_ordinary_version_has_no_fate() -> None:
    assert deprecation("apps/v1", "Deployment") is None
    assert told(workload())["deprecation"] is None
    old = workload() | {"apiVersion": "extensions/v1beta1"}
    assert told(old)["deprecation"] == {"deprecated_in": 8, "removed_in": 16, "replacement": "apps/v1"}


# fmt: off
FIELDS = [
    "minAvailable", "maxUnavailable", "selector", "matchLabels", "matchExpressions", "scaleTargetRef", "kind", "name",
    "minReplicas", "maxReplicas", "metrics", "resource", "target", "averageUtilization", "type", "replicas", "strategy",
    "rollingUpdate", "maxSurge", "canary", "steps", "pause", "template", "metadata", "labels", "spec", "containers",
    "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "topologySpreadConstraints",
    "tolerations", "serviceName", "ownerReferences", "namespace", "jobTemplate", "progressDeadlineSeconds",
]
# fmt: on
LEAVES = (
    st.none() | st.booleans() | st.integers(-5, 70000) | st.sampled_from(["web", "25%", "Exists", "", "Deployment"])
)


def odd_objects() -> st.SearchStrategy[Any]:
    return st.recursive(
        LEAVES,
        lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6) | st.lists(inner, max_size=3),
        max_leaves=25,
    )


KINDS = [
    ("policy/v1", "PodDisruptionBudget"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("v1", "ReplicationController"),
    ("batch/v1", "CronJob"),
    ("argoproj.io/v1alpha1", "Rollout"),
]


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(["metadata", "spec"]), odd_objects()), odd_objects())
def test_whatever_the_objects_look_like_the_facts_fit_their_schema(
    kind: tuple[str, str], rest: dict[str, Any], beside: object
) -> None:
    value = {**rest, "apiVersion": kind[0], "kind": kind[1]}
    others = [{"apiVersion": version, "kind": name, "spec": beside} for version, name in KINDS]
    facts = told(value, *others) | {"params": {}}
    schema = orjson.loads((data_folder("rules") / "schemas" / f"{facts_schema(value)}.json").read_bytes())
    jsonschema_rs.validate(schema, facts)
