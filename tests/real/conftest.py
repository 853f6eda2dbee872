"""Servers on loopback for the real tests. Each worker of xdist starts its own: every one is up within a second."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import buildah_images
import control_plane as control_planes
import keyless_services
import postgresql_server
import pytest
import registries
import shops

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def docker_registry(docker_registry_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Debian's docker-registry 2.8: plain HTTP, deletes, has no referrers API. "127.0.0.1:PORT"."""
    with registries.docker_registry(docker_registry_program, tmp_path_factory.mktemp("registry")) as address:
        yield address


@pytest.fixture(scope="session")
def docker_registry_with_auth(
    docker_registry_program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[registries.ProtectedRegistry]:
    """The same behind Basic authentication."""
    folder = tmp_path_factory.mktemp("registry-with-auth")
    with registries.docker_registry_with_auth(docker_registry_program, folder) as registry:
        yield registry


@pytest.fixture(scope="session")
def token_registry(
    docker_registry_program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[registries.TokenRegistry]:
    """The same behind Bearer tokens, with the server that gives them."""
    folder = tmp_path_factory.mktemp("token-registry")
    with registries.token_registry(docker_registry_program, folder) as registry:
        yield registry


@pytest.fixture(scope="session")
def tls_registry(
    docker_registry_program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[registries.TlsRegistry]:
    """The same on HTTPS, with an authority of its own."""
    with registries.tls_registry(docker_registry_program, tmp_path_factory.mktemp("tls-registry")) as registry:
        yield registry


@pytest.fixture(scope="session")
def referrers_registry(referrers_registry_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A registry in memory with the referrers API, plain HTTP. "127.0.0.1:PORT"."""
    folder = tmp_path_factory.mktemp("referrers-registry")
    with registries.referrers_registry(referrers_registry_program, folder) as address:
        yield address


@pytest.fixture(scope="session")
def keyless(keyless_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[keyless_services.Keyless]:
    """Fulcio and Rekor, the files that configure clients for them, and identity tokens."""
    with keyless_services.keyless_services(keyless_program, tmp_path_factory.mktemp("keyless")) as services:
        yield services


@pytest.fixture(scope="session")
def postgresql(initdb: Path) -> Iterator[postgresql_server.PostgreSQLServer]:
    """A PostgreSQL server on a Unix socket and on loopback with TLS, which wants a password."""
    with postgresql_server.postgresql_server(initdb.parent) as server:
        yield server


@pytest.fixture(scope="session")
def built_image(buildah: Path, busybox: Path, tmp_path_factory: pytest.TempPathFactory) -> buildah_images.BuiltImage:
    """An image that buildah made of a Dockerfile with two stages; 5 seconds, as root only."""
    if os.geteuid() != 0:
        pytest.skip("buildah's chroot isolation needs root")
    return buildah_images.build_image(buildah, busybox, tmp_path_factory.mktemp("built-image"))


@pytest.fixture(scope="session")
def control_plane(
    control_plane_programs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[control_planes.ControlPlane]:
    """A Kubernetes control plane with three nodes; up in 5 to 10 seconds. Its tests share one worker of xdist."""
    with control_planes.running(control_plane_programs, tmp_path_factory.mktemp("control-plane")) as plane:
        yield plane


@pytest.fixture
def as_admin(
    control_plane: control_planes.ControlPlane, own_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Commands are run by the cluster's administrator, in an empty folder."""
    del own_cache
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig()))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shop(control_plane: control_planes.ControlPlane, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of its own."""
    name = f"shop-{abs(hash(request.node.name)) % 10**8}"
    control_plane.apply("/api/v1/namespaces", shops.named("v1", "Namespace", name), manager="helm")
    control_plane.wait_for(f"/api/v1/namespaces/{name}/serviceaccounts/default", lambda _: True)
    yield name
    with suppress(control_planes.ApiError):
        control_plane.call("DELETE", f"/api/v1/namespaces/{name}")


@pytest.fixture
def web(control_plane: control_planes.ControlPlane, shop: str, tmp_path: Path) -> shops.Shop:
    """The shop with one Deployment of two Pods."""
    made = shops.Shop(control_plane, shop, tmp_path)
    made.deploy(shops.deployment())
    return made
