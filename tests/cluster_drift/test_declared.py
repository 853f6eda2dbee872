"""What `--against` names, as objects with the file and commit that declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.cluster_drift.declared import DeclaredObjects, Reading, read_declared
from compliance.errors import UsageError
from compliance.sources.kubernetes.schema import KubernetesSchemas

if TYPE_CHECKING:
    from pathlib import Path

    from repositories import Repository

_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {a: %s}\n"


@pytest.fixture(scope="session")
def schemas() -> KubernetesSchemas:
    return KubernetesSchemas()


@pytest.fixture
def how(schemas: KubernetesSchemas, tmp_path: Path) -> Reading:
    return Reading(schemas, folder=tmp_path)


def _names(found: DeclaredObjects) -> list[tuple[str, str]]:
    return sorted((one.value["metadata"]["name"], one.locator) for one in found.objects)


def test_a_folder_is_its_manifests_and_nothing_else(how: Reading, tmp_path: Path) -> None:
    deploy = tmp_path / "deploy"
    (deploy / "more").mkdir(parents=True)
    (deploy / "a.yaml").write_text(f"{_MAP % ('a', 1)}---\n{_MAP % ('b', 1)}")
    (deploy / "more" / "c.yaml").write_text(_MAP % ("c", 1))
    (deploy / "Dockerfile").write_text("FROM scratch\n")
    (deploy / "values.yaml").write_text("replicas: 1\n")

    found = read_declared(str(deploy), how)

    assert _names(found) == [
        ("a", f"{deploy}/a.yaml"),
        ("b", f"{deploy}/a.yaml"),
        ("c", f"{deploy}/more/c.yaml"),
    ]
    assert found.complete
    assert [(one.kind, one.subjects) for one in found.inputs] == [("declared", 3)]
    assert {one.revision for one in found.objects} == {None}


def test_a_commit_is_named_by_its_address_and_the_commit(how: Reading, repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD")
    (repository.path / "deploy" / "settings.yaml").write_text("changed and not committed")

    found = read_declared(f"{repository.path}//deploy@main", how)

    (one,) = found.objects
    assert (one.locator, one.revision) == (f"{repository.path}//deploy/settings.yaml", head)


def test_a_repository_that_cannot_be_read_is_a_gap(how: Reading, repository: Repository) -> None:
    found = read_declared(f"{repository.path}@nowhere", how)
    assert (found.objects, found.complete) == ((), False)
    assert "couldn't find remote ref nowhere" in found.gaps[0].why


def test_a_broken_file_is_a_gap_and_hides_nothing(how: Reading, repository: Repository) -> None:
    repository.commit({"deploy/broken.yaml": "apiVersion: v1\nkind: [\n"})
    found = read_declared(f"{repository.path}@main", how)
    assert [name for name, _ in _names(found)] == ["settings"]
    assert [gap.about for gap in found.gaps] == [f"{repository.path}//deploy/broken.yaml"]
    assert not found.complete


def test_two_declarations_of_one_object_are_a_gap(how: Reading, tmp_path: Path) -> None:
    for overlay, value in (("prod", 1), ("staging", 2), ("same", 1)):
        (tmp_path / "deploy" / overlay).mkdir(parents=True)
        (tmp_path / "deploy" / overlay / "a.yaml").write_text(_MAP % ("a", value))
    (gap,) = read_declared(str(tmp_path / "deploy"), how).gaps
    assert "ConfigMap a is declared in" in gap.why


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nowhere", "there is no such path"),
        ("empty", "there is no manifest in it"),
        ("nowhere@main", "there is no such path"),
    ],
)
def test_what_names_nothing_is_an_error_of_usage(
    how: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=said):
        read_declared(text, how)


def test_a_folder_that_the_commit_does_not_have_is_an_error_of_usage(how: Reading, repository: Repository) -> None:
    with pytest.raises(UsageError, match="there is no folder gone in it"):
        read_declared(f"{repository.path}//gone@main", how)
