"""Rules as they lie on disk, and the catalogue that they make."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import data
from compliance.catalogue import Catalogue, builtin_rules_folder, dump, inspect_folder, load, read, read_folder
from compliance.errors import CatalogueError, UsageError
from compliance.frameworks import read_frameworks
from compliance.model import Severity

RULE = """\
# METADATA
# title: Objects name their team
# description: >-
#   Nobody knows whom to call
#   when it breaks.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload, namespace]
#   owner: sre
#   remediation: |
#     Add the label:
#     ```yaml
#     team: shop
#     ```
#   frameworks: {cis_kubernetes: ["5.6.1"], pss: [baseline/seccomp]}
#   aliases: [CKV_HOUSE_1, no-team]
#   enforced_from: 2027-01-31
#   params:
#     label: {type: string, default: team, description: the label to look for}
package rules.house.missing_team

deny contains {"msg": "the team is missing", "at": "metadata.labels"} if {
	object.get(input.labels, input.params["house.missing_team"].label, "") == ""
}
"""


def write_rule(root: Path, name: str = "missing_team", text: str = RULE, *, pack: str = "house") -> Path:
    """Put a rule into a rules folder; its test and examples are only there."""
    folder = root / pack / name
    (folder / "examples").mkdir(parents=True)
    own = text.replace("house.missing_team", f"{pack}.{name}")
    (folder / f"{name}.rego").write_text(own, encoding="utf-8")
    for file in (f"{name}_test.rego", "examples/fail.yaml", "examples/pass.yaml"):
        (folder / file).touch()
    return folder


@pytest.fixture
def builtin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the built-in rules, with one rule of its own and an up-to-date catalogue.json."""
    root = tmp_path / "package" / "_data" / "rules"
    for name in ("schemas", "frameworks"):
        shutil.copytree(builtin_rules_folder() / name, root / name)
    write_rule(root, "first", RULE.replace("aliases: [CKV_HOUSE_1, no-team]", "aliases: [CKV_1]"), pack="ours")
    monkeypatch.setattr(data, "PACKAGE", tmp_path / "package")
    (root / "compiled").mkdir()
    (root / "compiled" / "catalogue.json").write_bytes(dump(read(root)))
    return root


