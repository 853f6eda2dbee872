"""Times images in a registry on loopback: one verification, a hundred images, and memory against the size of a layer.

The registry is the one of the real tests (`make tools` builds it); without it these lines say so.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Measurement, measure

from compliance import image_reference
from compliance.supply_chain.content import Manifest
from compliance.supply_chain.image_verification import verify_image
from compliance.supply_chain.keys import generate, public_pem
from compliance.supply_chain.layout import Layout
from compliance.supply_chain.registry import Access, Registries
from compliance.supply_chain.signers import KeySigner
from compliance.supply_chain.signing import Image as SignedImage
from compliance.supply_chain.signing import sign
from compliance.supply_chain.trust import ready
from compliance.verification_settings import TrustedKey, VerificationPolicy

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from oci_layouts import File, Image, build_oci_layout
from registries import referrers_registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MANY = 100
_VERIFICATIONS = 50
_SMALL, _LARGE = 5, 300
_BUDGET_MS = 60


@dataclass(frozen=True, slots=True)
class _Served:
    """A registry with a signed image, a hundred others, and the key."""

    address: str
    key: Path


def print_images(program: str, folder: Path) -> None:
    """Print the lines about images."""
    tool = shutil.which("referrers_registry")
    print()
    if tool is None:
        print("images: not measured: the registry of the tests is not built (make tools)")
        return
    folder.mkdir()
    with _served(Path(tool), folder) as served:
        median = _verification(served)
        print(f"{'verify a signed image, warm':28}{median * 1000:6.1f} ms{'':21}{_BUDGET_MS} ms")
        names = [f"{served.address}/many/{number}:1" for number in range(_MANY)]
        _line(f"{_MANY} images", _judged(program, folder, names), "5 s")
        for size in (_SMALL, _LARGE):
            found = _judged(program, folder, [f"{served.address}/large/{size}:1"])
            _line(f"image, layer of {size} MiB", found, "")


def _line(title: str, found: Measurement, budget: str) -> None:
    row = f"{title:28}{found.wall:7.2f} s{found.cpu:7.2f} s{found.memory:6.0f} MiB"
    print(f"{row}  {budget:14}{found.exit_code}", flush=True)


def _judged(program: str, folder: Path, names: Sequence[str]) -> Measurement:
    env = {"PYTHONDONTWRITEBYTECODE": ""}
    return measure([program, "image", "--scanner", "none", "--jobs", "8", *names], runs=3, cwd=folder, env=env)


def _verification(served: _Served) -> float:
    """Seconds of the median verification by an open connection, everything fetched anew each time."""
    policy = ready(VerificationPolicy("bench", ("**",), (TrustedKey("key", served.key),)))
    reference = image_reference.parse(f"{served.address}/signed:1")
    times = []
    with Registries(Access()) as registries:
        for _ in range(_VERIFICATIONS):
            began = time.perf_counter()
            repository = registries.open(reference)
            digest = repository.resolve("1").digest
            verified = verify_image(repository, [digest], policy, judge=lambda _conditions, _statement: ())
            times.append(time.perf_counter() - began)
            if not verified.verification.satisfied:
                raise RuntimeError("the signature that was just made does not verify")
    return statistics.median(times)


@contextmanager
def _served(tool: Path, folder: Path) -> Iterator[_Served]:
    key = generate()
    public = folder / "key.pub"
    public.write_bytes(public_pem(key.public))
    with referrers_registry(tool, folder) as address, Registries(Access()) as registries:
        small = _layout(folder / "small", b"1")
        for number in range(_MANY):
            _push(registries, small, f"{address}/many/{number}:1")
        # In a process of its own: what this one ever held counts as the memory of the commands that it starts.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            for size in (_SMALL, _LARGE):
                pool.submit(_push_large, folder / str(size), size, f"{address}/large/{size}:1").result()
        digest = _push(registries, small, f"{address}/signed:1")
        repository = registries.open(image_reference.parse(f"{address}/signed:1"))
        sign(SignedImage(repository, f"{address}/signed", digest), KeySigner(key), now=datetime.now(UTC))
        yield _Served(address, public)


def _push_large(folder: Path, size: int, name: str) -> None:
    with Registries(Access()) as registries:
        _push(registries, _layout(folder, os.urandom(size * 1024 * 1024)), name)


def _layout(folder: Path, content: bytes) -> Layout:
    build_oci_layout(folder, Image([[File("srv/data", content)]], {"User": "1000"}, compression=""))
    return Layout(folder)


def _push(registries: Registries, layout: Layout, name: str) -> str:
    reference = image_reference.parse(name)
    repository = registries.open(reference)
    manifest = layout.manifest(layout.resolve(None).digest)
    if not isinstance(manifest, Manifest):
        raise TypeError("the layout holds an index")
    for blob in (manifest.config, *manifest.layers):
        repository.put_blob(layout.blob(blob, max_size=blob.size), blob.media_type)
    return repository.put_manifest(manifest.raw, manifest.descriptor.media_type, reference.tag).digest
