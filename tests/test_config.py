"""compliance.yaml: what it may say, where it is found, and how it answers to mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import config
from compliance.cluster_reports_settings import ClusterReportsSettings
from compliance.config import Config, RuleSetting, load
from compliance.drift_settings import DriftSettings
from compliance.errors import ConfigurationError
from compliance.history_settings import HistorySettings
from compliance.image_settings import ImageSettings
from compliance.model import Severity
from compliance.notification_settings import Channel, Kind, NotificationSettings, SecretPlace
from compliance.owners import Owners
from compliance.verification_settings import (
    RequiredAttestation,
    TrustedIdentity,
    TrustedKey,
    VerificationPolicy,
)
from compliance.vulnerability_settings import VulnerabilitySettings

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

SCHEMA = Path(config.__file__).parent / "schemas" / "configuration-v1.json"

EVERYTHING = """\
version: 1
fail_on: medium
rules:
  probes.missing_readiness: off
  CKV_K8S_14:
    severity: critical
    params: {mutable_tags: [latest, stable]}
  resource_limits.*: {enabled: false}
packs:
  dockerfile: {fail_on: never}
  probes: {fail_on: low, enabled: true}
exclude: [vendor/, "*.generated.yaml"]
registries: [registry.example.org/team/]
owners:
  label: team
  annotation: example.org/team
  codeowners: .github/CODEOWNERS
  teams: {security: blue}
  default: platform
