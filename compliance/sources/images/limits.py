"""How much of an image is looked at before it counts as one that cannot be judged."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024
_GIB = 1024 * _MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one image; sizes in bytes. Whatever goes beyond one becomes a gap.

    `ratio` is how much larger than its blob a layer may be once it is larger than `ratio_free`. `small_file` is the
    largest file that is searched for secrets. `records` is how many paths that matter are
    kept, `links` how many symbolic links, `deadline` is in seconds.
    """

    configuration: int = 4 * _MIB
    layers: int = 512
    compressed_layer: int = 16 * _GIB
    layer: int = 16 * _GIB
    image: int = 32 * _GIB
    ratio: int = 200
    ratio_free: int = 256 * _MIB
    members: int = 2_000_000
    name: int = 4096
    depth: int = 255
    header: int = _MIB
    small_file: int = 64 * 1024
    account_file: int = _MIB
    records: int = 5000
    links: int = 200_000
    history: int = 1000
    instruction: int = 64 * 1024
    deadline: float = 600.0
