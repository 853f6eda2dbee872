"""What rules see of ConfigMaps, Secrets, claims and classes, and of the workloads that use them."""

import base64
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.data import data_folder
from compliance.sources.kubernetes.entries import entry_of
from compliance.sources.kubernetes.facts import body, facts_schema
from compliance.sources.kubernetes.facts.configuration import versioned
from compliance.sources.kubernetes.inventory import Inventory

SCHEMAS: Path = data_folder("rules") / "schemas"


def told(value: dict[str, Any], *others: dict[str, Any], rendered_by: str | None = None) -> dict[str, Any]:
    inventory = Inventory(kubernetes_minor=34)
    inventory.add(entry for one in (value, *others) if (entry := entry_of(one)))
    return body(value, (), inventory, rendered_by)


def config_map(name: str = "app", **rest: object) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}, **rest}


def secret(**rest: object) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop"}, **rest}


def workload(kind: str = "Deployment", spec: dict[str, Any] | None = None, **pod: object) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {**(spec or {}), "template": {"spec": pod}},
    }


def reading(name: str, key: str | None = None) -> dict[str, Any]:
    source = {"configMapRef": {"name": name}}
    variable = {"name": "A", "valueFrom": {"configMapKeyRef": {"name": name, "key": key}}}
    return workload(containers=[{"name": "web", "env": [variable]} if key else {"name": "web", "envFrom": [source]}])


def claim(**spec: object) -> dict[str, Any]:
    metadata = {"name": "db", "namespace": "shop"}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec}


def test_a_config_map_knows_who_reads_it() -> None:
    facts = told(config_map(), reading("app"), reading("other"))
    assert facts["used_by"] == ["Deployment/web"]


def test_another_namespace_reads_another_config_map() -> None:
    elsewhere = reading("app")
    elsewhere["metadata"]["namespace"] = "blog"
    assert told(config_map(), elsewhere)["used_by"] == []


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("app-v1", "version"),
        ("app-1.2.0", "version"),
        ("app-20240301", "version"),
        ("app-2024-03-01", "version"),
        ("app-5f8gk2t6mh", "hash"),
        ("app-1a2b3c4d", "hash"),
        ("app", None),
        ("app-config", None),
        ("app-deadbeef", None),
        ("kube-root-ca.crt", None),
    ],
)
def test_a_name_may_tell_a_version(name: str, how: str | None) -> None:
    assert versioned(name) == how


def test_a_key_that_the_workload_reads_is_looked_up() -> None:
    (read,) = told(reading("app", "level"), config_map(data={"levels": "info"}))["configuration"]
    assert [(use["at"], use["key"], use["key_found"]) for use in read["uses"]] == [
        ("containers[web].env[A]", "level", False)
    ]


def test_a_key_of_an_object_that_is_empty_or_not_there_is_not_known() -> None:
    for others in ([], [config_map()]):
        (read,) = told(reading("app", "level"), *others)["configuration"]
        assert read["uses"][0]["key_found"] is None


def test_of_several_objects_of_one_name_each_may_have_the_key() -> None:
    others = config_map(data={"a": "1"}), config_map(data={"level": "info"})
    (read,) = told(reading("app", "level"), *others)["configuration"]
    assert read["uses"][0]["key_found"] is True


def test_a_name_one_slip_away_is_named() -> None:
    (read,) = told(reading("web-confg"), config_map("web-config"))["configuration"]
    assert read["similar"] == "web-config"


@pytest.mark.parametrize("other", ["web-v2", "database"])
def test_another_version_and_another_name_are_no_slip(other: str) -> None:
    (read,) = told(reading("web-v1"), config_map(other))["configuration"]
    assert read["similar"] is None


def test_files_mounted_one_by_one_are_told_where_they_are_mounted() -> None:
    mount = {"name": "files", "mountPath": "/etc/a", "subPath": "a"}
    volumes = [{"name": "files", "configMap": {"name": "app"}}]
    (read,) = told(workload(containers=[{"name": "web", "volumeMounts": [mount]}], volumes=volumes))["configuration"]
    assert [(use["how"], use["at"]) for use in read["uses"]] == [
        ("volume", "spec.template.spec.volumes[files]"),
        ("sub_path", "containers[web].volumeMounts[files]"),
    ]


