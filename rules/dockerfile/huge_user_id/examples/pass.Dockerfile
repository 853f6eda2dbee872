FROM debian:12.7-slim
RUN useradd --no-log-init --uid 1000650000 app && useradd -u 10001 web
USER 1000650000
