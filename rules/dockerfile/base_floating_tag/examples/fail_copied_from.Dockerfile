FROM python:3.12.4-slim
COPY --from=ghcr.io/astral-sh/uv:latest /uv /usr/local/bin/uv
USER 10001
