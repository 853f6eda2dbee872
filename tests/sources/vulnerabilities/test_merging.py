"""One list out of two scanners' reports, which name packages, versions and vulnerabilities each in their own way."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from compliance.sources.vulnerabilities.facts import scan_facts
from compliance.sources.vulnerabilities.merging import merged
from compliance.sources.vulnerabilities.records import SEVERITIES, ImageContent, Match, Outcome, Report

NOW = datetime(2026, 1, 3, tzinfo=UTC)


def match(*ids: str, package: str = "openssl", version: str = "3.0", url: str | None = None, **more: Any) -> Match:  # noqa: ANN401 - fields of Match
    url = url or f"pkg:deb/debian/{package}@{version}"
    ecosystem = url.removeprefix("pkg:").partition("/")[0]
    return Match(ids, package, version, ecosystem, url, more.pop("severity", "high"), **more)


def outcome(scanner: str, *matches: Match, judged: tuple[str, ...] = ("deb", "pypi", "npm", "golang")) -> Outcome:
    return Outcome(scanner, "1", report=Report(None, (), matches), judged=frozenset(judged))


def facts(*outcomes: Outcome) -> list[dict[str, Any]]:
    body = scan_facts(ImageContent("web", None), outcomes, [], None, NOW)  # type: ignore[arg-type] - no path is read
    return list(body["vulnerabilities"])


def test_an_advisory_and_its_cve_are_one_vulnerability() -> None:
    (one,) = merged([outcome("trivy", match("CVE-1")), outcome("grype", match("GHSA-1", "CVE-1"))])
    assert (one.id, one.aliases, one.seen_by) == ("CVE-1", ("GHSA-1",), ("grype", "trivy"))


def test_an_advisory_that_only_one_scanner_names_joins_the_cve_with_that_alias() -> None:
    (one,) = merged([outcome("trivy", match("CVE-1", "GHSA-1")), outcome("grype", match("GHSA-1"))])
    assert (one.id, one.seen_by) == ("CVE-1", ("grype", "trivy"))


def test_an_advisory_of_several_cves_joins_none_of_them() -> None:
    found = merged(
        [outcome("trivy", match("CVE-1", "ALAS-1"), match("CVE-2", "ALAS-1")), outcome("grype", match("ALAS-1"))]
    )
    assert [one.id for one in found] == ["ALAS-1", "CVE-1", "CVE-2"]


def test_the_worst_severity_and_all_fixes_count() -> None:
    first = match("CVE-1", severity="low", fixed_versions=("3.1",))
    second = match("CVE-1", severity="critical", fixed_versions=("3.1", "4.0"))
    (one,) = facts(outcome("trivy", first), outcome("grype", second))
    assert (one["severity"], one["fixed_version"]) == ("critical", "3.1, 4.0")


def test_an_unknown_severity_never_wins() -> None:
    (one,) = merged(
        [outcome("trivy", match("CVE-1", severity="unknown")), outcome("grype", match("CVE-1", severity="low"))]
    )
    assert one.severity == "low"


def test_versions_are_compared_as_both_scanners_write_them() -> None:
    go = [
        match("CVE-1", package="stdlib", version=version, url="pkg:golang/stdlib@1.22")
        for version in ("v1.22", "go1.22")
    ]
    rpm = [match("CVE-1", version=version, url="pkg:rpm/rhel/openssl@3") for version in ("3-1.el9", "0:3-1.el9")]
    assert len(merged([outcome("trivy", go[0], rpm[0]), outcome("grype", go[1], rpm[1])])) == 2


def test_scoped_packages_are_told_apart() -> None:
    matches = [match("CVE-1", package=f"@{scope}/x", url=f"pkg:npm/%40{scope}/x@3.0") for scope in ("a", "b")]
    assert len(merged([outcome("trivy", *matches)])) == 2


def test_a_package_in_two_places_is_one_finding() -> None:
    assert len(merged([outcome("trivy", match("CVE-1"), match("CVE-1"))])) == 1


def test_only_a_scanner_that_looked_can_have_overlooked_something() -> None:
    blind = outcome("grype", judged=("npm",))
    assert facts(outcome("trivy", match("CVE-1")), blind)[0]["not_seen_by"] == []
    assert facts(outcome("trivy", match("CVE-1")), outcome("grype"))[0]["not_seen_by"] == ["grype"]


def test_a_place_names_the_version_and_the_ecosystem_only_where_it_must() -> None:
    alone, old, new = match("CVE-1", package="a"), match("CVE-1", package="b"), match("CVE-1", package="b", version="4")
    deb, npm = match("CVE-1", package="c"), match("CVE-1", package="c", url="pkg:npm/c@3.0")
    assert [one["at"] for one in facts(outcome("trivy", alone, old, new, deb, npm))] == [
        "vulnerabilities[CVE-1 a]",
        "vulnerabilities[CVE-1 b 3.0]",
        "vulnerabilities[CVE-1 b 4]",
        "vulnerabilities[CVE-1 c 3.0 deb]",
        "vulnerabilities[CVE-1 c 3.0 npm]",
    ]


def test_ages_count_whole_days_and_fit_32_bits() -> None:
    (one,) = facts(
        outcome("trivy", match("CVE-1", published=NOW.replace(day=1), fixed_at=datetime(2, 1, 1, tzinfo=UTC)))
    )
    assert (one["age_days"], one["fix_age_days"]) == (2, 739253)
    (one,) = facts(outcome("trivy", match("CVE-1", published=NOW.replace(year=2099))))
    assert one["age_days"] == 0


MATCHES = st.builds(
    match,
    st.sampled_from(["CVE-1", "CVE-2", "GHSA-1"]),
    st.sampled_from(["CVE-3", "GHSA-1", "GHSA-2"]),
    package=st.sampled_from(["a", "b"]),
    version=st.sampled_from(["1", "2"]),
    severity=st.sampled_from(SEVERITIES),
)


@given(st.lists(MATCHES, max_size=6), st.lists(MATCHES, max_size=6))
def test_merging_loses_nothing_and_names_every_place_once(first: list[Match], second: list[Match]) -> None:
    found = facts(outcome("trivy", *first), outcome("grype", *second))
    assert len({one["at"] for one in found}) == len(found)
    for scanner, matches in (("trivy", first), ("grype", second)):
        for each in matches:
            assert any(
                scanner in one["seen_by"]
                and set(each.ids) <= {one["id"], *one["aliases"]}
                and (one["package"], one["version"]) == (each.package, each.version)
                and SEVERITIES.index(one["severity"]) >= SEVERITIES.index(each.severity)
                for one in found
            )
