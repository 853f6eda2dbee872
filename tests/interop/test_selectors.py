"""Label and field selectors, as the API reads them."""

from typing import Any

import pytest

from compliance.interop import selectors

LABELS = {"app": "web", "tier": "a", "example.com/size": "5", "empty": ""}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        ("app=web", True),
        ("app==web", True),
        ("app = web , tier!=b", True),
        ("app=web,tier=b", False),
        ("app!=web", False),
        ("missing!=x", True),
        ("missing=x", False),
        ("empty=", True),
        ("app", True),
        ("missing", False),
        ("!missing", True),
        ("! app", False),
        ("tier in (a, b)", True),
        ("tier in (b)", False),
        ("tier notin (b,c)", True),
        ("missing notin (b)", True),
        ("example.com/size>4", True),
        ("example.com/size < 5", False),
        ("app>1", False),
    ],
)
def test_labels_are_selected(text: str, holds: bool) -> None:  # noqa: FBT001 - an expectation
    assert all(each.holds(LABELS) for each in selectors.parse_labels(text)) is holds


@pytest.mark.parametrize("text", ["=a", "a=b=c", "a in b", "a in ()x", "a b", "a,", ",a", "a=b c", "-a=b", "a=$x"])
def test_no_label_selector_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"selector|comma"):
        selectors.parse_labels(text)


def pod(**status: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    return {"kind": "Pod", "metadata": {"name": "a"}, "spec": {}, "status": status}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        ("status.phase=Running", True),
        ("status.phase==Running,metadata.name=a", True),
        ("status.phase!=Running", False),
        ("metadata.name!=b", True),
        ("spec.nodeName=", True),
        ("spec.hostNetwork=false", True),
        ("spec.hostNetwork=true", False),
    ],
)
def test_fields_are_selected(text: str, holds: bool) -> None:  # noqa: FBT001 - an expectation
    found = selectors.parse_fields(text)
    assert selectors.unsupported(found, "Pod") is None
    assert all(each.holds(pod(phase="Running")) for each in found) is holds


def test_other_fields_are_not_supported() -> None:
    found = selectors.parse_fields("metadata.name=a,spec.replicas=1")
    assert selectors.unsupported(found, "Deployment") == "spec.replicas"


@pytest.mark.parametrize("text", ["a", "a=b=c", "=b", "a in (b)", "a=\\x"])
def test_no_field_selector_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no field selector"):
        selectors.parse_fields(text)
