"""Charts and overlays, rendered by the real helm and kustomize, judged by the shipped rules."""

import json
from pathlib import Path

import pytest

from compliance.cli import main

pytestmark = pytest.mark.real

POD_SPEC = "spec: {containers: [{name: web, image: '%s'}]}\n"
TEMPLATE = (
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\n"
    "spec:\n  containers:\n    - name: web\n      image: registry.example.com/web:{{ .Values.tag }}\n"
)


def scanned(target: Path, result: Path, *options: str) -> tuple[int, dict]:
    with pytest.raises(SystemExit) as stop:
        main(["scan", str(target), "-q", "-o", f"json={result}", *options])
    return int(stop.value.code or 0), json.loads(result.read_text())


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    folder = tmp_path / "chart"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
    (folder / "values.yaml").write_text("tag: latest\n")
    (folder / "templates" / "pod.yaml").write_text(TEMPLATE)
    return folder


@pytest.mark.usefixtures("helm", "tool_path")
def test_a_chart_is_judged_as_it_renders_and_named(chart: Path, tmp_path: Path) -> None:
    code, result = scanned(chart, tmp_path / "result.json")
    floating = [one for one in result["findings"] if one["rule"] == "versioned_tags.floating_tag"]
    assert code == 1
    assert [(one["subject"]["name"], one["origin"]["rendered_by"]) for one in floating] == [
        ("web-web", f"Helm chart {chart}")
    ]
    assert floating[0]["origin"]["file"].endswith("templates/pod.yaml")


@pytest.mark.usefixtures("helm", "tool_path")
def test_values_given_to_the_scan_reach_the_chart(chart: Path, tmp_path: Path) -> None:
    values = tmp_path / "prod.yaml"
    values.write_text("tag: v1.2.0\n")
    _, result = scanned(chart, tmp_path / "result.json", "--helm-values", str(values))
    assert "versioned_tags.floating_tag" not in [one["rule"] for one in result["findings"]]


@pytest.mark.usefixtures("helm", "tool_path")
def test_a_chart_that_does_not_render_is_a_gap_in_helms_words(chart: Path, tmp_path: Path) -> None:
    (chart / "templates" / "pod.yaml").write_text('{{ fail "no tag" }}')
    code, result = scanned(chart, tmp_path / "result.json")
    assert code == 3
    assert ["no tag" in gap["why"] for gap in result["gaps"]] == [True]


@pytest.mark.usefixtures("helm", "tool_path")
def test_a_chart_is_rendered_for_the_kubernetes_that_it_is_judged_for(chart: Path, tmp_path: Path) -> None:
    (chart / "templates" / "pod.yaml").write_text(TEMPLATE.replace("Values.tag", "Capabilities.KubeVersion.Minor"))
    _, result = scanned(chart, tmp_path / "result.json", "--kubernetes-version", "1.33")
    pinned = [one["message"] for one in result["findings"] if one["rule"] == "versioned_tags.not_pinned_by_digest"]
    assert pinned == ["container web runs registry.example.com/web:33 without a digest"]


@pytest.mark.usefixtures("kustomize", "tool_path")
def test_an_overlay_is_judged_as_it_renders_and_its_base_only_through_it(tmp_path: Path) -> None:
    base, overlay = tmp_path / "system" / "base", tmp_path / "system" / "prod"
    base.mkdir(parents=True)
    overlay.mkdir()
    (base / "kustomization.yaml").write_text("resources: [pod.yaml]\n")
    (base / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n" + POD_SPEC % "registry.example.com/web:latest"
    )
    (overlay / "kustomization.yaml").write_text(
        "resources: [../base]\nimages: [{name: registry.example.com/web, newTag: v1.2.0}]\n"
    )
    _, result = scanned(tmp_path / "system", tmp_path / "result.json")
    assert result["subjects"] == 1
    assert "versioned_tags.floating_tag" not in [one["rule"] for one in result["findings"]]
    assert {one["origin"]["rendered_by"] for one in result["findings"]} == {f"Kustomize folder {overlay}"}


@pytest.mark.usefixtures("kustomize", "tool_path")
def test_an_overlay_that_does_not_build_is_a_gap(tmp_path: Path) -> None:
    folder = tmp_path / "overlay"
    folder.mkdir()
    (folder / "kustomization.yaml").write_text("resources: [nowhere.yaml]\n")
    code, result = scanned(folder, tmp_path / "result.json")
    assert code == 3
    assert "nowhere.yaml" in result["gaps"][0]["why"]
