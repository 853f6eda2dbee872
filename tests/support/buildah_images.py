"""Builds an image with buildah: isolation by chroot, no daemon, no network, nothing outside its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands import run
from oci_layouts import File, Link, layer_tar

if TYPE_CHECKING:
    from pathlib import Path

_DOCKERFILE = """\
FROM scratch AS base
ADD rootfs.tar /

FROM base AS build
RUN echo built > /tmp/result

FROM base
ARG BUILD_NUMBER=7
COPY --from=build /tmp/result /srv/result
RUN cp /bin/busybox /srv/elevated && chmod 4755 /srv/elevated
RUN rm /etc/removed
ENV APP_MODE=production
LABEL org.opencontainers.image.version="1.2.3" org.opencontainers.image.source="https://git.example.invalid/app"
EXPOSE 8080/tcp
WORKDIR /srv
HEALTHCHECK --interval=30s --timeout=3s --retries=2 CMD ["/bin/true"]
USER 10001:10001
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["cat /srv/result"]
"""


@dataclass(frozen=True, slots=True)
class BuiltImage:
    """One Dockerfile built twice: an OCI layout (tag `app`), and an archive as `docker save` writes it."""

    layout: Path
    docker_archive: Path


def build_image(buildah: Path, busybox: Path, folder: Path) -> BuiltImage:
    """Build the image above, with busybox for a root file system, into an empty folder."""
    context = folder / "context"
    context.mkdir()
    (context / "Dockerfile").write_text(_DOCKERFILE)
    (context / "rootfs.tar").write_bytes(layer_tar(_root_file_system(busybox)))
    built = BuiltImage(folder / "layout", folder / "docker.tar")
    store: list[str | Path] = [
        buildah,
        "--root",
        folder / "store",
        "--runroot",
        folder / "run",
        "--storage-driver",
        "vfs",
    ]
    for kind, target in (
        ("oci", f"oci:{built.layout}:app"),
        ("docker", f"docker-archive:{built.docker_archive}:app:1"),
    ):
        reference = f"localhost/app:{kind}"
        run([*store, "bud", "--isolation", "chroot", "--format", kind, "--timestamp", "0", "-t", reference, context])
        run([*store, "push", "--quiet", reference, target])
    return built


def _root_file_system(busybox: Path) -> list[File | Link]:
    commands = ("sh", "cat", "chmod", "cp", "echo", "rm", "true")
    return [
        File("bin/busybox", busybox.read_bytes(), mode=0o755),
        *(Link(f"bin/{command}", "busybox") for command in commands),
        File("etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:10001:10001::/srv:/bin/sh\n"),
        File("etc/os-release", 'ID=debian\nVERSION_ID="12"\n'),
        File("etc/removed", "gone in a later layer\n"),
        File("tmp/.keep"),
    ]
