"""Streams of manifests: objects with places, gaps, and what is passed over."""

import pytest

from compliance.model import Facts
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.manifests import ManifestReading, Stream, facts, read
from compliance.sources.kubernetes.schema import KubernetesSchemas

SCHEMAS = KubernetesSchemas("1.34")
POD = """apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx
"""


def reading(text: str | bytes, *, explicit: bool = False) -> ManifestReading:
    data = text.encode() if isinstance(text, str) else text
    return read(Stream(data, "file.yaml", explicit=explicit), SCHEMAS)


def told(text: str | bytes) -> list[Facts]:
    return [facts(manifest, Inventory(kubernetes_minor=34)) for manifest in reading(text).manifests]


def line_of(one: Facts, at: str) -> int:
    (span,) = one.locate([at])
    assert span is not None
    return span.line


def test_a_container_is_placed_where_it_is_written() -> None:
    (pod,) = told(POD)
    assert [line_of(pod, at) for at in ("containers[web]", "containers[web].image", "metadata.name")] == [7, 8, 4]


def test_what_is_missing_is_placed_at_what_would_hold_it() -> None:
    (pod,) = told(POD)
    assert line_of(pod, "containers[web].readinessProbe") == 7


@pytest.mark.parametrize(
    "text",
    [
        POD.replace("\n", "\r\n"),
        "\ufeff" + POD,
        "---\n" + POD,
        "# a comment\n---\n# another\n" + POD,
        POD + "---\n---\n# nothing\n",
        '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [{"name": "web"}]}}',
    ],
    ids=["crlf", "bom", "separator", "comments", "empty documents", "json"],
)
def test_every_way_to_write_it_gives_the_same_subject(text: str) -> None:
    assert [str(one.subject) for one in told(text)] == ["Pod/web"]


def test_documents_of_a_stream_are_placed_in_the_whole_text() -> None:
    _, second = told(POD + "---\n" + POD.replace("web", "api"))
    assert (str(second.subject), line_of(second, "containers[api].image")) == ("Pod/api", 17)


def test_items_of_a_list_are_objects_of_their_own() -> None:
    indented = "".join(f"  {line}\n" for line in POD.splitlines())
    (pod,) = told("apiVersion: v1\nkind: List\nitems:\n-" + indented[1:])
    assert (str(pod.subject), line_of(pod, "containers[web].image")) == ("Pod/web", 11)


def test_an_anchor_is_resolved() -> None:
    text = POD.replace("image: nginx", "image: &image nginx\n  - name: two\n    image: *image")
    (pod,) = told(text)
    assert [container["image"]["text"] for container in pod.body["containers"]] == ["nginx", "nginx"]


def test_values_have_the_types_that_kubernetes_sees() -> None:
    text = POD + "  hostNetwork: yes\n  terminationGracePeriodSeconds: 0x1E\n"
    (pod,) = told(text)
    assert pod.body["pod"]["host_network"] is True
    assert pod.body["pod"]["termination_grace_period_seconds"] == 30


def test_a_broken_document_is_a_gap_with_its_line_and_hides_no_other() -> None:
    found = reading(POD + "---\nkind: Pod\n\tspec: [\n---\n" + POD.replace("web", "api"))
    assert len(found.manifests) == 2
    (gap,) = found.gaps
    assert gap.origin is not None
    assert gap.origin.span is not None
    assert gap.origin.span.line == 11


def test_broken_yaml_that_is_no_manifest_is_passed_over_unless_named() -> None:
    assert reading("{{ template }}: [").gaps == []
    assert len(reading("{{ template }}: [").passed_over) == 1
    assert len(reading("{{ template }}: [", explicit=True).gaps) == 1


def test_an_object_without_api_version_is_a_gap() -> None:
    found = reading("kind: Deployment\nmetadata: {name: web}\n")
    assert [gap.why for gap in found.gaps] == ["an object with kind and metadata, but without apiVersion"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("stages: [build]\nbuild:\n  stage: build\n  script: [make]\n", "a GitLab pipeline"),
        ("on: push\njobs: {build: {}}\n", "a GitHub workflow"),
        ("rules:\n- name: a\n  query: kubectl get pods\n", "compliance rules with queries (rules.yaml)"),
        ("- role: dev\n  path: []\n", "a learning path"),
        ("services: {web: {image: nginx}}\n", "a Compose file"),
        ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "a Kustomize file"),
        ("apiVersion: v1\nkind: Config\nclusters: []\n", "a kubeconfig"),
        ("replicaCount: 1\n", "no Kubernetes object"),
        ("", "an empty file"),
    ],
)
def test_files_of_another_kind_are_passed_over_by_name(text: str, what: str) -> None:
    found = reading(text)
    assert (found.manifests, found.gaps) == ([], [])
    assert [one.why for one in found.passed_over] == [what]


def test_a_key_written_twice_is_a_misfit() -> None:
    (pod,) = told(POD + "  restartPolicy: Always\n  restartPolicy: Never\n")
    errors = pod.body["schema_errors"]
    assert [(error["reason"], error["at"]) for error in errors] == [("duplicate_field", "spec.restartPolicy")]
    assert pod.body["pod"]["restart_policy"] == "Never"


def test_the_lines_of_a_secret_are_not_shown() -> None:
    (secret,) = told("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n")
    assert secret.lines(4) is None


def test_a_rendered_object_names_its_template() -> None:
    rendered = "---\n# Source: web/templates/pod.yaml\n" + POD
    stream = Stream(rendered.encode(), "charts/web", "Helm chart charts/web")
    (manifest,) = read(stream, SCHEMAS).manifests
    origin = facts(manifest, Inventory(kubernetes_minor=34)).origin
    assert (origin.file, origin.rendered_by) == ("web/templates/pod.yaml", "Helm chart charts/web")


def test_json_that_is_nested_too_deep_is_a_gap() -> None:
    deep = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":' + '{"a":' * 200 + "1" + "}" * 201
    (gap,) = reading(deep).gaps
    assert "deep" in gap.why


def reasons(text: str) -> list[str]:
    return [error.reason for manifest in reading(text).manifests for error in manifest.schema_errors]


def test_an_object_written_twice_in_a_stream_is_a_misfit() -> None:
    assert reasons(POD + "---\n" + POD) == ["duplicate_object"]
    elsewhere = POD.replace("name: web\nspec", "name: web\n  namespace: shop\nspec")
    assert reasons(POD + "---\n" + elsewhere) == []


def test_hooks_may_share_a_name() -> None:
    hook = POD.replace("name: web\nspec", "name: web\n  annotations: {helm.sh/hook: test}\nspec")
    assert reasons(POD + "---\n" + hook) == []


@pytest.mark.parametrize(
    ("rendered_by", "namespace"), [("Helm chart web", None), ("Kustomize folder web", "default"), (None, "default")]
)
def test_the_namespace_that_helm_makes_up_is_not_known(rendered_by: str | None, namespace: str | None) -> None:
    text = POD.replace("name: web\nspec", "name: web\n  namespace: default\nspec")
    found = read(Stream(text.encode(), "web", rendered_by), SCHEMAS)
    (pod,) = (facts(manifest, Inventory(kubernetes_minor=34)) for manifest in found.manifests)
    assert (pod.subject.namespace, pod.body["namespace"]) == (namespace, namespace)
