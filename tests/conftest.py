"""What tests share: the programs that `real` ones need (skipped on a laptop, required in CI), and made-up facts."""

from __future__ import annotations

import gc
import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from coverage import Coverage
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import ModuleType

REQUIRED = os.environ.get("CI") == "true"
_HERE = Path(__file__).parent
_INSTALLER = _HERE / "real" / "tools" / "install.py"

if not REQUIRED:  # in CI Hypothesis chooses its own profile: the same examples every time
    settings.register_profile("shared cores", deadline=None)
    settings.load_profile("shared cores")


def _load(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def installer() -> ModuleType:
    """The script that installs the programs, as a module."""
    return _load("tools_installer", _INSTALLER)


@pytest.fixture(scope="session")
def facts_strategies() -> ModuleType:
    """The module that makes facts from a schema."""
    return _load("facts_strategies", _HERE / "facts_strategies.py")


def _missing(name: str) -> NoReturn:
    why = f"{name} is not installed; `make tools` installs it or says why not"
    if REQUIRED:
        pytest.fail(why)
    pytest.skip(why)


def _program(name: str, installer: ModuleType) -> Path:
    """The program from the cache, or else from PATH."""
    if found := installer.installed(name) or shutil.which(name):
        return Path(found)
    _missing(name)


@pytest.fixture(scope="session")
def opa(installer: ModuleType) -> Path:
    """OPA, in the version that the built-in rules are compiled with."""
    return _program("opa", installer)


@pytest.fixture(scope="session")
def helm(installer: ModuleType) -> Path:
    """Helm 3."""
    return _program("helm", installer)


@pytest.fixture(scope="session")
def kustomize(installer: ModuleType) -> Path:
    """Kustomize 5."""
    return _program("kustomize", installer)


@pytest.fixture(scope="session")
def yaml_oracle(installer: ModuleType) -> Path:
    """A small program of ours that reads YAML as Kubernetes itself does."""
    return _program("yaml_oracle", installer)


@pytest.fixture(scope="session")
def cosign2(installer: ModuleType) -> Path:
    """Cosign 2, of Debian's stable suite."""
    return _program("cosign2", installer)


@pytest.fixture(scope="session")
def cosign3(installer: ModuleType) -> Path:
    """Cosign 3."""
    return _program("cosign3", installer)


@pytest.fixture(scope="session")
def trivy(installer: ModuleType) -> Path:
    """Trivy. Give it --skip-db-update and --offline-scan: it tries the network first."""
    return _program("trivy", installer)


@pytest.fixture(scope="session")
def grype(installer: ModuleType) -> Path:
    """Grype. Set GRYPE_DB_AUTO_UPDATE and GRYPE_CHECK_FOR_APP_UPDATE to false: it tries the network first."""
    return _program("grype", installer)


@pytest.fixture(scope="session")
def syft(installer: ModuleType) -> Path:
    """Syft. Set SYFT_CHECK_FOR_APP_UPDATE to false: it tries the network first."""
    return _program("syft", installer)


@pytest.fixture(scope="session")
def skopeo(installer: ModuleType) -> Path:
    """Skopeo, of the machine's release."""
    return _program("skopeo", installer)


@pytest.fixture(scope="session")
def buildah(installer: ModuleType) -> Path:
    """Buildah, of the machine's release."""
    return _program("buildah", installer)


@pytest.fixture(scope="session")
def initdb(installer: ModuleType) -> Path:
    """PostgreSQL's initdb, of the machine's release, with its other programs beside it; `postgresql` runs a server."""
    return _program("postgresql", installer)


@pytest.fixture(scope="session")
def jq(installer: ModuleType) -> Path:
    """jq, of the machine's release: 1.6 or newer."""
    return _program("jq", installer)


@pytest.fixture(scope="session")
def busybox(installer: ModuleType) -> Path:
    """A busybox that is linked statically, to put into images."""
    return _program("busybox", installer)


@pytest.fixture(scope="session")
def pushgateway_program(installer: ModuleType) -> Path:
    """Prometheus' push gateway."""
    return _program("pushgateway", installer)


@pytest.fixture(scope="session")
def promtool(installer: ModuleType) -> Path:
    """Prometheus' promtool."""
    return _program("promtool", installer)


@pytest.fixture(scope="session")
def docker_registry_program(installer: ModuleType) -> Path:
    """Debian's docker-registry; the fixture `docker_registry` runs it."""
    return _program("docker-registry", installer)


@pytest.fixture(scope="session")
def referrers_registry_program(installer: ModuleType) -> Path:
    """A small registry of ours; the fixture `referrers_registry` runs it."""
    return _program("referrers_registry", installer)


@pytest.fixture(scope="session")
def git_over_ssh(installer: ModuleType) -> Path:
    """A small ssh server of ours that serves repositories of Git."""
    return _program("git_over_ssh", installer)


@pytest.fixture(scope="session")
def keyless_program(installer: ModuleType) -> Path:
    """Fulcio and Rekor made of mocks; the fixture `keyless` runs them."""
    return _program("keyless", installer)


@pytest.fixture(scope="session")
def control_plane_programs(installer: ModuleType) -> dict[str, Path]:
    """The programs of a Kubernetes control plane; the fixture `control_plane` runs them."""
    names = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kubectl")
    # Only ours: a kubectl or an etcd of the machine is of another version.
    return {name: installer.installed(name) or _missing(name) for name in names}


@pytest.fixture(scope="session")
def report_definitions(installer: ModuleType) -> dict[str, Path]:
    """The CustomResourceDefinitions of each API of reports, as its project publishes them."""
    names = {"policyreport": "policy-report-crds.yaml", "openreports": "openreports-crds.yaml"}
    return {api: installer.installed(name) or _missing(name) for api, name in names.items()}


@pytest.fixture
def tool_path(installer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put every program of the cache on PATH for one test; the value is the new PATH."""
    path = os.pathsep.join(part for part in (installer.search_path(), os.environ.get("PATH")) if part)
    monkeypatch.setenv("PATH", path)
    return path


@pytest.fixture(scope="session")
def native_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the native code of the built-in rules, which takes a second to make."""
    import caches  # noqa: PLC0415 - it imports what is to be covered

    return caches.with_native_code(tmp_path_factory.mktemp("native-code"))


@pytest.fixture
def own_cache(native_code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache for one test, `cache` in its folder: empty but for that native code."""
    import caches  # noqa: PLC0415 - likewise

    cache = caches.copy(native_code, tmp_path / "cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    return cache


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector from going through thousands of tests again and again: they stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Stop tracing for the length of a test that is marked `untraced`.

    A worker of xdist is traced twice, as a child process and by pytest-cov, whose own `no_cover` stops the second only.
    """
    stopped: list[Coverage] = []
    while item.get_closest_marker("untraced") and (tracing := Coverage.current()):
        tracing.stop()
        stopped.append(tracing)
    try:
        return (yield)
    finally:
        for tracing in reversed(stopped):
            tracing.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where real tests are required, a skipped one is a failure, whatever skipped it."""
    report = yield
    if REQUIRED and report.skipped and item.get_closest_marker("real") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {report.longrepr}"
    return report
