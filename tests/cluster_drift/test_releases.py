"""`--against release`: what each cluster's own records declare, and what is said where they cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import helm_records as helm
import live_objects as objects
import pytest
from api_server import Answer, ApiServer

from compliance.cluster_drift import releases
from compliance.cluster_drift.companion import ClusterDrift, Material
from compliance.cluster_drift.releases import read_releases
from compliance.sources.cluster.source import ClusterSource
from compliance.sources.cluster.walk import Selection
from compliance.sources.drift.field_types import FieldTypes
from compliance.sources.drift.terms import Terms
from compliance.sources.kubernetes.schema import KubernetesSchemas

if TYPE_CHECKING:
    from compliance.cluster_drift.declared import DeclaredObjects
    from compliance.sources.cluster.client import Client

Object = dict[str, Any]

_SHOP: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "uid": "n"}}
_MAP: Object = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"mode": "fast"}}
_BOTH_DRIVERS = pytest.mark.parametrize("driver", ["Secret", "ConfigMap"])


def _live(name: str, *, kind: str = "ConfigMap", namespace: str = "shop", **metadata: Any) -> Object:  # noqa: ANN401 - JSON
    return {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace, "uid": name, **metadata},
        "data": {"mode": "fast"},
    }


def _names(found: DeclaredObjects) -> list[tuple[str, str]]:
    return [(one.value["metadata"]["name"], one.locator) for one in found.objects]


def _whys(found: DeclaredObjects) -> list[tuple[str, str]]:
    return [(gap.about, gap.why) for gap in found.gaps]


@_BOTH_DRIVERS
def test_a_deployed_release_declares_its_objects(server: ApiServer, client: Client, driver: str) -> None:
    server.add(helm.record(helm.release(_MAP, version=3), driver=driver))

    found = read_releases(client)

    assert _names(found) == [("settings", "helm release shop/web revision 3, templates/configmap.yaml")]
    assert found.complete
    assert [(one.locator, one.kind, one.subjects) for one in found.inputs] == [("unit: helm releases", "declared", 1)]


@_BOTH_DRIVERS
def test_the_newest_revision_that_is_deployed_counts(server: ApiServer, client: Client, driver: str) -> None:
    statuses = {9: "superseded", 10: "deployed", 2: "deployed"}
    for version, status in statuses.items():
        server.add(helm.record(helm.release(_MAP, version=version, status=status), driver=driver))

    found = read_releases(client)

    assert [one.revision for one in found.objects] == ["10"]
    assert (found.gaps, found.passed_over) == ((), ())


@pytest.mark.parametrize("status", ["failed", "pending-upgrade", "pending-rollback"])
def test_what_was_tried_after_it_is_told_and_does_not_count(server: ApiServer, client: Client, status: str) -> None:
    server.add(helm.record(helm.release(_MAP, version=1)), helm.record(helm.release(version=2, status=status)))

    found = read_releases(client)

    assert [one.revision for one in found.objects] == ["1"]
    assert found.complete
    assert [(one.locator, one.why) for one in found.passed_over] == [
        (
            "unit: helm release shop/web",
            f"revision 2 is {status}; compared with revision 1, which is deployed",
        )
    ]


@pytest.mark.parametrize("status", ["failed", "pending-install", "uninstalling", "superseded", "unknown"])
def test_a_release_that_is_not_deployed_is_a_gap(server: ApiServer, client: Client, status: str) -> None:
    server.add(helm.record(helm.release(_MAP, status=status)))
    server.add(helm.record(helm.release(_MAP, name="other")))

    found = read_releases(client)

    why = f"revision 1 is {status}, and none is deployed: what the release declares is not known"
    assert _whys(found) == [("unit: helm release shop/web", why)]
    assert (len(found.objects), found.complete) == (1, False)


def test_a_release_that_is_being_uninstalled_is_a_gap_whatever_was_deployed(server: ApiServer, client: Client) -> None:
    server.add(helm.record(helm.release(_MAP)), helm.record(helm.release(_MAP, version=2, status="uninstalling")))
    found = read_releases(client)
    why = "revision 2 is uninstalling: what the release declares is not known"
    assert (_whys(found), found.objects) == ([("unit: helm release shop/web", why)], ())


def test_what_was_uninstalled_declares_nothing(server: ApiServer, client: Client) -> None:
    server.add(helm.record(helm.release(_MAP, version=1)))
    server.add(helm.record(helm.release(_MAP, version=2, status="uninstalled")))
    server.add(helm.record(helm.release(_MAP, name="other")))

    found = read_releases(client)

    assert [one.locator for one in found.objects] == ["helm release shop/other revision 1, templates/configmap.yaml"]
    assert (found.complete, found.passed_over) == (True, ())


def test_no_release_at_all_is_a_gap(server: ApiServer, client: Client) -> None:
    server.add(_live("sh.helm.release.v1.web.v1"), helm.record(helm.release(_MAP)))

    assert read_releases(client).complete
    found = read_releases(client, ["elsewhere"])

    assert _whys(found) == [("unit: helm releases", "no release is deployed in elsewhere, so nothing is declared")]
    assert (found.objects, found.inputs) == ((), ())


def test_only_named_namespaces_are_asked_for(server: ApiServer, client: Client) -> None:
    for namespace in ("shop", "office", "elsewhere"):
        server.add(helm.record(helm.release(_MAP, namespace=namespace)))

    found = read_releases(client, ["shop", "office"])

    assert [one.value["metadata"]["namespace"] for one in found.objects] == ["shop", "office"]
    assert {request.path.split("/")[4] for request in server.requests} == {"shop", "office"}


def test_secrets_are_asked_for_by_type_and_labels_and_values_only_where_deployed(
    server: ApiServer, client: Client
) -> None:
    server.add(helm.record(helm.release(_MAP)))
    read_releases(client)

    first, second = (request for request in server.requests if request.path == "/api/v1/secrets")
    assert first.headers["Accept"].startswith("application/json;as=PartialObjectMetadataList")
    assert (first.query["fieldSelector"], first.query["labelSelector"]) == ("type=helm.sh/release.v1", "owner=helm")
    assert second.query["fieldSelector"] == "type=helm.sh/release.v1"
    assert second.query["labelSelector"] == "owner=helm,status=deployed"


def test_other_secrets_lose_their_values_even_where_the_server_gives_them(server: ApiServer, client: Client) -> None:
    record = helm.record(helm.release(_MAP))
    other = {**record, "type": "Opaque"}
    page = {"kind": "List", "metadata": {}, "items": [other]}
    server.fail("/secrets", Answer(200, body=page), times=2)

    found = read_releases(client)

    assert [gap.why for gap in found.gaps] == ["its record cannot be read: it holds no release"]


@pytest.mark.parametrize("path", ["/secrets", "/configmaps"])
def test_what_may_not_be_listed_is_a_gap_that_names_the_right(server: ApiServer, client: Client, path: str) -> None:
    server.add(helm.record(helm.release(_MAP)), helm.record(helm.release(_MAP, name="more"), driver="ConfigMap"))
    server.fail(path, Answer(403, "no"), times=9)

    found = read_releases(client)

    (gap,) = found.gaps
    assert (gap.about, gap.remedy) == (
        "unit: helm releases",
        "grant it: `compliance audit --print-rbac` prints the ClusterRole",
    )
    assert gap.why.startswith(f"may not list {path[1:]} in all namespaces, and what releases declare is not known")
    assert (len(found.objects), found.complete) == (1, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense!", "it is no base64"),
        ("\x00", "it is no base64"),
        (helm.encoded([1]), "it is no JSON object"),
        (helm.encoded(helm.release(_MAP, version=2)), "it says that it is helm release shop/web revision 2, deployed"),
        (helm.encoded(helm.release(_MAP, namespace="x")), "it says that it is helm release x/web revision 1, deployed"),
        (
            helm.encoded(helm.release(_MAP, status="failed")),
            "it says that it is helm release shop/web revision 1, fail",
        ),
    ],
    ids=lambda text: text[:30].replace("\x00", "NUL"),
)
@_BOTH_DRIVERS
def test_a_record_that_cannot_be_read_is_a_gap_and_hides_no_other(
    server: ApiServer, client: Client, driver: str, text: str, said: str
) -> None:
    server.add(helm.record(helm.release(_MAP), driver=driver, text=text))
    server.add(helm.record(helm.release(_MAP, name="other"), driver=driver))

    found = read_releases(client)

    ((about, why),) = _whys(found)
    assert about == "unit: helm release shop/web revision 1"
    assert why.startswith(f"its record cannot be read: {said}")
    assert (len(found.objects), found.complete) == (1, False)


def test_labels_that_say_nothing_are_a_gap(server: ApiServer, client: Client) -> None:
    record = helm.record(helm.release(_MAP))
    record["metadata"]["labels"]["version"] = "9" * 50
    server.add(record)
    assert _whys(read_releases(client)) == [
        (
            "unit: shop/sh.helm.release.v1.web.v1",
            "the labels of Secret sh.helm.release.v1.web.v1 name no release, version and status",
        )
    ]


def test_what_cannot_be_read_in_a_manifest_is_a_gap_of_its_release(server: ApiServer, client: Client) -> None:
    broken = helm.manifest(_MAP) + "---\nkind: [\n"
    server.add(helm.record(helm.release(manifest=broken)))

    found = read_releases(client)

    ((about, why),) = _whys(found)
    assert (about, len(found.objects)) == ("unit: helm release shop/web revision 1", 1)
    assert why.startswith("its manifest cannot be read (line ")


def test_two_releases_that_declare_one_object_otherwise_are_a_gap(server: ApiServer, client: Client) -> None:
    other = {**_MAP, "data": {"mode": "slow"}}
    server.add(helm.record(helm.release(_MAP)), helm.record(helm.release(other, name="other")))
    ((about, why),) = _whys(read_releases(client))
    assert about == "unit: helm releases"
    assert "settings is declared in helm release shop/other revision 1" in why


def test_a_record_that_changes_while_it_is_read_is_a_gap(server: ApiServer, client: Client) -> None:
    server.add(helm.record(helm.release(_MAP)))
    empty = Answer(200, body={"kind": "List", "metadata": {}, "items": []})
    server.fail("/secrets", empty, after=1)
    assert _whys(read_releases(client)) == [
        ("unit: helm release shop/web revision 1", "its record has changed while the cluster was read")
    ]


def test_records_come_page_by_page_and_are_bounded(
    server: ApiServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.page = 2
    for number in range(5):
        value = {**_MAP, "metadata": {"name": f"m{number}"}}
        server.add(helm.record(helm.release(value, name=f"r{number}")))
    assert len(read_releases(client).objects) == 5

    monkeypatch.setattr(releases, "_MOST_OBJECTS", 2)
    found = read_releases(client)
    assert [gap.why for gap in found.gaps] == ["more than 2 objects are declared"]

    monkeypatch.setattr(releases, "_MOST_RECORDS", 3)
    found = read_releases(client)
    assert "there are more than 3 records of releases" in {gap.why for gap in found.gaps}
    assert not found.complete


# --- against the live objects


@pytest.fixture(scope="session")
def terms() -> Terms:
    return Terms(datetime(2026, 11, 20, 2, tzinfo=UTC), FieldTypes(KubernetesSchemas()), resolve_tags=False)


class _Audit:
    """What an audit with drift alone tells."""

    def __init__(self, client: Client, terms: Terms, *namespaces: str) -> None:
        chosen = Selection(namespaces)
        material = Material(terms, chosen, lambda one: read_releases(one, namespaces), dry_run=False)
        source = ClusterSource(client, (), chosen, [ClusterDrift(client, material)])
        self.facts = {f"{one.subject.kind} {one.subject.name}": one.body for one in source.facts()}
        self.told = source.told

    def presence(self, *names: str) -> list[str]:
        return [self.facts[name]["presence"] for name in names]


def test_live_objects_are_compared_with_what_the_records_declare(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    declared = objects.declared()
    declared["metadata"].pop("namespace")
    gone = {**_MAP, "metadata": {"name": "gone"}}
    slow = {**_MAP, "data": {"mode": "slow"}}
    server.add(_SHOP, *objects.shop(), _live("by-hand"), helm.record(helm.release(declared, slow, gone, version=3)))

    audit = _Audit(client, terms)

    names = ("Deployment web", "ConfigMap settings", "ConfigMap by-hand", "ConfigMap gone")
    assert audit.presence(*names) == ["both", "both", "unmanaged", "missing"]
    (differing,) = audit.facts["ConfigMap settings"]["field_differs"]
    assert (differing["path"], differing["live"], differing["declared"]) == ("data.mode", '"fast"', '"slow"')
    assert audit.facts["Deployment web"]["declared"] == {
        "locator": "helm release shop/web revision 3, templates/deployment.yaml",
        "revision": "3",
        "method": "offline",
    }
    assert audit.told.gaps == []
    assert [one.locator for one in audit.told.inputs] == ["unit: helm releases", "unit"]


def test_nothing_is_unmanaged_where_a_release_could_not_be_read(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    server.add(_SHOP, _live("by-hand"), helm.record(helm.release(_MAP)))
    server.add(helm.record(helm.release(_MAP, name="broken"), text="nonsense"))
    assert _Audit(client, terms).presence("ConfigMap by-hand") == ["not_compared"]


def test_what_helm_makes_beside_manifests_is_not_unmanaged(server: ApiServer, client: Client, terms: Terms) -> None:
    hook = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: of-a-hook}\n"
    namespaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "declared"}}]
    server.add(_SHOP, _live("of-a-hook"), _live("by-hand", annotations={"helm.sh/hook": "pre-install"}))
    server.add(helm.record(helm.release(_MAP, *namespaces, hooks=[{"manifest": hook}])))
    server.add(helm.record(helm.release(_MAP, name="old", version=1, status="uninstalled"), driver="ConfigMap"))

    audit = _Audit(client, terms)

    names = ("ConfigMap of-a-hook", "ConfigMap by-hand", "Namespace shop", "ConfigMap sh.helm.release.v1.old.v1")
    assert audit.presence(*names) == ["ignored", "unmanaged", "ignored", "ignored"]


def test_objects_of_releases_elsewhere_are_not_unmanaged_where_namespaces_are_named(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    elsewhere = {"meta.helm.sh/release-name": "all", "meta.helm.sh/release-namespace": "platform"}
    server.add(_SHOP, _live("of-platform", annotations=elsewhere), _live("by-hand"), helm.record(helm.release(_MAP)))
    names = ("ConfigMap of-platform", "ConfigMap by-hand")

    assert _Audit(client, terms, "shop").presence(*names) == ["ignored", "unmanaged"]
    assert _Audit(client, terms).presence(*names) == ["unmanaged", "unmanaged"]


def test_secrets_of_a_release_are_compared_and_no_value_is_told(
    server: ApiServer, client: Client, terms: Terms
) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "db"},
        "stringData": {"password": "correct horse"},
    }
    live = {**_live("db", kind="Secret"), "data": {"password": "aHVudGVyMnh5eg=="}}
    server.add(_SHOP, live, helm.record(helm.release(secret)))

    audit = _Audit(client, terms)

    assert [one["path"] for one in audit.facts["Secret db"]["field_differs"]] == ["data.password"]
    everything = json.dumps(audit.facts) + repr(audit.told)
    assert not any(value in everything for value in ("correct horse", "hunter2xyz", "aHVudGVyMnh5eg", helm.VALUE))


@_BOTH_DRIVERS
def test_no_record_is_in_the_facts(server: ApiServer, client: Client, terms: Terms, driver: str) -> None:
    record = helm.record(helm.release(_MAP), driver=driver)
    server.add(_SHOP, record)
    audit = _Audit(client, terms)
    assert f"{driver} sh.helm.release.v1.web.v1" in audit.facts
    assert record["data"]["release"] not in json.dumps(audit.facts)


def test_no_value_of_a_broken_record_is_told(server: ApiServer, client: Client, terms: Terms) -> None:
    broken = helm.release(_MAP, manifest=f"a: [\n# {helm.VALUE}\n")
    server.add(_SHOP, helm.record(broken), helm.record(helm.release(_MAP, name="x"), text=f"{helm.VALUE}!"))
    audit = _Audit(client, terms)
    assert len([gap for gap in audit.told.gaps if gap.rule is None]) == 2
    assert helm.VALUE not in json.dumps(audit.facts) + repr(audit.told)
