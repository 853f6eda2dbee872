"""A configuration as the one stage that rules on Dockerfiles judge."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compliance.sources.images.configuration import read_configuration
from compliance.sources.images.limits import Limits
from compliance.sources.images.stage import stage_facts


def _stage(config: dict[str, Any], *created_by: str) -> dict[str, Any]:
    whole = {
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": []},
        "config": config,
        "history": [{"created_by": text} for text in created_by],
    }
    stage, gaps = stage_facts(read_configuration(json.dumps(whole).encode(), Limits()), None, "the image")
    assert gaps == []
    return stage


@pytest.mark.parametrize(
    ("words", "shell", "form", "text"),
    [
        (["/bin/sh", "-c", "web --port $PORT"], None, "shell", "web --port $PORT"),
        (["/bin/sh", "-c", "web", "x"], None, "exec", "/bin/sh -c web x"),
        (["/usr/bin/web", "--port", "1"], None, "exec", "/usr/bin/web --port 1"),
        (["/bin/bash", "-c", "web"], None, "exec", "/bin/bash -c web"),
        (["/bin/bash", "-c", "web"], ["/bin/bash", "-c"], "shell", "web"),
    ],
)
@pytest.mark.parametrize("key", ["Entrypoint", "Cmd"])
def test_the_form_of_a_start_is_told_by_its_shell(
    key: str, words: list[str], shell: list[str] | None, form: str, text: str
) -> None:
    start = _stage({key: words, "Shell": shell})[key.lower()]

    assert (start["form"], start["text"], start["stage"]) == (form, text, "final")


@pytest.mark.parametrize(
    ("test", "told"),
    [
        (["CMD", "web", "--check"], (False, "exec", "web --check")),
        (["CMD-SHELL", "wget -q x"], (False, "shell", "wget -q x")),
        (["NONE"], (True, None, None)),
    ],
)
def test_a_health_check(test: list[str], told: tuple[object, ...]) -> None:
    check = _stage({"Healthcheck": {"Test": test}})["healthcheck"]

    assert (check["disabled"], check["form"], check["command"]) == told


@pytest.mark.parametrize("test", [None, [], [""]])
def test_no_health_check(test: list[str] | None) -> None:
    assert _stage({"Healthcheck": {"Test": test}})["healthcheck"] is None


def test_a_user_with_a_group() -> None:
    user = _stage({"User": "app:staff"})["user"]

    assert (user["text"], user["name"], user["group"], user["root"]) == ("app:staff", "app", "staff", None)


def test_ranges_of_ports() -> None:
    (port,) = _stage({"ExposedPorts": {"20-25/udp": {}}})["ports"]

    assert (port["port"], port["last"], port["protocol"]) == (20, 25, "udp")


def test_a_run_says_which_entry_of_the_history_it_is() -> None:
    (run,) = _stage({}, "ENV A=b", "RUN /bin/sh -c apk add curl # buildkit")["runs"]

    assert (run["text"], run["lines"]) == ("apk add curl", {"start": 2, "end": 2})
    assert run["packages"][0]["packages"][0]["name"] == "curl"


def test_an_image_for_windows_says_so() -> None:
    whole = {"os": "windows", "rootfs": {"type": "layers", "diff_ids": []}}
    stage, _ = stage_facts(read_configuration(json.dumps(whole).encode(), Limits()), None, "the image")

    assert stage["windows"] is True


def test_a_run_that_cannot_be_judged_is_a_gap_and_the_others_are_judged() -> None:
    history = [{"created_by": "RUN /bin/sh -c " + "a;" * 6000}, {"created_by": "RUN /bin/sh -c make"}]
    whole = {"os": "linux", "rootfs": {"type": "layers", "diff_ids": []}, "history": history}
    stage, (gap,) = stage_facts(read_configuration(json.dumps(whole).encode(), Limits()), None, "the image x")

    assert [run["text"] for run in stage["runs"]] == ["make"]
    assert (gap.about, "more than 5000 commands" in gap.why) == ("entry 1 of the history of the image x", True)


@pytest.mark.parametrize(
    "script",
    [
        "DB_PASSWORD=hunter2-Xy9 ./migrate",
        "export API_TOKEN='hunter2-Xy9' && make",
        "tool --password=hunter2-Xy9",
        "tool --password hunter2-Xy9",
        "curl -u bot:hunter2-Xy9 https://example.com",
        "sshpass -p hunter2-Xy9 ssh x",
        "echo hunter2-Xy9 | docker login --password-stdin",
        "git clone https://bot:hunter2-Xy9@git.example.com/x",
        "curl -H 'Authorization: Bearer hunter2-Xy9hunter2-Xy9'",
    ],
)
def test_no_value_of_a_secret_is_in_the_facts(script: str) -> None:
    config = {"Cmd": ["/bin/sh", "-c", script], "OnBuild": [f"RUN {script}"], "Labels": {"made.by": script}}
    stage = _stage(config, f"RUN /bin/sh -c {script} # buildkit", f"RUN |1 NPM_TOKEN=hunter2-Xy9 /bin/sh -c {script}")

    assert "hunter2" not in json.dumps(stage)
