"""What commands do, whether their failure counts, what they print, and what came before what."""

import textwrap
from typing import Any

import pytest

from compliance.sources.pipeline import System, read


def job(*script: str, keys: str = "") -> dict[str, Any]:
    lines = "".join("    - |\n" + textwrap.indent(item, "      ") + "\n" for item in script)
    text = f"stages: [a]\njob:\n  stage: a\n{keys}  script:\n{lines}"
    return dict(read(text.encode(), "x.yml", None, System.GITLAB).facts.body["jobs"][0])


def acts(*script: str, keys: str = "") -> list[dict[str, Any]]:
    return [act for step in job(*script, keys=keys)["steps"] for act in step["acts"]]


@pytest.mark.parametrize(
    ("command", "kinds"),
    [
        ("docker build -t a/b:1 .", ["build"]),
        ("docker buildx build --push -t a/b:1 .", ["build", "publish"]),
        ("docker push a/b:1", ["publish"]),
        ("docker push localhost:5000/b:1", []),
        ("/kaniko/executor --destination a/b:1", ["build", "publish"]),
        ("/kaniko/executor --destination a/b:1 --no-push", ["build"]),
        ("skopeo copy docker-archive:x.tar docker://a/b:1", ["publish"]),
        ("skopeo copy docker://a/b:1 oci:out", []),
        ("crane copy a/b:1 c/d:1", ["publish"]),
        ("ko build --local ./cmd", ["build"]),
        ("mvn -B jib:build", ["publish"]),
        ("mvn -B jib:dockerBuild", []),
        ("pack build a/b:1 --publish", ["build", "publish"]),
        ("trivy image a/b:1", ["scan"]),
        ("trivy --version", []),
        ("trivy config .", []),
        ("trivy image --format cyclonedx a/b:1", ["sbom"]),
        ("docker run --rm aquasec/trivy:0.67.0 image --exit-code 1 a/b:1", ["scan"]),
        ("make image-scan", ["scan"]),
        ("make test", ["test"]),
        ("cosign sign --key k a/b:1", ["sign"]),
        ("cosign sign-blob x", []),
        ("cosign verify-attestation a/b:1", ["verify"]),
        ("notation sign a/b@sha256:0", ["sign"]),
        ("kubectl apply -f x.yaml", ["deploy"]),
        ("kubectl apply --dry-run=server -f x.yaml", []),
        ("kubectl set image deployment/web web=a/b:1 side=a/c:1", ["set_image", "set_image"]),
        ("kubectl get pods", []),
        ("helm upgrade --install web ./chart", ["deploy"]),
        ("helm template ./chart", []),
        ("argocd app sync web", ["deploy"]),
        ("echo docker push a/b:1", []),
    ],
)
def test_commands_are_known_by_what_they_do(command: str, kinds: list[str]) -> None:
    assert [act["kind"] for act in acts(command)] == kinds


@pytest.mark.parametrize(
    ("script", "gates"),
    [
        ("trivy image --exit-code 1 a", True),
        ("trivy image --exit-code=1 a", True),
        ("trivy image --exit-code 0 a", False),
        ("trivy image --exit-code $CODE a", None),
        ("trivy image a", False),
        ("trivy image --format sarif -o x.sarif a", None),
        ("trivy image -o out.txt a", False),
        ("trivy image -o out.txt a\ntest ! -s out.txt", None),
        ("trivy image --exit-code 1 a || true", False),
        ("trivy image --exit-code 1 a || exit 1", True),
        ("trivy image --exit-code 1 a || { notify; exit 1; }", None),
        ("trivy image --exit-code 1 a | tee log", None),
        ("set -o pipefail\ntrivy image --exit-code 1 a | tee log", True),
        ("set +e\ntrivy image --exit-code 1 a\necho done", False),
        ("set +e\ntrivy image --exit-code 1 a\nexit $?", None),
        ("if trivy image --exit-code 1 a; then echo ok; fi", None),
        ("grype a/b:1", False),
        ("grype a/b:1 --fail-on high", True),
        ("snyk container test a/b:1", True),
    ],
)
def test_a_scan_gates_when_its_failure_reaches_the_pipeline(script: str, gates: bool | None) -> None:  # noqa: FBT001
    assert [act["gates"] for act in acts(script)] == [gates]


@pytest.mark.parametrize(
    ("keys", "gates"),
    [
        ("  allow_failure: true\n", False),
        ("  allow_failure: {exit_codes: 3}\n", None),
        ("  variables: {TRIVY_EXIT_CODE: '1'}\n", True),
    ],
)
def test_the_job_decides_too(keys: str, gates: bool | None) -> None:  # noqa: FBT001
    command = "trivy image a" if "TRIVY" in keys else "trivy image --exit-code 1 a"
    assert [act["gates"] for act in acts(command, keys=keys)] == [gates]


