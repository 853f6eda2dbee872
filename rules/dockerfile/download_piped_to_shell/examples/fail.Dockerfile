FROM debian:12.7-slim
RUN curl -fsSL https://example.com/install.sh | sudo -E bash -
USER 10001
