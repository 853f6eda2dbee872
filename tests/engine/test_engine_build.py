"""Rules compiled by OPA."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from compliance import catalogue as catalogues
from compliance.engine import build, rego_files
from compliance.errors import CatalogueError, EngineError
from compliance.private_cache import PrivateCache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from compliance.catalogue import Catalogue

    MakeSource = Callable[[dict[str, str]], build.Source]
    MakeCatalogue = Callable[[dict[str, str]], Catalogue]
    MakeFolder = Callable[..., Path]

FINE = """
deny contains {"msg": "m", "at": "x"} if input.x == 1
"""


def test_files_are_named_by_their_place_in_the_folder_not_by_the_folder(rule_folder: MakeFolder) -> None:
    first, second = rule_folder({"a.b": FINE}, "one"), rule_folder({"c.d": FINE, "c.e": FINE}, "two")
    (first / "a" / "b" / "b_test.rego").write_text("package x")
    names = [file.name for file in rego_files.read([first, second])]
    assert names == ["rules/a/b/b.rego", "rules2/c/d/d.rego", "rules2/c/e/e.rego"]


def test_names_in_what_opa_says_become_the_users_own(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    said = "rules/a/b/b.rego:3: bad; /rules2/c/d/d.rego:4:1: worse; rules3/x.rego, my/rules/y.rego and rules/z"
    assert rego_files.in_users_terms(said, folders) == (
        f"{tmp_path}/one/a/b/b.rego:3: bad; {tmp_path}/two/c/d/d.rego:4:1: worse; "
        "rules3/x.rego, my/rules/y.rego and rules/z"
    )


def test_a_huge_file_is_refused_by_name(rule_folder: MakeFolder) -> None:
    folder = rule_folder({"a.b": "#" * rego_files.MAX_BYTES})
    with pytest.raises(CatalogueError, match=r"a/b/b\.rego: cannot be read: larger than 1 MiB"):
        rego_files.read([folder])


@pytest.mark.real
@pytest.mark.usefixtures("opa_on_path")
def test_the_same_rules_give_the_same_bytes_wherever_they_lie(rule_folder: MakeFolder, source: MakeSource) -> None:
    given = source({"a.b": FINE, "a.c": FINE.replace("x", "y")})
    elsewhere = rule_folder({"a.b": FINE, "a.c": FINE.replace("x", "y")}, "quite/another/place")
    moved = build.source([elsewhere], given.entry, given.schemas)
    assert build.compile_wasm(given) == build.compile_wasm(moved)
    assert build.build_bundle(given) == build.build_bundle(moved)


@pytest.mark.real
@pytest.mark.usefixtures("opa_on_path")
@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("\ndeny contains {\n", 4, "rego_parse_error"),
        ("\ndeny contains x if {\n\tnot_defined(input.a, x)\n}\n", 4, "undefined function not_defined"),
        ("\ndeny contains x\n", 3, "var x is unsafe"),
    ],
)
def test_what_opa_refuses_is_reported_at_the_users_file_and_line(
    source: MakeSource, tmp_path: Path, body: str, line: int, said: str
) -> None:
    with pytest.raises(CatalogueError) as refusal:
        build.compile_wasm(source({"a.b": body}))
    assert refusal.value.message.startswith(f"{tmp_path}/rules/a/b/b.rego:{line}: ")
    assert said in refusal.value.message
    assert refusal.value.remedy


@pytest.mark.real
@pytest.mark.usefixtures("opa_on_path")
@pytest.mark.parametrize(
    "call",
    [
        "time.now_ns()",
        'http.send({"method": "get", "url": "http://localhost"})',
        "opa.runtime()",
        'rand.intn("x", 2)',
        'net.lookup_ip_addr("localhost")',
        'uuid.rfc4122("x")',
    ],
)
def test_what_depends_on_more_than_facts_is_refused_for_both_engines(source: MakeSource, call: str) -> None:
    given = source({"a.b": f'\ndeny contains {{"msg": "m", "at": "x"}} if {call}\n'})
    for make in (build.compile_wasm, build.build_bundle):
        with pytest.raises(CatalogueError, match=r"b\.rego:3: .*a verdict may hang on the facts alone"):
            make(given)


@pytest.mark.real
@pytest.mark.usefixtures("opa_on_path")
def test_what_only_wasm_lacks_is_refused_for_wasm_alone(source: MakeSource) -> None:
    given = source({"a.b": '\ndeny contains {"msg": "m", "at": "x"} if regex.replace(input.a, "b", "c") == "d"\n'})
    with pytest.raises(CatalogueError, match=r"b\.rego:3: .*regex\.replace is not available in the wasm") as refusal:
        build.compile_wasm(given)
    assert "--engine opa" in refusal.value.remedy
    assert build.build_bundle(given)


@pytest.mark.real
@pytest.mark.usefixtures("opa_on_path")
def test_a_rule_may_not_define_what_is_not_below_rules(source: MakeSource) -> None:
    given = source({"a.b": FINE})
    stray = rego_files.RegoFile("rules/a/b/b.rego", given.files[0].path, b"package system.authz\n\nallow := true\n")
    with pytest.raises(CatalogueError, match=r"b\.rego.*system\.authz|system\.authz"):
        build.compile_wasm(replace(given, files=(stray,)))


@pytest.mark.real
@pytest.mark.usefixtures("opa_on_path")
def test_a_bundle_holds_the_rules_and_the_entry_and_nothing_else(source: MakeSource) -> None:
    with tarfile.open(fileobj=io.BytesIO(build.build_bundle(source({"a.b": FINE})))) as bundle:
        names = sorted(bundle.getnames())
    assert names == ["/.manifest", "/data.json", "/entry.rego", "/rules/a/b/b.rego"]


def test_without_opa_the_error_says_what_would_help(
    catalogue: MakeCatalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="opa is not on PATH") as refusal:
        build.module_of(catalogue({"a.b": FINE}), PrivateCache(None))
    assert "install opa" in refusal.value.remedy
    assert "--opa-url" in refusal.value.remedy


@pytest.mark.real
def test_users_rules_are_compiled_once(
    catalogue: MakeCatalogue, opa: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cache, rules = PrivateCache(tmp_path / "cache"), catalogue({"a.b": FINE})
    monkeypatch.setenv("PATH", str(opa.parent))
    module = build.module_of(rules, cache)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert build.module_of(rules, cache) == module
    (tmp_path / "rules" / "a" / "b" / "b.rego").write_text("package rules.a.b\n")
    with pytest.raises(EngineError, match="opa is not on PATH"):
        build.module_of(rules, cache)


def test_built_in_rules_need_no_opa(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    shipped = catalogues.builtin_rules_folder() / "compiled" / "policy.wasm"
    assert build.module_of(catalogues.load(), PrivateCache(None)) == shipped.read_bytes()


def test_an_unbuilt_change_of_a_built_in_rule_is_not_judged_by_the_old_module(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="opa is not on PATH"):
        build.module_of(replace(catalogues.load(), digest="changed"), PrivateCache(None))
