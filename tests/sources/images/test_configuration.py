"""Configurations as builders write them, and ones that nobody should trust."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ContentError
from compliance.sources.images.configuration import Configuration, read_configuration
from compliance.sources.images.limits import Limits

_NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
_LEAST = {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": []}}


def _read(**keys: Any) -> Configuration:  # noqa: ANN401 - JSON
    return read_configuration(json.dumps(_LEAST | keys).encode(), Limits())


@pytest.mark.parametrize(
    ("created", "days"),
    [
        ("2026-11-10T09:00:00Z", 9),
        ("2026-11-10T08:00:00.123456789Z", 9),
        ("2026-11-10T10:00:00+02:00", 10),
        ("2026-11-25T08:00:00Z", 0),
        ("1970-01-01T00:00:00Z", None),
        ("1980-01-01T00:00:01Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        (None, None),
    ],
)
def test_the_age_is_counted_in_whole_days_and_constants_are_none(created: str | None, days: int | None) -> None:
    assert _read(created=created).age_days(_NOW) == days


def test_nulls_are_what_is_not_set() -> None:
    read = _read(config={"User": None, "Env": None, "Entrypoint": None, "ExposedPorts": None, "Labels": None})

    assert (read.user, read.env, read.entrypoint, read.ports, read.labels) == ("", (), (), (), {})


def test_a_configuration_without_config_is_read() -> None:
    assert _read(config=None).user == ""


def test_a_value_may_have_an_equals_sign() -> None:
    assert _read(config={"Env": ["A=b=c", "D"]}).env == (("A", "b=c"), ("D", ""))


def test_values_are_in_no_representation() -> None:
    assert "hunter2" not in repr(_read(config={"Env": ["A=hunter2"], "OnBuild": ["ENV A=hunter2"]}))


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"rootfs": None}, "so that it is no image's"),
        ({"os": None}, "so that it is no image's"),
        ({"config": []}, "config in the image configuration is no object"),
        ({"config": {"Env": "A=b"}}, "Env in the image configuration is no list of texts"),
        ({"config": {"Cmd": [1]}}, "Cmd in the image configuration is no list of texts"),
        ({"config": {"User": 0}}, "User in the image configuration is no text"),
        ({"config": {"Labels": {"a": 1}}}, "Labels in the image configuration is no map of texts"),
        ({"config": {"Healthcheck": "x"}}, "Healthcheck in the image configuration is no object"),
        ({"config": {"Env": ["A=b"] * 5001}}, "Env in the image configuration has more than 5000 entries"),
        ({"created": "yesterday"}, "created in the image configuration is no time"),
        ({"history": {}}, "no list of objects"),
        ({"history": [{}] * 1001}, "more than 1000 entries"),
        ({"history": [{"created_by": "x" * 70000}]}, "entry 1 of the history is longer"),
        ({"rootfs": {"type": "layers", "diff_ids": ["sha256:x"]}}, "a digest that cannot be checked"),
        ({"rootfs": {"type": "other", "diff_ids": []}}, "another type than layers"),
        ({"config": {"User": "10001", "user": "0"}}, "some readers take for 'User'"),
        ({"Config": {"User": "0"}}, "some readers take for 'config'"),
        ({"config": {"Healthcheck": {"test": []}}}, "some readers take for 'Test'"),
        ({"history": [{"Created_By": "RUN true"}]}, "some readers take for 'created_by'"),
    ],
)
def test_what_has_another_type_than_it_should_is_refused(keys: dict[str, Any], why: str) -> None:
    with pytest.raises(ContentError, match=why):
        _read(**keys)


def test_a_key_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ContentError, match="the key 'User' twice"):
        read_configuration(b'{"os": "linux", "config": {"User": "10001", "User": "root"}}', Limits())


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["User", "Env", "Test"]), inner),
    max_leaves=8,
)
_KEYS = st.sampled_from(["os", "config", "rootfs", "history", "created", "Env", "Healthcheck"])


@given(value=st.dictionaries(_KEYS, _JSON), inner=st.dictionaries(st.sampled_from(["Env", "Cmd", "Labels"]), _JSON))
def test_any_json_is_read_or_refused(value: dict[str, Any], inner: dict[str, Any]) -> None:
    for keys in (value, _LEAST | value, {"config": inner} | _LEAST):
        try:
            read = read_configuration(json.dumps(keys).encode(), Limits())
        except ContentError:
            continue
        assert isinstance(read, Configuration)
