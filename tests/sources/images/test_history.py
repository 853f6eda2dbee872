"""What builders wrote into the history, read back."""

from __future__ import annotations

import time

import pytest

from compliance.sources.images.history import read_history
from compliance.sources.images.limits import Limits


def _scripts(*created_by: str) -> list[str | None]:
    return [entry.script for entry in read_history([{"created_by": text} for text in created_by], Limits())]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("RUN /bin/sh -c apk add curl # buildkit", "apk add curl"),
        ("/bin/sh -c apk add curl", "apk add curl"),
        ("RUN |2 A=1 B=two words /bin/sh -c make # buildkit", "make"),
        ("|1 A=1 /bin/sh -c make", "make"),
        ("RUN /bin/bash -o pipefail -c curl x | tar x # buildkit", "curl x | tar x"),
        ("RUN /bin/ash -eo pipefail -c make # buildkit", "make"),
        ("/bin/sh -c set -e\nmake", "set -e\nmake"),
        ('/bin/sh -c #(nop)  CMD ["nginx"]', None),
        ("COPY app /app # buildkit", None),
        ('ENTRYPOINT ["/bin/sh" "-c" "x"]', None),
        ("bazel build ...", None),
        ("", None),
    ],
)
def test_runs_are_told_from_other_instructions(text: str, script: str | None) -> None:
    assert _scripts(text) == [script]


def test_build_arguments_are_told_apart_although_values_have_blanks() -> None:
    (entry,) = read_history([{"created_by": "RUN |2 A=one two B=x=y /bin/sh -c make # buildkit"}], Limits())

    assert entry.arguments == {"A": "one two", "B": "x=y"}


def test_the_checksum_of_what_was_copied_is_not_shown() -> None:
    (entry,) = read_history([{"created_by": f"/bin/sh -c #(nop) COPY file:{'0a' * 32} in /root/.netrc "}], Limits())

    assert entry.shown == "COPY /root/.netrc"


def test_layers_are_counted_over_entries_that_made_one() -> None:
    entries = read_history([{}, {"empty_layer": True}, {"empty_layer": False}], Limits())

    assert [entry.layer for entry in entries] == [0, None, 1]


def test_what_is_shown_of_an_entry_is_short_and_has_no_secret() -> None:
    (entry,) = read_history(
        [{"created_by": f"RUN /bin/sh -c PASSWORD=hunter2-Xy9 make {'x' * 90} # buildkit"}], Limits()
    )

    assert entry.shown.startswith("RUN PASSWORD=*** make")
    assert len(entry.shown) == 61


@pytest.mark.parametrize(
    "text",
    [" " * 60_000 + "# buildkit", "|1 " + "A=" * 30_000, "RUN |1 " + "/bin/sh -" * 7000, "/bin/sh" + " -a" * 20_000],
)
def test_no_entry_takes_long(text: str) -> None:
    start = time.process_time()
    _scripts(text)

    assert time.process_time() - start < 1


@pytest.mark.parametrize("value", [[{"created_by": 5}], [{"created_by": None}], None, []])
def test_a_history_without_words_is_no_error(value: object) -> None:
    assert all(entry.script is None for entry in read_history(value, Limits()))
