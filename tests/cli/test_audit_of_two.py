"""`compliance audit` of two clusters, one of which gives nothing: the other is judged, and the first is a gap."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from api_server import Answer
from small_cluster import small_cluster

from compliance.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Object = dict[str, Any]


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Object]:
    """The kubeconfig of two clusters, `up` and `down`; the second hangs up."""
    monkeypatch.setattr("compliance.sources.cluster.client._FIRST_PATIENCE", 0.1)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    monkeypatch.chdir(tmp_path)
    with small_cluster() as up, small_cluster() as down:
        down.faults.append(lambda _request: Answer(None))
        servers = {"up": up.address, "down": down.address}
        yield {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": {"server": url}} for name, url in servers.items()],
            "users": [{"name": name, "user": {"token": "t"}} for name in servers],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in servers],
        }


def _audit(config: Object, folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Object]:
    (folder / "kubeconfig").write_text(json.dumps(config))
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "-o", "json=-", "--context=down", "--context=up", *options])
    result: Object = json.loads(capsys.readouterr().out)
    return int(stopped.value.code or 0), result


@pytest.mark.parametrize(("options", "code"), [([], 1), (["--fail-on=never"], 3)])
def test_the_one_that_is_up_is_judged(
    config: Object, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int
) -> None:
    ended, result = _audit(config, tmp_path, capsys, *options)

    assert ended == code
    assert [gap["about"] for gap in result["gaps"]] == ["down"]
    assert {one["subject"]["cluster"] for one in result["findings"]} == {"up"}


def test_one_whose_plugin_fails_is_a_gap_too(
    config: Object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "false"}
    config["users"][1]["user"] = {"exec": plugin}

    code, result = _audit(config, tmp_path, capsys, "--fail-on=never")

    assert code == 3
    (gap,) = result["gaps"]
    assert (gap["about"], gap["why"]) == ("down", "the exec plugin false fails: it ended with 1")
    assert result["findings"]
