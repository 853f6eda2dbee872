"""What a command does to images and to what runs: builds, publishes, scans, signs, verifies, deploys, changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compliance.sources.pipeline import builders, cluster_acts
from compliance.sources.pipeline.found import Found
from compliance.sources.pipeline.words import read_arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from compliance.sources.pipeline.words import Arguments
    from compliance.sources.shell import ShellCommand

    Recogniser = Callable[[Arguments], Iterator[Found]]

_LOCAL_REGISTRY = re.compile(
    r"(?:docker://)?(?:localhost|127\.0\.0\.1|kind-registry|\[::1\]|registry\.local)(?:[:/]|$)"
)
_TRIVY_SCANS = frozenset({"image", "i", "fs", "filesystem", "rootfs", "repo", "repository", "sbom", "vm", "client"})
_TRIVY_OTHERS = frozenset(
    {
        "config",
        "conf",
        "server",
        "plugin",
        "version",
        "kubernetes",
        "k8s",
        "clean",
        "convert",
        "module",
        "registry",
        "vex",
    }
)
_SBOM_FORMATS = frozenset({"cyclonedx", "spdx", "spdx-json", "github"})
_TESTS = re.compile(
    r"(?:pytest|tox|nox|go test|cargo test|(?:npm|yarn|pnpm)(?: run)? test|mvn (?:.* )?(?:verify|test)"
    r"|(?:\./)?gradlew? (?:.* )?(?:check|test)|make (?:\S*-)?test|rspec|phpunit|bats|ctest)\b.*"
)
_MAX_NAME = 1000  # characters of a command in which the name of a script is looked for
_SCAN_SCRIPT = re.compile(
    r"(?:make|task|just|bash|sh|\./\S+|\S+\.sh)\b.*(?:scan|trivy|grype|snyk|clair|vuln).*", re.IGNORECASE
)


def acts_of(command: ShellCommand, known: Mapping[str, str]) -> Iterator[Found]:
    """All that one command does; `known` are the variables that are set to a text."""
    if re.search(r"--dry-run(?!=none)\b|--help\b|--version\b", command.text):
        return
    arguments = read_arguments(command.words)
    recogniser = _RECOGNISERS.get(arguments.program)
    found = list(recogniser(arguments)) if recogniser else []
    if arguments.program == "trivy":
        found = [_by_environment(one, known) for one in found]
    if not found and _SCAN_SCRIPT.match(command.text[:_MAX_NAME]):
        found = [Found("scan", "script", None, gates=None)]
    if not found and _TESTS.match(command.text):
        found = [Found("test", arguments.program, None)]
    yield from (one for one in found if one.kind != "publish" or not _LOCAL_REGISTRY.match(one.image or ""))


def _by_environment(found: Found, known: Mapping[str, str]) -> Found:
    code = known.get("TRIVY_EXIT_CODE")
    if found.kind != "scan" or found.gates is not False or code is None or "--exit-code" in found.options:
        return found
    return found.with_gates(is_failing(code))


def is_failing(code: str) -> bool | None:
    """Whether an exit code, as written, fails a step; None where a variable hides it."""
    code = code.strip()
    return None if not code.lstrip("-").isdigit() else int(code) != 0


def _docker(arguments: Arguments) -> Iterator[Found]:
    reader = next((read for starts, read in _DOCKER if arguments.starts(*starts)), None)
    if reader is not None:
        yield from reader(arguments)


def _push(arguments: Arguments) -> Iterator[Found]:
    yield Found("publish", arguments.program, arguments.image(1 if arguments.rest[0] == "push" else 2))


def _bake(arguments: Arguments) -> Iterator[Found]:
    if "--push" in arguments.words:
        yield Found("publish", arguments.program, None)


def _tagged(arguments: Arguments) -> Iterator[Found]:
    yield Found("publish", arguments.program, arguments.option("-t", "--tag"))


def _scout(arguments: Arguments) -> Iterator[Found]:
    gates = arguments.option("-e", "--exit-code") is not None
    yield Found("scan", "docker scout", arguments.image(2), gates=gates)


def _docker_exec(arguments: Arguments) -> Iterator[Found]:
    yield from cluster_acts.executed("docker", arguments.words, start=arguments.words.index("exec") + 1)


def _build(arguments: Arguments) -> Iterator[Found]:
    tag = arguments.option("-t", "--tag")
    yield Found("build", arguments.program, tag)
    output = arguments.option("-o", "--output") or ""
    if "--push" in arguments.words or "--push=true" in arguments.words or re.search(r"type=registry|push=true", output):
        yield Found("publish", arguments.program, tag)


def _run(arguments: Arguments) -> Iterator[Found]:
    """A tool that runs from its own image: `docker run aquasec/trivy image …`."""
    for number, word in enumerate(arguments.words):
        name = re.fullmatch(r"\S*(trivy|grype|cosign|snyk|kaniko|crane|skopeo)\S*", word.partition("@")[0])
        if name and ("/" in word or ":" in word) and not word.startswith("-") and number + 1 < len(arguments.words):
            inner = read_arguments((name[1], *arguments.words[number + 1 :]))
            recogniser = _RECOGNISERS.get(name[1])
            yield from recogniser(inner) if recogniser else ()
            return


_DOCKER: tuple[tuple[tuple[str, ...], Recogniser], ...] = (
    (("push",), _push),
    (("image", "push"), _push),
    (("manifest", "push"), lambda arguments: iter((Found("publish", arguments.program, None, copied=True),))),
    (("build",), _build),
    (("buildx", "build"), _build),
    (("bud",), _build),
    (("buildx", "bake"), _bake),
    (("compose", "push"), _tagged),
    (
        ("buildx", "imagetools", "create"),
        lambda arguments: iter((Found("publish", arguments.program, None, copied=True),)),
    ),
    (("scout", "cves"), _scout),
    (("trust", "sign"), lambda arguments: iter((Found("sign", "docker trust", arguments.image(2)),))),
    (("login",), lambda arguments: iter((Found("login", arguments.program, None),))),
    (("exec",), _docker_exec),
    (("stack", "deploy"), lambda arguments: iter((Found("deploy", arguments.program, None),))),
    (("run",), _run),
    (("container", "run"), _run),
)


def _trivy(arguments: Arguments) -> Iterator[Found]:
    sub = arguments.rest[0] if arguments.rest else ""
    if not arguments.rest or sub in _TRIVY_OTHERS or "--download-db-only" in arguments.words:
        return
    image = arguments.image(1 if sub in _TRIVY_SCANS else 0)
    if (arguments.option("--format", "-f") or "") in _SBOM_FORMATS:
        yield Found("sbom", "trivy", image)
        return
    if arguments.option("--scanners", "--security-checks") in {"secret", "misconfig", "config", "license"}:
        return
    code = arguments.option("--exit-code")
    gates = is_failing(code) if code is not None else None if arguments.option("--config", "-c") else False
    if _is_report(arguments):
        gates = None if gates is False else gates
    report = arguments.option("--output", "-o")
    yield Found("scan", "trivy", image, gates=gates, options=tuple(arguments.options), report=report)


def _is_report(arguments: Arguments) -> bool:
    """Whether the result is written for another program, which may judge it."""
    form = arguments.option("--format", "-f", "-o", "--output") or ""
    return form in {"sarif", "template", "gitlab", "json"} or "gl-" in " ".join(arguments.words)


def _grype(arguments: Arguments) -> Iterator[Found]:
    if arguments.rest and arguments.rest[0] not in {"db", "version", "completion"}:
        gates: bool | None = arguments.option("-f", "--fail-on") is not None
        if not gates and (_is_report(arguments) or arguments.option("-c", "--config") is not None):
            gates = None
        yield Found("scan", "grype", arguments.image(0), gates=gates)


def _snyk(arguments: Arguments) -> Iterator[Found]:
    if arguments.starts("container", "test"):
        yield Found("scan", "snyk", arguments.image(2))
    elif arguments.starts("test"):
        yield Found("scan", "snyk", None)


def _cosign(arguments: Arguments) -> Iterator[Found]:
    sub = arguments.rest[0] if arguments.rest else ""
    kind = {"sign": "sign", "attest": "attest", "verify": "verify", "verify-attestation": "verify"}.get(sub)
    if kind:
        yield Found(kind, "cosign", arguments.image(1))


def _notation(arguments: Arguments) -> Iterator[Found]:
    if arguments.rest and arguments.rest[0] in {"sign", "verify"}:
        yield Found(arguments.rest[0], "notation", arguments.image(1))


def _syft(arguments: Arguments) -> Iterator[Found]:
    if arguments.rest:
        yield Found("sbom", "syft", arguments.image(0))


def _verifier(arguments: Arguments) -> Iterator[Found]:
    if arguments.starts("verify-image") or arguments.starts("attestation", "verify"):
        yield Found("verify", arguments.program, arguments.image(1))


def _scanner(arguments: Arguments) -> Iterator[Found]:
    yield Found("scan", arguments.program, None, gates=None)


_RECOGNISERS: dict[str, Recogniser] = {
    **dict.fromkeys(("docker", "podman", "buildah", "nerdctl"), _docker),
    "trivy": _trivy,
    "grype": _grype,
    "snyk": _snyk,
    "cosign": _cosign,
    "notation": _notation,
    "syft": _syft,
    **dict.fromkeys(("slsa-verifier", "gh"), _verifier),
    **dict.fromkeys(
        (
            "clair-scanner",
            "clairctl",
            "anchore-cli",
            "osv-scanner",
            "twistcli",
            "sysdig-cli-scanner",
            "wizcli",
            "lacework",
        ),
        _scanner,
    ),
    **builders.RECOGNISERS,
    **cluster_acts.RECOGNISERS,
}
