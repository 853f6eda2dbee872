FROM debian:12.7-slim
RUN curl -fsSL https://example.com/app.tar.gz | tar xz -C /opt
USER 10001
