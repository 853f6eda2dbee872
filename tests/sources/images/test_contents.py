"""A whole image looked at: its facts, the rules on them, and what cannot be judged."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from compliance import catalogue
from compliance.catalogue import builtin_rules_folder
from compliance.engine import open_engine
from compliance.shape import Shape
from compliance.sources.images.base import CurrentBase
from compliance.sources.images.contents import Looked, look
from compliance.sources.images.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from compliance.supply_chain.content import Platform
    from compliance.supply_chain.layout import Layout

_NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
_SCHEMAS = builtin_rules_folder() / "schemas"
_SOUND: dict[str, Any] = orjson.loads((builtin_rules_folder() / "testing" / "image.facts.json").read_bytes())["body"]
_TOKEN = "ghp_" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2"
_SOURCE = {
    "org.opencontainers.image.source": "https://git.example.com/shop/web",
    "org.opencontainers.image.revision": "9fceb02d",
}


@cache
def _shape() -> Shape:
    return Shape(orjson.loads((_SCHEMAS / "image.json").read_bytes()))


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Looked], dict[str, set[str]]]:
    """What the rules that read these facts object to, as places by rule."""
    known = catalogue.load()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        engine = open_engine("wasm", known)
    params = {
        rule.id: {name: param["default"] for name, param in rule.params.items()} for rule in known.for_schema("image")
    }

    def judged(looked: Looked) -> dict[str, set[str]]:
        body = {**_SOUND, **looked.parts, "params": params}
        assert _shape().problems(body) == []
        (result,) = engine.evaluate("image", [orjson.dumps(body)])
        assert isinstance(result, dict), result
        return {rule: {one["at"] for one in denials} for rule, denials in result.items() if denials}

    return judged


def _schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = orjson.loads((_SCHEMAS / f"{name}.json").read_bytes())
    return content


def test_stages_of_images_and_dockerfiles_have_one_definition() -> None:
    image, dockerfile = _schema("image"), _schema("dockerfile")

    for key in ("stages", "args"):
        assert image["properties"][key]["items"] == dockerfile["properties"][key]["items"]
    for name, definition in dockerfile["definitions"].items():
        assert image["definitions"][name] == definition


def test_a_good_image_has_no_finding(
    layout: Layout, made: ModuleType, judge: Callable[[Looked], dict[str, set[str]]]
) -> None:
    layers = [
        made.layer(
            made.tar([("usr/lib/os-release", "ID=debian\nVERSION_ID=12\n"), ("etc/passwd", "root:x:0:0::/:\n")])
        ),
        made.layer(made.tar([("usr/bin/web", b"\x7fELF\0")])),
    ]
    config = {
        "User": "10001",
        "Entrypoint": ["/usr/bin/web"],
        "ExposedPorts": {"8080/tcp": {}},
        "Env": ["PATH=/usr/bin", "LOG_LEVEL=info"],
        "Healthcheck": {"Test": ["CMD", "/usr/bin/web", "--check"]},
        "Labels": _SOURCE,
    }
    history = [{"created_by": "ADD rootfs.tar /"}, {"created_by": "COPY web /usr/bin/web # buildkit"}]
    manifest = made.image(layout, layers, config, created="2026-11-02T09:10:00Z", history=history)

    looked = look(layout, manifest, Limits(), _NOW)

    assert looked.gaps == ()
    assert judge(looked) == {}
    assert looked.parts["config"] == _SOUND["config"] | {"env": ["LOG_LEVEL", "PATH"]}
    assert looked.parts["contents"]["distribution"] == {"id": "debian", "version": "12"}
    assert [layer["called"] for layer in looked.parts["layers"]] == [
        "layer 1 (ADD rootfs.tar /)",
        "layer 2 (COPY web /usr/bin/web)",
    ]


def test_a_bad_image_has_the_findings_of_both_packs(
    layout: Layout, made: ModuleType, judge: Callable[[Looked], dict[str, set[str]]]
) -> None:
    layers = [
        made.layer(made.tar([("sbin/apk", "\0"), ("etc/passwd", "toor:x:0:0::/:\n"), ("usr/sbin/sshd", "\0")])),
        made.layer(made.tar([("root/.netrc", "machine a login b password c"), made.entry("opt/x", mode=0o4755)])),
        made.layer(made.tar([("root/.wh..netrc", ""), ("app/settings.env", f"TOKEN={_TOKEN}")])),
    ]
    config = {
        "User": "toor",
        "Cmd": ["/bin/sh", "-c", "supervisord -n"],
        "ExposedPorts": {"22/tcp": {}, "99999/tcp": {}},
        "Env": [f"GITHUB={_TOKEN}", "DB_PASSWORD=hunter2-Xy9", "NODE_TLS_REJECT_UNAUTHORIZED=0"],
        "Volumes": {"/data": {}},
        "WorkingDir": "/proc/1",
    }
    history = [
        {"created_by": "RUN |1 NPM_TOKEN=s3cr3t-Abc123 /bin/sh -c apk add openssh-server # buildkit"},
        {"created_by": "RUN /bin/sh -c DB_PASSWORD=hunter2-Xy9 ./migrate && echo root:x | chpasswd # buildkit"},
        {"created_by": "COPY . / # buildkit"},
    ]
    manifest = made.image(layout, layers, config, created="2024-11-02T09:10:00Z", history=history)

    looked = look(layout, manifest, Limits(), _NOW)

    assert looked.gaps == ()
    assert judge(looked) == {
        "dockerfile.certificates_not_checked": {"stages[final].env[NODE_TLS_REJECT_UNAUTHORIZED]"},
        "dockerfile.missing_healthcheck": {"stages[final].healthcheck"},
        "dockerfile.password_set": {"stages[final].runs[DB_PASSWORD=*** ./migrate && echo root:x | chpasswd]"},
        "dockerfile.port_out_of_range": {"stages[final].ports[99999/tcp]"},
        "dockerfile.process_manager": {"stages[final].cmd"},
        "dockerfile.root_user": {"stages[final].user"},
        "dockerfile.secret_in_env": {
            "stages[final].args[NPM_TOKEN]",
            "stages[final].env[DB_PASSWORD]",
            "stages[final].env[GITHUB]",
        },
        "dockerfile.secret_in_run": {"stages[final].runs[DB_PASSWORD=*** ./migrate && echo root:x | chpasswd]"},
        "dockerfile.shell_form": {"stages[final].cmd"},
        "dockerfile.ssh_daemon": {"stages[final].runs[apk add openssh-server]"},
        "dockerfile.ssh_port_exposed": {"stages[final].ports[22/tcp]"},
        "dockerfile.system_workdir": {"stages[final].workdirs[/proc/1]"},
        "dockerfile.volume_for_state": {"stages[final].volumes[/data]"},
        "image_configuration.distribution_unknown": {"contents.distribution"},
        "image_configuration.missing_label": {
            "labels[org.opencontainers.image.revision]",
            "labels[org.opencontainers.image.source]",
        },
        "image_configuration.package_manager_shipped": {"contents.programs[/sbin/apk]"},
        "image_configuration.secret_in_layer": {
            "contents.secrets[/app/settings.env]",
            "contents.secrets[/root/.netrc]",
        },
        "image_configuration.setuid_file": {"contents.setuid[/opt/x]"},
        "image_configuration.ssh_server_installed": {"contents.programs[/usr/sbin/sshd]"},
        "image_configuration.too_old": {"config.created"},
    }
    told = json.dumps(dict(looked.parts)) + repr(looked)
    assert not [secret for secret in (_TOKEN, "hunter2", "s3cr3t") if secret in told]


def test_a_deleted_secret_says_which_layer_still_has_it(layout: Layout, made: ModuleType) -> None:
    layers = [made.layer(made.tar([("root/.netrc", "x")])), made.layer(made.tar([("root/.wh..netrc", "")]))]

    (secret,) = look(layout, made.image(layout, layers), Limits(), _NOW).parts["contents"]["secrets"]

    assert (secret["path"], secret["deleted"], secret["layer"]["number"]) == ("/root/.netrc", True, 1)


def test_a_secret_that_is_deleted_and_there_again_is_told_once(layout: Layout, made: ModuleType) -> None:
    layers = [made.layer(made.tar([("root/.netrc", "x")])), made.layer(made.tar([("root/.netrc", "y")]))]

    (secret,) = look(layout, made.image(layout, layers), Limits(), _NOW).parts["contents"]["secrets"]

    assert (secret["deleted"], secret["layer"]["number"]) == (False, 2)


def test_a_user_by_name_is_unknown_where_a_layer_is_unread(layout: Layout, made: ModuleType) -> None:
    known = made.layer(made.tar([("etc/passwd", "app:x:10001:1::/:\n")]))
    unread = made.Layer(b"x", known.diff_id, "application/vnd.example")

    whole = look(layout, made.image(layout, [known], {"User": "app"}), Limits(), _NOW)
    partly = look(layout, made.image(layout, [known, unread], {"User": "app"}), Limits(), _NOW)

    assert whole.parts["config"]["root"] is False
    assert partly.parts["config"]["root"] is None
    assert (partly.parts["contents"]["complete"], len(partly.gaps)) == (False, 1)


def test_layers_are_not_read_unless_wanted(layout: Layout, made: ModuleType) -> None:
    manifest = made.image(layout, [made.Layer(b"x", f"sha256:{'0' * 64}")], {"User": "app"})

    looked = look(layout, manifest, Limits(), _NOW, read_layers=False)

    assert (looked.parts["contents"], looked.gaps) == (None, ())
    assert looked.parts["layers"][0]["unpacked_kilobytes"] is None


def test_layers_that_do_not_fit_the_configuration_are_a_gap(layout: Layout, made: ModuleType) -> None:
    manifest = made.image(layout, [made.layer(made.tar([]))], rootfs={"type": "layers", "diff_ids": []})

    looked = look(layout, manifest, Limits(), _NOW)

    assert looked.parts["contents"] is None
    assert [gap.why for gap in looked.gaps] == ["the manifest has 1 layers, and the configuration 0"]


@pytest.mark.parametrize(
    ("media_type", "data", "why"),
    [
        ("application/vnd.oci.image.config.v1+json", b"{", "is no JSON"),
        ("application/vnd.oci.image.config.v1+json", b"{}", "so that it is no image's"),
        ("application/vnd.oci.empty.v1+json", b"{}", "it is no container image, but"),
        ("application/vnd.oci.image.config.v1+json", b" " * 5_000_000, "are allowed"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_a_gap(
    media_type: str,
    data: bytes,
    why: str,
    layout: Layout,
    made: ModuleType,
    judge: Callable[[Looked], dict[str, set[str]]],
) -> None:
    looked = look(layout, made.artifact(layout, media_type, data), Limits(), _NOW)

    assert why in looked.gaps[0].why
    assert looked.parts["config"] is None
    assert judge(looked) == {}


def test_the_base_is_asked_for_where_wanted(
    layout: Layout, made: ModuleType, judge: Callable[[Looked], dict[str, set[str]]]
) -> None:
    named = {
        "org.opencontainers.image.base.name": "debian:12",
        "org.opencontainers.image.base.digest": f"sha256:{'a' * 64}",
    }
    manifest = made.image(layout, [made.layer(made.tar([]))], annotations=named)

    def resolve(_reference: str, _platform: Platform) -> CurrentBase:
        return CurrentBase(frozenset({f"sha256:{'b' * 64}"}), ("other",))

    found = judge(look(layout, manifest, Limits(), _NOW, resolve_base=resolve))

    assert found["image_configuration.base_behind_tag"] == {"base"}
    assert found["image_configuration.base_not_in_image"] == {"base"}
