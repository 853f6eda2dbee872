"""What the tests of Sigstore share."""

from __future__ import annotations

import pytest
from own_sigstore import OwnSigstore


@pytest.fixture(scope="session")
def own() -> OwnSigstore:
    """A Sigstore of the tests' own."""
    return OwnSigstore()
