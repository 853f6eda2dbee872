"""What rules see of a Helm chart's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.data import data_folder
from compliance.errors import ReadError
from compliance.sources.discovery import discover
from compliance.sources.kubernetes import chart
from compliance.sources.kubernetes.schema import KubernetesSchemas
from compliance.sources.reading import Options, read

if TYPE_CHECKING:
    from pathlib import Path

CHART = b"""\
apiVersion: v2
name: web
version: 1.4.0
dependencies:
  - name: redis
    version: ^18.0.0
    repository: https://charts.example.com
  - {name: redis, alias: queue, version: v18.6.1, repository: "oci://charts.example.com/redis"}
  - {name: common, version: 1.x.x, repository: "file://../common"}
"""
SCHEMA = orjson.loads((data_folder("rules") / "schemas" / "chart.json").read_bytes())


def test_dependencies_are_told_with_their_places() -> None:
    facts = chart.read(CHART, "Chart.yaml", locked=False)
    told = [(one["name"], one["exact"], one["local"]) for one in facts.body["dependencies"]]
    spans = facts.locate([one["at"] for one in facts.body["dependencies"]])
    assert told == [("redis", False, False), ("queue", True, False), ("common", False, True)]
    assert [span.line for span in spans if span] == [5, 8, 9]
    assert (facts.body["type"], facts.lines(2), facts.lines(99)) == ("application", "name: web", None)


@pytest.mark.parametrize(
    ("version", "exact"),
    [
        ("1.2.3", True),
        ("=1.2.3", True),
        ("v1.2.3-rc.1+b5", True),
        ("1.2", False),
        ("1.2.x", False),
        ("~1.2.3", False),
        (">=1.2.3 <2.0.0", False),
        ("1.2.3 || 1.3.0", False),
        ("*", False),
        ("", False),
    ],
)
def test_a_version_is_one_full_number_or_a_range(version: str, exact: bool) -> None:  # noqa: FBT001 - a parameter
    text = f"dependencies: [{{name: redis, version: '{version}', repository: 'https://charts.example.com'}}]"
    (told,) = chart.read(text.encode(), "Chart.yaml", locked=False).body["dependencies"]
    assert told["exact"] is exact


def test_a_chart_is_told_even_where_it_does_not_render(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "Chart.yaml").write_bytes(CHART)
    (tmp_path / "web" / "Chart.lock").write_text("dependencies: []\n")
    (unit,) = discover([str(tmp_path)])
    reading = read(unit, KubernetesSchemas(), Options(), tmp_path)
    ((_, facts),) = reading.facts
    assert (facts.schema, facts.body["locked"], facts.origin.file) == ("chart", True, f"{unit.name}/Chart.yaml")
    assert ["helm" in gap.why for gap in reading.gaps] == [True]


def test_what_is_no_yaml_is_refused() -> None:
    with pytest.raises(ReadError):
        chart.read(b"name: [", "Chart.yaml", locked=False)


_JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "version", "alias"]), inner),
)


@given(st.dictionaries(st.sampled_from(["name", "version", "type", "appVersion", "dependencies"]), _JSON))
def test_whatever_the_file_holds_its_facts_fit_the_schema(value: dict[str, Any]) -> None:
    facts = chart.read(orjson.dumps(value), "Chart.yaml", locked=False)
    jsonschema_rs.validator_for(SCHEMA).validate({**facts.body, "params": {}})
    facts.locate([one["at"] for one in facts.body["dependencies"]])
