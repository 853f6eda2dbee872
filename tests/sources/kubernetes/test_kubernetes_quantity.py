"""Quantities as k8s.io/apimachinery reads them."""

import pytest

from compliance.sources.kubernetes.quantity import quantity


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("500m", 0.5),
        ("1", 1.0),
        (2, 2.0),
        (0.1, 0.1),
        ("128Mi", 134217728.0),
        ("1Gi", 1073741824.0),
        ("1G", 1e9),
        ("1e3", 1000.0),
        ("12E", 12e18),
        ("1Ei", 1024.0**6),
        ("100n", 1e-7),
        (".5", 0.5),
        ("-1", -1.0),
    ],
)
def test_a_quantity_has_its_number(written: object, value: float) -> None:
    assert quantity(written) == {"text": str(written), "value": pytest.approx(value)}


@pytest.mark.parametrize("written", ["lots", "1 Gi", "1gi", "1K", "", "1ee3"])
def test_what_is_no_quantity_has_no_number(written: str) -> None:
    assert quantity(written) == {"text": written, "value": None}


@pytest.mark.parametrize("absent", [None, True, {}, []])
def test_what_cannot_be_a_quantity_is_absent(absent: object) -> None:
    assert quantity(absent) is None