def test_a_rule_is_read_with_all_that_its_metadata_say(tmp_path: Path) -> None:
    write_rule(tmp_path)
    (rule,) = read_folder(tmp_path)
    assert (rule.id, rule.pack, rule.builtin) == ("house.missing_team", "house", False)
    assert (rule.title, rule.severity, rule.owner) == ("Objects name their team", Severity.HIGH, "sre")
    assert rule.description == "Nobody knows whom to call when it breaks."
    assert rule.remediation == "Add the label:\n```yaml\nteam: shop\n```"
    assert rule.applies_to == ("workload", "namespace")
    assert rule.frameworks == {"cis_kubernetes": ("5.6.1",), "pss": ("baseline/seccomp",)}
    assert rule.aliases == ("CKV_HOUSE_1", "no-team")
    assert rule.enforced_from == date(2027, 1, 31)
    assert rule.params["label"]["default"] == "team"


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "remedy"),
    [
        ("# title: Objects", "# tilte: Objects", 2, "tilte is no known key", "did you mean 'title'?"),
        ("# title: Objects name their team\n", "", 2, "title is missing", "rules/README.md"),
        ("severity: high", "severity: severe", 9, "custom.severity must be one of critical, high,", "critical"),
        ("owner: sre", "owner: ops", 11, "custom.owner must be one of", "development"),
        ("[workload, namespace]", "[workload, wrkload]", 10, "'wrkload' is no facts schema", "'workload'"),
        ("[workload, namespace]", "[namespace]", 7, "schema.workload is not in applies_to", "schema.namespace"),
        ("#   - input: schema.workload\n", "#   []\n", 6, "schemas", "one entry"),
        ("pss: [baseline/seccomp]", "ps: [baseline]", 17, "'ps' is no framework", "'pss'"),
        ('"5.6.1"', '"5.6.9"', 17, "cis_kubernetes 1.12.0 has no control '5.6.9'", "did you mean"),
        ('["5.6.1"]', "[5.7]", 17, "custom.frameworks.cis_kubernetes[0] must be text", "quotation marks"),
        ("[CKV_HOUSE_1, no-team]", "[no team]", 18, "custom.aliases[0]", "letters, digits"),
        ("[CKV_HOUSE_1, no-team]", "[a-b, a-b]", 18, "custom.aliases", "what other tools"),
        ("2027-01-31", "2027-02-31", 19, "custom.enforced_from: day is out of range", "give a date"),
        ("2027-01-31", "soon", 19, "custom.enforced_from", "a date such as"),
        (", default: team", "", 21, "custom.params.label.default is missing", "type, default and description"),
        ("default: team", "default: 5", 21, "the default of parameter label does not fit it", "change the default"),
        ("type: string,", "type: strng,", 21, "parameter label is no JSON schema", "json-schema.org"),
        ("# custom:", "#  custom:", 8, "METADATA is no YAML", ""),
        ("# METADATA", "# METDATA", 22, "has no METADATA right above its package", "rules new"),
        ("package rules.house", "\npackage rules.house", 23, "has no METADATA right above its package", ""),
        ("package rules.house", "package house", 22, "the package differs from the folder", "rules.house.missing_team"),
        ("package rules.", "pakage rules.", None, "has no package line", "package rules.house.missing_team"),
        ("deny contains", "warn contains", 24, "declares warn", "helpers begin with an underscore"),
        ("deny contains {", "deny := {", 24, "declares deny", "deny contains"),
    ],
)
def test_a_breach_is_told_with_its_line_and_remedy(
    tmp_path: Path, old: str, new: str, line: int | None, message: str, remedy: str
) -> None:
    assert old in RULE
    write_rule(tmp_path, text=RULE.replace(old, new))
    problems = inspect_folder(tmp_path).problems
    told = [problem for problem in problems if message in problem.message]
    assert told, [str(problem) for problem in problems]
    origin = told[0].origin
    assert origin is not None
    assert origin.file.endswith("house/missing_team/missing_team.rego")
    assert (origin.span.line if origin.span else None) == line
    assert remedy in f"{told[0].message}; {told[0].remedy}"
    with pytest.raises(CatalogueError):
        read_folder(tmp_path)


def test_examples_may_have_settings(tmp_path: Path) -> None:
    (write_rule(tmp_path) / "examples" / "compliance.yaml").touch()
    assert inspect_folder(tmp_path).problems == ()


def test_private_helpers_are_allowed(tmp_path: Path) -> None:
    write_rule(tmp_path, text=RULE + "\n_label(name) := input.labels[name]\n")
    assert inspect_folder(tmp_path).problems == ()


