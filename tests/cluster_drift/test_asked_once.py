"""Each question is asked once, several at a time, and who gives no answer is asked no more."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from compliance.cluster_drift import asked_once
from compliance.cluster_drift.asked_once import AskedOnce, SilentRegistries
from compliance.errors import AccessDenied, ContentError, ContentNotFound, ContentUnavailable


def test_a_question_is_asked_once_and_ahead_of_need() -> None:
    asked: list[str] = []
    with closing(AskedOnce(lambda question: asked.append(question) or question.upper())) as answers:  # type: ignore[func-returns-value] # or
        answers.ahead("a")
        assert [answers.answer("a"), answers.answer("a"), answers.answer("b")] == ["A", "A", "B"]
    assert asked == ["a", "b"]


def test_several_are_asked_at_a_time() -> None:
    met = threading.Barrier(4, timeout=10)
    with closing(AskedOnce(lambda _question: met.wait())) as answers:
        for question in range(4):
            answers.ahead(question)
        assert {answers.answer(question) for question in range(4)} == {0, 1, 2, 3}


def test_what_goes_wrong_is_told_whenever_the_answer_is_needed() -> None:
    def look(_question: str) -> None:
        raise ContentError("nonsense")

    with closing(AskedOnce(look)) as answers:
        answers.ahead("a")
        for _ in range(2):
            with pytest.raises(ContentError, match="nonsense"):
                answers.answer("a")


def test_questions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked_once, "_MOST", 1)
    with closing(AskedOnce(str.upper)) as answers:
        assert answers.answer("a") == "A"
        answers.ahead("b")
        with pytest.raises(ContentUnavailable, match="more than 1 images"):
            answers.answer("b")


@pytest.mark.parametrize(
    ("error", "asked_again"),
    [(ContentUnavailable, False), (ContentNotFound, True), (AccessDenied, True), (ContentError, True)],
)
def test_only_a_registry_that_gives_no_answer_is_left_alone(error: type[ContentError], *, asked_again: bool) -> None:
    asked: list[int] = []

    def look() -> None:
        asked.append(1)
        raise error("no")

    silent = SilentRegistries()
    for _ in range(2):
        with pytest.raises(ContentError, match="no"):
            silent.ask("registry.example.com", look)
    assert silent.ask("other.example.com", lambda: "yes") == "yes"
    assert len(asked) == (2 if asked_again else 1)
