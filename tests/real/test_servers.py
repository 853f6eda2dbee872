"""That each server of the tests starts and serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from keyless_services import Keyless

pytestmark = pytest.mark.real


def test_the_registries_answer(docker_registry: str, referrers_registry: str) -> None:
    for address in (docker_registry, referrers_registry):
        assert httpx.get(f"http://{address}/v2/").is_success


def test_the_keyless_services_write_what_configures_their_clients(keyless: Keyless) -> None:
    assert all(file.is_file() for file in (keyless.trust_config, keyless.trusted_root, keyless.signing_config))
