"""kubernetes/pod-security-admission: `test/testdata/<level>/v1.<minor>/<pass|fail>/<check><n>.yaml`, one Pod each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cases import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from compliance.catalogue import Catalogue

_CONTROLS: Final = {
    "allowprivilegeescalation": "restricted/privilege-escalation",
    "apparmorprofile": "baseline/app-armor",
    "capabilities_baseline": "baseline/capabilities",
    "capabilities_restricted": "restricted/capabilities",
    "hostnamespaces": "baseline/host-namespaces",
    "hostpathvolumes": "baseline/host-path-volumes",
    "hostports": "baseline/host-ports",
    "hostprobesandhostlifecycle": "baseline/host-probes",
    "privileged": "baseline/privileged-containers",
    "procmount": "baseline/proc-mount",
    "procmount_restricted": "restricted/proc-mount",
    "restrictedvolumes": "restricted/volume-types",
    "runasnonroot": "restricted/running-as-non-root",
    "runasuser": "restricted/running-as-non-root-user",
    "seccompprofile_baseline": "baseline/seccomp",
    "seccompprofile_restricted": "restricted/seccomp",
    "selinuxoptions": "baseline/se-linux",
    "sysctls": "baseline/sysctls",
    "windowshostprocess": "baseline/host-process",
}
_LEVELS: Final = {"baseline": ("baseline/",), "restricted": ("baseline/", "restricted/")}


def cases(checkout: Path, catalogue: Catalogue) -> Iterator[Case]:
    """A Pod that fails must be refused by a rule of the very check; one that passes, by no rule of its level."""
    for file in sorted((checkout / "test" / "testdata").glob("*/v1.*/*/*.yaml")):
        level, version, verdict = file.parts[-4:-1]
        refused = verdict == "fail"
        prefixes = (_CONTROLS[file.stem.rstrip("0123456789")],) if refused else _LEVELS[level]
        yield Case(
            "/".join(file.parts[-4:]),
            tuple(rule.id for rule in catalogue.rules.values() if _serves(rule.frameworks.get("pss", ()), prefixes)),
            refused,
            path=file,
            kubernetes_minor=int(version.removeprefix("v1.")),
        )


def _serves(controls: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
    return any(control.startswith(prefixes) for control in controls)
