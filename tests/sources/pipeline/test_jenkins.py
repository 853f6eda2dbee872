"""Jenkinsfiles: stages in their order, shell steps with their lines, images, conditions."""

from typing import Any

import pytest

from compliance.errors import ReadError
from compliance.model import Span
from compliance.sources.pipeline import System, read

_DECLARATIVE = """\
pipeline {
  agent { docker { image 'maven:3.9' } }
  environment { API_TOKEN = credentials('token')
                MODE = 'fast' }
  stages {
    // stage('No') { steps { sh 'no' } }
    stage('Build') { steps { sh 'docker build -t a/b:1 .' } }
    stage('Check') {
      parallel {
        stage('Scan') { steps { sh(script: 'trivy image --exit-code 1 a/b:1', label: 'scan') } }
        stage('Test') { steps { sh '''
          make test
        ''' } }
      }
    }
    stage('Push') {
      when { branch 'main' }
      steps { sh "docker push a/b:1" }
    }
  }
}
"""


def facts(text: str) -> dict[str, Any]:
    return dict(read(text.encode(), "Jenkinsfile", None, System.JENKINS).facts.body)


def jobs(text: str) -> dict[str, dict[str, Any]]:
    return {job["name"]: job for job in facts(text)["jobs"]}


def test_stages_run_one_after_another_and_parallel_ones_beside_each_other() -> None:
    found = jobs(_DECLARATIVE)
    assert [*found] == ["(pipeline)", "Build", "Check", "Scan", "Test", "Push"]
    assert (found["Scan"]["after"], found["Test"]["after"]) == (["Build"], ["Build"])
    assert found["Push"]["after"] == ["Build", "Check", "Scan", "Test"]


def test_shell_steps_are_read_with_their_lines() -> None:
    found = read(_DECLARATIVE.encode(), "Jenkinsfile", None, System.JENKINS).facts
    (act,) = found.body["jobs"][3]["steps"][0]["acts"]
    assert (act["kind"], act["gates"], found.locate([act["at"]])) == ("scan", True, [Span(10, 45, 10)])


def test_agents_conditions_and_variables_are_told() -> None:
    found = jobs(_DECLARATIVE)
    assert found["(pipeline)"]["images"][0]["image"]["text"] == "maven:3.9"
    assert (found["Push"]["only_protected"], found["Build"]["only_protected"]) == (True, None)
    assert [one["name"] for one in facts(_DECLARATIVE)["variables"]] == ["MODE"]


def test_what_fails_inside_catch_error_fails_nothing() -> None:
    text = "stage('a') { steps { catchError { sh 'trivy image --exit-code 1 a' } } }"
    assert jobs(text)["a"]["steps"][0]["acts"][0]["gates"] is False


def test_a_shared_library_makes_the_pipeline_incomplete() -> None:
    assert facts("@Library('ci') _\npipeline { }")["complete"] is False
    assert facts("pipeline { }")["complete"] is True


def test_the_docker_plugin_builds_and_pushes() -> None:
    text = "node { stage('x') { def app = docker.build('a/b')\n docker.withRegistry('h') { app.push('1') } } }"
    assert [step["acts"][0]["kind"] for step in jobs(text)["x"]["steps"]] == ["build", "publish"]


def test_stages_of_one_name_are_told_apart() -> None:
    text = "stage('A') { sh 'a' }\nstage('A #2') { sh 'b' }\nstage('A') { sh 'c' }\nstage('A') { sh 'd' }\n"
    assert list(jobs(text)) == ["A", "A #2", "A #3", "A #4"]


@pytest.mark.untraced
def test_too_many_stages_are_refused_before_their_order_is_written_out() -> None:
    with pytest.raises(ReadError, match="more than 500 jobs"):
        facts("stage('A') {}\n" * 60_000)


@pytest.mark.untraced
@pytest.mark.parametrize("opener", ["{", "a {\n", "parallel {\n", "stage {\n"])
def test_blocks_that_are_nested_without_end_cost_no_more_than_their_text(opener: str) -> None:
    found = jobs(opener * 30_000 + "a b\n" * 30_000 + "sh 'docker push a/b'\n" + "}" * 30_000)
    assert [step["text"] for step in found["(pipeline)"]["steps"]] == ["docker push a/b"]
