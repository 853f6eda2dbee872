"""What becomes of every function that OPA knows."""

from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING

import pytest

from compliance import tools
from compliance.engine import builtins, refused
from compliance.engine.entry import FIND_N

if TYPE_CHECKING:
    from pathlib import Path

COMPILE_TIME = {"print", "internal.print", "internal.test_case", "rego.metadata.chain", "rego.metadata.rule"}
UNNAMEABLE = "internal."


@pytest.mark.real
def test_every_function_of_opa_is_native_answered_or_refused(opa: Path, tmp_path: Path) -> None:
    known = json.loads(tools.run([opa, "capabilities", "--current"], deadline=30).stdout)["builtins"]
    decided = COMPILE_TIME | refused.NOT_PURE | refused.NOT_IN_WASM | {FIND_N} | builtins.BUILTINS.keys()
    callable_ = [one for one in known if not one.get("infix") and not one.get("deprecated")]
    native = {one["name"]: one["decl"].get("args", []) for one in callable_}
    native = {name: args for name, args in native.items() if name not in decided and not name.startswith(UNNAMEABLE)}
    module = compiled({name: len(args) for name, args in native.items()}, opa, tmp_path)
    assert len(native) > 70
    assert [name for name in native if f"\0{name}\0".encode() in module] == []


@pytest.mark.real
def test_a_function_left_to_the_host_would_be_seen(opa: Path, tmp_path: Path) -> None:
    assert b"\0units.parse\0" in compiled({"units.parse": 1, "count": 1}, opa, tmp_path)


def test_no_function_is_both_answered_and_refused() -> None:
    assert not (refused.NOT_PURE | refused.NOT_IN_WASM) & builtins.BUILTINS.keys()
    assert not refused.NOT_PURE & refused.NOT_IN_WASM


def compiled(arities: dict[str, int], opa: Path, folder: Path) -> bytes:
    """Compile a call of each function; a module lists those that it leaves to its host by name."""
    calls = [
        f"answers[{index}] := {name}({', '.join(f'input.a{column}' for column in range(arity))})\n"
        for index, (name, arity) in enumerate(arities.items())
    ]
    (folder / "one.rego").write_text("package one\n\n" + "\n".join(calls), encoding="utf-8")
    bundle = folder / "one.tar.gz"
    done = tools.run(
        [opa, "build", "--target", "wasm", "--entrypoint", "one/answers", "--output", bundle, folder / "one.rego"],
        deadline=60,
    )
    assert done.returncode == 0, done.stdout
    with tarfile.open(fileobj=io.BytesIO(bundle.read_bytes())) as archive:
        module = archive.extractfile("/policy.wasm")
        assert module is not None
        return module.read()
