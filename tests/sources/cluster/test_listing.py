"""Lists that are read page by page, and go on where a page cannot be had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from api_server import Answer, ApiServer, Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.errors import ClusterError
from compliance.sources.cluster import answers
from compliance.sources.cluster.kinds import Kind
from compliance.sources.cluster.listing import objects, with_releases
from compliance.sources.cluster.secrets import MASK, withhold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compliance.sources.cluster.client import Client

Object = dict[str, Any]

_CONFIG_MAPS = Kind("", "v1", "ConfigMap", "configmaps", namespaced=True)
_SECRETS = Kind("", "v1", "Secret", "secrets", namespaced=True)


def _config_map(name: str, namespace: str = "a") -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}}


def _names(client: Client, **selectors: str) -> list[str]:
    return [value["metadata"]["name"] for value in objects(client, _CONFIG_MAPS, None, **selectors)]


def _of_ten(server: ApiServer) -> list[str]:
    names = [f"c{number}" for number in range(10)]
    server.add(*map(_config_map, names))
    server.page = 3
    return names


def test_all_pages_are_read_and_items_get_their_kind(server: ApiServer, client: Client) -> None:
    names = _of_ten(server)

    found = list(objects(client, _CONFIG_MAPS))

    assert [value["metadata"]["name"] for value in found] == names
    assert {(value["apiVersion"], value["kind"]) for value in found} == {("v1", "ConfigMap")}
    assert client.requests == 4


def test_no_list_is_asked_for_with_a_resource_version(server: ApiServer, client: Client) -> None:
    _of_ten(server)

    _names(client)

    assert all("resourceVersion" not in request.query and "limit" in request.query for request in server.requests)


def _expired(resume: str | None) -> Answer:
    body = {"kind": "Status", "code": 410, "reason": "Expired", "metadata": {"continue": resume} if resume else {}}
    return Answer(410, body=body)


@pytest.mark.parametrize("resume", ["8:a/c5", None])
def test_an_expired_token_goes_on_where_the_list_was(server: ApiServer, client: Client, resume: str | None) -> None:
    names = _of_ten(server)
    server.fail("/configmaps", _expired(resume), after=2)

    assert _names(client) == names


def test_a_list_that_always_expires_ends(server: ApiServer, client: Client) -> None:
    _of_ten(server)

    def fault(request: Request) -> Answer | None:
        return _expired(None) if "continue" in request.query else None

    server.faults.append(fault)

    with pytest.raises(ClusterError, match="410"):
        _names(client)


def test_a_server_that_offers_the_same_token_again_is_not_asked_again(server: ApiServer, client: Client) -> None:
    _of_ten(server)
    server.fail("/configmaps", _expired("7:a/c2"), times=9, after=1)

    with pytest.raises(ClusterError, match="cannot be continued"):
        _names(client)


def test_a_page_that_is_too_large_is_asked_for_in_smaller_ones(
    server: ApiServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers.body, "__defaults__", (2000,))
    names = [f"c{number:03}" for number in range(100)]
    server.add(*map(_config_map, names))

    assert _names(client) == names


def test_selectors_go_with_every_page(server: ApiServer, client: Client) -> None:
    server.add(_config_map("x", "a"), _config_map("y", "b"), _config_map("z", "c"))
    server.page = 1

    assert _names(client, fieldSelector="metadata.namespace!=b") == ["x", "z"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    names=st.lists(st.from_regex(r"[a-c]([-a-c0]{0,3}[a-c])?", fullmatch=True), unique=True, max_size=12),
    page=st.integers(1, 5),
    expiries=st.lists(st.tuples(st.integers(1, 8), st.booleans()), max_size=3),
)
def test_whatever_expires_every_object_is_read_once(
    server: ApiServer, client: Client, names: list[str], page: int, expiries: list[tuple[int, bool]]
) -> None:
    server.clear()
    server.add(*map(_config_map, names))
    server.page = page
    asked, left = [0], dict(expiries)

    def fault(request: Request) -> Answer | None:
        asked[0] += 1
        token = request.query.get("continue")
        if token is None or asked[0] not in left:
            return None
        return _expired(f"9{asked[0]}:{token.partition(':')[2]}" if left[asked[0]] else None)

    server.faults.append(fault)

    assert sorted(_names(client)) == sorted(names)


def test_of_secrets_only_keys_are_read(server: ApiServer, client: Client) -> None:
    applied = {"kubectl.kubernetes.io/last-applied-configuration": '{"data": {"password": "aHVudGVyMg=="}}'}
    metadata = {"name": "s", "namespace": "a", "annotations": {**applied, "copied": "hunter2!", "plain": "kept"}}
    data = {"password": "aHVudGVyMg==", "empty": ""}
    server.add({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data})

    (found,) = objects(client, _SECRETS)

    assert found["data"] == {"password": None, "empty": None}
    assert found["metadata"]["annotations"] == {**dict.fromkeys(applied, MASK), "copied": MASK, "plain": "kept"}
    assert "hunter2" not in repr(found)
    assert "aHVudGVy" not in repr(found)


@given(st.dictionaries(st.text(max_size=5), st.text(min_size=4, max_size=20) | st.none(), max_size=4))
def test_no_value_of_a_secret_is_left(data: dict[str, str | None]) -> None:
    secret = {"metadata": {"name": "\x00", "annotations": dict(enumerate_texts(data))}, "data": dict(data)}

    withhold(secret)

    assert secret["data"] == dict.fromkeys(data)
    assert all(value == MASK for value in secret["metadata"]["annotations"].values())


def enumerate_texts(data: dict[str, str | None]) -> list[tuple[str, str]]:
    """Annotations that each hold a value in something longer."""
    return [(f"note{number}", f"<{value}>") for number, value in enumerate(data.values()) if value]


def _record(kind: str, name: str = "sh.helm.release.v1.web.v1", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    metadata = {"name": name, "namespace": "a", "labels": {"owner": "helm"}}
    return {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": metadata,
        "data": {"release": "cmVsZWFzZQ==", "x": "eA=="},
        **more,
    }


def test_records_of_releases_lose_what_they_hold_unless_it_is_asked_for(server: ApiServer, client: Client) -> None:
    server.add(_record("Secret", type="helm.sh/release.v1"), _record("Secret", "other", type="Opaque"))
    server.add(_record("ConfigMap"), _record("ConfigMap", "other"))

    def held(read: Callable[..., Iterator[Object]], kind: Kind) -> list[Object]:
        return [value["data"] for value in read(client, kind)]

    nothing, everything = dict.fromkeys(("release", "x")), {"release": "cmVsZWFzZQ==", "x": "eA=="}
    assert held(objects, _SECRETS) == [nothing, nothing]
    assert held(with_releases, _SECRETS) == [nothing, everything]
    assert held(objects, _CONFIG_MAPS) == [everything, {**everything, "release": MASK}]
    assert held(with_releases, _CONFIG_MAPS) == [everything, everything]
