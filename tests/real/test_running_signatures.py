"""What runs in a cluster against what was signed: in a real registry, with real Pods, for as long as it answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import registries
from shops import Shop, audited, deployment, drift_in, push, push_index

from compliance.cli import main
from compliance.supply_chain.keys import generate, write_pair

if TYPE_CHECKING:
    from pathlib import Path

    from control_plane import ControlPlane

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("as_admin"), pytest.mark.xdist_group("control-plane")]

_RULE = "drift.running_image_unsigned"
_PASSWORD = "of a key that lives as long as a test"  # noqa: S105 - so it is


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key pair; its path without suffix."""
    monkeypatch.setenv("COSIGN_PASSWORD", _PASSWORD)
    write_pair(tmp_path / "release", generate(), _PASSWORD.encode())
    return tmp_path / "release"


def _sign(image: str, key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["sign", image, "--key", f"{key}.key"])
    printed = capsys.readouterr()
    assert not ended.value.code, printed.err


def _deployed(shop: Shop, image: str, runs: str) -> Shop:
    shop.deploy(deployment(image, metadata={"annotations": {"kwok-image-id/web": runs}}))
    return shop


def test_what_runs_is_held_against_what_was_signed(
    control_plane: ControlPlane,
    docker_registry_program: Path,
    shop: str,
    key: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "registry").mkdir()
    with registries.docker_registry(docker_registry_program, tmp_path / "registry") as address:
        keys = [{"name": "ours", "file": f"{key}.pub"}]
        policy = {"name": "release", "patterns": [f"{address}/shop/*"], "keys": keys}
        settings = {"drift": {"verify_signatures": True}, "images": {"verification": [policy]}}
        (tmp_path / "compliance.yaml").write_text(json.dumps(settings))
        name = f"{address}/shop/web"

        signed = push(address, "v1", b"one")
        _sign(f"{name}:v1", key, capsys)
        web = _deployed(Shop(control_plane, shop, tmp_path), f"{name}:v1", f"{name}@{signed}")
        assert drift_in(capsys, web) == set()

        moved = push(address, "v1", b"two")
        (pod, _) = web.pods()
        status = {**pod["status"]["containerStatuses"][0], "imageID": f"{name}@{moved}"}
        web.report(pod, {"containerStatuses": [status]})
        _, result = audited(capsys, "--namespace", shop)
        (found,) = [one for one in result["findings"] if one["rule"].startswith("drift.")]
        assert (found["rule"], found["at"], result["gaps"]) == (_RULE, "containers[web].image", [])
        where = f"container web runs {moved} in Pod {pod['metadata']['name']} (1 in all)"
        assert found["message"] == f"{where}, and by the policy release, 0 signers of the 1 that are required signed it"

        push_index(address, "v1", moved)
        _sign(f"{name}:v1", key, capsys)
        assert drift_in(capsys, web) == set()

    code, result = audited(capsys, "--namespace", shop, "--fail-on", "never")
    assert {(gap["rule"], gap["about"]) for gap in result["gaps"]} == {(_RULE, f"test/Deployment/{shop}/web")}
    assert code == 3
    assert _RULE not in {one["rule"] for one in result["findings"]}
