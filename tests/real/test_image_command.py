"""`compliance image` from end to end: signed and attested by our own commands, and judged with both scanners.

Databases are made here, and are of today; registries are real ones, with the referrers API and without.
"""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import grype_databases
import pytest
import scanned_images
import trivy_databases
from advisories import load
from commands import run
from image_contents import Package, debian, python_distributions
from oci_layouts import File, Image, build_oci_layout

from compliance.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("image command")]

TODAY = f"{datetime.now(UTC):%Y-%m-%d}T00:00:00Z"
both_registries = pytest.mark.parametrize("shop", ["docker_registry", "referrers_registry"], indirect=True)
one_registry = pytest.mark.parametrize("shop", ["docker_registry"], indirect=True)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SOURCE = "https://git.example.com/shop/web"
BUILT = ("--builder-id", "https://ci.example.com/build", "--source", SOURCE, "--revision", COMMIT)
TESTS = '<testsuites><testsuite name="web"><testcase classname="cart" name="adds"/></testsuite></testsuites>'
POLICY = """
images:
  verification:
  - name: release
    patterns: ["ADDRESS/**"]
    keys: [{name: release key, file: release.pub}]
    attestations:
    - {type: slsaprovenance1}
    - {type: test-result, conditions: ['input.predicate.result == "PASSED"']}
    - {type: vuln}
    - {type: cyclonedx}
  vulnerabilities: {scanners: [trivy, grype], trivy_cache: trivy, grype_cache: grype}
"""
GOOD = Image(
    [
        debian("12", [Package("base-files", "12.4+deb12u5"), Package("libssl3", "3.0.16-1~deb12u1", "openssl")]),
        python_distributions([Package("flask", "3.0.0")]),
        [File("srv/app", "1", 0o755)],
    ],
    {
        "User": "10001:10001",
        "Entrypoint": ["/srv/app"],
        "Healthcheck": {"Test": ["CMD", "/srv/app", "check"]},
        "Labels": {
            f"org.opencontainers.image.{name}": text
            for name, text in (("version", "1.2.0"), ("revision", COMMIT), ("source", SOURCE))
        },
    },
    created=TODAY,
)
BAD = Image(
    [
        debian("12", scanned_images.DEBIAN),
        python_distributions(scanned_images.PYTHON),
        [
            File("srv/app", "1", 0o755),
            File("usr/bin/elevate", "1", 0o4755),
            File("srv/.aws/credentials", "[default]\naws_access_key_id = AKIAQYLPMN5HHHFPZAM2\n"),
        ],
    ],
    {"User": "root", "Entrypoint": ["/srv/app"]},
    created=TODAY,
)
VULNERABILITIES = {
    "vulnerabilities.critical_unfixed": "vulnerabilities[CVE-2024-90002 zlib1g]",
    "vulnerabilities.high_fixable": "vulnerabilities[CVE-2024-90001 libssl3]",
    "vulnerabilities.high_unfixed": "vulnerabilities[CVE-2024-90005 requests]",
    "vulnerabilities.medium_fixable": "vulnerabilities[CVE-2024-90004 jinja2]",
}


@dataclass(frozen=True)
class Shop:
    """A registry, and a folder with compliance.yaml, layouts, databases and the key; the commands run as in a shell."""

    address: str
    folder: Path
    skopeo: Path

    def push(self, layout: str, name: str) -> str:
        """Push a layout's image; the reference."""
        reference = f"{self.address}/{name}"
        source, target = f"oci:{self.folder / layout}:latest", f"docker://{reference}"
        run([self.skopeo, "copy", "--quiet", "--dest-tls-verify=false", source, target])
        return reference

    def sign(self, reference: str) -> None:
        """Sign with the release key, in both layouts."""
        self.succeed("sign", "--key", self.folder / "release.key", reference)

    def attest(self, reference: str, kind: str, *what: str | Path) -> None:
        """Attest with the release key."""
        self.succeed("attest", "--key", self.folder / "release.key", "--type", kind, *what, reference)

    def succeed(self, *command: str | Path) -> None:
        """Run a command that must end with 0."""
        code, said = self.compliance(*command)
        assert code == 0, said

    def compliance(self, *command: str | Path) -> tuple[int, str]:
        """Run a command: its exit code, and what it prints."""
        printed = io.StringIO()
        with redirect_stdout(printed), pytest.raises(SystemExit) as end:
            main([*map(str, command), "--config", str(self.folder / "compliance.yaml")])
        return int(end.value.code or 0), printed.getvalue()

    def judge(self, reference: str, *options: str | Path) -> tuple[int, dict[str, Any]]:
        """Judge an image: the exit code, and the result."""
        file = self.folder / "result.json"
        code, _ = self.compliance("image", reference, "-o", f"json={file}", *options)
        return code, json.loads(file.read_bytes())


