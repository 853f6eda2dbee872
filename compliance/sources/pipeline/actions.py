"""What GitHub's ready-made actions do, by their owner and name; inputs as their own pages describe them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compliance.sources.pipeline.acts import is_failing
from compliance.sources.pipeline.cluster_acts import is_change
from compliance.sources.pipeline.found import Found
from compliance.sources.shell import read_script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Inputs = Mapping[str, str]

_TRUE = frozenset({"true", "yes", "1", "on"})
_SCANNER = re.compile(
    r"(?:^|[/-])(?:trivy|grype|snyk|clair|container-scan|image-scan|vulnerability|inspector|scan)", re.IGNORECASE
)
_NO_SCANNER = re.compile(r"code|secret|sonar|lint|license|leak|scanner-report", re.IGNORECASE)


def acts_of_action(name: str, inputs: Inputs) -> Iterator[Found]:
    """All that an action does; `name` is owner/name[/path] in lower case."""
    known = next((act for key, act in _ACTIONS.items() if name == key or name.startswith(f"{key}/")), None)
    if known is not None:
        yield from known(inputs)
    elif _SCANNER.search(name) and not _NO_SCANNER.search(name):
        yield Found("scan", name, None, gates=None)


def _first(text: str) -> str | None:
    """The first of several lines or comma-separated values, where it is written out."""
    return next((part.strip() for part in re.split(r"[\n,]", text) if part.strip()), None)


def _is_true(value: str) -> bool:
    return value.strip().lower() in _TRUE


def _build_push(inputs: Inputs) -> Iterator[Found]:
    tags = _first(inputs.get("tags", ""))
    yield Found("build", "docker/build-push-action", tags)
    push, outputs = inputs.get("push", ""), inputs.get("outputs", "")
    if _is_true(push) or "${{" in push or re.search(r"push=true|type=registry", outputs):
        yield Found("publish", "docker/build-push-action", tags)


def _bake(inputs: Inputs) -> Iterator[Found]:
    yield Found("build", "docker/bake-action", None)
    if _is_true(inputs.get("push", "")) or "${{" in inputs.get("push", ""):
        yield Found("publish", "docker/bake-action", None)


def _trivy(inputs: Inputs) -> Iterator[Found]:
    form, image = inputs.get("format", ""), inputs.get("image-ref") or None
    if inputs.get("scan-type") in {"config", "conf"}:
        return
    if form in {"cyclonedx", "spdx", "spdx-json", "github"}:
        yield Found("sbom", "trivy", image)
        return
    code = inputs.get("exit-code")
    report = form in {"sarif", "template", "json"} or "trivy-config" in inputs
    gates = is_failing(code) if code is not None else None if report else False
    gates = None if report and gates is False else gates
    yield Found("scan", "trivy", image, gates=gates, report=inputs.get("output"))


def _grype(inputs: Inputs) -> Iterator[Found]:
    fails = inputs.get("fail-build", "true")
    gates = (
        None
        if "${{" in fails or (not _is_true(fails) and inputs.get("output-format", "sarif") == "sarif")
        else _is_true(fails)
    )
    yield Found("scan", "grype", inputs.get("image"), gates=gates)


def _scout(inputs: Inputs) -> Iterator[Found]:
    if "cves" in inputs.get("command", ""):
        gates = None if inputs.get("sarif-file") else _is_true(inputs.get("exit-code", ""))
        yield Found("scan", "docker scout", inputs.get("image"), gates=gates)


def _one(kind: str, tool: str, *keys: str, gates: bool | None = True) -> Callable[[Inputs], Iterator[Found]]:
    def act(inputs: Inputs) -> Iterator[Found]:
        yield Found(kind, tool, next((inputs[key] for key in keys if key in inputs), None), gates=gates)

    return act


def _appleboy(inputs: Inputs) -> Iterator[Found]:
    script = inputs.get("script", "")
    commands = read_script(script)
    yield Found("ssh", "appleboy/ssh-action", None, changes=any(is_change(command) for command in commands))


_ACTIONS: dict[str, Callable[[Inputs], Iterator[Found]]] = {
    "docker/build-push-action": _build_push,
    "docker/bake-action": _bake,
    "docker/login-action": _one("login", "docker/login-action"),
    "docker/scout-action": _scout,
    "aquasecurity/trivy-action": _trivy,
    "anchore/scan-action": _grype,
    "anchore/sbom-action": _one("sbom", "syft", "image"),
    "snyk/actions": _one("scan", "snyk", "image"),
    "google/osv-scanner-action": _one("scan", "osv-scanner"),
    "redhat-actions/buildah-build": _one("build", "buildah", "image"),
    "redhat-actions/push-to-registry": _one("publish", "redhat-actions/push-to-registry", "image"),
    "elgohr/publish-docker-github-action": _one("publish", "docker", "name"),
    "mr-smithers-excellent/docker-build-push": _one("publish", "docker", "image"),
    "actions/attest": _one("attest", "actions/attest", "subject-name"),
    "actions/attest-build-provenance": _one("attest", "actions/attest", "subject-name"),
    "actions/attest-sbom": _one("attest", "actions/attest", "subject-name"),
    "azure/k8s-deploy": _one("deploy", "azure/k8s-deploy", "images"),
    "azure/webapps-deploy": _one("deploy", "azure/webapps-deploy", "images"),
    "aws-actions/amazon-ecs-deploy-task-definition": _one("deploy", "amazon-ecs-deploy-task-definition"),
    "google-github-actions/deploy-cloudrun": _one("deploy", "deploy-cloudrun", "image"),
    "appleboy/ssh-action": _appleboy,
}
