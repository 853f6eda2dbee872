FROM debian:12.7-slim
RUN useradd --uid 1000650000 app
USER 1000650000