@pytest.mark.parametrize(
    ("command", "changes"),
    [
        ("ssh deploy@host 'cd /srv && git pull'", True),
        ("ssh -i key deploy@host -- systemctl restart web", True),
        ("ssh deploy@host uptime", False),
        ("ssh deploy@host 'docker ps'", False),
        ("kubectl exec web -- sed -i s/a/b/ /etc/web.conf", True),
        ("kubectl exec -n shop web -- cat /etc/web.conf", False),
        ("kubectl exec web -- sh -c 'echo x > /etc/web.conf'", True),
        ("kubectl cp web.conf shop/web:/etc/web.conf", True),
        ("docker exec web apt-get install -y curl", True),
    ],
)
def test_reaching_into_what_runs_is_told_from_looking(command: str, changes: bool) -> None:  # noqa: FBT001
    assert [act["changes"] for act in acts(command)] == [changes]


def test_a_cluster_that_lives_no_longer_than_the_job_is_nobodys_deployment() -> None:
    assert acts("kind create cluster", "kubectl apply -f x.yaml", "kubectl exec web -- rm x") == []


def order(script: tuple[str, ...], kind: str, other: str) -> list[str]:
    return [act["order"][other] for act in acts(*script) if act["kind"] == kind]


def test_what_came_before_is_told_by_the_order_of_commands() -> None:
    assert order(("cosign sign a/b:1", "docker push a/b:1"), "sign", "publish") == ["after"]
    assert order(("docker push a/b:1", "cosign sign a/b@sha256:0"), "sign", "publish") == ["none"]
    assert order(("docker push a/b:1", "cosign sign a/b:1"), "sign", "publish") == ["before"]
    assert order(("cosign sign a/b:1", "docker push a/c:1"), "sign", "publish") == ["none"]
    assert order(("trivy image a", "docker push b"), "publish", "scan") == ["before"]


def test_jobs_that_do_not_wait_for_each_other_stand_beside_each_other() -> None:
    text = b"stages: [a]\nx: {stage: a, script: trivy image a}\nw: {stage: a, script: docker push a}\n"
    jobs = read(text, "x.yml", None, System.GITLAB).facts.body["jobs"]
    assert jobs[1]["steps"][0]["acts"][0]["order"]["scan"] == "beside"


def test_a_candidate_that_is_released_after_its_scan_is_promoted() -> None:
    found = acts("docker push a/b:candidate", "trivy image a/b:candidate", "docker push a/b:1")
    assert [act["promoted"] for act in found if act["kind"] == "publish"] == [True, False]


@pytest.mark.parametrize(
    ("script", "prints"),
    [
        ("echo $API_TOKEN", [("echo", "API_TOKEN")]),
        ('printf "%s" "${API_TOKEN}"', [("echo", "API_TOKEN")]),
        ("echo '$API_TOKEN'", []),
        ("echo $API_TOKEN | docker login --password-stdin", []),
        ("echo $API_TOKEN > token", []),
        ("{ echo a; echo $API_TOKEN; } > token", []),
        ("echo ${API_TOKEN:+set}", []),
        ("echo $CI_COMMIT_SHA", []),
        ("set -x\ncurl -H $API_TOKEN host", [("trace", "API_TOKEN")]),
        ("set -x\nset +x\ncurl -H $API_TOKEN host", []),
        ("env", [("environment", None)]),
        ("env | sort", [("environment", None)]),
        ("printenv > env.txt", []),
        ("env FOO=1 make", []),
        ("docker login -u ci -p $PASSWORD host", [("login", None)]),
        ("docker login -u ci --password-stdin host", []),
        ("docker run -p 80:80 login", []),
    ],
)
def test_secrets_are_printed_where_they_reach_the_log(script: str, prints: list[tuple[str, str | None]]) -> None:
    (step,) = job(script)["steps"]
    assert [(one["how"], one["name"]) for one in step["prints"]] == prints


def test_no_secret_of_the_file_is_in_the_facts_or_shown() -> None:
    secret = "9vK2mXq7LrT4wZ"  # noqa: S105 - nobody's
    text = (
        f"stages: [a]\njob:\n  stage: a\n  variables:\n    API_TOKEN: {secret}\n  script:\n"
        f"    - docker login -u ci -p {secret} host\n    - export API_TOKEN={secret}\n    - curl https://me:{secret}@host\n"
    )
    found = read(text.encode(), "x.yml", None, System.GITLAB).facts
    shown = [found.lines(number) for number in range(1, 10)]

    assert found.body["jobs"][0]["variables"][0]["secret"] is True
    assert secret not in repr(found.body)
    assert secret not in repr(shown)
    assert shown[3] == "  variables:"
