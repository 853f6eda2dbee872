"""The section `drift` of compliance.yaml."""

from pathlib import Path

import pytest

from compliance.config import load
from compliance.drift_settings import DriftSettings, IgnoredFields, Injector, ObjectPatterns
from compliance.errors import ConfigurationError

DIGEST = f"sha256:{'a' * 64}"
DRIFT = f"""\
drift:
  enabled: true
  allowed_managers: [shop-operator, "team-*"]
  ignore_differences:
  - group: apps
    kind: Deployment
    namespace: shop
    name: web-*
    json_pointers: [/spec/template/metadata/annotations/example.org~1stamp]
    jq_paths: ['.spec.template.spec.containers[].resources']
    managers: [vpa-recommender]
  - managers: [kyverno]
  ignore_objects:
  - {{kind: ConfigMap, name: "leader-*"}}
  injectors:
  - {{name: ours, evidence: [example.org/injected], names: [proxy, "proxy-*"], fields: [securityContext]}}
  trusted_digests: {{nginx: {DIGEST}}}
  resolve_tags: true
  verify_signatures: true
  dry_run: never
images:
  verification: [{{name: release, patterns: [registry.example.com/**], keys: [{{name: ours, file: ours.pub}}]}}]
"""


def read(folder: Path, text: str) -> DriftSettings:
    file = folder / "compliance.yaml"
    file.write_text(text)
    return load(file, start=folder).drift


def test_every_key_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, DRIFT) == DriftSettings(
        enabled=True,
        allowed_managers=("shop-operator", "team-*"),
        ignore_differences=(
            IgnoredFields(
                ObjectPatterns("apps", "Deployment", "shop", "web-*"),
                ("/spec/template/metadata/annotations/example.org~1stamp",),
                (".spec.template.spec.containers[].resources",),
                ("vpa-recommender",),
            ),
            IgnoredFields(ObjectPatterns(), managers=("kyverno",)),
        ),
        ignore_objects=(ObjectPatterns(kind="ConfigMap", name="leader-*"),),
        injectors=(Injector("ours", ("example.org/injected",), ("proxy", "proxy-*"), ("securityContext",)),),
        trusted_digests={"docker.io/library/nginx:latest": DIGEST},
        resolve_tags=True,
        verify_signatures=True,
        dry_run=False,
    )


def test_by_itself_it_is_on_asks_no_registry_and_may_ask_the_api_server(tmp_path: Path) -> None:
    found = read(tmp_path, "drift: {}\n")
    assert found == DriftSettings()
    assert (found.enabled, found.resolve_tags, found.verify_signatures, found.dry_run) == (True, False, False, True)


@pytest.mark.parametrize(
    ("line", "place", "said"),
    [
        ("alowed_managers: [a]", "2:3", "did you mean 'allowed_managers'?"),
        (f"allowed_managers: [{'a' * 513}]", "2:22", "allowed_managers[0]"),
        ("ignore_differences: [{kind: Deployment}]", "2:24", "names no fields"),
        ("ignore_differences: [{json_pointers: [spec/replicas]}]", "2:41", "does not fit: 'spec/replicas'"),
        ("ignore_differences: [{json_pointers: ['/a~2']}]", "2:41", "does not fit"),
        ("ignore_objects: [{}]", "2:20", "less than 1 property"),
        ("injectors: [{name: ours}]", "2:15", "evidence is missing"),
        ("injectors: [{name: ours, evidence: []}]", "2:28", "less than 1 item"),
        ("trusted_digests: {nginx: latest}", "2:21", "does not fit: 'latest'"),
        (f"trusted_digests: {{'A b': '{DIGEST}'}}", "2:21", "is no image reference"),
        (f"trusted_digests: {{'nginx@{DIGEST}': '{DIGEST}'}}", "2:21", "has a digest already"),
        ("dry_run: always", "2:3", "must be one of auto, never"),
        ("resolve_tags: yes", "2:3", "must be true or false"),
        ("verify_signatures: 1", "2:3", "must be true or false"),
        ("verify_signatures: true", "2:3", "images.verification is empty"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, line: str, place: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, f"drift:\n  {line}\n")
    assert str(caught.value).startswith(f"{tmp_path / 'compliance.yaml'}:{place}: drift.")
    assert said in str(caught.value)


def test_lists_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"drift\.allowed_managers"):
        read(tmp_path, f"drift:\n  allowed_managers: [{', '.join(['a'] * 1001)}]\n")
