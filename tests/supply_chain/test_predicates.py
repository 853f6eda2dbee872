"""Predicate types: names, kinds, results, times and provenance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.supply_chain import predicates
from compliance.supply_chain.predicates import Kind, Provenance

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", [n for n in predicates.SHORT_NAMES if n not in ("slsaprovenance02", "spdxjson")])
def test_names_lead_to_uris_and_back(name: str) -> None:
    assert predicates.name_of(predicates.uri_of(name)) == name


def test_a_uri_names_itself() -> None:
    assert predicates.uri_of("https://example.com/review/v1") == "https://example.com/review/v1"
    assert predicates.name_of("https://example.com/review/v1") == "https://example.com/review/v1"


@pytest.mark.parametrize("name", ["provenance", "", "https://example.com/a b"])
def test_what_is_neither_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no predicate type"):
        predicates.uri_of(name)


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("https://slsa.dev/provenance/v0.2", Kind.PROVENANCE),
        ("https://slsa.dev/provenance/v1", Kind.PROVENANCE),
        ("https://in-toto.io/attestation/test-result/v0.1", Kind.TEST),
        ("https://cosign.sigstore.dev/attestation/vuln/v1", Kind.SCAN),
        ("https://in-toto.io/attestation/vulns/v0.2", Kind.SCAN),
        ("https://cyclonedx.org/bom/v1.6", Kind.SBOM),
        ("https://spdx.dev/Document/v2.3", Kind.SBOM),
        ("https://slsa.dev/verification_summary/v1", Kind.VSA),
        ("https://openvex.dev/ns/v0.2.0", Kind.VEX),
        ("https://cosign.sigstore.dev/attestation/v1", Kind.OTHER),
        ("https://evil.example/https://slsa.dev/provenance/v1", Kind.OTHER),
    ],
)
def test_kinds(uri: str, kind: Kind) -> None:
    assert predicates.kind_of(uri) is kind


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ({"result": "PASSED"}, "passed"),
        ({"result": "WARNED"}, "passed"),
        ({"result": "FAILED"}, "failed"),
        ({"result": "passed"}, "failed"),
        ({}, "failed"),
        (None, "failed"),
    ],
)
def test_what_must_have_a_result_and_says_no_pass_has_failed(said: object, result: str) -> None:
    assert predicates.result_of(predicates.TEST_RESULT, said) == result
    assert predicates.result_of(predicates.VULNERABILITIES, said) is None


def test_a_summary_has_a_result_and_a_time() -> None:
    said = {"verificationResult": "PASSED", "timeVerified": "2026-11-19T08:00:00Z"}
    assert predicates.result_of(predicates.SUMMARY, said) == "passed"
    assert predicates.time_of(predicates.SUMMARY, said, now=NOW) == NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "time"),
    [
        ("2026-11-19T08:00:00Z", NOW - timedelta(days=1)),
        ("2026-11-19T10:00:00.123456789+02:00", NOW - timedelta(days=1) + timedelta(microseconds=123456)),
        ("2026-11-20T08:59:00Z", NOW + timedelta(minutes=59)),
        ("2026-11-20T09:01:00Z", None),
        ("2099-01-01T00:00:00Z", None),
        ("2026-11-19", None),
        ("yesterday", None),
        (7, None),
        (None, None),
    ],
)
def test_a_scan_is_as_old_as_it_says_unless_that_lies_ahead(told: object, time: datetime | None) -> None:
    said = {"metadata": {"scanFinishedOn": told}}
    assert predicates.time_of(predicates.VULNERABILITIES, said, now=NOW) == time


def test_provenance_of_slsa_1() -> None:
    said = {
        "buildDefinition": {
            "resolvedDependencies": [
                {"uri": "pkg:docker/builder@1", "digest": {"sha256": "0" * 64}},
                {"uri": "git+https://git.example.com/shop/web@refs/heads/main", "digest": {"gitCommit": "9fceb02d"}},
            ]
        },
        "runDetails": {"builder": {"id": "https://ci.example.com/builders/container@v2"}},
    }
    assert predicates.provenance_of(predicates.PROVENANCE, said) == Provenance(
        "https://ci.example.com/builders/container@v2", "https://git.example.com/shop/web", "9fceb02d"
    )


@pytest.mark.parametrize("place", ["configSource", "materials"])
def test_provenance_of_slsa_0_2(place: str) -> None:
    source = {"uri": "git+ssh://git@git.example.com/shop/web#main", "digest": {"sha1": "9fceb02d"}}
    said = {
        "builder": {"id": "https://ci.example.com"},
        "invocation": {"configSource": source if place == "configSource" else {}},
        "materials": [source],
    }
    told = predicates.provenance_of(predicates.SHORT_NAMES["slsaprovenance"], said)
    assert told == Provenance("https://ci.example.com", "ssh://git@git.example.com/shop/web", "9fceb02d")


@given(st.sampled_from(sorted(predicates.SHORT_NAMES.values())), JSON)
def test_nothing_in_a_predicate_is_a_crash(uri: str, predicate: object) -> None:
    predicates.result_of(uri, predicate)
    predicates.time_of(uri, predicate, now=NOW)
    predicates.provenance_of(uri, predicate)
