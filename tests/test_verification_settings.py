"""Verification policies in compliance.yaml: which one counts for an image, and what makes no sense."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import config, shape
from compliance.errors import ConfigurationError
from compliance.image_settings import ImageSettings
from compliance.supply_chain import predicates
from compliance.verification_settings import TrustedIdentity, VerificationPolicy

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

KEYS = "keys: [{name: k, file: k.pub}]"


def settings(tmp_path: Path, policies: str) -> ImageSettings:
    file = tmp_path / "compliance.yaml"
    file.write_text(f"images:\n  verification:\n{policies}", encoding="utf-8")
    return config.load(file, start=tmp_path).images


def chosen(tmp_path: Path, repository: str, *patterns: str) -> str | None:
    policies = "".join(f"  - {{name: '{p}', patterns: ['{p}'], {KEYS}}}\n" for p in patterns)
    policy = settings(tmp_path, policies).policy_for(repository)
    return policy.name if policy else None


@pytest.mark.parametrize(
    ("repository", "pattern"),
    [
        ("REGISTRY.test/shop/web", "registry.test/shop/**"),
        ("registry.test:443/shop/web", "registry.test/shop/**"),
        ("registry.test/shop/web", "Registry.Test:443/shop/**"),
        ("registry-1.docker.io/library/nginx", "docker.io/library/*"),
        ("docker.io/library/nginx", "index.docker.io/library/nginx"),
    ],
)
def test_another_spelling_of_a_registry_is_under_the_same_policy(tmp_path: Path, repository: str, pattern: str) -> None:
    assert chosen(tmp_path, repository, pattern, "**") == pattern


@pytest.mark.parametrize(
    "repository",
    [
        "registry.test.evil.example/shop/web",
        "registry.test:8443/shop/web",
        "registry.test/SHOP/web",
        "registry.testshop/web",
    ],
)
def test_a_registry_that_looks_alike_is_another_one(tmp_path: Path, repository: str) -> None:
    assert chosen(tmp_path, repository, "registry.test/shop/**", "**") == "**"


@pytest.mark.parametrize(
    ("patterns", "winner"),
    [
        (["**", "registry.test/**"], "registry.test/**"),
        (["registry.test/**", "registry.test/shop/**"], "registry.test/shop/**"),
        (["registry.test/shop/*", "registry.test/shop/web"], "registry.test/shop/web"),
        (["registry.test/shop/w*", "registry.test/shop/web*"], "registry.test/shop/web*"),
        (["**/web", "registry.*/shop/**"], "registry.*/shop/**"),
        (["registry.*/**", "registry.*/shop/web"], "registry.*/shop/web"),
    ],
)
def test_the_most_specific_pattern_decides_whatever_the_order(tmp_path: Path, patterns: list[str], winner: str) -> None:
    assert chosen(tmp_path, "registry.test/shop/web", *patterns) == winner
    assert chosen(tmp_path, "registry.test/shop/web", *reversed(patterns)) == winner


def test_an_image_that_no_pattern_names_has_no_policy(tmp_path: Path) -> None:
    assert chosen(tmp_path, "registry.test/other", "registry.test/shop/**", "docker.io/library/*") is None


def test_certificates_need_the_log_unless_something_else_is_said(tmp_path: Path) -> None:
    who = "identities: [{identity: a@b.test, issuer: https://i.test}]"
    texts = [f"{{name: a, patterns: [a.test/**], {who}}}", f"{{name: b, patterns: [b.test/**], {who}, {KEYS}}}"]
    texts.append(f"{{name: c, patterns: [c.test/**], {who}, transparency_log: optional}}")
    read = settings(tmp_path, "".join(f"  - {text}\n" for text in texts))
    assert [policy.log_required for policy in read.verification] == [True, False, False]


def test_an_identity_is_the_whole_name_and_the_whole_issuer() -> None:
    exact = TrustedIdentity(identity="a@b.test", issuer="https://i.test")
    pattern = TrustedIdentity(identity_pattern="[ab]@b\\.test", issuer_pattern="https://i\\.test|https://j\\.test")
    names = [
        ("a@b.test", "https://i.test"),
        ("a@b.test.evil", "https://i.test"),
        ("b@b.test", "https://j.test"),
        ("a@b.test", "https://i.test.evil"),
        ("a@b.test\n", "https://i.test"),
        ("a@b.test", None),
        (None, "https://i.test"),
    ]
    assert [exact.names(*name) for name in names] == [True, False, False, False, False, False, False]
    assert [pattern.names(*name) for name in names] == [True, False, True, False, False, False, False]


def test_mistakes_name_file_line_and_what_to_do(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    identity = "identity: a@b.test, issuer: https://i.test"
    mistakes = [
        "name: p, patterns: [r.test/**]",
        "name: p, patterns: [r.test/**], keys: []",
        f"name: p, patterns: [], {KEYS}",
        f"name: p, patterns: [web], {KEYS}",
        f"name: p, patterns: ['a/**/b/**/c/**/d/**'], {KEYS}",
        "name: p, patterns: [r.test/**], keys: [{name: k}]",
        "name: p, patterns: [r.test/**], keys: [{name: k, file: a, env: B}]",
        "name: p, patterns: [r.test/**], keys: [{name: k, file: a}, {name: k, file: b}]",
        "name: p, patterns: [r.test/**], identities: [{identity: a@b.test}]",
        "name: p, patterns: [r.test/**], identities: [{issuer: https://i.test}]",
        f"name: p, patterns: [r.test/**], identities: [{{{identity}, issuer_pattern: x}}]",
        "name: p, patterns: [r.test/**], identities: [{identity_pattern: '(', issuer: https://i.test}]",
        f"name: p, patterns: [r.test/**], {KEYS}, required: 2",
        f"name: p, patterns: [r.test/**], {KEYS}, required: 0",
        f"name: p, patterns: [r.test/**], {KEYS}, attestations: [{{type: slsaprovenanc}}]",
        f"name: p, patterns: [r.test/**], {KEYS}, attestations: [{{type: vuln}}, {{type: vuln}}]",
        f"name: p, patterns: [r.test/**], {KEYS}, transparency_log: false",
        f"name: p, patterns: [r.test/**], {KEYS}, requird: 1",
    ]

    def said(policy: str) -> str:
        with pytest.raises(ConfigurationError) as caught:
            settings(tmp_path, f"  - {{{policy}}}\n")
        return f"{caught.value}\n{caught.value.remedy}".replace(f"{tmp_path.as_posix()}/", "").strip()

    assert "\n\n".join(f"{policy}\n-> {said(policy)}" for policy in mistakes) == snapshot


@pytest.mark.parametrize("twice", ["name", "patterns"])
def test_names_and_patterns_are_given_once(tmp_path: Path, twice: str) -> None:
    second = {"name": "patterns: [b.test/**], name: a", "patterns": "patterns: [a.test/**], name: b"}[twice]
    with pytest.raises(ConfigurationError, match="is given twice"):
        settings(tmp_path, f"  - {{name: a, patterns: [a.test/**], {KEYS}}}\n  - {{{second}, {KEYS}}}\n")


@pytest.mark.parametrize("condition", ["  ", "# input.predicate.result == 1", "\n # a\n\n# b\n"])
def test_a_condition_that_would_always_hold_is_refused(tmp_path: Path, condition: str) -> None:
    demanded = json.dumps([{"type": "vuln", "conditions": [condition]}])
    with pytest.raises(ConfigurationError, match="has no expression") as caught:
        settings(tmp_path, f"  - {{name: a, patterns: [a.test/**], {KEYS}, attestations: {demanded}}}\n")
    assert caught.value.origin is not None


def test_the_short_names_of_the_schema_are_those_that_are_known() -> None:
    types = shape.published("configuration-v1", "verification_policy")

    def accepted(name: str) -> bool:
        return types.fits({"name": "p", "patterns": ["a/b"], "attestations": [{"type": name}]})

    assert all(accepted(name) for name in predicates.SHORT_NAMES)
    assert all(accepted(uri) for uri in predicates.SHORT_NAMES.values())
    assert not accepted("provenance")


@given(st.lists(st.text("ab/.*", min_size=1, max_size=12), min_size=1, max_size=6), st.text("ab/.", max_size=12))
def test_the_order_of_policies_matters_only_among_equals(patterns: list[str], repository: str) -> None:
    policies = tuple(VerificationPolicy(pattern, (pattern,)) for pattern in dict.fromkeys(patterns) if _fits(pattern))
    one = ImageSettings(policies).policy_for(repository)
    other = ImageSettings(policies[::-1]).policy_for(repository)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        plain = [policy.name.replace("*", "") for policy in (one, other)]
        assert len(plain[0]) == len(plain[1])


def _fits(pattern: str) -> bool:
    return pattern.split("/").count("**") <= 3