def _remove(*names: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return act


@pytest.mark.parametrize(
    ("breach", "message"),
    [
        (_remove("missing_team_test.rego"), "missing_team_test.rego: is missing"),
        (_remove("examples/fail.yaml"), "examples: holds no fail* example"),
        (_remove("examples/pass.yaml"), "examples: holds no pass* example"),
        (lambda folder: (folder / "examples" / "good.yaml").touch(), "good.yaml: is no example"),
        (lambda folder: (folder / "examples" / "pass_more").mkdir(), "pass_more: is no example"),
        (_remove("missing_team.rego"), "missing_team.rego: is missing"),
        (lambda folder: (folder / "more.rego").touch(), "more.rego: is not part of the rule"),
        (lambda folder: (folder.parent / "lib.rego").touch(), "house/lib.rego: lies in no rule's folder"),
        (lambda folder: (folder.parents[1] / "lib.rego").touch(), "lib.rego: lies in no rule's folder"),
        (lambda folder: (folder.parent / "Not-A-Rule").mkdir(), "'Not-A-Rule' is no rule name"),
        (lambda folder: (folder / "missing_team.rego").write_bytes(b"\xff\xfe"), "is not UTF-8 text"),
        (lambda folder: (folder / "missing_team.rego").write_bytes(b"#" * 300_000), "larger than 256 KiB"),
    ],
)
def test_a_breach_of_the_folder_is_told(tmp_path: Path, breach: Callable[[Path], object], message: str) -> None:
    breach(write_rule(tmp_path))
    assert any(message in str(problem) for problem in inspect_folder(tmp_path).problems)


def test_all_breaches_are_told_and_the_other_rules_are_read(tmp_path: Path) -> None:
    write_rule(tmp_path, "broken", RULE.replace("owner: sre", "owner: me").replace("severity: high", "severity: 1"))
    write_rule(tmp_path, "whole")
    inspection = inspect_folder(tmp_path)
    assert [rule.id for rule in inspection.rules] == ["house.whole"]
    assert len(inspection.problems) == 2


def test_what_is_no_rules_folder_is_refused(tmp_path: Path) -> None:
    write_rule(tmp_path)
    for folder, message in (
        (tmp_path / "nowhere", "cannot be listed"),
        (tmp_path / "house" / "missing_team" / "examples", "holds no rules"),
        (tmp_path / "house", "is a pack, not a rules folder"),
    ):
        with pytest.raises(CatalogueError, match=message):
            read_folder(folder)


@given(st.text(max_size=300))
def test_no_text_at_all_gets_past_the_check_or_breaks_it(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = tmp_path_factory.mktemp("rules")
    folder = write_rule(root)
    block = "".join(f"# {line}\n" for line in text.split("\n"))
    content = f"# METADATA\n{block}package rules.house.missing_team\n"
    (folder / "missing_team.rego").write_bytes(content.encode("utf-8", "surrogatepass"))
    inspection = inspect_folder(root)
    assert inspection.rules == ()
    assert inspection.problems


def test_a_folder_may_bring_its_own_framework(tmp_path: Path) -> None:
    write_rule(tmp_path, text=RULE.replace("pss: [baseline/seccomp]", "house_standard: [H-1]"))
    (tmp_path / "frameworks").mkdir()
    standard = tmp_path / "frameworks" / "house_standard.json"
    standard.write_text(
        '{"id": "house_standard", "title": "Our standard", "version": "3", "url": "https://example.com",'
        '"controls": [{"id": "H-1", "title": "Teams are named", "automated": true}]}',
        encoding="utf-8",
    )
    assert read_folder(tmp_path)[0].frameworks["house_standard"] == ("H-1",)
    standard.write_text('{"id": "house_standard"}', encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"house_standard\.json: controls is missing|is missing"):
        read_folder(tmp_path)


def test_every_builtin_framework_can_be_read() -> None:
    frameworks = read_frameworks([builtin_rules_folder()])
    assert {"cis_kubernetes", "nsa_cisa", "pss", "nist_800_190", "pci_dss_4"} <= frameworks.keys()
    assert {"baseline/seccomp", "restricted/seccomp"} <= frameworks["pss"].controls.keys()


def _catalogue(root: Path) -> Catalogue:
    write_rule(root, "one", RULE.replace("CKV_HOUSE_1", "CKV_1"))
    write_rule(root, "two", RULE.replace("[workload, namespace]", "[workload]"))
    return read(root)


def test_a_rule_is_found_by_id_and_alias_in_any_letter_case(tmp_path: Path) -> None:
    catalogue = _catalogue(tmp_path)
    for name in ("house.one", "House.ONE", "CKV_1", "ckv_1"):
        rule = catalogue.get(name)
        assert rule is not None
        assert rule.id == "house.one"
    assert catalogue.get("house.three") is None


def test_an_alias_of_two_rules_is_ambiguous(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'no-team' is an alias of several rules: house\.one, house\.two"):
        _catalogue(tmp_path).get("no-team")


def test_rules_are_chosen_by_the_facts_that_they_judge(tmp_path: Path) -> None:
    catalogue = _catalogue(tmp_path)
    assert [rule.id for rule in catalogue.for_schema("workload")] == ["house.one", "house.two"]
    assert [rule.id for rule in catalogue.for_schema("namespace")] == ["house.one"]
    assert catalogue.for_schema("dockerfile") == ()


def test_an_alias_that_is_another_rules_id_is_refused(tmp_path: Path) -> None:
    write_rule(tmp_path, "one", RULE.replace("no-team", "house.two"))
    write_rule(tmp_path, "two")
    with pytest.raises(CatalogueError, match=r"house\.one: the alias house\.two is the id of a rule"):
        read(tmp_path)


def test_the_digest_follows_the_rules_and_nothing_else(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    one, two = write_rule(here), write_rule(there)
    assert read(here).digest == read(there).digest
    (two / "missing_team_test.rego").write_text("# another test", encoding="utf-8")
    assert read(here).digest == read(there).digest
    (one / "missing_team.rego").write_text(RULE + "# changed\n", encoding="utf-8")
    assert read(here).digest != read(there).digest


def test_the_builtin_rules_come_from_the_generated_file_as_they_were_read(builtin: Path) -> None:
    loaded, from_sources = load(), load(from_sources=True)
    assert loaded == from_sources
    assert loaded.folders == (builtin,)
    rule = loaded.rules["ours.first"]
    assert rule.builtin
    assert loaded.folder_of(rule) == builtin / "ours" / "first"


def test_users_rules_join_the_builtin_ones(builtin: Path, tmp_path: Path) -> None:
    write_rule(tmp_path / "a")
    write_rule(tmp_path / "b", pack="other")
    catalogue = load([tmp_path / "a", tmp_path / "b"])
    assert list(catalogue.rules) == ["house.missing_team", "other.missing_team", "ours.first"]
    assert [rule.builtin for rule in catalogue.rules.values()] == [False, False, True]
    assert catalogue.folders == (builtin, tmp_path / "a", tmp_path / "b")
    assert catalogue.digest != load().digest
    assert catalogue.digest == load([tmp_path / "b", tmp_path / "a"]).digest


@pytest.mark.usefixtures("builtin")
def test_a_folder_that_is_given_twice_counts_once(tmp_path: Path) -> None:
    write_rule(tmp_path / "a")
    assert load([tmp_path / "a", tmp_path / "a" / ".." / "a"]) == load([tmp_path / "a"])


def test_the_builtin_folder_as_a_users_folder_adds_nothing(builtin: Path) -> None:
    assert load([builtin]) == load()


@pytest.mark.usefixtures("builtin")
def test_an_id_that_comes_twice_is_refused(tmp_path: Path) -> None:
    write_rule(tmp_path / "a", "first", pack="ours")
    with pytest.raises(CatalogueError, match=r"a/ours/first: ours\.first is the id of a built-in rule too"):
        load([tmp_path / "a"])


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"schema": "compliance/catalogue/v0"}', b"\xff"])
def test_a_missing_or_foreign_catalogue_says_how_to_build_it(builtin: Path, content: bytes | None) -> None:
    file = builtin / "compiled" / "catalogue.json"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(CatalogueError, match="the built-in catalogue cannot be read") as raised:
        load()
    assert "compliance rules build" in raised.value.remedy


def test_loading_the_builtin_rules_imports_no_yaml_and_no_validator(builtin: Path) -> None:
    program = (
        "import pathlib, sys; from compliance import catalogue, data;"
        f"data.PACKAGE = pathlib.Path({str(builtin.parents[1])!r}); catalogue.load();"
        "sys.exit(', '.join({'yaml', 'jsonschema_rs'} & sys.modules.keys()) or None)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603 - our own interpreter


def test_the_rules_that_we_ship_keep_the_contract() -> None:
    inspection = inspect_folder(builtin_rules_folder())
    assert [f"{problem}; {problem.remedy}" for problem in inspection.problems] == []
    assert len(inspection.rules) > 20
