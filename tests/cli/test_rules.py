"""`compliance rules`, from the shell's side."""

import gzip
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from compliance import data
from compliance.catalogue import builtin_rules_folder, dump, read
from compliance.cli import main
from compliance.data import facts_schemas
from compliance.workshop.scaffold import STARTERS

Run = Callable[..., tuple[int, str, str]]


def with_opa(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that asks OPA itself."""
    marked: Callable[..., None] = pytest.mark.real(pytest.mark.usefixtures("opa", "tool_path")(test))
    return marked


RULE = """\
# METADATA
# title: Containers say when they are ready for traffic
# description: Without a readiness probe a Pod gets traffic before it can answer.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Add a readiness probe:
#     ```yaml
#     readinessProbe: {httpGet: {path: /readyz, port: 8080}}
#     ```
#   frameworks: {nsa_cisa: [secure-images], pss: [restricted/seccomp]}
#   aliases: [CKV_K8S_9]
#   enforced_from: 2027-01-31
#   params:
#     kinds:
#       type: array
#       items: {type: string}
#       default: [main, sidecar]
#       description: the kinds of container that need one
package rules.probes.missing_readiness

deny contains {"msg": "no readiness probe", "at": container.at} if {
	some container in input.containers
	container.kind in input.params["probes.missing_readiness"].kinds
	container.probes.readiness == null
}
"""
TEST = """\
package rules.probes.missing_readiness_test

import data.rules.probes.missing_readiness

_with(probe) := {
	"params": {"probes.missing_readiness": {"kinds": ["main"]}},
	"containers": [{"at": "containers[web]", "kind": "main", "probes": {"readiness": probe}}],
}

test_missing_probe_is_denied if {
	found := missing_readiness.deny with input as _with(null)
	found == {{"msg": "no readiness probe", "at": "containers[web]"}}
}

test_probe_passes if {
	found := missing_readiness.deny with input as _with({})
	found == set()
}
"""

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: registry.example.com/web:v1.2.0
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `compliance rules …`: exit code, standard output, standard error."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["rules", *map(str, arguments)])
        shown = capsys.readouterr()
        return int(stopped.value.code or 0), shown.out, shown.err

    return call


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the built-in rules, with exactly one rule; the working folder is `tmp_path`."""
    root = tmp_path / "package" / "_data" / "rules"
    for name in ("schemas", "frameworks"):
        shutil.copytree(builtin_rules_folder() / name, root / name)
    shutil.copytree(builtin_rules_folder() / "testing", root / "testing", ignore=shutil.ignore_patterns("*.rego"))
    folder = root / "probes" / "missing_readiness"
    (folder / "examples").mkdir(parents=True)
    texts = {
        "missing_readiness.rego": RULE,
        "missing_readiness_test.rego": TEST,
        "examples/fail.yaml": POD,
        "examples/pass.yaml": POD + "      readinessProbe: {exec: {command: [ready]}} # not ```\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(data, "PACKAGE", tmp_path / "package")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (root / "compiled").mkdir()
    (root / "compiled" / "catalogue.json").write_bytes(dump(read(root)))
    return root


def _own(run: Run, name: str = "missing_team", schema: str = "workload") -> Path:
    """A rule of the user's own in `own/`, filled in."""
    assert run("new", "house", name, "--dir", "own", "--schema", schema)[0] == 0
    file = Path("own", "house", name, f"{name}.rego")
    text = file.read_text(encoding="utf-8")
    for key, value in (
        ("# title:", "Objects name their team"),
        ("# description:", "Nobody knows whom to call when it breaks."),
        ("#   remediation:", "Add the label that names your team."),
    ):
        text = text.replace(f"{key}\n", f"{key} {value}\n")
    file.write_text(text, encoding="utf-8")
    return file


def test_list_shows_id_severity_owner_and_title(run: Run) -> None:
    _own(run)
    code, shown, _ = run("list", "--rules", "own")
    assert code == 0
    assert shown == (
        "house.missing_team        medium    development  Objects name their team\n"
        "probes.missing_readiness  high      development  Containers say when they are ready for traffic\n"
    )


@pytest.mark.parametrize(
    ("option", "value", "ids"),
    [
        ("--pack", "probes", ["probes.missing_readiness"]),
        ("--severity", "medium", ["house.missing_team"]),
        ("--owner", "development", ["house.missing_team", "probes.missing_readiness"]),
        ("--severity", "critical", []),
    ],
)
def test_list_can_be_narrowed_and_read_by_programs(run: Run, option: str, value: str, ids: list[str]) -> None:
    _own(run)
    code, shown, _ = run("list", "--rules", "own", option, value, "--format", "json")
    assert code == 0
    content = json.loads(shown)
    assert content["schema"] == "compliance/catalogue/v1"
    assert [rule["id"] for rule in content["rules"]] == ids


@pytest.mark.parametrize(
    ("option", "value", "hint"), [("--pack", "probe", "did you mean 'probes'?"), ("--severity", "severe", "critical")]
)
def test_list_refuses_a_name_that_nothing_has(run: Run, option: str, value: str, hint: str) -> None:
    code, shown, said = run("list", option, value)
    assert (code, shown) == (2, "")
    assert hint in said


def test_show_tells_all_of_a_rule(run: Run, snapshot: SnapshotAssertion) -> None:
    code, shown, _ = run("show", "ckv_k8s_9")
    assert code == 0
    assert shown == snapshot


def test_show_suggests_what_was_meant(run: Run) -> None:
    code, _, said = run("show", "probes.missing_readines")
    assert code == 2
    assert said == ("error: there is no rule 'probes.missing_readines'\n  did you mean 'probes.missing_readiness'?\n")


def test_new_refuses_bad_names_unknown_schemas_and_what_exists(run: Run) -> None:
    _own(run)
    for arguments, message in (
        (("house", "missing_team"), "error: own/house/missing_team: exists already"),
        (("house", "Missing"), "error: 'Missing' is no name for a pack or rule"),
        (("schemas", "missing"), "error: 'schemas' is no name for a pack or rule"),
        (("house", "../missing"), "error: '../missing' is no name for a pack or rule"),
        (("house", "other", "--schema", "pod"), "error: there is no starter for the facts schema 'pod'"),
        (("house", "other", "--severity", "bad"), "error: there is no severity 'bad'"),
    ):
        code, _, said = run("new", *arguments, "--dir", "own")
        assert (code, said.splitlines()[0]) == (2, message)


def test_docs_writes_a_page_for_each_rule_and_an_index(run: Run, rules: Path, snapshot: SnapshotAssertion) -> None:
    assert run("docs")[:2] == (0, "2 pages, 2 written\n")
    assert (rules / "INDEX.md").read_text(encoding="utf-8") == snapshot
    page = (rules / "probes" / "missing_readiness" / "README.md").read_text(encoding="utf-8")
    assert page.partition("\n")[2] == run("show", "probes.missing_readiness")[1]
    assert run("docs", "--check")[0] == 0
    assert run("docs")[:2] == (0, "2 pages, 0 written\n")


def test_docs_check_names_pages_that_are_not_current_and_writes_nothing(run: Run, rules: Path) -> None:
    run("docs")
    page, index = rules / "probes" / "missing_readiness" / "README.md", rules / "INDEX.md"
    page.write_text("edited", encoding="utf-8")
    index.unlink()
    code, _, said = run("docs", "--check")
    assert code == 1
    assert f"error: {page.as_posix()}: is not current\n  run compliance rules docs" in said
    assert f"error: {index.as_posix()}: is not current" in said
    assert page.read_text(encoding="utf-8") == "edited"
    assert not index.exists()


def test_a_broken_rule_stops_docs_with_its_place(run: Run) -> None:
    file = _own(run)
    file.write_text(file.read_text(encoding="utf-8").replace("owner: development", "owner: me"), encoding="utf-8")
    code, _, said = run("docs", "own")
    assert code == 2
    assert said.startswith("error: own/house/missing_team/missing_team.rego:9:5: custom.owner must be one of")


def test_without_opa_check_still_tells_what_breaks_the_contract(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("new", "house", "missing_team", "--dir", "own")
    monkeypatch.setenv("PATH", "")
    code, _, said = run("check", "own")
    assert code == 3
    assert "missing_team.rego:2:3: title must be text" in said
    assert "error: opa is not on PATH\n  install opa" in said


def test_build_wants_an_output_for_users_rules(run: Run) -> None:
    _own(run)
    code, _, said = run("build", "--rules", "own")
    assert code == 2
    assert said.startswith("error: --rules needs -o")


@with_opa
def test_check_and_test_pass_for_a_rule_in_order(run: Run) -> None:
    assert run("check") == (0, "1 rule in order\n", "")
    run("build")
    assert run("test") == (0, "100.0 %  probes.missing_readiness\n2 tests passed\n", "")


def test_a_new_rule_may_begin_with_any_facts() -> None:
    assert STARTERS.keys() == set(facts_schemas())


@with_opa
@pytest.mark.parametrize("schema", sorted(STARTERS))
def test_a_new_rule_needs_only_words(run: Run, schema: str) -> None:
    run("new", "house", "missing_team", "--dir", "fresh", "--schema", schema)
    code, _, said = run("check", "fresh")
    assert code == 2
    wrong = [line.split(": ")[2].split()[0] for line in said.splitlines() if line.startswith("error: ")]
    assert wrong == ["title", "description", "custom.remediation"]
    _own(run, schema=schema)
    assert run("check", "own") == (0, "1 rule in order\n", "")
    assert run("test", "own") == (0, "100.0 %  house.missing_team\n2 tests passed\n", "")


@with_opa
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("input.labels", "input.lables", "undefined ref: input.lables"),
        ('== ""', '== "" # x\n', "is not formatted"),
        ('== ""', "==", "unexpected"),
        ("\tobject.get(", "\ttime.now_ns() > 0\n\tobject.get(", "time.now_ns is not available to rules"),
    ],
)
def test_check_tells_what_opa_refuses_with_file_and_line(run: Run, old: str, new: str, message: str) -> None:
    file = _own(run)
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    code, _, said = run("check", "own")
    assert code == 2
    assert f"error: {file.as_posix()}:" in said
    assert message in said


@with_opa
def test_test_tells_failures_skips_and_lines_that_no_test_reaches(
    run: Run, rules: Path, snapshot: SnapshotAssertion
) -> None:
    run("build")
    tests = rules / "probes" / "missing_readiness" / "missing_readiness_test.rego"
    for text in (
        TEST.replace("_with(null)", "_with(1)"),
        TEST.replace("test_missing", "todo_test_missing"),
    ):
        tests.write_text(text, encoding="utf-8")
        code, shown, said = run("test")
        assert code == 1
        assert shown + said.replace(rules.as_posix(), "RULES") == snapshot


@with_opa
def test_tests_that_do_not_compile_are_an_error(run: Run, rules: Path) -> None:
    tests = rules / "probes" / "missing_readiness" / "missing_readiness_test.rego"
    tests.write_text("package rules.probes.missing_readiness_test\n\nx := nothing\n", encoding="utf-8")
    code, _, said = run("test")
    assert code == 2
    assert "missing_readiness_test.rego:3" in said


@with_opa
def test_build_writes_what_check_then_finds_current(run: Run, rules: Path) -> None:
    compiled = rules / "compiled"
    assert run("build", "--check")[0] == 1
    assert run("build")[:2] == (0, "4 files, 3 changed\n")
    assert {path.name for path in compiled.iterdir()} == {"catalogue.json", "digest", "entry.rego", "policy.wasm"}
    assert (compiled / "policy.wasm").read_bytes().startswith(b"\0asm")
    digest = (compiled / "digest").read_text(encoding="utf-8").strip()
    assert f'digest := "{digest}"' in (compiled / "entry.rego").read_text(encoding="utf-8")
    assert json.loads((compiled / "catalogue.json").read_bytes())["digest"] == digest
    assert run("build", "--check") == (0, "4 files, 0 changed\n", "")


@with_opa
@pytest.mark.parametrize("name", ["catalogue.json", "digest", "entry.rego", "policy.wasm", "left_over.txt"])
def test_build_check_names_what_differs(run: Run, rules: Path, name: str) -> None:
    run("build")
    file = rules / "compiled" / name
    file.write_bytes((file.read_bytes() if file.exists() else b"") + b" ")
    code, _, said = run("build", "--check")
    assert (code, said) == (1, f"error: {file.as_posix()}: is not current\n  run compliance rules build\n")


@with_opa
def test_a_bundle_holds_all_rules_and_is_the_same_every_time(run: Run, tmp_path: Path) -> None:
    _own(run)
    for name in ("one.tar.gz", "two.tar.gz"):
        assert run("build", "--rules", "own", "-o", name)[0] == 0
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()
    packed = gzip.decompress((tmp_path / "one.tar.gz").read_bytes())
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        names = archive.getnames()
    assert sum(name.endswith("missing_team.rego") for name in names) == 1
    assert sum(name.endswith("missing_readiness.rego") for name in names) == 1
    assert not any(name.endswith("_test.rego") for name in names)