def test_a_variable_that_extends_itself_is_no_duplicate() -> None:
    twice = [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]
    extended = [{"name": "B", "value": "1"}, {"name": "B", "value": "$(B) 2"}]
    facts = told(workload(containers=[{"name": "web", "env": twice + extended}]))
    assert [one["name"] for one in facts["duplicate_variables"]] == ["A"]


def test_secrets_of_variables_and_commands_are_told_without_their_values() -> None:
    container = {
        "name": "web",
        "env": [{"name": "DB_PASSWORD", "value": "correct-horse"}, {"name": "LEVEL", "value": "info"}],
        "command": ["sh", "-c", "export API_PASSWORD='battery-staple'; exec web --password-file=/x"],
        "args": ["--db-password", "battery-staple", "--secret-key=$(KEY)", "--tls-secret", "web-tls"],
    }
    found = told(workload(containers=[container]))["secrets"]
    assert [one["name"] for one in found["variables"]] == ["DB_PASSWORD"]
    assert [(one["at"], one["name"]) for one in found["arguments"]] == [
        ("containers[web].command", "API_PASSWORD"),
        ("containers[web].args", "db-password"),
    ]
    assert b"horse" not in orjson.dumps(found)
    assert b"staple" not in orjson.dumps(found)


def test_a_secret_volume_that_all_containers_mount_is_told() -> None:
    mounting = {"volumeMounts": [{"name": "keys", "mountPath": "/keys"}]}
    volumes = [{"name": "keys", "secret": {"secretName": "db"}}]
    both = [{"name": "web", **mounting}, {"name": "proxy", **mounting}]
    told_of = told(workload(containers=both, volumes=volumes))["secrets"]["mounted_everywhere"]
    assert told_of == [{"secret": "db", "volume": "keys"}]
    assert told(workload(containers=both[:1], volumes=volumes))["secrets"]["mounted_everywhere"] == []
    assert told(workload(containers=[both[0], {"name": "b"}], volumes=volumes))["secrets"]["mounted_everywhere"] == []


def test_settings_in_files_of_a_config_map_that_are_secrets_are_named() -> None:
    text = "db.user=web\ndb.password=correct-horse\nother.password=${OTHER}\n"
    (key,) = told(config_map(data={"web.properties": text}))["keys"]
    assert key["settings"] == [{"name": "db.password", "secret": "a secret in clear text"}]


@pytest.mark.parametrize(
    ("key", "value", "is_secret"),
    [
        ("password", "correct-horse", True),
        ("key", "a" * 10 + "b", True),
        ("username", "web", False),
        ("password", "", False),
        ("password", "${PASSWORD}", False),
        ("password", "ENC[AES256_GCM,data:Zm9v]", False),
        ("project", "default", False),
        ("sshKey", "-----BEGIN PRIVATE" + " KEY-----\n...\n-----END", False),
        ("insecure", "true", False),
        ("ca-bundle.crt", "not shown here", False),
        ("public-key", "of nobody", False),
        ("password_in1", "correct-horse", True),
        ("accountkey", "correct-horse", True),
        ("batman", "qT7xPl2mNc9vKd4sWz81", True),
        ("ca.crt", "-----BEGIN CERTIFICATE-----\nabc\n", False),
        ("alertmanager.yaml", "route:\n  receiver: none\n", False),
        ("config.yaml", "db:\n  password: correct-horse\n", True),
    ],
)
def test_a_secret_is_known_by_what_it_holds(key: str, value: str, *, is_secret: bool) -> None:
    plain = told(secret(stringData={key: value}))["keys"]
    encoded = told(secret(data={key: base64.b64encode(value.encode()).decode()}))["keys"]
    assert [bool(one["secret"]) for one in (*plain, *encoded)] == [is_secret, is_secret]


def test_binary_values_count_with_their_decoded_size() -> None:
    facts = told(config_map(binaryData={"logo.png": base64.b64encode(b"\xff" * 300).decode()}))
    assert (facts["size"], facts["keys"][0]["format"]) == (300, "binary")


