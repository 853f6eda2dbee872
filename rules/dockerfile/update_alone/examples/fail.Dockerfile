FROM debian:12.7-slim
RUN apt-get update
RUN apt-get install -y --no-install-recommends curl=7.88.1-10
USER 10001
