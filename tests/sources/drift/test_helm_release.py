"""Records of Helm's releases, from their text to the objects that they declare."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import Any

import helm_records as helm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.sources.drift import helm_release
from compliance.sources.drift.helm_release import HelmRelease, declared, decode
from compliance.sources.drift.pairing import Declared, Identity

Object = dict[str, Any]

_MAP: Object = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}}
_ROLE: Object = {"apiVersion": "v1", "kind": "Role", "metadata": {"name": "r", "namespace": "other"}}


def _text(plain: bytes) -> str:
    return base64.b64encode(gzip.compress(plain, mtime=0)).decode()


def _objects(release: HelmRelease) -> list[Declared]:
    found = list(declared(release))
    assert not [one for one in found if isinstance(one, ReadError)]
    return [one for one in found if isinstance(one, Declared)]


def _written(manifest: str) -> list[Declared | ReadError]:
    return list(declared(HelmRelease("shop", "web", 3, "deployed", manifest)))


def test_a_release_declares_its_objects_in_its_namespace_by_their_templates() -> None:
    found = decode(helm.encoded(helm.release(_MAP, _ROLE, version=3)))

    assert (found.namespace, found.name, found.revision, found.status) == ("shop", "web", 3, "deployed")
    settings, role = _objects(found)
    assert settings.value == {**_MAP, "metadata": {"name": "settings", "namespace": "shop"}}
    assert settings.locator == "helm release shop/web revision 3, templates/configmap.yaml"
    assert settings.revision == "3"
    assert role.value == _ROLE


def test_records_from_before_compression_are_read() -> None:
    plain = json.dumps(helm.release(_MAP)).encode()
    assert decode(base64.b64encode(plain).decode()).revision == 1


def test_lists_are_their_items_and_empty_documents_nothing() -> None:
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": [_MAP, _ROLE]})
    found = _written(
        f"---\n# Source: web/templates/none.yaml\n# nothing\n---\n# Source: web/templates/l.yaml\n{listed}\n"
    )
    assert [one.locator for one in found if isinstance(one, Declared)] == [
        "helm release shop/web revision 3, templates/l.yaml"
    ] * 2


def test_a_template_is_named_by_the_comment_of_its_own_document_only() -> None:
    one = "# Source: web/charts/db/templates/a.yaml\n\n# about a\napiVersion: v1\nkind: A\nmetadata: {name: a}\n"
    other = "apiVersion: v1\nkind: B\nmetadata: {name: b}\n"
    places = [one.locator for one in _written(f"---\n{one}---\n{other}") if isinstance(one, Declared)]
    assert places == [
        "helm release shop/web revision 3, charts/db/templates/a.yaml",
        "helm release shop/web revision 3",
    ]


def test_the_namespace_default_is_a_namespace_like_others() -> None:
    value = {**_MAP, "metadata": {"name": "settings", "namespace": "default"}}
    (found,) = _objects(decode(helm.encoded(helm.release(value))))
    assert found.value["metadata"]["namespace"] == "default"


def test_hooks_are_told_by_name_and_not_declared() -> None:
    hook = {
        "name": "migrate",
        "kind": "Job",
        "manifest": "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\n",
    }
    found = decode(helm.encoded(helm.release(_MAP, hooks=[hook, hook])))
    assert found.hooks == (Identity("batch", "Job", "shop", "migrate"),)
    assert len(_objects(found)) == 1


def test_nothing_but_the_manifest_and_names_is_taken_out_of_a_record() -> None:
    found = decode(helm.encoded(helm.release(_MAP)))
    assert helm.VALUE not in f"{found!r}{found}{found.manifest}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not base64!", "no base64"),
        (base64.b64encode(b"\x1f\x8b\x08 nonsense").decode(), "gzip stream is damaged"),
        (base64.b64encode(gzip.compress(b'{"a": 1}', mtime=0)[:-9]).decode(), "gzip stream is cut off"),
        (_text(b"{"), "no JSON"),
        (_text(b"[" * 100_000 + b"]" * 100_000), "nested too deep"),
        (_text(b"[1]"), "no JSON object"),
        (_text(b'{"name": "web", "namespace": "shop"}'), "names no release, namespace and revision"),
        (_text(b'{"name": "web", "namespace": "shop", "version": true}'), "names no release, namespace and revision"),
        (helm.encoded(helm.release(hooks=[{"manifest": "a: ["}])), "manifest of a hook cannot be read"),
        (helm.encoded(helm.release(hooks=[{}] * 1_001)), "more than 1000 hooks"),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_record_is_told(text: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        decode(text)


def test_a_record_is_bounded_before_and_after_decompression(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b" " * 1024 * 1024
    data = b"".join([*(bomb.compress(zeros) for _ in range(33)), bomb.flush()])
    with pytest.raises(ReadError, match="larger than 32 MiB before compression"):
        decode(base64.b64encode(data).decode())
    with pytest.raises(ReadError, match="more than 1000000 parts"):
        decode(_text(b"[" + b"[]," * 600_000 + b"0]"))

    monkeypatch.setattr(helm_release, "MAX_RECORD", 1024 * 1024)
    with pytest.raises(ReadError, match="larger than 1 MiB"):
        decode("A" * (1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("a: [", "its manifest cannot be read"),
        ("# Source: web/templates/a.yaml\nkind: ConfigMap\nmetadata: {name: a}\n", "no object"),
        ("apiVersion: v1\nkind: ConfigMap\n", "no object"),
        ("just text\n", "no object"),
        ("a: &a [x]\n" + "b: [" + "*a, " * 10 + "]\n" + "[" * 200, "its manifest cannot be read"),
        ("#" * (16 * 1024 * 1024 + 1), "larger than 16 MiB"),
    ],
    ids=lambda text: text[:40],
)
def test_what_cannot_be_read_in_a_manifest_is_told_and_hides_nothing(manifest: str, said: str) -> None:
    found = _written(manifest)
    assert any(isinstance(one, ReadError) and said in one.message for one in found)
    before = _written(f"---\napiVersion: v1\nkind: A\nmetadata: {{name: a}}\n---\n{manifest}")
    assert isinstance(before[0], Declared) or "larger" in said


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_a_release_or_an_error(data: bytes) -> None:
    for text in (data.decode("latin-1"), base64.b64encode(data).decode(), _text(data)):
        with pytest.raises(ReadError):
            decode(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.sampled_from(["kind", "items", "metadata", "manifest"]), below),
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("info", "manifest", "hooks", "apply_method"), _JSON)))
def test_any_release_of_json_is_read_or_refused(more: Object) -> None:
    try:
        found = decode(helm.encoded({"name": "web", "namespace": "shop", "version": 1, **more}))
    except ReadError:
        return
    for one in declared(found):
        assert isinstance(one, ReadError) or one.value["metadata"]["namespace"]


@given(st.text())
def test_any_manifest_is_objects_or_errors(manifest: str) -> None:
    assert all(isinstance(one, (ReadError, Declared)) for one in _written(manifest))
