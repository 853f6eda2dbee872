"""What `--against` names: files that are read once for all clusters, or the records of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import helm_records as helm
import pytest

from compliance.cluster_drift.against import read_against
from compliance.cluster_drift.declared import Reading
from compliance.errors import UsageError
from compliance.sources.kubernetes.schema import KubernetesSchemas

if TYPE_CHECKING:
    from pathlib import Path

    from api_server import ApiServer

    from compliance.sources.cluster.client import Client

_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"


@pytest.fixture
def how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reading:
    monkeypatch.chdir(tmp_path)
    return Reading(KubernetesSchemas(), folder=tmp_path)


def test_files_are_read_once_and_told_of_once(how: Reading, tmp_path: Path, client: Client) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "a.yaml").write_text(_MAP)
    (tmp_path / "deploy" / "broken.yaml").write_text("kind: [\napiVersion: v1\n")

    found = read_against("deploy", how)

    assert found.declared is not None
    (tmp_path / "deploy" / "a.yaml").unlink()
    for _ in range(2):
        told = found.declared(client)
        assert (len(told.objects), told.complete, told.gaps, told.inputs) == (1, False, (), ())
    assert ([gap.about for gap in found.gaps], len(found.inputs)) == (["deploy/broken.yaml"], 1)


def test_where_nothing_could_be_read_nothing_is_compared(how: Reading) -> None:
    found = read_against("file:///nowhere@main", how)
    assert (found.declared, len(found.gaps)) == (None, 1)


def test_releases_are_read_with_their_cluster_in_the_named_namespaces(
    how: Reading, server: ApiServer, client: Client
) -> None:
    found = read_against("release", how, ["shop"])
    assert (found.gaps, found.inputs, server.requests) == ((), (), [])

    server.add(helm.record(helm.release({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}})))
    server.add(helm.record(helm.release(namespace="elsewhere")))
    assert found.declared is not None
    assert [one.locator for one in found.declared(client).objects] == [
        "helm release shop/web revision 1, templates/configmap.yaml"
    ]


def test_a_file_that_is_called_release_is_named_by_its_path(how: Reading, tmp_path: Path, client: Client) -> None:
    (tmp_path / "release").write_text(_MAP)
    found = read_against("./release", how)
    assert found.declared is not None
    assert len(found.declared(client).objects) == 1


def test_a_release_takes_no_values(how: Reading, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a release has its values"):
        read_against("release", Reading(how.schemas, (tmp_path / "values.yaml",), folder=tmp_path))
