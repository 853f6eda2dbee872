"""The types of the newest Kubernetes, read once."""

from __future__ import annotations

import pytest

from compliance.sources.drift.field_types import FieldTypes
from compliance.sources.kubernetes.schema import KubernetesSchemas


@pytest.fixture(scope="session")
def types() -> FieldTypes:
    return FieldTypes(KubernetesSchemas())
