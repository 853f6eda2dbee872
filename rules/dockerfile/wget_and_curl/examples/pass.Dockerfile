FROM debian:12.7-slim AS fetch
RUN wget -q https://example.com/b.tar.gz

FROM debian:12.7-slim
RUN curl -fsSLO https://example.com/a.tar.gz
USER 10001
