"""Test results from JUnit reports: what ran, what failed, and what is no report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import UsageError
from compliance.supply_chain import predicates
from compliance.supply_chain.statements import junit

DIGEST = "0" * 64


def made(report: str) -> dict[str, object]:
    return junit.from_junit(report.encode(), "report.xml", DIGEST)


def test_tests_that_passed_are_named_with_their_class() -> None:
    report = (
        '<testsuites><testsuite><testcase classname="shop" name="sells"/><testcase name="b"/></testsuite></testsuites>'
    )
    assert made(report) == {
        "result": "PASSED",
        "configuration": [{"name": "report.xml", "digest": {"sha256": DIGEST}}],
        "passedTests": ["shop.sells", "b"],
        "failedTests": [],
    }


@pytest.mark.parametrize("element", ["failure", "error"])
def test_one_that_failed_fails_all(element: str) -> None:
    failed = f'<testcase name="b"><{element} message="x">why</{element}></testcase>'
    said = made(f'<testsuite><testcase name="a"/>{failed}</testsuite>')
    assert (said["result"], said["passedTests"], said["failedTests"]) == ("FAILED", ["a"], ["b"])


def test_a_test_that_failed_and_was_skipped_failed() -> None:
    for inside in ("<failure/><skipped/>", "<skipped/><failure/>"):
        assert made(f'<testsuite><testcase name="a">{inside}</testcase></testsuite>')["result"] == "FAILED"


def test_a_suite_that_broke_before_its_tests_failed() -> None:
    said = made('<testsuite><testcase name="a"/><error message="no database"/></testsuite>')
    assert (said["result"], said["failedTests"]) == ("FAILED", ["no database"])


def test_what_was_skipped_counts_for_neither() -> None:
    said = made('<testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase></testsuite>')
    assert (said["result"], said["passedTests"]) == ("PASSED", ["a"])


@pytest.mark.parametrize(
    ("report", "why"),
    [
        ("<testsuite/>", "tells of no test that ran"),
        ('<testsuite><testcase name="a"><skipped/></testcase></testsuite>', "tells of no test that ran"),
        ("<html/>", "tells of no test that ran"),
        ("<testsuite>", "is no XML"),
        ("PASSED", "is no XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><testsuite><testcase name="&b;"/></testsuite>', "document type declaration"),
    ],
)
def test_what_is_no_result_is_attested_as_none(report: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        made(report)


def test_a_word_is_a_result_too() -> None:
    assert junit.from_word("FAILED") == {"result": "FAILED", "configuration": []}
    with pytest.raises(UsageError, match="'passed' is no test result"):
        junit.from_word("passed")


@given(st.lists(st.sampled_from(["", "<failure/>", "<error/>", "<skipped/>"]), max_size=8))
def test_the_result_is_that_of_the_worst_test(outcomes: list[str]) -> None:
    cases = "".join(f'<testcase name="{n}">{inside}</testcase>' for n, inside in enumerate(outcomes))
    ran = [inside for inside in outcomes if inside != "<skipped/>"]
    try:
        said = made(f"<testsuite>{cases}</testsuite>")
    except UsageError:
        assert ran == []
        return
    expected = "failed" if any(ran) else "passed"
    assert predicates.result_of(predicates.TEST_RESULT, said) == expected