def test_what_rendered_it_is_told() -> None:
    assert told(secret(), rendered_by="Helm chart web")["rendered_by"] == "Helm chart web"


def test_a_volume_is_joined_with_its_claim() -> None:
    pod = {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "db"}}], "containers": [{"name": "web"}]}
    storage = told(workload(**pod), claim(accessModes=["ReadWriteOnce"]))["storage"]
    assert [(one["claim"], one["access_modes"]) for one in storage["volumes"]] == [("db", ["ReadWriteOnce"])]
    assert storage["outlives_pod"]
    assert told(workload(**pod))["storage"]["volumes"][0]["found"] is False


@pytest.mark.parametrize(
    ("strategy", "surges"),
    [
        ({}, True),
        ({"type": "Recreate"}, False),
        ({"rollingUpdate": {"maxSurge": 0}}, False),
        ({"rollingUpdate": {"maxSurge": "0%"}}, False),
        ({"rollingUpdate": {"maxSurge": 1}}, True),
    ],
)
def test_a_deployment_surges_unless_it_says_otherwise(strategy: dict[str, Any], *, surges: bool) -> None:
    assert told(workload(spec={"strategy": strategy}))["storage"]["surges"] is surges


def test_configuration_and_identity_are_no_data() -> None:
    kinds = ("configMap", "secret", "projected", "downwardAPI", "ephemeral")
    volumes = [{"name": kind, kind: {}} for kind in kinds] + [{"name": "tmp", "emptyDir": {}}]
    storage = told(workload(volumes=volumes))["storage"]
    assert [one["name"] for one in storage["volumes"]] == ["tmp"]
    assert not storage["outlives_pod"]


def test_templates_of_a_stateful_set_are_claims() -> None:
    spec = {"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"storageClassName": ""}}]}
    facts = told(workload("StatefulSet", spec=spec))
    assert [(one["name"], one["storage_class"]) for one in facts["claims"]] == [("data", "")]
    assert facts["storage"]["outlives_pod"]


# fmt: off
FIELDS = [
    "metadata", "name", "namespace", "labels", "annotations", "ownerReferences", "spec", "template", "containers",
    "initContainers", "volumes", "env", "envFrom", "valueFrom", "configMapKeyRef", "secretKeyRef", "configMapRef",
    "secretRef", "key", "optional", "value", "command", "args", "volumeMounts", "subPath", "configMap", "secret",
    "secretName", "items", "projected", "sources", "persistentVolumeClaim", "claimName", "emptyDir", "hostPath",
    "path", "csi", "driver", "volumeClaimTemplates", "accessModes", "storageClassName", "volumeName", "selector",
    "strategy", "rollingUpdate", "maxSurge", "persistentVolumeClaimRetentionPolicy", "whenDeleted", "data",
    "stringData", "binaryData", "app.json", "app.yaml", "app.properties", "immutable", "type", "provisioner",
    "reclaimPolicy", "parameters", "imagePullSecrets", "restartPolicy",
]
# fmt: on
SCALARS = st.none() | st.booleans() | st.integers(-5, 70000) | st.floats(allow_nan=False) | st.text(max_size=8)


def odd() -> st.SearchStrategy[Any]:
    return st.recursive(
        SCALARS,
        lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6) | st.lists(inner, max_size=3),
        max_leaves=25,
    )


@given(
    st.sampled_from(
        [
            ("v1", "ConfigMap"),
            ("v1", "Secret"),
            ("v1", "PersistentVolumeClaim"),
            ("v1", "PersistentVolume"),
            ("storage.k8s.io/v1", "StorageClass"),
            ("apps/v1", "StatefulSet"),
            ("v1", "Pod"),
        ]
    ),
    st.dictionaries(st.sampled_from(FIELDS), odd(), max_size=6),
)
def test_whatever_the_object_looks_like_the_facts_fit_their_schema(kind: tuple[str, str], rest: dict[str, Any]) -> None:
    value = {**rest, "apiVersion": kind[0], "kind": kind[1]}
    facts = told(value) | {"params": {}}
    schema = orjson.loads((SCHEMAS / f"{facts_schema(value)}.json").read_bytes())
    jsonschema_rs.validate(schema, facts)