kubernetes_version: "1.34"
rules_folders: [policy/rules]
waivers: accepted.yaml
waiver_max_days: 180
baseline: baseline.json
inline_waivers: false
engine: opa
opa_url: https://opa.example.org:8181
deadline: 500ms
cluster_reports: {api: openreports, max_results: 50, max_reports: 300}
history: {store: "sqlite:///nights/history.sqlite3", keep_runs: 30, keep_days: 90}
images:
  vulnerabilities: {scanners: [trivy, grype], deadline: 2m}
  verification:
  - name: release
    patterns: [registry.example.org/shop/**]
    keys: [{name: release key, file: keys/release.pub}, {name: reviewer, env: REVIEWER_KEY}]
    identities: [{identity_pattern: ".*@example.org", issuer: https://accounts.example.org}]
    required: 2
    annotations: {stage: release}
    attestations: [{type: test-result, conditions: ['input.predicate.result == "PASSED"']}]
    transparency_log: required
    timestamp: required
    trusted_root: keys/root.json
  insecure_registries: ["registry.test:5000"]
  ca_file: keys/ca.pem
notifications:
  report_url: https://reports.example.org/
  channels: [{name: chat, kind: teams, at_least: critical, url_env: TEAMS_WEBHOOK}]
drift:
  allowed_managers: [shop-operator]
  resolve_tags: true
  verify_signatures: true
  dry_run: never
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "compliance.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def mistake(tmp_path: Path, text: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load(written(tmp_path, text), start=tmp_path)
    return caught.value


def said(tmp_path: Path, text: str) -> str:
    error = mistake(tmp_path, text)
    return f"{error}\n{error.remedy}".replace(f"{tmp_path.as_posix()}/", "").strip()


def test_every_key_reaches_the_configuration(tmp_path: Path) -> None:
    read = load(written(tmp_path, EVERYTHING), start=tmp_path)
    assert read == Config(
        folder=tmp_path,
        rules={
            "probes.missing_readiness": RuleSetting(enabled=False),
            "CKV_K8S_14": RuleSetting(None, Severity.CRITICAL, {"mutable_tags": ["latest", "stable"]}),
            "resource_limits.*": RuleSetting(enabled=False),
        },
        fail_on=Severity.MEDIUM,
        pack_fail_on={"dockerfile": None, "probes": Severity.LOW},
        pack_enabled={"probes": True},
        exclude=("vendor/", "*.generated.yaml"),
        registries=("registry.example.org/team/",),
        owners=Owners(
            "team", "example.org/team", tmp_path / ".github/CODEOWNERS", {"security": "blue"}, default="platform"
        ),
        kubernetes_version="1.34",
        rules_folders=(tmp_path / "policy/rules",),
        waivers=tmp_path / "accepted.yaml",
        waiver_max_days=180,
        baseline=tmp_path / "baseline.json",
        inline_waivers=False,
        engine="opa",
        opa_url="https://opa.example.org:8181",
        deadline=0.5,
        cluster_reports=ClusterReportsSettings("openreports", 50, 300),
        history=HistorySettings(f"sqlite:///{tmp_path}/nights/history.sqlite3", 30, 90),
        images=ImageSettings(
            verification=(
                VerificationPolicy(
                    name="release",
                    patterns=("registry.example.org/shop/**",),
                    keys=(
                        TrustedKey("release key", file=tmp_path / "keys/release.pub"),
                        TrustedKey("reviewer", env="REVIEWER_KEY"),
                    ),
                    identities=(
                        TrustedIdentity(identity_pattern=".*@example.org", issuer="https://accounts.example.org"),
                    ),
                    required=2,
                    annotations={"stage": "release"},
                    attestations=(RequiredAttestation("test-result", ('input.predicate.result == "PASSED"',)),),
                    log_required=True,
                    timestamp_required=True,
                    trusted_root=tmp_path / "keys/root.json",
                ),
            ),
            insecure_registries=("registry.test:5000",),
            ca_file=tmp_path / "keys/ca.pem",
            vulnerabilities=VulnerabilitySettings(("trivy", "grype"), deadline=120.0),
        ),
        notifications=NotificationSettings(
            (Channel("chat", Kind.TEAMS, Severity.CRITICAL, SecretPlace(env="TEAMS_WEBHOOK")),),
            "https://reports.example.org/",
        ),
        drift=DriftSettings(
            allowed_managers=("shop-operator",), resolve_tags=True, verify_signatures=True, dry_run=False
        ),
        document=read.document,
    )


def test_the_example_of_everything_says_every_key_of_the_schema() -> None:
    schema = orjson.loads(SCHEMA.read_bytes())
    assert set(schema["properties"]) == {line.partition(":")[0] for line in EVERYTHING.splitlines() if line[0] != " "}


def test_every_key_of_the_schema_is_described() -> None:
    schema = orjson.loads(SCHEMA.read_bytes())
    assert [key for key, about in schema["properties"].items() if not about.get("description")] == []


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "{}\n", "version: 1\n"])
def test_an_empty_file_means_the_defaults(tmp_path: Path, text: str) -> None:
    read = load(written(tmp_path, text), start=tmp_path)
    assert read == Config(folder=tmp_path, document=read.document)
    assert read.fail_on is Severity.HIGH


@pytest.mark.parametrize(
    ("deadline", "seconds"), [("5s", 5.0), ("1m", 60.0), ("250ms", 0.25), ("2", 2.0), ("0.5", 0.5)]
)
def test_a_deadline_is_seconds(tmp_path: Path, deadline: str, seconds: float) -> None:
    assert load(written(tmp_path, f"deadline: {deadline}"), start=tmp_path).deadline == seconds


def test_mistakes_name_file_line_key_and_what_was_meant(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    mistakes = [
        "fail_om: high\n",
        "fail_on: hihg\n",
        "version: 2\n",
        "rules:\n  probes.x:\n    sevrity: high\n",
        "rules:\n  probes.x: on\n",
        "rules:\n  probes.x: true\n",
        "rules: [probes.x]\n",
        "kubernetes_version: 1.34\n",
        "exclude: vendor/\n",
        "exclude:\n",
        "inline_waivers: no\n",
        "deadline: soon\n",
        "deadline: 0\n",
        "owners:\n  teams:\n    finance: x\n",
        "opa_url: file:///etc/passwd\n",
        "- a list\n",
        "fail_on: high\nfail_on: never\n",
        "exclude: [\n",
    ]
    assert "\n\n".join(f"{text}-> {said(tmp_path, text)}" for text in mistakes) == snapshot


def test_all_mistakes_are_told_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = "zzz: 1\nfail_on: x\nengine: y\n"
    assert [
        line.partition(" ")[0] for line in str(mistake(tmp_path, text)).replace(str(tmp_path), "").splitlines()
    ] == [
        "/compliance.yaml:1:1:",
        "/compliance.yaml:2:1:",
        "/compliance.yaml:3:1:",
    ]


def test_the_configuration_is_found_upward(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    written(tmp_path, "fail_on: low\n")
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    found = load(start=inside)
    assert (found.fail_on, found.folder) == (Severity.LOW, tmp_path)


def test_the_nearest_configuration_wins(tmp_path: Path) -> None:
    written(tmp_path, "fail_on: low\n")
    inside = tmp_path / "a"
    inside.mkdir()
    written(inside, "fail_on: critical\n")
    assert load(start=inside).fail_on is Severity.CRITICAL


def test_the_search_ends_at_the_repository(tmp_path: Path) -> None:
    written(tmp_path, "fail_on: low\n")
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    (repository / "a").mkdir()
    found = load(start=repository / "a")
    assert (found.fail_on, found.folder, found.document) == (Severity.HIGH, repository, None)


def test_a_file_may_be_the_start(tmp_path: Path) -> None:
    written(tmp_path, "fail_on: low\n")
    target = tmp_path / "deployment.yaml"
    target.touch()
    assert load(start=target).fail_on is Severity.LOW


def test_a_file_below_the_working_folder_is_named_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "a"
    inside.mkdir()
    written(inside, "zzz: 1\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r"^a/compliance\.yaml:1:1: zzz is no known key"):
        load(start=Path("a"))


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        load(tmp_path / "other.yaml", start=tmp_path)


def test_waivers_beside_the_configuration_are_used_unasked(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "compliance-waivers.yaml").touch()
    assert load(start=tmp_path).waivers == tmp_path / "compliance-waivers.yaml"
    assert load(written(tmp_path, "waivers: other.yaml"), start=tmp_path).waivers == tmp_path / "other.yaml"


def test_a_symbolic_link_to_itself_is_no_crash(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    (tmp_path / ".git").mkdir()
    assert load(start=loop / "x").fail_on is Severity.HIGH


@given(st.text('abz:{}[]-\n 1"#', max_size=60))
def test_any_text_is_a_configuration_or_an_error_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        load(file, start=file.parent)
    except ConfigurationError as error:
        assert error.origin is not None  # noqa: PT017 - that it may also be accepted is the point
