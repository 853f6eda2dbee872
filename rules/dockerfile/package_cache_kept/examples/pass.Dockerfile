FROM debian:12.6-slim AS builder
RUN apt-get update && apt-get install -y build-essential=12.9

FROM debian:12.6-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl=7.88.1-10 \
    && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt,sharing=locked \
    apt-get update && apt-get install -y --no-install-recommends git=1:2.39.2-1.1
USER 10001
