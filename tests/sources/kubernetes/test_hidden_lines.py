"""Secrets are shown nowhere: neither in the lines beside a finding, nor in what a schema says of them."""

import pytest

from compliance.sources.kubernetes import manifests
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.schema import KubernetesSchemas

SCHEMAS = KubernetesSchemas("1.34")
WORKLOAD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          args: ["--db-password=correct-horse"]
          env:
            - name: DB_PASSWORD
              value: >-
                correct-
                horse
            - name: LEVEL
              value: info
"""
CONFIG_MAP = """apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  web.properties: |
    level=info
    db.password=correct-horse
  other: shown
"""


def shown(text: str) -> list[str]:
    stream = manifests.Stream(text.encode(), "web.yaml")
    reading = manifests.read(stream, SCHEMAS)
    (manifest,) = reading.manifests
    told = manifests.facts(manifest, Inventory(kubernetes_minor=34))
    lines = (told.lines(number) for number in range(1, len(text.splitlines()) + 1))
    return [line.strip() for line in lines if line is not None]


@pytest.mark.parametrize("text", [WORKLOAD, CONFIG_MAP])
def test_lines_with_secrets_are_left_out(text: str) -> None:
    assert not any("horse" in line or "correct" in line for line in shown(text))


def test_other_lines_are_shown() -> None:
    assert {"- name: LEVEL", "value: info", "kind: Deployment"} <= set(shown(WORKLOAD))
    assert "other: shown" in shown(CONFIG_MAP)


@pytest.mark.parametrize(
    "text",
    [
        "kind: Secret\nmetadata: {name: a}\nstringData: {password: 99887766}\n",
        "kind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: web, env: [{name: A, value: 99887766}]}]}\n",
        "kind: Pod\nmetadata: {name: a, annotations: {api-token: 99887766}}\nspec: {containers: [{name: web}]}\n",
    ],
)
def test_what_is_wrong_with_a_value_is_said_without_it(text: str) -> None:
    (manifest,) = manifests.read(manifests.Stream(b"apiVersion: v1\n" + text.encode(), "a.yaml"), SCHEMAS).manifests
    (error,) = manifest.schema_errors
    assert error.reason == "invalid_value"
    assert "99887766" not in error.message
    assert "string" in error.message


@pytest.mark.parametrize("spec", ["[{name: DB_PASSWORD, value: a99887766}]", "{containers: {password: a99887766}}"])
def test_a_value_that_holds_others_is_not_repeated(spec: str) -> None:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {spec}\n"
    (manifest,) = manifests.read(manifests.Stream(text.encode(), "a.yaml"), SCHEMAS).manifests
    assert manifest.schema_errors
    assert not any("99887766" in error.message for error in manifest.schema_errors)


@pytest.mark.parametrize("rest", ["data: {password: {a: correct-horse}}", "stringData: {a: correct-horse}"])
def test_a_secret_in_the_wrong_shape_is_left_out_too(rest: str) -> None:
    assert not any(
        "horse" in line for line in shown(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{rest}\n")
    )