@pytest.fixture(scope="module")
def shop(
    request: pytest.FixtureRequest,
    installer: ModuleType,
    tmp_path_factory: pytest.TempPathFactory,
    skopeo: Path,
    trivy: Path,  # noqa: ARG001 - it must be there, and is found on PATH
    grype: Path,  # noqa: ARG001 - likewise
    opa: Path,  # noqa: ARG001 - likewise
) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    made = Shop(request.getfixturevalue(request.param), folder, skopeo)
    build_oci_layout(folder / "good", GOOD)
    build_oci_layout(folder / "bad", BAD)
    trivy_databases.write(folder / "trivy", built=TODAY)
    grype_databases.write(folder / "grype", built=TODAY)
    (folder / "compliance.yaml").write_text(POLICY.replace("ADDRESS", made.address))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PATH", os.pathsep.join((installer.search_path(), os.environ["PATH"])))
        environment.setenv("COLUMNS", "200")
        environment.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        environment.setenv("COSIGN_PASSWORD", "of a key that lives as long as a test")
        environment.delenv("OPA_URL", raising=False)
        keys = ["keys", "generate", "--output-key-prefix", str(folder / "release")]
        with pytest.raises(SystemExit) as end:
            main(keys)
        assert not end.value.code
        yield made


@pytest.fixture(scope="module")
def released(shop: Shop) -> str:
    """The good image as a pipeline leaves it: signed, and attested how it was built, tested, scanned and what is in it.

    Returns:
        The reference, by tag.
    """
    reference, folder = shop.push("good", "shop/web:1.2.0"), shop.folder
    shop.sign(reference)
    (folder / "junit.xml").write_text(TESTS)
    cache = folder / "trivy"
    offline = ["--skip-db-update", "--offline-scan", "--cache-dir", cache]
    (folder / "scan.json").write_text(run(["trivy", "image", *offline, "--input", folder / "good", "-f", "json"]))
    shop.compliance("image", reference, "--scanner", "none", "--sbom", f"cyclonedx={folder / 'bom.json'}")
    shop.attest(reference, "slsaprovenance1", *BUILT)
    shop.attest(reference, "test-result", "--predicate", folder / "junit.xml")
    database = cache / "db" / "metadata.json"
    shop.attest(reference, "vuln", "--predicate", folder / "scan.json", "--scanner-database", database)
    shop.attest(reference, "cyclonedx", "--predicate", folder / "bom.json")
    return reference


def of_pack(result: dict[str, Any], *packs: str) -> Counter[str]:
    rules = (finding["rule"] for finding in result["findings"])
    return Counter(rule for rule in rules if rule.partition(".")[0] in packs)


@both_registries
def test_the_good_image_is_clean_and_every_report_tells_the_age_of_the_databases(shop: Shop, released: str) -> None:
    formats = ("json", "sarif", "junit", "html")
    wanted = [word for name in formats for word in ("-o", f"{name}={shop.folder / name}")]
    code, shown = shop.compliance("image", released, *wanted)
    result = json.loads((shop.folder / "json").read_bytes())
    assert code == 0, shown
    assert [finding["rule"] for finding in result["findings"]] == ["image_signature.reference_without_digest"]
    assert (result["gaps"], result["subjects"]) == ([], 1)
    assert [(one["name"], one["database_age_days"]) for one in result["scanners"]] == [("grype", 0), ("trivy", 0)]
    for text in (shown, *((shop.folder / name).read_text() for name in ("sarif", "junit", "html"))):
        assert " ".join(text.split()).count(f"with a database of {TODAY[:10]}, 0 days old") >= 2


@one_registry
def test_by_digest_there_is_nothing_left_to_say(shop: Shop, released: str) -> None:
    _, result = shop.judge(released, "--scanner", "none")
    by_digest = f"{released.rpartition(':')[0]}@sha256:{result['inputs'][0]['sha256']}"
    code, result = shop.judge(by_digest)
    assert (code, result["findings"], result["gaps"]) == (0, [], [])
    assert shop.compliance("verify", by_digest)[0] == 0


@one_registry
def test_the_decision_is_attested_and_demanded(shop: Shop, released: str) -> None:
    code, _ = shop.judge(released)
    assert code == 0
    demanded = ("verify", released, "--type", "vsa")
    assert shop.compliance(*demanded)[0] == 1
    shop.attest(released, "vsa", "--predicate", shop.folder / "result.json")
    assert shop.compliance(*demanded)[0] == 0


@one_registry
def test_the_bad_image_is_refused_for_what_is_in_it_and_who_did_not_sign_it(shop: Shop) -> None:
    code, result = shop.judge(shop.push("bad", "shop/bad:1.2.0"))
    assert (code, result["gaps"]) == (1, [])
    assert of_pack(result, "image_signature") == {
        "image_signature.unsigned": 1,
        "image_signature.required_attestation_missing": 4,
        "image_signature.reference_without_digest": 1,
    }
    # Both scanners see each of them, and each is told once.
    assert {
        finding["rule"]: finding["at"] for finding in result["findings"] if finding["rule"] in VULNERABILITIES
    } == VULNERABILITIES
    assert of_pack(result, "vulnerabilities")["vulnerabilities.scanners_disagree"] == 0
    assert of_pack(result, "image_configuration", "dockerfile") >= Counter(
        ["image_configuration.secret_in_layer", "image_configuration.setuid_file", "dockerfile.root_user"]
    )


@one_registry
def test_what_one_scanner_alone_sees_is_told_with_its_name(shop: Shop) -> None:
    fewer = [each for each in load() if each["id"] != "CVE-2024-90002"]
    grype_databases.write(shop.folder / "fewer", fewer, built=TODAY)
    settings = (shop.folder / "compliance.yaml").read_text().replace("grype_cache: grype", "grype_cache: fewer")
    other = Shop(shop.address, shop.folder / "other", shop.skopeo)
    other.folder.mkdir()
    for name in ("trivy", "fewer", "release.pub"):
        (other.folder / name).symlink_to(shop.folder / name)
    (other.folder / "compliance.yaml").write_text(settings)
    _, result = other.judge(str(shop.folder / "bad"))
    assert [
        finding["message"] for finding in result["findings"] if finding["rule"] == "vulnerabilities.scanners_disagree"
    ] == ["grype does not see critical or high vulnerabilities that another scanner sees: CVE-2024-90002"]
    assert "vulnerabilities.critical_unfixed" in of_pack(result, "vulnerabilities")


@one_registry
def test_a_tag_that_was_moved_after_signing_is_told(shop: Shop) -> None:
    reference = shop.push("good", "shop/moved:1.0.0")
    shop.sign(reference)
    _, before = shop.judge(reference, "--scanner", "none")
    pinned = f"{reference}@sha256:{before['inputs'][0]['sha256']}"
    assert "image_signature.tag_moved_since_signing" not in of_pack(before, "image_signature")
    shop.push("bad", "shop/moved:1.0.0")
    code, result = shop.judge(pinned, "--scanner", "none")
    assert (code, of_pack(result, "image_signature")["image_signature.tag_moved_since_signing"]) == (1, 1)
    code, result = shop.judge(reference, "--scanner", "none")
    assert (code, of_pack(result, "image_signature")["image_signature.unsigned"]) == (1, 1)


@one_registry
def test_the_bill_of_materials_is_one_that_trivy_reads_again(shop: Shop, released: str) -> None:
    for form in ("cyclonedx", "spdx"):
        file = shop.folder / f"{form}.json"
        code, _ = shop.judge(released, "--scanner", "trivy", "--sbom", f"{form}={file}")
        assert code == 0
        assert f"{released.rpartition(':')[0]}@sha256:" in file.read_text()
        code, result = shop.judge(f"sbom:{file}", "--scanner", "trivy")
        assert (code, result["findings"], result["gaps"]) == (0, [], [])
